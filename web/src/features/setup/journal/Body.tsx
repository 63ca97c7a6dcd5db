import { useTranslation } from 'react-i18next';
import { Dialog } from '../../../ui/Dialog';
import { Notice } from '../../../ui/Notice';

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

interface BodyProps {
  isOpen: boolean;
  /** None: it has been forgotten. */
  body: string | null | undefined;
  onClose: () => void;
}

/** What was posted, as it was posted. */
export function Body({ isOpen, body, onClose }: BodyProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('setup.callbacks.body')} isOpen={isOpen} onClose={onClose}>
      {body == null ? (
        <Notice tone="info">{t('setup.callbacks.forgotten')}</Notice>
      ) : (
        <pre tabIndex={0} dir="ltr" className="overflow-auto font-mono text-xs">
          {pretty(body)}
        </pre>
      )}
    </Dialog>
  );
}
