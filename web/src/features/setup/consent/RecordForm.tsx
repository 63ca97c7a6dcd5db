import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ConsentStatus } from '../../../gql/graphql';
import { request, useRequest } from '../../../lib/graphql';
import { Select, TextInput } from '../../../ui/Field';
import { SheetForm } from '../parts';
import { CONSENT_SET, KEYWORDS } from './documents';

/** One customer out or in, and what they said. */
export function RecordForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data } = useRequest(KEYWORDS);
  const form = useForm({
    defaultValues: {
      status: 'OPTED_OUT' as ConsentStatus,
      address: '',
      evidence: '',
      supportNumberId: '',
    },
  });
  const status = useWatch({ control: form.control, name: 'status' });
  const isByNumber = data?.organization?.consentScope === 'NUMBER';
  return (
    <SheetForm
      title={t('setup.consents.add')}
      action={t('common.save')}
      form={form}
      fields={['status', 'address', 'evidence', 'supportNumberId']}
      onSubmit={async (values) => {
        const input = {
          status: values.status,
          address: values.address.replace(/[^\d+]/g, ''),
          evidence: values.evidence || null,
          supportNumberId: values.supportNumberId || null,
        };
        return (await request(CONSENT_SET, { input })).consentSet?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <Select
        control={form.control}
        name="status"
        label={t('setup.consents.says')}
        placeholder={t('common.choose')}
        required={t('common.required')}
        choices={(['OPTED_OUT', 'OPTED_IN'] as const).map((id) => ({
          id,
          name: t(`consent.${id}`),
        }))}
      />
      <TextInput
        control={form.control}
        name="address"
        type="tel"
        label={t('setup.consents.customer')}
        help={t('compose.toHelp')}
        required={t('common.required')}
      />
      <TextInput
        control={form.control}
        name="evidence"
        lines={3}
        label={t('setup.consents.evidence')}
        help={t('setup.consents.evidenceHelp')}
        required={status === 'OPTED_IN' ? t('common.required') : undefined}
      />
      {isByNumber && (
        <Select
          control={form.control}
          name="supportNumberId"
          label={t('setup.numbers.number')}
          help={t('setup.consents.numberHelp')}
          placeholder={t('setup.consents.allNumbers')}
          choices={(data?.supportNumbers?.nodes ?? []).map(({ id, number }) => ({
            id,
            name: number,
          }))}
        />
      )}
    </SheetForm>
  );
}
