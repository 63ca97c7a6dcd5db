import { useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsAdmin } from '../../app/viewer';
import { Empty } from '../../ui/Notice';
import { AnswersPage } from './consent/AnswersPage';
import { ConsentsPage } from './consent/ConsentsPage';
import { KeywordsPage } from './consent/KeywordsPage';
import { CallbacksPage } from './journal/CallbacksPage';
import { QuarantinePage } from './journal/QuarantinePage';
import { NumbersPage } from './NumbersPage';
import { AuditPage } from './audit/AuditPage';
import { PeoplePage } from './people/PeoplePage';
import { QueuesPage } from './QueuesPage';
import { TokensPage } from './TokensPage';
import { WorkstreamsPage } from './WorkstreamsPage';
import type { SetupPageName } from './pages';
import { TelesignPage } from './telesign/TelesignPage';

const SCREENS: Record<SetupPageName, ComponentType> = {
  telesign: TelesignPage,
  numbers: NumbersPage,
  workstreams: WorkstreamsPage,
  queues: QueuesPage,
  people: PeoplePage,
  tokens: TokensPage,
  callbacks: CallbacksPage,
  quarantine: QuarantinePage,
  audit: AuditPage,
  consents: ConsentsPage,
  keywords: KeywordsPage,
  answers: AnswersPage,
};

export function Screen() {
  const { t } = useTranslation();
  const isAdmin = useIsAdmin();
  const { page } = useParams({ strict: false }) as { page: string };
  const Page = SCREENS[page as SetupPageName];
  if (!isAdmin) return <Empty title={t('common.notAllowed')} />;
  return Page ? <Page /> : <Empty title={t('common.notFound')} />;
}
