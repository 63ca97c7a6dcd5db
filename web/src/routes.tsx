// Which screen stands at which address. Set-up is loaded when an admin opens it.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  redirect,
  stringifySearchWith,
  type ErrorComponentProps,
} from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Gate } from './app/Gate';
import { Shell } from './app/Shell';
import { InboxPage } from './features/inbox/InboxPage';
import { Empty } from './ui/Notice';

const root = createRootRoute({
  component: () => (
    <Gate>
      <Shell />
    </Gate>
  ),
  notFoundComponent: NotFound,
  errorComponent: Broken,
});

/** What a list is narrowed to stands in the address, so that it can be handed on. */
function onlyTexts(search: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(search).filter(([, value]) => value !== '');
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value)]));
}

function NotFound() {
  const { t } = useTranslation();
  return <Empty title={t('common.notFound')} />;
}

function Broken({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  return <Empty title={t('common.broken')}>{error instanceof Error ? error.message : null}</Empty>;
}

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'mine' } });
  },
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$view',
  component: InboxPage,
});

const conversation = createRoute({
  getParentRoute: () => root,
  path: '/inbox/$view/$id',
  component: InboxPage,
});

const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/start',
  component: lazyRouteComponent(() => import('./features/firstrun/StartPage'), 'StartPage'),
});

/** The gate shows what belongs here. */
const setPassword = createRoute({ getParentRoute: () => root, path: '/set-password' });

const alerts = createRoute({
  getParentRoute: () => root,
  path: '/alerts',
  component: lazyRouteComponent(() => import('./features/alerts/AlertsPage'), 'AlertsPage'),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./features/setup/SetupPage'), 'SetupPage'),
});

const setupStart = createRoute({
  getParentRoute: () => setup,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/setup/$page', params: { page: 'telesign' } });
  },
});

const setupPage = createRoute({
  getParentRoute: () => setup,
  path: '/$page',
  validateSearch: onlyTexts,
  component: lazyRouteComponent(() => import('./features/setup/Screen'), 'Screen'),
});

const routeTree = root.addChildren([
  start,
  inbox,
  conversation,
  firstRun,
  setPassword,
  alerts,
  setup.addChildren([setupStart, setupPage]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  // A number stays as it was written: `?customer=14155550101`.
  parseSearch: parseSearchWith((text) => text),
  stringifySearch: stringifySearchWith(String),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
