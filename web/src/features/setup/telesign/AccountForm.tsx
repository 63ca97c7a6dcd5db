import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { request } from '../../../lib/graphql';
import { TextInput } from '../../../ui/Field';
import { SheetForm } from '../parts';
import { CREATE } from './documents';

interface Values {
  name: string;
  customerId: string;
  apiKey: string;
}

/** Credentials are tried with Telesign before they are stored; nothing is sent to anybody. */
export function AccountForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm<Values>({ defaultValues: { name: 'Telesign', customerId: '', apiKey: '' } });
  const [idempotencyKey, setKey] = useState(() => crypto.randomUUID());
  const create = async (values: Values) => {
    const input = { ...values, provider: 'TELESIGN', validate: true, idempotencyKey } as const;
    const { channelAccountCreate } = await request(CREATE, { input });
    const errors = channelAccountCreate?.userErrors ?? [];
    // Another input needs another key.
    if (errors.length > 0) setKey(crypto.randomUUID());
    return errors;
  };
  return (
    <SheetForm
      title={t('setup.telesign.add')}
      action={t('setup.telesign.connect')}
      form={form}
      fields={['name', 'customerId', 'apiKey']}
      onSubmit={create}
      onClose={onClose}
    >
      <TextInput
        control={form.control}
        name="name"
        label={t('setup.telesign.name')}
        required={t('common.required')}
      />
      <TextInput
        control={form.control}
        name="customerId"
        label={t('setup.telesign.customerId')}
        help={t('setup.telesign.customerIdHelp')}
        required={t('common.required')}
        isCode
      />
      <TextInput
        control={form.control}
        name="apiKey"
        type="password"
        label={t('setup.telesign.apiKey')}
        help={t('setup.telesign.apiKeyHelp')}
        required={t('common.required')}
        isCode
      />
    </SheetForm>
  );
}
