// All that a filter finds and that has had no effect, looked at first and then tried again.
import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import type { CallbackFilter, CallbackReplayInput } from '../../../gql/graphql';
import { request } from '../../../lib/graphql';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { Notice } from '../../../ui/Notice';
import { REPLAY } from './documents';

interface Found {
  replayed: number;
  refused: number;
}

/** One call tries 500; whoever has more than this uses `centralino replay`. */
const CALLS_MAX = 40;

function replay(input: CallbackReplayInput) {
  return carryOut(request(REPLAY, { input }).then((result) => result.callbackReplay));
}

export function ReplayAll({ filter }: { filter: CallbackFilter }) {
  const { t } = useTranslation();
  const [found, setFound] = useState<Found>();
  const [done, setDone] = useState<Found>();
  const [isBusy, setIsBusy] = useState(false);

  const walk = async (dryRun: boolean, tell: (found: Found) => void) => {
    setIsBusy(true);
    const sum: Found = { replayed: 0, refused: 0 };
    let after: string | null = null;
    for (let call = 0; call < CALLS_MAX; call += 1) {
      const answer = await replay({ filter, dryRun, after });
      if (!answer) break;
      sum.replayed += answer.replayed ?? 0;
      sum.refused += answer.refused ?? 0;
      tell({ ...sum });
      after = answer.last ?? null;
      if (!answer.hasMore) break;
    }
    setIsBusy(false);
  };
  const close = () => {
    setFound(undefined);
    setDone(undefined);
  };
  return (
    <>
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button isDisabled={isBusy} onPress={() => void walk(true, setFound)}>
          <RefreshCw className="size-4" />
          {t('setup.callbacks.replayAll')}
        </Button>
        <span className="text-xs text-muted">{t('setup.callbacks.replayAllWhy')}</span>
      </div>
      <Dialog
        title={t('setup.callbacks.replayAll')}
        isOpen={found !== undefined && (!isBusy || done !== undefined)}
        onClose={close}
      >
        <div className="grid gap-4">
          {done ? (
            <Notice tone={done.refused > 0 ? 'warn' : 'ok'}>
              {t('setup.callbacks.haveEffect', { count: done.replayed })}{' '}
              {done.refused > 0 && t('setup.callbacks.stillNone', { count: done.refused })}
            </Notice>
          ) : (
            <p>
              {t('setup.callbacks.wouldHaveEffect', { count: found?.replayed ?? 0 })}{' '}
              {(found?.refused ?? 0) > 0 &&
                t('setup.callbacks.stillNone', { count: found!.refused })}
            </p>
          )}
          <div className="flex gap-2">
            {!done && (found?.replayed ?? 0) > 0 && (
              <Button look="primary" isDisabled={isBusy} onPress={() => void walk(false, setDone)}>
                {t('setup.callbacks.replayNow')}
              </Button>
            )}
            <Button onPress={close}>{t('common.close')}</Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
