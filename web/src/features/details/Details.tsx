import { useTranslation } from 'react-i18next';
import { fullTime } from '../../lib/time';
import type { ConversationRow, MessageItem } from '../../live/fragments';
import { Avatar } from '../../ui/Avatar';
import { Chip } from '../../ui/Chip';

interface DetailsProps {
  row: ConversationRow;
  messages: readonly MessageItem[];
}

function Fact({ name, value }: { name: string; value: string | null | undefined }) {
  if (!value) return null;
  return (
    <div className="grid grid-cols-[6.5rem_1fr] gap-2 py-0.5">
      <dt className="text-muted">{name}</dt>
      <dd className="wrap-break-word" dir="auto">
        {value}
      </dd>
    </div>
  );
}

/** Who the customer is and how the conversation stands. */
export function Details({ row, messages }: DetailsProps) {
  const { t, i18n } = useTranslation();
  const languages = new Intl.DisplayNames([i18n.language], { type: 'language' });
  const inbound = messages.filter((one) => one.direction === 'INBOUND').length;
  const outbound = messages.filter((one) => one.direction === 'OUTBOUND');
  const texts = outbound.reduce((sum, one) => sum + one.segments, 0);
  const firstInbound = messages.find((one) => one.direction === 'INBOUND');
  const firstReply = outbound.find((one) => firstInbound && one.createdAt > firstInbound.createdAt);
  return (
    <aside
      aria-label={t('details.label')}
      className="flex min-h-0 flex-col gap-4 overflow-auto border-s border-line bg-panel p-4 max-[85rem]:hidden"
    >
      <div className="flex items-center gap-3">
        <Avatar name={row.customer.displayName} size="large" />
        <div className="min-w-0">
          <p className="truncate text-[15px] font-semibold">
            <bdi>{row.customer.displayName}</bdi>
          </p>
          {row.customer.address !== row.customer.displayName && (
            <p className="text-muted">
              <bdi dir="ltr">{row.customer.address}</bdi>
            </p>
          )}
        </div>
      </div>
      <div className="flex flex-wrap gap-1.5">
        <Chip>{languages.of(row.language) ?? row.language}</Chip>
        {row.optedOut && <Chip tone="bad">{t('details.optedOut')}</Chip>}
        {row.waitingOn && <Chip tone="warn">{t(`waitingOn.${row.waitingOn}`)}</Chip>}
        {row.resolutionReason && <Chip tone="ok">{t(`reasons.${row.resolutionReason}`)}</Chip>}
      </div>
      <section>
        <h3 className="mb-1 font-semibold">{t('details.conversation')}</h3>
        <dl>
          <Fact name={t('details.status')} value={t(`status.${row.status}`)} />
          <Fact name={t('details.agent')} value={row.assignment?.agent?.displayName} />
          <Fact name={t('details.queue')} value={row.queue?.name} />
          <Fact name={t('details.workstream')} value={row.workstream.name} />
          <Fact name={t('details.begun')} value={fullTime(row.createdAt)} />
          <Fact
            name={t('details.firstReply')}
            value={firstReply && firstInbound && span(firstInbound.createdAt, firstReply.createdAt)}
          />
          <Fact
            name={t('details.messages')}
            value={t('details.counts', { inbound, outbound: outbound.length, texts })}
          />
        </dl>
      </section>
    </aside>
  );

  function span(from: string, to: string): string {
    const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
    const [count, unit] =
      seconds < 60
        ? [seconds, 'second']
        : seconds < 3600
          ? [Math.round(seconds / 60), 'minute']
          : [Math.round(seconds / 3600), 'hour'];
    const style = { style: 'unit', unit: unit as string, unitDisplay: 'long' } as const;
    return new Intl.NumberFormat(`${i18n.language}-u-nu-latn`, style).format(count as number);
  }
}
