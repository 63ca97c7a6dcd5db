import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useConfigChanges } from './configChanges';
import { SETUP_PAGES } from './pages';

const LINK =
  'rounded-lg px-3 py-1.5 text-soft whitespace-nowrap hover:bg-hover aria-[current=page]:bg-panel aria-[current=page]:font-semibold aria-[current=page]:text-text aria-[current=page]:shadow-[inset_0_0_0_1px_var(--color-line)]';

export function SetupPage() {
  const { t } = useTranslation();
  useConfigChanges();
  return (
    <div className="flex h-full flex-col md:flex-row">
      <nav
        aria-label={t('setup.label')}
        className="flex shrink-0 gap-0.5 overflow-auto border-line p-3 max-md:border-b md:w-52 md:flex-col md:border-e"
      >
        {SETUP_PAGES.map((page) => (
          <Link key={page} to="/setup/$page" params={{ page }} className={LINK}>
            {t(`setup.${page}.title`)}
          </Link>
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
