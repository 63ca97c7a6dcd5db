// What a person should look at: what goes on first, then what is over.
import { Link } from '@tanstack/react-router';
import { Check, CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../app/carryOut';
import { useIsAdmin, useMaySupervise } from '../../app/viewer';
import { graphql } from '../../gql';
import type { AlertItemFragment, AlertKind } from '../../gql/graphql';
import { reasonOf, request } from '../../lib/graphql';
import { ago, fullTime } from '../../lib/time';
import { useAlerts } from '../../live/openAlerts';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Empty, Notice } from '../../ui/Notice';

const ACKNOWLEDGE = graphql(/* GraphQL */ `
  mutation AlertAcknowledge($input: AlertAcknowledgeInput!) {
    alertAcknowledge(input: $input) {
      userErrors {
        message
      }
    }
  }
`);

/** Where something can be done about it. */
const REMEDIES: Record<AlertKind, { page: string; search: Record<string, string> }> = {
  ACCOUNT_STOPPED: { page: 'telesign', search: {} },
  CALLBACKS_REFUSED: { page: 'quarantine', search: {} },
  CALLBACK_PARKED: { page: 'callbacks', search: { outcome: 'PARKED' } },
  CALLBACK_UNROUTED: { page: 'callbacks', search: { outcome: 'UNROUTED' } },
};

export function AlertsPage() {
  const { t } = useTranslation();
  const maySupervise = useMaySupervise();
  if (!maySupervise) return <Empty title={t('alerts.notAllowed')} />;
  return (
    <main className="h-full overflow-auto p-4 md:p-8">
      <div className="mx-auto max-w-3xl">
        <h1 className="text-[21px] leading-7 font-semibold tracking-tight">{t('nav.alerts')}</h1>
        <p className="mb-6 text-muted">{t('alerts.about')}</p>
        <h2 className="sr-only">{t('alerts.now')}</h2>
        <List isOpen empty={t('alerts.none')} />
        <h2 className="mt-8 mb-3 text-[15px] font-semibold">{t('alerts.over')}</h2>
        <List isOpen={false} empty={t('alerts.noneOver')} />
      </div>
    </main>
  );
}

function List({ isOpen, empty }: { isOpen: boolean; empty: string }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useAlerts(isOpen);
  if (error) {
    return (
      <div className="grid justify-items-start gap-3">
        <Notice tone="bad">{t('common.notRead', { reason: reasonOf(error) })}</Notice>
        <Button onPress={() => void refetch()}>{t('common.tryAgain')}</Button>
      </div>
    );
  }
  if (!data) return <p className="sr-only">{t('common.loading')}</p>;
  if (data.length === 0) {
    return (
      <p className="flex items-center gap-2 rounded-xl border border-dashed border-line-strong px-4 py-5 text-soft">
        <CircleCheck aria-hidden className="size-4.5 text-ok" />
        {empty}
      </p>
    );
  }
  return (
    <ul className="grid gap-2">
      {data.map((alert) => (
        <Item key={alert.id} alert={alert} />
      ))}
    </ul>
  );
}

function Item({ alert }: { alert: AlertItemFragment }) {
  const { t } = useTranslation();
  const isAdmin = useIsAdmin();
  const isOpen = alert.clearedAt === null;
  const isSeen = alert.acknowledgedAt !== null;
  const remedy = REMEDIES[alert.kind] as (typeof REMEDIES)[AlertKind] | undefined;
  const Icon = isOpen ? TriangleAlert : CircleCheck;
  const acknowledge = async () => {
    const asked = request(ACKNOWLEDGE, { input: { alertId: alert.id } });
    await carryOut(asked.then((result) => result.alertAcknowledge));
  };
  return (
    <li
      className={`grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-3 rounded-xl border bg-panel p-4 ${isOpen && !isSeen ? 'border-bad/50' : 'border-line'}`}
    >
      <Icon
        aria-hidden
        className={`mt-px size-4.5 ${isOpen ? (isSeen ? 'text-warn' : 'text-bad') : 'text-ok'}`}
      />
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <h3 className="font-semibold">{t(`alertKinds.${alert.kind}`, alert.kind)}</h3>
          {alert.subject && 'name' in alert.subject && <Chip>{alert.subject.name}</Chip>}
          {alert.count > 1 && <Chip>{t('alerts.times', { count: alert.count })}</Chip>}
          <time className="ms-auto text-xs text-muted" title={fullTime(alert.raisedAt)}>
            {ago(alert.clearedAt ?? alert.renewedAt)}
          </time>
        </div>
        <p className="mt-1 wrap-break-word text-soft first-letter:uppercase" dir="auto">
          {alert.text}
        </p>
        <div className="mt-3 flex flex-wrap items-center gap-2 empty:hidden">
          {isOpen && isAdmin && remedy && (
            <Link
              to="/setup/$page"
              params={{ page: remedy.page }}
              search={remedy.search}
              className="inline-flex h-8 items-center rounded-lg border border-line-strong px-3 font-medium hover:bg-hover"
            >
              {t(`alerts.remedies.${alert.kind}`)}
            </Link>
          )}
          {isOpen && isAdmin && !isSeen && (
            <Button look="quiet" onPress={() => void acknowledge()}>
              <Check className="size-4" />
              {t('alerts.acknowledge')}
            </Button>
          )}
          {isSeen && (
            <span className="text-xs text-muted">
              {t('alerts.seenBy', {
                name: alert.acknowledgedBy?.displayName ?? '',
                when: ago(alert.acknowledgedAt!),
              })}
            </span>
          )}
        </div>
      </div>
    </li>
  );
}
