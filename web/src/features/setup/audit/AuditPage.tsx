import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../../gql';
import type { AuditEntryRowFragment, AuditFilter } from '../../../gql/graphql';
import { useNewest } from '../../../lib/graphql';
import { fullTime, momentOf, shortTime } from '../../../lib/time';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/Chip';
import { Dialog } from '../../../ui/Dialog';
import { FilterBar, FilterText } from '../../../ui/Filter';
import { ListPage } from '../parts';

export const AUDIT_ENTRY_ROW = graphql(/* GraphQL */ `
  fragment AuditEntryRow on AuditEntry {
    id
    action
    at
    outcome
    subjectId
    ip
    requestId
    actor {
      label
    }
    changes {
      field
      before
      after
    }
  }
`);

const AUDIT = graphql(/* GraphQL */ `
  query AuditEntries($filter: AuditFilter, $before: String) {
    auditEntries(last: 50, filter: $filter, before: $before) {
      pageInfo {
        hasPreviousPage
        startCursor
      }
      nodes {
        ...AuditEntryRow
      }
    }
  }
`);

const FILTERS = ['action', 'subject', 'from', 'to'] as const;
type Search = Partial<Record<(typeof FILTERS)[number], string>>;

function filterOf({ action, subject, from, to }: Search): AuditFilter {
  const filter: AuditFilter = {};
  if (action) filter.actions = action.split(/[\s,]+/).filter(Boolean);
  if (subject) filter.subjectId = subject;
  if (from || to) filter.at = { from: momentOf(from), to: momentOf(to) };
  return filter;
}

export function AuditPage() {
  const { t } = useTranslation();
  const search = useSearch({ strict: false }) as Search;
  const list = useNewest(AUDIT, { filter: filterOf(search) }, (result) => result.auditEntries);
  const [open, setOpen] = useState<AuditEntryRowFragment>();
  const rows = list.rows.map((row) => ({
    id: row.id,
    cells: [
      <time key="at" title={fullTime(row.at)} className="whitespace-nowrap tabular-nums">
        {shortTime(row.at)}
      </time>,
      <span key="actor" className="whitespace-nowrap">
        {row.actor.label}
      </span>,
      <code key="action" className="font-mono text-xs">
        {row.action}
      </code>,
      <span key="fields" className="line-clamp-1 text-soft">
        {row.changes.map(({ field }) => field).join(', ')}
      </span>,
      <Chip key="outcome" tone={row.outcome === 'DONE' ? 'ok' : 'bad'}>
        {t(`auditOutcomes.${row.outcome}`)}
      </Chip>,
      <span key="show" className="flex justify-end">
        <Button look="quiet" onPress={() => setOpen(row)}>
          {t('setup.callbacks.show')}
        </Button>
      </span>,
    ],
  }));
  return (
    <ListPage
      page="audit"
      list={list}
      filters={<Filters search={search} />}
      columns={[
        t('setup.audit.at'),
        t('setup.audit.actor'),
        t('setup.audit.action'),
        t('setup.audit.fields'),
        t('setup.audit.outcome'),
        t('setup.callbacks.show'),
      ]}
      rows={rows}
      onMore={list.readMore}
    >
      <Dialog
        title={open?.action ?? ''}
        isOpen={open !== undefined}
        onClose={() => setOpen(undefined)}
      >
        {open && <Entry entry={open} />}
      </Dialog>
    </ListPage>
  );
}

function Entry({ entry }: { entry: AuditEntryRowFragment }) {
  const { t } = useTranslation();
  const facts = [
    [t('setup.audit.at'), fullTime(entry.at)],
    [t('setup.audit.actor'), entry.actor.label],
    [t('setup.audit.subject'), entry.subjectId],
    [t('setup.audit.ip'), entry.ip],
    [t('setup.audit.request'), entry.requestId],
  ] as const;
  return (
    <div className="grid gap-4">
      <dl>
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name} className="grid grid-cols-[7rem_minmax(0,1fr)] gap-2 py-0.5">
                <dt className="text-muted">{name}</dt>
                <dd className="wrap-anywhere">{value}</dd>
              </div>
            ),
        )}
      </dl>
      {entry.changes.length > 0 && (
        <div className="overflow-x-auto rounded-lg border border-line">
          <table className="w-full text-start">
            <thead className="border-b border-line bg-sunken text-xs text-soft">
              <tr>
                {(['field', 'before', 'after'] as const).map((column) => (
                  <th key={column} scope="col" className="px-3 py-1.5 text-start font-medium">
                    {t(`setup.audit.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {entry.changes.map(({ field, before, after }) => (
                <tr key={field} className="border-t border-line align-top first:border-t-0">
                  <th scope="row" className="px-3 py-1.5 text-start font-mono text-xs font-medium">
                    {field}
                  </th>
                  <td className="px-3 py-1.5 wrap-anywhere text-muted">{before ?? '–'}</td>
                  <td className="px-3 py-1.5 wrap-anywhere">{after ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

function Filters({ search }: { search: Search }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const narrow = (name: keyof Search) => (value: string | undefined) => {
    const wanted = Object.entries({ ...search, [name]: value }).filter(([, one]) => one);
    void navigate({
      to: '/setup/$page',
      params: { page: 'audit' },
      search: Object.fromEntries(wanted) as Record<string, string>,
      replace: true,
    });
  };
  return (
    <FilterBar label={t('setup.audit.filters')}>
      {FILTERS.map((name) => (
        <FilterText
          key={name}
          label={t(`setup.audit.${name}`)}
          type={name === 'from' || name === 'to' ? 'datetime-local' : 'text'}
          value={search[name]}
          onChange={narrow(name)}
          clear={t('common.clear')}
        />
      ))}
    </FilterBar>
  );
}
