import { Check, CheckCheck, Clock, RotateCw, TriangleAlert } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime, dayName, fullTime, isSameDay } from '../../lib/time';
import type { ConversationRow, MessageItem } from '../../live/fragments';
import { usePending, type Pending } from '../../live/outbox';
import type { ThreadState } from '../../live/thread';
import { Button } from '../../ui/Button';
import { retry } from './act';

/** Whoever is this near to the end follows what comes. */
const FOLLOW_PIXELS = 48;
const FAILED = new Set<MessageItem['status']>(['FAILED', 'UNDELIVERABLE', 'EXPIRED']);
const UNSURE = new Set<MessageItem['status']>(['UNCONFIRMED']);

function Tick({ status }: { status: MessageItem['status'] }) {
  if (FAILED.has(status) || UNSURE.has(status)) return <TriangleAlert className="size-3.5" />;
  if (status === 'DELIVERED') return <CheckCheck className="size-3.5" />;
  if (status === 'SENT') return <Check className="size-3.5" />;
  return <Clock className="size-3.5" />;
}

interface BubbleProps {
  message: MessageItem;
  onRetried: (message: MessageItem) => void;
}

function Bubble({ message, onRetried }: BubbleProps) {
  const { t } = useTranslation();
  const isOurs = message.direction === 'OUTBOUND';
  const isFailed = FAILED.has(message.status);
  const look = isFailed
    ? 'self-end border-bad/40 bg-bad-soft'
    : isOurs
      ? 'self-end border-accent-line bg-accent-soft'
      : 'self-start border-line bg-panel';
  return (
    <>
      <p
        dir="auto"
        className={`max-w-[min(74%,38rem)] rounded-[14px] border px-3 py-2 wrap-break-word whitespace-pre-wrap ${look}`}
      >
        {message.text}
      </p>
      <p
        className={`mb-1.5 flex items-center gap-1.5 px-1 text-[11.5px] ${isOurs ? 'self-end' : 'self-start'} ${isFailed ? 'text-bad' : 'text-muted'}`}
        title={fullTime(message.createdAt)}
      >
        {isOurs && <span>{message.author.displayName} ·</span>}
        <time className="tabular-nums">{clockTime(message.createdAt)}</time>
        {isOurs && (
          <>
            · <Tick status={message.status} />
            <span>{t(`delivery.${message.status}`)}</span>
            {message.segments > 1 && (
              <span>· {t('composer.texts', { count: message.segments })}</span>
            )}
          </>
        )}
      </p>
      {isOurs && message.attempts.length > 1 && (
        <p className="mb-1.5 self-end px-1 text-[11.5px] text-muted">
          {t('thread.attempt', { count: message.attempts.length })}
        </p>
      )}
      {message.failure && (
        <p className="mb-1.5 max-w-[74%] self-end px-1 text-xs text-bad">
          {message.failure.description}
          {message.failure.providerCode && ` (${message.failure.providerCode})`}
        </p>
      )}
      {message.viewerCan.includes('RETRY') && <Retry message={message} onRetried={onRetried} />}
    </>
  );
}

function Retry({ message, onRetried }: BubbleProps) {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const again = async () => {
    setIsBusy(true);
    const changed = await retry(message);
    if (changed) onRetried(changed);
    setIsBusy(false);
  };
  return (
    <div className="mb-2 flex max-w-[74%] flex-wrap items-center justify-end gap-2 self-end">
      {UNSURE.has(message.status) && (
        <span className="text-xs text-warn">{t('thread.mayArriveTwice')}</span>
      )}
      <Button isDisabled={isBusy} onPress={() => void again()}>
        <RotateCw className="size-4" />
        {t('thread.sendAgain')}
      </Button>
    </div>
  );
}

function PendingBubble({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  return (
    <>
      <p
        dir="auto"
        className="max-w-[min(74%,38rem)] self-end rounded-[14px] border border-dashed border-accent-line bg-accent-soft px-3 py-2 wrap-break-word whitespace-pre-wrap"
      >
        {pending.text}
      </p>
      <p className="mb-1.5 flex items-center gap-1.5 self-end px-1 text-[11.5px] text-muted">
        <Clock className="size-3.5" />
        {t(pending.failures > 0 ? 'delivery.noConnection' : 'delivery.sendingHere')}
      </p>
    </>
  );
}

interface MessagesProps {
  row: ConversationRow;
  state: ThreadState;
  onReadOlder: () => void;
  /** Takes a text that is on its way again. */
  onRetried: (message: MessageItem) => void;
}

export function Messages({ row, state, onReadOlder, onRetried }: MessagesProps) {
  const { t } = useTranslation();
  const pending = usePending(row.id);
  const box = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const heightBefore = useRef(0);
  const firstSequence = useRef<number>(undefined);
  const [unseen, setUnseen] = useState(0);
  const { messages } = state;
  const last = messages.at(-1);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const first = messages[0]?.sequence;
    const hasGrownAbove = firstSequence.current !== undefined && first! < firstSequence.current;
    if (hasGrownAbove) {
      // What was on the screen stays where it was.
      element.scrollTop += element.scrollHeight - heightBefore.current;
    } else if (isFollowing.current) {
      element.scrollTop = element.scrollHeight;
    }
    firstSequence.current = first;
    heightBefore.current = element.scrollHeight;
  }, [messages, pending.length]);

  useEffect(() => {
    if (!isFollowing.current && last?.direction === 'INBOUND') setUnseen((count) => count + 1);
  }, [last?.sequence, last?.direction]);

  const scrolled = () => {
    const element = box.current!;
    const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
    isFollowing.current = distance < FOLLOW_PIXELS;
    if (isFollowing.current) setUnseen(0);
    if (element.scrollTop < FOLLOW_PIXELS && state.hasOlder) onReadOlder();
  };
  const toEnd = () => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
    setUnseen(0);
  };

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="log"
        aria-label={t('thread.messages')}
        tabIndex={0}
        onScroll={scrolled}
        className="flex h-full flex-col gap-1 overflow-auto px-6 py-3.5"
      >
        {state.hasOlder && (
          <div className="self-center">
            <Button look="quiet" onPress={onReadOlder}>
              {t('thread.older')}
            </Button>
          </div>
        )}
        <div className="mt-auto" />
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const isNewDay = !before || !isSameDay(before.createdAt, message.createdAt);
          return (
            <div key={message.id} className="contents">
              {isNewDay && (
                <p className="my-2 flex items-center gap-3 text-[11.5px] font-medium text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
                  {dayName(message.createdAt)}
                </p>
              )}
              <Bubble message={message} onRetried={onRetried} />
            </div>
          );
        })}
        {pending.map((one) => (
          <PendingBubble key={one.key} pending={one} />
        ))}
      </div>
      {unseen > 0 && (
        <div className="absolute inset-x-0 bottom-3 flex justify-center">
          <Button look="primary" onPress={toEnd}>
            {t('thread.unseen', { count: unseen })}
          </Button>
        </div>
      )}
    </div>
  );
}
