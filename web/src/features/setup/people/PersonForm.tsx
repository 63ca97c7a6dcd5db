import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { PersonFragment, Role } from '../../../gql/graphql';
import { request } from '../../../lib/graphql';
import { CheckList, Select, TextInput, type Choice } from '../../../ui/Field';
import { SheetForm } from '../parts';
import { CREATE } from './documents';

export const ROLES: readonly Role[] = ['AGENT', 'SUPERVISOR', 'ADMIN'];

interface FormProps {
  queues: Choice[];
  /** Invites whoever was made without a password. */
  onMade: (person: PersonFragment) => Promise<void>;
  onClose: () => void;
}

export function PersonForm({ queues, onMade, onClose }: FormProps) {
  const { t } = useTranslation();
  const form = useForm({
    defaultValues: {
      displayName: '',
      email: '',
      role: 'AGENT' as Role,
      password: '',
      queueIds: [] as string[],
    },
  });
  return (
    <SheetForm
      title={t('setup.people.add')}
      action={t('common.save')}
      form={form}
      fields={['displayName', 'email', 'role', 'password', 'queueIds']}
      onSubmit={async (values) => {
        const input = { ...values, password: values.password || null };
        const { agentCreate } = await request(CREATE, { input });
        if (agentCreate?.agent && !values.password) await onMade(agentCreate.agent);
        return agentCreate?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <TextInput
        control={form.control}
        name="displayName"
        label={t('setup.name')}
        help={t('setup.people.nameHelp')}
        required={t('common.required')}
      />
      <TextInput
        control={form.control}
        name="email"
        type="email"
        label={t('session.email')}
        required={t('common.required')}
      />
      <Select
        control={form.control}
        name="role"
        label={t('setup.people.role')}
        placeholder={t('common.choose')}
        choices={ROLES.map((role) => ({ id: role, name: t(`roles.${role}`) }))}
      />
      <CheckList
        control={form.control}
        name="queueIds"
        label={t('setup.queues.title')}
        choices={queues}
      />
      <TextInput
        control={form.control}
        name="password"
        type="password"
        autoComplete="new-password"
        label={t('session.password')}
        help={`${t('setup.people.passwordHelp')} ${t('setup.people.orInvite')}`}
      />
    </SheetForm>
  );
}
