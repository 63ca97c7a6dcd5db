import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import type { QuarantineReplayInput, QuarantineRowFragment } from '../../../gql/graphql';
import { request, useNewest } from '../../../lib/graphql';
import { ago, fullTime } from '../../../lib/time';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/Chip';
import { sayDone, sayFailed } from '../../../ui/Toasts';
import { ListPage } from '../parts';
import { Body } from './Body';
import { LET_THROUGH, QUARANTINE } from './documents';

export function QuarantinePage() {
  const { t } = useTranslation();
  const list = useNewest(QUARANTINE, {}, (result) => result.quarantinedCallbacks);
  const [open, setOpen] = useState<QuarantineRowFragment>();
  const [isBusy, setIsBusy] = useState(false);
  const accounts = new Map(
    list.rows.map(({ channelAccount }) => [channelAccount.id, channelAccount]),
  );

  const letThrough = async (input: QuarantineReplayInput) => {
    setIsBusy(true);
    const asked = request(LET_THROUGH, { input });
    const done = await carryOut(asked.then((result) => result.quarantineReplay));
    setIsBusy(false);
    const released = done?.released ?? 0;
    if (released > 0) sayDone(t('setup.quarantine.released', { count: released }));
    else if (done) sayFailed(t('setup.quarantine.noneGenuine'));
  };
  const rows = list.rows.map((row) => ({
    id: row.id,
    cells: [
      <time key="at" title={fullTime(row.lastAt)} className="whitespace-nowrap">
        {ago(row.lastAt)}
      </time>,
      <Chip key="reason" tone="bad">
        {t(`forgeries.${row.reason}`)}
      </Chip>,
      row.channelAccount.name,
      <span key="times" className="tabular-nums">
        {row.times}
      </span>,
      <span key="do" className="flex justify-end gap-1">
        <Button look="quiet" onPress={() => setOpen(row)}>
          {t('setup.callbacks.show')}
        </Button>
        <Button isDisabled={isBusy} onPress={() => void letThrough({ ids: [row.id] })}>
          {t('setup.quarantine.check')}
        </Button>
      </span>,
    ],
  }));
  return (
    <ListPage
      page="quarantine"
      list={list}
      actions={[...accounts.values()].map(({ id, name }) => (
        <Button
          key={id}
          look="primary"
          isDisabled={isBusy}
          onPress={() => void letThrough({ channelAccountId: id })}
        >
          {t('setup.quarantine.checkAll', { name })}
        </Button>
      ))}
      columns={[
        t('setup.quarantine.last'),
        t('setup.quarantine.reason'),
        t('setup.numbers.account'),
        t('setup.quarantine.times'),
        t('setup.callbacks.actions'),
      ]}
      rows={rows}
      onMore={list.readMore}
    >
      <Body isOpen={open !== undefined} body={open?.body} onClose={() => setOpen(undefined)} />
    </ListPage>
  );
}
