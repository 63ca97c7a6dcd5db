import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/Dialog';
import { SignIn } from './SignIn';

/** Over the page, which stays as it is; there is no way around it. */
export function SignInAgain({ email }: { email: string }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('session.ended')} isOpen>
      <SignIn email={email} />
    </Dialog>
  );
}
