import { useVirtualizer } from '@tanstack/react-virtual';
import { Inbox } from 'lucide-react';
import { memo, useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys';
import { shortTime } from '../../lib/time';
import { useDraft } from '../../live/drafts';
import { lastAt, useRow } from '../../live/store';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Chip, type Tone } from '../../ui/Chip';
import { Empty, Notice } from '../../ui/Notice';
import type { ConversationRow } from '../../live/fragments';
import type { View } from './views';

const ROW_PIXELS = 80;
const READ_MORE_ROWS = 20;

const STATUS_TONES: Record<ConversationRow['status'], Tone> = {
  OPEN: 'warn',
  ACTIVE: 'ok',
  WAITING: 'neutral',
  WRAP_UP: 'accent',
  RESOLVED: 'neutral',
};

/** The customer wrote last, and nobody has answered. */
function owesAnswer(row: ConversationRow): boolean {
  return row.lastMessage?.direction === 'INBOUND' && row.status !== 'RESOLVED';
}

const FAILED = new Set(['FAILED', 'UNDELIVERABLE', 'EXPIRED']);

const Row = memo(function Row({ id, isChosen }: { id: string; isChosen: boolean }) {
  const { t } = useTranslation();
  const row = useRow(id);
  const draft = useDraft(id);
  if (!row) return null;
  const { customer, lastMessage } = row;
  const isOwed = owesAnswer(row);
  const isFailed = lastMessage !== null && FAILED.has(lastMessage?.status ?? '');
  return (
    <div
      className={`grid h-20 grid-cols-[auto_1fr] gap-x-2.5 border-s-3 border-b border-b-line py-2.5 ps-3 pe-3.5 ${isChosen ? 'border-s-accent bg-accent-soft' : 'border-s-transparent bg-panel hover:bg-hover'}`}
    >
      <Avatar name={customer.displayName} />
      <div className="min-w-0">
        <div className="flex items-baseline gap-2">
          <span className={`truncate ${isOwed ? 'font-semibold' : 'font-medium'}`}>
            <bdi>{customer.displayName}</bdi>
          </span>
          <time className="ms-auto shrink-0 text-xs text-muted tabular-nums">
            {shortTime(lastAt(row))}
          </time>
        </div>
        <p className={`truncate ${isOwed ? 'font-medium' : 'text-muted'}`} dir="auto">
          {draft ? (
            <>
              <span className="font-medium text-bad">{t('inbox.draft')}</span> {draft}
            </>
          ) : (
            <>
              {lastMessage?.direction === 'OUTBOUND' && `${t('inbox.outbound')} `}
              {lastMessage?.text}
            </>
          )}
        </p>
        <div className="mt-1 flex items-center gap-1.5">
          <Chip tone={STATUS_TONES[row.status]}>{t(`status.${row.status}`)}</Chip>
          {row.queue && <Chip>{row.queue.name}</Chip>}
          {isFailed && <Chip tone="bad">{t(`delivery.${lastMessage!.status}`)}</Chip>}
          {isOwed && (
            <span className="ms-auto size-2 shrink-0 rounded-full bg-accent">
              <span className="sr-only">{t('inbox.owed')}</span>
            </span>
          )}
        </div>
      </div>
    </div>
  );
});

interface ListProps {
  title: string;
  view: View;
  chosen: string | undefined;
  onChoose: (id: string) => void;
  /** Why it is empty, and what to do next. */
  empty: ReactNode;
}

export function ConversationList({ title, view, chosen, onChoose, empty }: ListProps) {
  const { t } = useTranslation();
  const { ids, hasMore, readMore } = view;
  const box = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: ids.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 6,
    getItemKey: (index) => ids[index]!,
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= ids.length - READ_MORE_ROWS) readMore();
  }, [hasMore, lastShown, ids.length, readMore]);

  const move = (step: number) => {
    const at = chosen === undefined ? -1 : ids.indexOf(chosen);
    const to = Math.min(Math.max(at + step, 0), ids.length - 1);
    const id = ids[to];
    if (id === undefined) return;
    virtualizer.scrollToIndex(to);
    onChoose(id);
  };
  useKeys({ j: () => move(1), k: () => move(-1) });

  const isChosenShown = items.some((item) => ids[item.index] === chosen);
  return (
    <section
      aria-label={title}
      className="flex min-h-0 min-w-0 flex-col border-e border-line bg-panel"
    >
      <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line px-3.5">
        <h1 className="text-[15px] font-semibold">{title}</h1>
        <span className="text-muted tabular-nums">
          {ids.length}
          {hasMore && '+'}
        </span>
      </header>
      {view.problem && (
        <div className="grid gap-2 p-3">
          <Notice tone="bad">{t('common.notRead', { reason: view.problem })}</Notice>
          <Button onPress={view.readAgain}>{t('common.tryAgain')}</Button>
        </div>
      )}
      {ids.length === 0 && !view.isLoading && !view.problem ? (
        <Empty title={t('inbox.empty')} icon={<Inbox className="size-8" />}>
          {empty}
        </Empty>
      ) : (
        <div
          ref={box}
          role="listbox"
          tabIndex={0}
          aria-label={title}
          aria-activedescendant={isChosenShown ? `row-${chosen}` : undefined}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') move(1);
            else if (event.key === 'ArrowUp') move(-1);
            else return;
            event.preventDefault();
          }}
          className="min-h-0 flex-1 overflow-auto"
        >
          <div
            role="presentation"
            className="relative"
            style={{ height: virtualizer.getTotalSize() }}
          >
            {items.map((item) => {
              const id = ids[item.index]!;
              return (
                <div
                  key={item.key}
                  id={`row-${id}`}
                  role="option"
                  aria-selected={id === chosen}
                  aria-setsize={hasMore ? -1 : ids.length}
                  aria-posinset={item.index + 1}
                  onClick={() => onChoose(id)}
                  className="absolute inset-x-0 top-0 cursor-default"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <Row id={id} isChosen={id === chosen} />
                </div>
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}
