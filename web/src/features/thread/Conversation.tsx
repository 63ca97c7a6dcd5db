// One conversation: who, what was said, and what to do next.
import { ChevronLeft, PanelRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from '../../lib/graphql';
import { useRow } from '../../live/store';
import { useThread } from '../../live/thread';
import { IconButton } from '../../ui/Button';
import { Empty } from '../../ui/Notice';
import { sayFailed } from '../../ui/Toasts';
import { Composer } from '../composer/Composer';
import { Details } from '../details/Details';
import { Actions } from './Actions';
import { Messages } from './Messages';

interface ConversationProps {
  id: string;
  onLeave: () => void;
  onResolved: () => void;
}

export function Conversation({ id, onLeave, onResolved }: ConversationProps) {
  const { t } = useTranslation();
  const row = useRow(id);
  const [state, thread] = useThread(id);
  const [hasDetails, setHasDetails] = useState(() => localStorage.getItem('details') !== 'off');

  if (state.phase === 'missing') return <Empty title={t('thread.missing')} />;
  if (!row) return <p className="sr-only">{t('common.loading')}</p>;
  const toggleDetails = () => {
    localStorage.setItem('details', hasDetails ? 'off' : 'on');
    setHasDetails(!hasDetails);
  };
  return (
    <div
      className={`grid h-full min-h-0 ${hasDetails ? 'min-[85rem]:grid-cols-[minmax(0,1fr)_17rem]' : ''}`}
    >
      <section aria-label={row.customer.displayName} className="flex min-h-0 min-w-0 flex-col">
        <header className="flex min-h-13 shrink-0 flex-wrap items-center gap-2 border-b border-line bg-panel px-4 py-1.5">
          <span className="md:hidden">
            <IconButton label={t('common.back')} onPress={onLeave}>
              <ChevronLeft className="size-4 rtl:-scale-x-100" />
            </IconButton>
          </span>
          <div className="min-w-0">
            <h2 className="truncate text-[15px] leading-5 font-semibold">
              <bdi>{row.customer.displayName}</bdi>
            </h2>
            <p className="truncate text-xs text-muted">
              {row.queue?.name} · {row.assignment?.agent?.displayName ?? t('thread.nobody')}
            </p>
          </div>
          <div className="ms-auto flex flex-wrap items-center gap-2">
            <Actions row={row} onResolved={onResolved} />
            <span className="max-[85rem]:hidden">
              <IconButton label={t('details.toggle')} onPress={toggleDetails}>
                <PanelRight className="size-4 rtl:-scale-x-100" />
              </IconButton>
            </span>
          </div>
        </header>
        <Messages
          row={row}
          state={state}
          onRetried={(message) => thread.put([message])}
          onReadOlder={() => {
            thread.readOlder().catch((error: unknown) => sayFailed(reasonOf(error)));
          }}
        />
        <Composer row={row} thread={thread} onResolved={onResolved} />
      </section>
      {hasDetails && <Details row={row} messages={state.messages} />}
    </div>
  );
}
