// The frame around every screen: rail, connection banner, palette, toasts.
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Bell, Inbox, Keyboard, Rocket, Settings, SlidersHorizontal } from 'lucide-react';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../lib/keys';
import { Toasts } from '../ui/Toasts';
import { IconButton } from '../ui/Button';
import { ConnectionBanner, ConnectionDot } from './ConnectionBanner';
import { onNotificationPress } from '../live/alerts';
import { useSetupState } from '../live/setup';
import { useUnseenAlerts } from '../live/openAlerts';
import { useIsAdmin, useMaySupervise } from './viewer';

const LINK =
  'relative grid size-10 place-items-center rounded-[10px] text-muted hover:bg-hover aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent';

// Loaded when they are opened: the desk itself is to be there at once.
const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })));
const Preferences = lazy(() =>
  import('./Preferences').then((module) => ({ default: module.Preferences })),
);
const Shortcuts = lazy(() =>
  import('./Shortcuts').then((module) => ({ default: module.Shortcuts })),
);

type Overlay = 'palette' | 'preferences' | 'shortcuts';

export function Shell() {
  const { t } = useTranslation();
  const isAdmin = useIsAdmin();
  const maySupervise = useMaySupervise();
  const isInbox = useLocation().pathname.startsWith('/inbox');
  const [overlay, setOverlay] = useState<Overlay>();
  const close = () => setOverlay(undefined);
  const navigate = useNavigate();
  useEffect(
    () =>
      onNotificationPress((id) => {
        void navigate({ to: '/inbox/$view/$id', params: { view: 'mine', id } });
      }),
    [navigate],
  );
  useKeys({
    '$mod+k': () => setOverlay('palette'),
    'Shift+?': () => setOverlay('shortcuts'),
  });

  return (
    <div className="flex h-full flex-col-reverse md:flex-row">
      <nav
        aria-label={t('nav.label')}
        className="flex shrink-0 items-center gap-1 border-line bg-panel px-3 py-1 max-md:border-t md:w-14 md:flex-col md:border-e md:px-0 md:py-3"
      >
        <img src="/icon.svg" alt="" className="size-8 md:mb-2" />
        <Link
          to="/inbox/$view"
          params={{ view: 'mine' }}
          className={LINK}
          aria-label={t('nav.inbox')}
          aria-current={isInbox ? 'page' : undefined}
        >
          <Inbox className="size-5" />
        </Link>
        {isAdmin && <StartLink />}
        {maySupervise && <AlertsLink />}
        {isAdmin && (
          <Link to="/setup" className={LINK} aria-label={t('nav.setup')}>
            <SlidersHorizontal className="size-5" />
          </Link>
        )}
        <div className="ms-auto flex items-center gap-1 md:ms-0 md:mt-auto md:flex-col">
          <ConnectionDot />
          <IconButton label={t('nav.shortcuts')} onPress={() => setOverlay('shortcuts')}>
            <Keyboard className="size-5" />
          </IconButton>
          <IconButton label={t('nav.preferences')} onPress={() => setOverlay('preferences')}>
            <Settings className="size-5" />
          </IconButton>
        </div>
      </nav>
      <div className="flex min-h-0 min-w-0 flex-1 flex-col">
        <ConnectionBanner />
        <div className="min-h-0 flex-1">
          <Outlet />
        </div>
      </div>
      <Suspense>
        {overlay === 'palette' && <Palette onClose={close} onOpen={setOverlay} />}
        {overlay === 'preferences' && <Preferences onClose={close} />}
        {overlay === 'shortcuts' && <Shortcuts onClose={close} />}
      </Suspense>
      <Toasts />
    </div>
  );
}

/** There until the first customer has been answered, and in the demo, where the telephone is. */
function StartLink() {
  const { t } = useTranslation();
  const { data } = useSetupState();
  if (!data || (!data.simulated && data.steps.every((step) => step.done))) return null;
  return (
    <Link to="/start" className={LINK} aria-label={t('nav.start')}>
      <Rocket className="size-5" />
    </Link>
  );
}

function AlertsLink() {
  const { t } = useTranslation();
  const unseen = useUnseenAlerts(true);
  const label = unseen > 0 ? t('alerts.unseen', { count: unseen }) : t('nav.alerts');
  return (
    <Link to="/alerts" className={LINK} aria-label={label}>
      <Bell className="size-5" />
      {unseen > 0 && (
        <span
          aria-hidden
          className="absolute inset-e-0.5 top-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-bad px-1 text-[10.5px] font-semibold text-panel tabular-nums"
        >
          {unseen}
        </span>
      )}
      <span className="sr-only" role="status">
        {unseen > 0 ? label : ''}
      </span>
    </Link>
  );
}
