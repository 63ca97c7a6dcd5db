import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { request, useAll, useRequest } from '../../lib/graphql';
import { Chip } from '../../ui/Chip';
import { CheckList, TextInput } from '../../ui/Field';
import { ListPage, SheetForm, StateChip } from './parts';

const QUEUES = graphql(/* GraphQL */ `
  query Queues($after: String) {
    queues(first: 20, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        description
        active
        agents(first: 20) {
          nodes {
            id
            displayName
          }
        }
      }
    }
  }
`);

const QUEUE_CHOICES = graphql(/* GraphQL */ `
  query QueueChoices {
    agents(first: 100) {
      nodes {
        id
        displayName
      }
    }
  }
`);

const CREATE = graphql(/* GraphQL */ `
  mutation QueueCreate($input: QueueCreateInput!) {
    queueCreate(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function QueuesPage() {
  const { t } = useTranslation();
  const list = useAll(QUEUES, (result) => result.queues);
  const { data } = useRequest(QUEUE_CHOICES);
  const [isAdding, setIsAdding] = useState(false);
  const rows = (list.data ?? []).map((queue) => ({
    id: queue.id,
    cells: [
      <span key="name" className="font-medium">
        {queue.name}
      </span>,
      queue.description,
      queue.agents.nodes.map((agent) => agent.displayName).join(', ') || (
        <Chip tone="warn">{t('setup.queues.nobody')}</Chip>
      ),
      <StateChip key="state" isActive={queue.active} />,
    ],
  }));
  return (
    <ListPage
      page="queues"
      list={list}
      columns={[
        t('setup.name'),
        t('setup.description'),
        t('setup.queues.agents'),
        t('setup.state'),
      ]}
      rows={rows}
      onAdd={() => setIsAdding(true)}
    >
      {isAdding && (
        <QueueForm
          agents={(data?.agents?.nodes ?? []).map(({ id, displayName }) => ({
            id,
            name: displayName,
          }))}
          onClose={() => setIsAdding(false)}
        />
      )}
    </ListPage>
  );
}

interface QueueFormProps {
  agents: { id: string; name: string }[];
  onClose: () => void;
}

function QueueForm({ agents, onClose }: QueueFormProps) {
  const { t } = useTranslation();
  const form = useForm({
    defaultValues: { name: '', description: '', agentIds: [] as string[] },
  });
  return (
    <SheetForm
      title={t('setup.queues.add')}
      action={t('common.save')}
      form={form}
      fields={['name', 'description', 'agentIds']}
      onSubmit={async (values) => {
        const input = { ...values, description: values.description || null };
        return (await request(CREATE, { input })).queueCreate?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <TextInput
        control={form.control}
        name="name"
        label={t('setup.name')}
        required={t('common.required')}
      />
      <TextInput control={form.control} name="description" label={t('setup.description')} />
      <CheckList
        control={form.control}
        name="agentIds"
        label={t('setup.queues.agents')}
        choices={agents}
      />
    </SheetForm>
  );
}
