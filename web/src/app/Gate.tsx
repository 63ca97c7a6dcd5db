// Lets nobody in who is not signed in, and keeps the page when a session ends meanwhile.
import { useLocation } from '@tanstack/react-router';
import { Suspense, lazy, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { onSessionEnd } from '../lib/graphql';
import { followDesk } from '../live/agentFeed';
import { setAlertedAgent } from '../live/alerts';
import { giveBackDraft } from '../live/drafts';
import { resume } from '../live/outbox';
import { setOwner } from '../live/owner';
import { useSetupState } from '../live/setup';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Notice';
import { useViewerQuery } from './viewer';

const SignIn = lazy(() =>
  import('../features/session/SignIn').then((module) => ({ default: module.SignIn })),
);
const Claim = lazy(() =>
  import('../features/firstrun/Claim').then((module) => ({ default: module.Claim })),
);
const SetPassword = lazy(() =>
  import('../features/session/SetPassword').then((module) => ({ default: module.SetPassword })),
);
const SignInAgain = lazy(() =>
  import('../features/session/SignInAgain').then((module) => ({ default: module.SignInAgain })),
);

export function Gate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { data: viewer, isPending, error, refetch } = useViewerQuery();
  const isInvited = useLocation().pathname === '/set-password';
  const [hasEnded, setHasEnded] = useState(false);
  const agentId = viewer?.agent?.id;
  // Before anything below reads what this browser keeps for them.
  setOwner(agentId);

  // Who was never signed in has no session that could end.
  useEffect(() => (agentId ? onSessionEnd(() => setHasEnded(true)) : undefined), [agentId]);
  useEffect(() => {
    if (!agentId) return;
    setAlertedAgent(agentId);
    resume(giveBackDraft);
    return followDesk();
  }, [agentId]);

  // An invitation is for whoever opens it, whoever else is signed in here.
  if (isInvited) {
    return (
      <main className="grid min-h-full place-items-center p-4">
        <Suspense>
          <SetPassword />
        </Suspense>
      </main>
    );
  }
  if (isPending) return <p className="sr-only">{t('common.loading')}</p>;
  if (error) {
    return (
      <Empty title={t('common.unreachable')}>
        <Button onPress={() => void refetch()}>{t('common.tryAgain')}</Button>
      </Empty>
    );
  }
  if (!viewer) return <Door />;
  return (
    <>
      {children}
      <Suspense>{hasEnded && <SignInAgain email={viewer.agent?.email ?? ''} />}</Suspense>
    </>
  );
}

/** Whoever is not signed in signs in, or claims a server that is nobody's. */
function Door() {
  const { data: setup, isPending } = useSetupState();
  if (isPending) return null;
  return (
    <main className="grid min-h-full place-items-center p-4">
      <Suspense>{setup?.claimed === false ? <Claim /> : <SignIn />}</Suspense>
    </main>
  );
}
