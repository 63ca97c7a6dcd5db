import { useTranslation } from 'react-i18next';
import type { Viewer } from '../../app/viewer';
import { Dialog } from '../../ui/Dialog';
import { SignIn } from './SignIn';

interface SignInAgainProps {
  email: string;
  onEntered: (viewer: Viewer) => Promise<void>;
}

/** Over the page, which stays as it is; there is no way around it. */
export function SignInAgain({ email, onEntered }: SignInAgainProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('session.ended')} isOpen onClose={() => undefined}>
      <SignIn email={email} onEntered={onEntered} />
    </Dialog>
  );
}
