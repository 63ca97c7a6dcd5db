import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ConsentStatus } from '../../../gql/graphql';
import { request } from '../../../lib/graphql';
import type { UserError } from '../../../lib/userErrors';
import { Select, TextInput } from '../../../ui/Field';
import { sayDone } from '../../../ui/Toasts';
import { SheetForm } from '../parts';
import { CONSENT_IMPORT } from './documents';

/** One call takes this many. */
const ADDRESSES_PER_CALL = 1000;

/** Numbers in any writing, one a line or set apart by commas. */
export function addressesOf(text: string): string[] {
  const found = text.split(/[\n,;]/).map((line) => line.replace(/[^\d+]/g, ''));
  return [...new Set(found.filter(Boolean))];
}

/** A list that was brought along, entered in the order in which it stands. */
export function ImportForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    defaultValues: { status: 'OPTED_OUT' as ConsentStatus, addresses: '', evidence: '' },
  });
  const count = addressesOf(useWatch({ control: form.control, name: 'addresses' })).length;
  const bringIn = async (values: {
    status: ConsentStatus;
    addresses: string;
    evidence: string;
  }) => {
    const { status, evidence } = values;
    const all = addressesOf(values.addresses);
    let entered = 0;
    let known = 0;
    for (let at = 0; at < all.length; at += ADDRESSES_PER_CALL) {
      const addresses = all.slice(at, at + ADDRESSES_PER_CALL);
      const { consentImport } = await request(CONSENT_IMPORT, {
        input: { status, evidence, addresses },
      });
      const errors: readonly UserError[] = consentImport?.userErrors ?? [];
      // What is entered stays; a second try finds it known.
      if (errors.length > 0) return errors;
      entered += consentImport?.entered ?? 0;
      known += consentImport?.known ?? 0;
    }
    sayDone(
      `${t('setup.consents.entered', { count: entered })} ${t('setup.consents.known', { count: known })}`,
    );
    return [];
  };
  return (
    <SheetForm
      title={t('setup.consents.import')}
      action={t('setup.consents.importNow', { count })}
      form={form}
      fields={['status', 'addresses', 'evidence']}
      onSubmit={bringIn}
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
        name="addresses"
        lines={10}
        label={t('setup.consents.list')}
        help={t('setup.consents.listHelp')}
        required={t('common.required')}
        isCode
      />
      <TextInput
        control={form.control}
        name="evidence"
        lines={2}
        label={t('setup.consents.evidence')}
        help={t('setup.consents.importHelp')}
        required={t('common.required')}
      />
    </SheetForm>
  );
}
