import { Link, Outlet } from '@tanstack/react-router';
import {
  BookUser,
  Bot,
  Hash,
  KeyRound,
  Layers,
  MessageCircleOff,
  Plug,
  ScrollText,
  ShieldAlert,
  Users,
  Webhook,
  Workflow,
  type LucideIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useConfigChanges } from './configChanges';
import { SETUP_GROUPS, type SetupGroup, type SetupPageName } from './pages';

const ICONS: Record<SetupPageName, LucideIcon> = {
  telesign: Plug,
  numbers: Hash,
  workstreams: Workflow,
  queues: Layers,
  consents: BookUser,
  keywords: MessageCircleOff,
  answers: Bot,
  people: Users,
  tokens: KeyRound,
  callbacks: Webhook,
  quarantine: ShieldAlert,
  audit: ScrollText,
};

const LINK =
  'flex h-8 items-center gap-2.5 rounded-lg px-2 text-soft whitespace-nowrap hover:bg-hover aria-[current=page]:bg-panel aria-[current=page]:font-semibold aria-[current=page]:text-text aria-[current=page]:shadow-[inset_0_0_0_1px_var(--color-line)]';

export function SetupPage() {
  const { t } = useTranslation();
  useConfigChanges();
  return (
    <div className="flex h-full flex-col md:flex-row">
      <nav
        aria-label={t('setup.label')}
        className="flex shrink-0 gap-0.5 overflow-auto border-line p-2.5 max-md:border-b md:w-52 md:flex-col md:border-e"
      >
        <p className="px-2 pt-1.5 text-[15px] font-semibold max-md:hidden">{t('setup.label')}</p>
        {(Object.keys(SETUP_GROUPS) as SetupGroup[]).map((group) => (
          <div key={group} className="flex gap-0.5 md:flex-col">
            <h2 className="px-2 pt-3 pb-1 text-[11px] font-semibold text-muted max-md:hidden">
              {t(`setup.groups.${group}`)}
            </h2>
            {SETUP_GROUPS[group].map((page) => {
              const Icon = ICONS[page];
              return (
                <Link key={page} to="/setup/$page" params={{ page }} className={LINK}>
                  <Icon aria-hidden className="size-4 shrink-0" />
                  {t(`setup.${page}.title`)}
                </Link>
              );
            })}
          </div>
        ))}
      </nav>
      <main className="min-h-0 min-w-0 flex-1 overflow-auto p-4 md:p-8">
        <div className="mx-auto max-w-4xl">
          <Outlet />
        </div>
      </main>
    </div>
  );
}
