import { useTranslation } from 'react-i18next';
import { fullTime } from '../../../lib/time';
import { Button } from '../../../ui/Button';
import { Copy } from '../../../ui/Copy';
import { Dialog } from '../../../ui/Dialog';
import { Notice } from '../../../ui/Notice';

export interface Invited {
  name: string;
  url: string;
  expiresAt: string;
}

/** The link by which somebody sets a password: shown once, to be handed on. */
export function Invitation({ invited, onClose }: { invited: Invited; onClose: () => void }) {
  const { t } = useTranslation();
  const { name, url, expiresAt } = invited;
  return (
    <Dialog title={t('setup.people.invitation', { name })} isOpen onClose={onClose}>
      <div className="grid gap-4">
        <Notice tone="info">
          {t('setup.people.invitationWhy', { until: fullTime(expiresAt) })}
        </Notice>
        <Copy value={url} label={t('setup.people.link')} />
        <div>
          <Button look="primary" onPress={onClose}>
            {t('setup.done')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
