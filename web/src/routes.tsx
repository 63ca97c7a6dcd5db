// Which screen stands at which address. Set-up is loaded when an admin opens it.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
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
  component: lazyRouteComponent(() => import('./features/setup/Screen'), 'Screen'),
});

const routeTree = root.addChildren([
  start,
  inbox,
  conversation,
  setup.addChildren([setupStart, setupPage]),
]);

export const router = createRouter({ routeTree, defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
