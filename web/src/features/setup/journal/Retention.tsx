import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { request, useRequest } from '../../../lib/graphql';
import { Button } from '../../../ui/Button';
import { TextInput } from '../../../ui/Field';
import { SheetForm } from '../parts';
import { KEEP, RETENTION } from './documents';

/** For how long it is kept what callbacks said. */
export function Retention() {
  const { t } = useTranslation();
  const { data } = useRequest(RETENTION);
  const [isOpen, setIsOpen] = useState(false);
  const organization = data?.organization;
  if (!organization) return null;
  const { version, callbackRetentionDays: days } = organization;
  return (
    <>
      <Button onPress={() => setIsOpen(true)}>
        {t('setup.callbacks.keptDays', { count: days })}
      </Button>
      {isOpen && <RetentionForm version={version} days={days} onClose={() => setIsOpen(false)} />}
    </>
  );
}

interface FormProps {
  version: number;
  days: number;
  onClose: () => void;
}

function RetentionForm({ version, days, onClose }: FormProps) {
  const { t } = useTranslation();
  const form = useForm({ defaultValues: { callbackRetentionDays: String(days) } });
  return (
    <SheetForm
      title={t('setup.callbacks.retention')}
      action={t('common.save')}
      form={form}
      fields={['callbackRetentionDays']}
      onSubmit={async ({ callbackRetentionDays: wanted }) => {
        const input = { expectedVersion: version, callbackRetentionDays: Number(wanted) };
        return (await request(KEEP, { input })).organizationUpdate?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <p className="text-muted">{t('setup.callbacks.retentionWhy')}</p>
      <TextInput
        control={form.control}
        name="callbackRetentionDays"
        type="number"
        label={t('setup.callbacks.days')}
        required={t('common.required')}
      />
    </SheetForm>
  );
}
