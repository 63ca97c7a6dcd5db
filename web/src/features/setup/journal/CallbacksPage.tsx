import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import type { CallbackFilter, CallbackOutcome, CallbackRowFragment } from '../../../gql/graphql';
import { request, useNewest } from '../../../lib/graphql';
import { fullTime, momentOf, shortTime } from '../../../lib/time';
import { Button } from '../../../ui/Button';
import { Chip, type Tone } from '../../../ui/Chip';
import { FilterBar, FilterSelect, FilterText } from '../../../ui/Filter';
import { sayDone, sayFailed } from '../../../ui/Toasts';
import { ListPage } from '../parts';
import { Body } from './Body';
import { CALLBACKS, REPLAY } from './documents';
import { ReplayAll } from './ReplayAll';
import { Retention } from './Retention';

const TONES: Partial<Record<CallbackOutcome, Tone>> = { APPLIED: 'ok', IGNORED: 'neutral' };
const OUTCOMES: readonly CallbackOutcome[] = [
  'APPLIED',
  'IGNORED',
  'UNROUTED',
  'UNMATCHED',
  'UNPARSED',
  'PARKED',
];
const KINDS = ['INBOUND_TEXT', 'DELIVERY_REPORT', 'UNKNOWN'] as const;

interface Search {
  outcome?: string;
  kind?: string;
  customer?: string;
  reference?: string;
  from?: string;
  to?: string;
}

function filterOf({ outcome, kind, customer, reference, from, to }: Search): CallbackFilter {
  const filter: CallbackFilter = {};
  if (OUTCOMES.includes(outcome as CallbackOutcome)) filter.outcome = [outcome as CallbackOutcome];
  if (kind) filter.kind = [kind];
  if (customer) filter.customer = customer.replace(/[^\d+]/g, '');
  if (reference) filter.reference = reference;
  if (from || to) filter.receivedAt = { from: momentOf(from), to: momentOf(to) };
  return filter;
}

export function CallbacksPage() {
  const { t } = useTranslation();
  const search = useSearch({ strict: false }) as Search;
  const filter = filterOf(search);
  const list = useNewest(CALLBACKS, { filter }, (result) => result.callbacks);
  const [open, setOpen] = useState<CallbackRowFragment>();

  const replay = async (id: string) => {
    const asked = request(REPLAY, { input: { ids: [id] } });
    const done = await carryOut(asked.then((result) => result.callbackReplay));
    if (done?.replayed) sayDone(t('setup.callbacks.replayed'));
    else if (done) sayFailed(t('setup.callbacks.notReplayed'));
  };
  const rows = list.rows.map((row) => ({
    id: row.id,
    cells: [
      <time key="at" title={fullTime(row.receivedAt)} className="whitespace-nowrap tabular-nums">
        {shortTime(row.receivedAt)}
      </time>,
      t(`callbackKinds.${row.kind}`, row.kind),
      <Chip key="outcome" tone={TONES[row.outcome] ?? 'warn'}>
        {t(`outcomes.${row.outcome}`)}
      </Chip>,
      <Detail key="detail" row={row} />,
      <span key="do" className="flex justify-end gap-1">
        <Button look="quiet" onPress={() => setOpen(row)}>
          {t('setup.callbacks.show')}
        </Button>
        {row.outcome !== 'APPLIED' && (
          <Button onPress={() => void replay(row.id)}>
            <RefreshCw className="size-4" />
            {t('setup.callbacks.replay')}
          </Button>
        )}
      </span>,
    ],
  }));
  return (
    <ListPage
      page="callbacks"
      list={list}
      actions={<Retention />}
      filters={<Filters search={search} />}
      columns={[
        t('setup.callbacks.received'),
        t('setup.callbacks.kind'),
        t('setup.callbacks.outcome'),
        t('setup.callbacks.detail'),
        t('setup.callbacks.actions'),
      ]}
      rows={rows}
      onMore={list.readMore}
    >
      {Object.keys(filter).length > 0 && <ReplayAll filter={filter} />}
      <Body
        isOpen={open !== undefined}
        body={open?.body ?? null}
        onClose={() => setOpen(undefined)}
      />
    </ListPage>
  );
}

function Detail({ row }: { row: CallbackRowFragment }) {
  const { t } = useTranslation();
  if (row.detail) return <span className="text-soft">{row.detail}</span>;
  if (!row.conversation) return null;
  return (
    <Link
      to="/inbox/$view/$id"
      params={{ view: 'all', id: row.conversation.id }}
      className="text-accent underline underline-offset-2"
    >
      {t('setup.callbacks.conversation')}
    </Link>
  );
}

function Filters({ search }: { search: Search }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = (name: keyof Search) => (value: string | undefined) => {
    const wanted = Object.entries({ ...search, [name]: value }).filter(([, one]) => one);
    void navigate({
      to: '/setup/$page',
      params: { page: 'callbacks' },
      search: Object.fromEntries(wanted) as Record<string, string>,
      replace: true,
    });
  };
  const any = t('common.any');
  const clear = t('common.clear');
  return (
    <FilterBar label={t('setup.callbacks.filters')}>
      <FilterSelect
        label={t('setup.callbacks.outcome')}
        value={search.outcome}
        onChange={narrow('outcome')}
        any={any}
        choices={OUTCOMES.map((id) => ({ id, name: t(`outcomes.${id}`) }))}
      />
      <FilterSelect
        label={t('setup.callbacks.kind')}
        value={search.kind}
        onChange={narrow('kind')}
        any={any}
        choices={KINDS.map((id) => ({ id, name: t(`callbackKinds.${id}`) }))}
      />
      <FilterText
        label={t('setup.callbacks.customer')}
        type="tel"
        value={search.customer}
        onChange={narrow('customer')}
        clear={clear}
      />
      <FilterText
        label={t('setup.callbacks.reference')}
        value={search.reference}
        onChange={narrow('reference')}
        clear={clear}
      />
      {(['from', 'to'] as const).map((end) => (
        <FilterText
          key={end}
          label={t(`setup.callbacks.${end}`)}
          type="datetime-local"
          value={search[end]}
          onChange={narrow(end)}
          clear={clear}
        />
      ))}
    </FilterBar>
  );
}
