import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { CallbackOutcome, CallbackRowFragment } from '../../gql/graphql';
import { reasonOf, refreshAll, request, useRequest } from '../../lib/graphql';
import { fullTime, shortTime } from '../../lib/time';
import { Button } from '../../ui/Button';
import { Chip, type Tone } from '../../ui/Chip';
import { Dialog } from '../../ui/Dialog';
import { sayDone, sayFailed } from '../../ui/Toasts';
import { ListPage } from './parts';

export const CALLBACK_ROW = graphql(/* GraphQL */ `
  fragment CallbackRow on CallbackRecord {
    id
    kind
    outcome
    detail
    reference
    body
    receivedAt
    replayedAt
  }
`);

const CALLBACKS = graphql(/* GraphQL */ `
  query Callbacks {
    callbacks(first: 50) {
      nodes {
        ...CallbackRow
      }
    }
  }
`);

const REPLAY = graphql(/* GraphQL */ `
  mutation CallbackReplay($input: CallbackReplayInput!) {
    callbackReplay(input: $input) {
      replayed
      refused
      userErrors {
        message
      }
    }
  }
`);

const TONES: Partial<Record<CallbackOutcome, Tone>> = { APPLIED: 'ok', IGNORED: 'neutral' };

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export function CallbacksPage() {
  const { t } = useTranslation();
  const list = useRequest(CALLBACKS);
  const [open, setOpen] = useState<CallbackRowFragment>();
  const replay = async (id: string) => {
    try {
      const { callbackReplay } = await request(REPLAY, { input: { ids: [id] } });
      const refusal = callbackReplay?.userErrors[0]?.message;
      if (refusal) sayFailed(refusal);
      else if (callbackReplay?.replayed) sayDone(t('setup.callbacks.replayed'));
      else sayFailed(t('setup.callbacks.notReplayed'));
      await refreshAll();
    } catch (error) {
      sayFailed(reasonOf(error));
    }
  };
  const rows = (list.data?.callbacks?.nodes ?? []).map((row) => ({
    id: row.id,
    cells: [
      <time key="at" title={fullTime(row.receivedAt)} className="tabular-nums">
        {shortTime(row.receivedAt)}
      </time>,
      t(`callbackKinds.${row.kind}`, row.kind),
      <Chip key="outcome" tone={TONES[row.outcome] ?? 'warn'}>
        {t(`outcomes.${row.outcome}`)}
      </Chip>,
      row.detail,
      <span key="do" className="flex gap-2">
        <Button onPress={() => setOpen(row)}>{t('setup.callbacks.show')}</Button>
        <Button onPress={() => void replay(row.id)}>
          <RefreshCw className="size-4" />
          {t('setup.callbacks.replay')}
        </Button>
      </span>,
    ],
  }));
  return (
    <ListPage
      page="callbacks"
      list={list}
      columns={[
        t('setup.callbacks.received'),
        t('setup.callbacks.kind'),
        t('setup.callbacks.outcome'),
        t('setup.callbacks.detail'),
        t('setup.callbacks.actions'),
      ]}
      rows={rows}
    >
      <Dialog
        title={t('setup.callbacks.body')}
        isOpen={open !== undefined}
        onClose={() => setOpen(undefined)}
      >
        <pre tabIndex={0} dir="ltr" className="overflow-auto font-mono text-xs">
          {pretty(open?.body ?? '')}
        </pre>
      </Dialog>
    </ListPage>
  );
}
