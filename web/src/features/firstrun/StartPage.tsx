// From an empty server to an answered customer: two ways to begin, and what is left to do.
import { Link } from '@tanstack/react-router';
import { ArrowRight, CircleCheck, CircleDashed, Plug, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsAdmin, useViewer } from '../../app/viewer';
import type { SetupStateQuery, SetupStepName } from '../../gql/graphql';
import { reasonOf } from '../../lib/graphql';
import { fullTime, shortTime } from '../../lib/time';
import { useSetupState } from '../../live/setup';
import { Button } from '../../ui/Button';
import { Empty, Notice } from '../../ui/Notice';
import { Phone } from './Phone';
import { chooseSimulator } from './simulator';

type Step = SetupStateQuery['setupState']['steps'][number];

/** Where a step is done. */
const PLACES: Partial<Record<SetupStepName, string>> = {
  CHANNEL_ACCOUNT: '/setup/telesign',
  SUPPORT_NUMBER: '/setup/numbers',
  FIRST_TEXT: '/inbox/unassigned',
  FIRST_REPLY: '/inbox/unassigned',
};

export function StartPage() {
  const { t } = useTranslation();
  const isAdmin = useIsAdmin();
  const { data } = useSetupState();
  if (!isAdmin) return <Empty title={t('common.notAllowed')} />;
  if (!data) return <p className="sr-only">{t('common.loading')}</p>;
  const isDone = (name: SetupStepName) => data.steps.some((one) => one.name === name && one.done);
  const hasChannel = isDone('CHANNEL_ACCOUNT') && isDone('SUPPORT_NUMBER');
  const isOver = data.steps.every((one) => one.done);
  const hasPhone = data.simulated && hasChannel;
  return (
    <main className="h-full overflow-auto p-4 md:p-8">
      <div
        className={`mx-auto grid max-w-4xl gap-8 ${hasPhone ? 'lg:grid-cols-[minmax(0,1fr)_18rem]' : ''}`}
      >
        <div className="min-w-0">
          <h1 className="text-[21px] leading-7 font-semibold tracking-tight">
            {t(isOver ? 'firstRun.over' : 'firstRun.start')}
          </h1>
          <p className="mb-6 text-muted">{t(isOver ? 'firstRun.overWhy' : 'firstRun.startWhy')}</p>
          {!hasChannel && <Choices isSimulated={data.simulated} />}
          <Checklist steps={data.steps} />
        </div>
        {hasPhone && <Phone />}
      </div>
    </main>
  );
}

function Choices({ isSimulated }: { isSimulated: boolean }) {
  const { t } = useTranslation();
  const me = useViewer().agent?.id;
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const simulate = async () => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await chooseSimulator(me);
    } catch (error) {
      setProblem(reasonOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <div className="mb-6 grid gap-4 sm:grid-cols-2">
      {isSimulated && (
        <section className="flex flex-col items-start gap-2 rounded-xl border border-accent-line bg-accent-soft p-5">
          <Smartphone aria-hidden className="size-6 text-accent" />
          <h2 className="font-semibold">{t('firstRun.simulator')}</h2>
          <p className="flex-1 text-soft">{t('firstRun.simulatorWhy')}</p>
          <Button look="primary" isDisabled={isBusy} onPress={() => void simulate()}>
            {t('firstRun.simulate')}
          </Button>
        </section>
      )}
      <section className="flex flex-col items-start gap-2 rounded-xl border border-line bg-panel p-5">
        <Plug aria-hidden className="size-6 text-muted" />
        <h2 className="font-semibold">{t('setup.telesign.title')}</h2>
        <p className="flex-1 text-soft">{t('firstRun.telesignWhy')}</p>
        <Link
          to="/setup/$page"
          params={{ page: 'telesign' }}
          className="inline-flex h-8 items-center rounded-lg border border-line-strong bg-panel px-3 font-medium hover:bg-hover"
        >
          {t('setup.telesign.add')}
        </Link>
      </section>
      {problem && (
        <div className="sm:col-span-2">
          <Notice tone="bad">{problem}</Notice>
        </div>
      )}
    </div>
  );
}

function Checklist({ steps }: { steps: readonly Step[] }) {
  const { t } = useTranslation();
  return (
    <section
      aria-label={t('firstRun.checklist')}
      className="overflow-hidden rounded-xl border border-line bg-panel"
    >
      <h2 className="border-b border-line px-5 py-3 font-semibold">{t('firstRun.checklist')}</h2>
      <ol>
        {steps.map((step) => (
          <Item key={step.name} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Item({ step }: { step: Step }) {
  const { t } = useTranslation();
  const Icon = step.done ? CircleCheck : CircleDashed;
  const place = PLACES[step.name];
  const name = t(`setupSteps.${step.name}`);
  return (
    <li className="flex min-h-11 items-center gap-3 border-t border-line px-5 py-2 first:border-t-0">
      <Icon
        role="img"
        className={`size-4.5 shrink-0 ${step.done ? 'text-ok' : 'text-muted'}`}
        aria-label={t(step.done ? 'setup.done' : 'setup.open')}
      />
      {step.done || !place ? (
        <span className={step.done ? 'text-muted' : 'font-medium'}>{name}</span>
      ) : (
        <Link to={place} className="flex items-center gap-1.5 font-medium hover:underline">
          {name}
          <ArrowRight aria-hidden className="size-3.5 text-muted rtl:-scale-x-100" />
        </Link>
      )}
      {step.at && (
        <time title={fullTime(step.at)} className="ms-auto text-xs text-muted tabular-nums">
          {shortTime(step.at)}
        </time>
      )}
    </li>
  );
}
