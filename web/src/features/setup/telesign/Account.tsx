import { CircleCheck, CircleDashed, Mail } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import { reasonOf, refreshAll, request } from '../../../lib/graphql';
import { ago, fullTime } from '../../../lib/time';
import { Button } from '../../../ui/Button';
import { Chip, type Tone } from '../../../ui/Chip';
import { Copy } from '../../../ui/Copy';
import { TextInput } from '../../../ui/Field';
import { Notice } from '../../../ui/Notice';
import { sayFailed } from '../../../ui/Toasts';
import { SheetForm } from '../parts';
import { RESUME, ROTATE_KEY, VALIDATE, type AccountCard } from './documents';

const STATUS_TONES: Record<AccountCard['status'], Tone> = {
  VALID: 'ok',
  UNVALIDATED: 'warn',
  INVALID: 'bad',
  DISABLED: 'neutral',
};

function Step({
  isDone,
  title,
  children,
}: {
  isDone: boolean;
  title: string;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const Icon = isDone ? CircleCheck : CircleDashed;
  return (
    <li className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-3 gap-y-2">
      <Icon
        className={`mt-0.5 size-4.5 ${isDone ? 'text-ok' : 'text-muted'}`}
        aria-label={t(isDone ? 'setup.done' : 'setup.open')}
      />
      <h3 className="font-semibold">{title}</h3>
      <div className="col-start-2 grid gap-2">{children}</div>
    </li>
  );
}

/** One account: what works, what is missing, and the next step. */
export function Account({ account }: { account: AccountCard }) {
  const { t } = useTranslation();
  const [isValidating, setIsValidating] = useState(false);
  const [isRotating, setIsRotating] = useState(false);
  const { lastValidation: validation, callbackRequestEmail: email } = account;

  const validate = async () => {
    setIsValidating(true);
    try {
      const input = { channelAccountId: account.id };
      const { channelAccountValidate } = await request(VALIDATE, { input });
      const refusal = channelAccountValidate?.userErrors[0]?.message;
      if (refusal) sayFailed(refusal);
      await refreshAll();
    } catch (error) {
      sayFailed(reasonOf(error));
    } finally {
      setIsValidating(false);
    }
  };
  const mail = `mailto:${email.to}?subject=${encodeURIComponent(email.subject)}&body=${encodeURIComponent(email.body)}`;

  return (
    <section className="rounded-xl border border-line bg-panel p-5" aria-label={account.name}>
      <header className="mb-4 flex flex-wrap items-center gap-2">
        <h2 className="text-[15px] font-semibold">{account.name}</h2>
        <Chip tone={STATUS_TONES[account.status]}>{t(`accountStatus.${account.status}`)}</Chip>
        <span className="ms-auto flex gap-2">
          <Button onPress={() => setIsRotating(true)}>{t('setup.telesign.rotate')}</Button>
          <Button onPress={() => void validate()} isDisabled={isValidating}>
            {t('setup.telesign.validate')}
          </Button>
        </span>
      </header>
      {account.stop && <Stopped id={account.id} stop={account.stop} />}
      <ol className="grid gap-5">
        <Step isDone={validation?.ok ?? false} title={t('setup.telesign.credentials')}>
          <p className="text-muted">
            {t('setup.telesign.customerId')}{' '}
            <code className="font-mono text-xs text-text">{account.customerId}</code>
            {account.credential.fingerprint && (
              <>
                {' · '}
                {t('setup.telesign.fingerprint')}{' '}
                <code className="font-mono text-xs text-text">
                  {account.credential.fingerprint}
                </code>
              </>
            )}
          </p>
          {validation && (
            <Notice tone={validation.ok ? 'ok' : 'warn'}>
              {t(`verdicts.${validation.verdict}`)}{' '}
              <span className="text-muted" title={fullTime(validation.checkedAt)}>
                {ago(validation.checkedAt)}
              </span>
            </Notice>
          )}
        </Step>
        <Step isDone={account.lastCallbackAt !== null} title={t('setup.telesign.callback')}>
          <p className="text-muted">{t('setup.telesign.callbackWhy')}</p>
          <Copy value={account.callbackUrl} label={t('setup.telesign.callbackUrl')} />
          <p>
            <a
              href={mail}
              className="inline-flex items-center gap-1.5 text-accent underline underline-offset-2"
            >
              <Mail className="size-4" />
              {t('setup.telesign.email', { to: email.to })}
            </a>
          </p>
          {account.lastCallbackAt ? (
            <Notice tone="ok">
              {t('setup.telesign.lastCallback', { when: ago(account.lastCallbackAt) })}
            </Notice>
          ) : (
            <Notice tone="info">{t('setup.telesign.noCallback')}</Notice>
          )}
        </Step>
      </ol>
      {isRotating && <KeyForm account={account} onClose={() => setIsRotating(false)} />}
    </section>
  );
}

interface StoppedProps {
  id: string;
  stop: NonNullable<AccountCard['stop']>;
}

/** Why its texts wait, and how they go on. */
function Stopped({ id, stop }: StoppedProps) {
  const { t } = useTranslation();
  const resume = async () => {
    const asked = request(RESUME, { input: { channelAccountId: id } });
    await carryOut(asked.then((result) => result.channelAccountResume));
  };
  return (
    <div className="mb-5">
      <Notice tone="bad">
        <div className="flex flex-wrap items-center gap-3">
          <p className="min-w-60 flex-1">
            <span className="font-semibold">
              {t('setup.telesign.stopped', { since: ago(stop.since) })}
            </span>{' '}
            {stop.description}
            {stop.providerCode && ` (${stop.providerCode})`}
          </p>
          <Button onPress={() => void resume()}>{t('setup.telesign.resume')}</Button>
        </div>
      </Notice>
    </div>
  );
}

function KeyForm({ account, onClose }: { account: AccountCard; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({ defaultValues: { apiKey: '' } });
  const rotate = async ({ apiKey }: { apiKey: string }) => {
    const input = {
      channelAccountId: account.id,
      expectedVersion: account.version,
      apiKey,
      validate: true,
    };
    const { channelAccountRotateKey } = await request(ROTATE_KEY, { input });
    return channelAccountRotateKey?.userErrors ?? [];
  };
  return (
    <SheetForm
      title={t('setup.telesign.rotate')}
      action={t('setup.telesign.rotateNow')}
      form={form}
      fields={['apiKey']}
      onSubmit={rotate}
      onClose={onClose}
    >
      <p className="text-muted">{t('setup.telesign.rotateWhy')}</p>
      <TextInput
        control={form.control}
        name="apiKey"
        type="password"
        label={t('setup.telesign.apiKey')}
        required={t('common.required')}
        isCode
      />
    </SheetForm>
  );
}
