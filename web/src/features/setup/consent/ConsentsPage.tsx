import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, ShieldCheck, Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsentFilter, ConsentSource, ConsentStatus } from '../../../gql/graphql';
import { reasonOf, request, useNewest } from '../../../lib/graphql';
import { fullTime, shortTime } from '../../../lib/time';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/Chip';
import { FilterBar, FilterSelect, FilterText } from '../../../ui/Filter';
import { sayDone, sayFailed } from '../../../ui/Toasts';
import { ListPage } from '../parts';
import { CONSENTS, LEDGER_CHECK } from './documents';
import { ImportForm } from './ImportForm';
import { RecordForm } from './RecordForm';

const STATUSES: readonly ConsentStatus[] = ['OPTED_OUT', 'OPTED_IN'];
const SOURCES: readonly ConsentSource[] = ['KEYWORD', 'AGENT', 'ADMIN', 'IMPORT', 'PROVIDER'];

interface Search {
  address?: string;
  status?: string;
  source?: string;
}

function filterOf({ address, status, source }: Search): ConsentFilter {
  const filter: ConsentFilter = {};
  if (address) filter.address = address.replace(/[^\d+]/g, '');
  if (STATUSES.includes(status as ConsentStatus)) filter.status = [status as ConsentStatus];
  if (SOURCES.includes(source as ConsentSource)) filter.source = [source as ConsentSource];
  return filter;
}

export function ConsentsPage() {
  const { t } = useTranslation();
  const search = useSearch({ strict: false }) as Search;
  const list = useNewest(CONSENTS, { filter: filterOf(search) }, (result) => result.consents);
  const [open, setOpen] = useState<'record' | 'import'>();
  const rows = list.rows.map((row) => ({
    id: row.id,
    cells: [
      <span key="sequence" className="text-muted tabular-nums">
        {row.sequence}
      </span>,
      row.address ? (
        <bdi key="address" dir="ltr" className="font-mono whitespace-nowrap">
          {row.address}
        </bdi>
      ) : (
        <span className="text-muted">{t('setup.consents.erased')}</span>
      ),
      <Chip key="status" tone={row.status === 'OPTED_OUT' ? 'bad' : 'ok'}>
        {t(`consent.${row.status}`)}
      </Chip>,
      <span key="source" className="grid">
        <span>
          {t(`consentSources.${row.source}`)}
          {row.keyword && <code className="ms-1.5 font-mono text-xs">{row.keyword}</code>}
        </span>
        <span className="text-xs text-muted">
          {row.actor.label}
          {row.supportNumber && (
            <bdi dir="ltr" className="ms-1.5">
              → {row.supportNumber.number}
            </bdi>
          )}
        </span>
      </span>,
      <span key="evidence" className="line-clamp-2 min-w-32 wrap-break-word" dir="auto">
        {row.evidence}
      </span>,
      <time key="at" title={fullTime(row.at)} className="whitespace-nowrap tabular-nums">
        {shortTime(row.at)}
      </time>,
    ],
  }));
  return (
    <ListPage
      page="consents"
      list={list}
      actions={
        <>
          <LedgerCheck />
          <Button onPress={() => setOpen('import')}>
            <Upload className="size-4" />
            {t('setup.consents.import')}
          </Button>
          <Button look="primary" onPress={() => setOpen('record')}>
            <Plus className="size-4" />
            {t('setup.consents.add')}
          </Button>
        </>
      }
      filters={<Filters search={search} />}
      columns={[
        t('setup.consents.line'),
        t('setup.consents.customer'),
        t('setup.consents.says'),
        t('setup.consents.source'),
        t('setup.consents.evidence'),
        t('setup.consents.at'),
      ]}
      rows={rows}
      onMore={list.readMore}
    >
      {open === 'record' && <RecordForm onClose={() => setOpen(undefined)} />}
      {open === 'import' && <ImportForm onClose={() => setOpen(undefined)} />}
    </ListPage>
  );
}

/** Whether each line is as it was written. */
function LedgerCheck() {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const check = async () => {
    setIsBusy(true);
    try {
      const { consentLedgerCheck: found } = await request(LEDGER_CHECK);
      if (found?.whole) sayDone(t('setup.consents.whole', { count: Number(found.lines ?? 0) }));
      else sayFailed(t('setup.consents.broken', { problem: found?.problem ?? '' }));
    } catch (error) {
      sayFailed(reasonOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button look="quiet" isDisabled={isBusy} onPress={() => void check()}>
      <ShieldCheck className="size-4" />
      {t('setup.consents.check')}
    </Button>
  );
}

function Filters({ search }: { search: Search }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = (name: keyof Search) => (value: string | undefined) => {
    const wanted = Object.entries({ ...search, [name]: value }).filter(([, one]) => one);
    void navigate({
      to: '/setup/$page',
      params: { page: 'consents' },
      search: Object.fromEntries(wanted) as Record<string, string>,
      replace: true,
    });
  };
  return (
    <FilterBar label={t('setup.consents.filters')}>
      <FilterText
        label={t('setup.consents.customer')}
        type="tel"
        value={search.address}
        onChange={narrow('address')}
        clear={t('common.clear')}
      />
      <FilterSelect
        label={t('setup.consents.says')}
        value={search.status}
        onChange={narrow('status')}
        any={t('common.any')}
        choices={STATUSES.map((id) => ({ id, name: t(`consent.${id}`) }))}
      />
      <FilterSelect
        label={t('setup.consents.source')}
        value={search.source}
        onChange={narrow('source')}
        any={t('common.any')}
        choices={SOURCES.map((id) => ({ id, name: t(`consentSources.${id}`) }))}
      />
    </FilterBar>
  );
}
