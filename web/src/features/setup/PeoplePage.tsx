import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { Role } from '../../gql/graphql';
import { request, useAll, useRequest } from '../../lib/graphql';
import { Avatar } from '../../ui/Avatar';
import { CheckList, Select, TextInput, type Choice } from '../../ui/Field';
import { ListPage, SheetForm, StateChip } from './parts';

const PEOPLE = graphql(/* GraphQL */ `
  query People($after: String) {
    agents(first: 50, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        displayName
        email
        role
        active
        queues {
          id
          name
        }
      }
    }
  }
`);

const PEOPLE_CHOICES = graphql(/* GraphQL */ `
  query PeopleChoices {
    queues(first: 100) {
      nodes {
        id
        name
      }
    }
  }
`);

const CREATE = graphql(/* GraphQL */ `
  mutation AgentCreate($input: AgentCreateInput!) {
    agentCreate(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const ROLES: readonly Role[] = ['AGENT', 'SUPERVISOR', 'ADMIN'];

export function PeoplePage() {
  const { t } = useTranslation();
  const list = useAll(PEOPLE, (result) => result.agents);
  const { data } = useRequest(PEOPLE_CHOICES);
  const [isAdding, setIsAdding] = useState(false);
  const rows = (list.data ?? []).map((agent) => ({
    id: agent.id,
    cells: [
      <span key="name" className="flex items-center gap-2 font-medium">
        <Avatar name={agent.displayName} size="small" />
        {agent.displayName}
      </span>,
      agent.email ?? <span className="text-muted">{t('setup.people.service')}</span>,
      t(`roles.${agent.role}`),
      agent.queues.map(({ name }) => name).join(', '),
      <StateChip key="state" isActive={agent.active} />,
    ],
  }));
  return (
    <ListPage
      page="people"
      list={list}
      columns={[
        t('setup.name'),
        t('session.email'),
        t('setup.people.role'),
        t('setup.queues.title'),
        t('setup.state'),
      ]}
      rows={rows}
      onAdd={() => setIsAdding(true)}
    >
      {isAdding && (
        <PersonForm queues={data?.queues?.nodes ?? []} onClose={() => setIsAdding(false)} />
      )}
    </ListPage>
  );
}

function PersonForm({ queues, onClose }: { queues: Choice[]; onClose: () => void }) {
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
        return (await request(CREATE, { input })).agentCreate?.userErrors ?? [];
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
      <TextInput
        control={form.control}
        name="password"
        type="password"
        autoComplete="new-password"
        label={t('session.password')}
        help={t('setup.people.passwordHelp')}
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
    </SheetForm>
  );
}
