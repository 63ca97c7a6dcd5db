import { Link, useNavigate, useParams } from '@tanstack/react-router';
import {
  CheckCheck,
  Clock,
  Hand,
  Inbox,
  MessagesSquare,
  Plus,
  User,
  type LucideIcon,
} from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useViewer } from '../../app/viewer';
import { useKeys } from '../../lib/keys';
import { Button } from '../../ui/Button';
import { Key } from '../../ui/Key';
import { Empty } from '../../ui/Notice';
import { Conversation } from '../thread/Conversation';
import { ConversationList } from './ConversationList';
import { QUEUE_PREFIX, useDeskCount, useView, useWaitingByQueue } from './views';

const Compose = lazy(() =>
  import('../composer/Compose').then((module) => ({ default: module.Compose })),
);

const ICONS: Record<string, LucideIcon> = {
  mine: User,
  unassigned: Hand,
  all: Inbox,
  waiting: Clock,
  resolved: CheckCheck,
};

const LINK =
  'flex h-8 items-center gap-2.5 rounded-lg px-2 text-soft whitespace-nowrap hover:bg-hover aria-[current=page]:bg-panel aria-[current=page]:font-semibold aria-[current=page]:text-text aria-[current=page]:shadow-[inset_0_0_0_1px_var(--color-line)]';

export function InboxPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const viewer = useViewer();
  const { view = 'mine', id } = useParams({ strict: false }) as { view?: string; id?: string };
  const me = viewer.agent?.id;
  const shown = useView(view, me);
  const [isComposing, setIsComposing] = useState(false);
  useKeys({ c: () => setIsComposing(true) });

  const choose = (chosen: string) =>
    void navigate({ to: '/inbox/$view/$id', params: { view, id: chosen } });
  const leave = () => void navigate({ to: '/inbox/$view', params: { view } });
  /** After a resolve the next one is at hand. */
  const goOn = () => {
    // Whoever has gone elsewhere meanwhile stays there.
    if (!location.pathname.endsWith(`/${view}/${id}`)) return;
    const at = shown.ids.indexOf(id ?? '');
    const next = shown.ids[at + 1] ?? shown.ids[at - 1];
    if (next) choose(next);
    else leave();
  };
  const queue = viewer.queues.find((one) => view === QUEUE_PREFIX + one.id);

  return (
    <div className="flex h-full">
      <div
        className={`flex min-h-0 w-full shrink-0 flex-col md:w-80 xl:w-auto xl:flex-row ${id ? 'max-md:hidden' : ''}`}
      >
        <Views onCompose={() => setIsComposing(true)} />
        <div className="grid min-h-0 flex-1 xl:w-80">
          <ConversationList
            title={queue?.name ?? t(`views.${view}`)}
            view={shown}
            chosen={id}
            onChoose={choose}
            empty={<WhyEmpty view={view} />}
          />
        </div>
      </div>
      <main className={`min-h-0 min-w-0 flex-1 ${id ? '' : 'max-md:hidden'}`}>
        {id ? <Conversation key={id} id={id} onLeave={leave} onResolved={goOn} /> : <Rest />}
      </main>
      <Suspense>
        {isComposing && <Compose onClose={() => setIsComposing(false)} onStarted={choose} />}
      </Suspense>
    </div>
  );
}

/** Whoever has nothing takes what waits. */
function WhyEmpty({ view }: { view: string }) {
  const { t } = useTranslation();
  const unassigned = useDeskCount('unassigned', undefined);
  if (view !== 'mine' || unassigned === 0) return t('inbox.emptyWhy');
  return (
    <Link
      to="/inbox/$view"
      params={{ view: 'unassigned' }}
      className="text-accent underline underline-offset-2"
    >
      {t('inbox.takeOne', { count: unassigned })}
    </Link>
  );
}

/** What there is to do while no conversation is open. */
function Rest() {
  const { t } = useTranslation();
  return (
    <Empty title={t('inbox.choose')} icon={<MessagesSquare className="size-8" />}>
      <p className="flex items-center justify-center gap-2 max-md:hidden">
        <Key name="J" />
        <Key name="K" />
        {t('inbox.move')}
        <Key name="?" />
        {t('inbox.allKeys')}
      </p>
    </Empty>
  );
}

function Views({ onCompose }: { onCompose: () => void }) {
  const { t } = useTranslation();
  const viewer = useViewer();
  const me = viewer.agent?.id;
  const waiting = useWaitingByQueue();
  const counts: Record<string, number> = {
    mine: useDeskCount('mine', me),
    unassigned: useDeskCount('unassigned', me),
  };
  return (
    <nav
      aria-label={t('views.label')}
      className="flex shrink-0 gap-0.5 overflow-auto border-line p-2.5 max-xl:border-b xl:w-48 xl:flex-col xl:border-e"
    >
      <Button onPress={onCompose} shortcut="C">
        <Plus className="size-4" />
        {t('compose.title')}
      </Button>
      <div className="flex gap-0.5 xl:mt-2 xl:flex-col">
        {Object.entries(ICONS).map(([view, Icon]) => (
          <Link key={view} to="/inbox/$view" params={{ view }} className={LINK}>
            <Icon aria-hidden className="size-4 shrink-0" />
            {t(`views.${view}`)}
            {counts[view] !== undefined && (
              <span className="ms-auto text-xs text-muted tabular-nums">{counts[view]}</span>
            )}
          </Link>
        ))}
      </div>
      {viewer.queues.length > 0 && (
        <div className="flex gap-0.5 xl:flex-col">
          <h2 className="px-2 pt-3 pb-1 text-[11px] font-semibold text-muted max-xl:hidden">
            {t('views.queues')}
          </h2>
          {viewer.queues.map((queue) => (
            <Link
              key={queue.id}
              to="/inbox/$view"
              params={{ view: QUEUE_PREFIX + queue.id }}
              className={LINK}
            >
              <span
                aria-hidden
                className={`size-2 shrink-0 rounded-full ${waiting.has(queue.id) ? 'bg-warn' : 'bg-line-strong'}`}
              />
              <span className="truncate">{queue.name}</span>
              <span className="ms-auto text-xs text-muted tabular-nums">
                {waiting.get(queue.id) ?? ''}
              </span>
            </Link>
          ))}
        </div>
      )}
    </nav>
  );
}
