import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { QueueRowFragment } from '../../gql/graphql';
import { request, useAll, useRequest } from '../../lib/graphql';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { CheckList, TextInput } from '../../ui/Field';
import { ListPage, SheetForm, StateChip } from './parts';

export const QUEUE_ROW = graphql(/* GraphQL */ `
  fragment QueueRow on Queue {
    id
    version
    name
    description
    active
    agents(first: 100) {
      nodes {
        id
        displayName
      }
    }
  }
`);

const QUEUES = graphql(/* GraphQL */ `
  query Queues($after: String) {
    queues(first: 5, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...QueueRow
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

const UPDATE = graphql(/* GraphQL */ `
  mutation QueueUpdate($input: QueueUpdateInput!) {
    queueUpdate(input: $input) {
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
  const [open, setOpen] = useState<QueueRowFragment | 'new'>();
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
      <span key="change" className="flex justify-end">
        <Button onPress={() => setOpen(queue)}>{t('common.change')}</Button>
      </span>,
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
        t('common.change'),
      ]}
      rows={rows}
      onAdd={() => setOpen('new')}
    >
      {open && data && (
        <QueueForm
          queue={open === 'new' ? undefined : open}
          agents={(data?.agents?.nodes ?? []).map(({ id, displayName }) => ({
            id,
            name: displayName,
          }))}
          onClose={() => setOpen(undefined)}
        />
      )}
    </ListPage>
  );
}

interface QueueFormProps {
  /** None: a new one. */
  queue: QueueRowFragment | undefined;
  agents: { id: string; name: string }[];
  onClose: () => void;
}

function QueueForm({ queue, agents, onClose }: QueueFormProps) {
  const { t } = useTranslation();
  const form = useForm({
    defaultValues: {
      name: queue?.name ?? '',
      description: queue?.description ?? '',
      agentIds: queue?.agents.nodes.map(({ id }) => id) ?? [],
    },
  });
  return (
    <SheetForm
      title={queue?.name ?? t('setup.queues.add')}
      action={t('common.save')}
      form={form}
      fields={['name', 'description', 'agentIds']}
      onSubmit={async (values) => {
        const input = { ...values, description: values.description || null };
        if (!queue) return (await request(CREATE, { input })).queueCreate?.userErrors ?? [];
        const change = { ...input, queueId: queue.id, expectedVersion: queue.version };
        return (await request(UPDATE, { input: change })).queueUpdate?.userErrors ?? [];
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
