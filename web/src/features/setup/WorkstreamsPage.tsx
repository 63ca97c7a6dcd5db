import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import { request, useAll, useRequest } from '../../lib/graphql';
import { Select, TextInput, type Choice } from '../../ui/Field';
import { ListPage, SheetForm, StateChip } from './parts';

const WORKSTREAMS = graphql(/* GraphQL */ `
  query Workstreams($after: String) {
    workstreams(first: 20, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        name
        description
        language
        active
        fallbackQueue {
          id
          name
        }
        supportNumbers(first: 20) {
          nodes {
            id
            number
          }
        }
      }
    }
  }
`);

const WORKSTREAM_CHOICES = graphql(/* GraphQL */ `
  query WorkstreamChoices {
    queues(first: 100) {
      nodes {
        id
        name
      }
    }
  }
`);

const CREATE = graphql(/* GraphQL */ `
  mutation WorkstreamCreate($input: WorkstreamCreateInput!) {
    workstreamCreate(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function WorkstreamsPage() {
  const { t, i18n } = useTranslation();
  const list = useAll(WORKSTREAMS, (result) => result.workstreams);
  const { data } = useRequest(WORKSTREAM_CHOICES);
  const [isAdding, setIsAdding] = useState(false);
  const languages = new Intl.DisplayNames([i18n.language], { type: 'language' });
  const rows = (list.data ?? []).map((workstream) => ({
    id: workstream.id,
    cells: [
      <span key="name" className="font-medium">
        {workstream.name}
      </span>,
      <bdi key="numbers" dir="ltr" className="font-mono text-xs">
        {workstream.supportNumbers.nodes.map(({ number }) => number).join(', ')}
      </bdi>,
      languages.of(workstream.language) ?? workstream.language,
      workstream.fallbackQueue.name,
      <StateChip key="state" isActive={workstream.active} />,
    ],
  }));
  return (
    <ListPage
      page="workstreams"
      list={list}
      columns={[
        t('setup.name'),
        t('setup.numbers.title'),
        t('setup.workstreams.language'),
        t('setup.workstreams.fallbackQueue'),
        t('setup.state'),
      ]}
      rows={rows}
      onAdd={() => setIsAdding(true)}
    >
      {isAdding && (
        <WorkstreamForm queues={data?.queues?.nodes ?? []} onClose={() => setIsAdding(false)} />
      )}
    </ListPage>
  );
}

function WorkstreamForm({ queues, onClose }: { queues: Choice[]; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const form = useForm({
    defaultValues: {
      name: '',
      description: '',
      language: i18n.language,
      fallbackQueueId: queues[0]?.id ?? '',
    },
  });
  return (
    <SheetForm
      title={t('setup.workstreams.add')}
      action={t('common.save')}
      form={form}
      fields={['name', 'description', 'language', 'fallbackQueueId']}
      onSubmit={async (values) => {
        const input = { ...values, description: values.description || null };
        return (await request(CREATE, { input })).workstreamCreate?.userErrors ?? [];
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
      <TextInput
        control={form.control}
        name="language"
        label={t('setup.workstreams.language')}
        help={t('setup.workstreams.languageHelp')}
        required={t('common.required')}
        isCode
      />
      <Select
        control={form.control}
        name="fallbackQueueId"
        label={t('setup.workstreams.fallbackQueue')}
        help={t('setup.workstreams.fallbackQueueHelp')}
        placeholder={t('common.choose')}
        required={t('common.required')}
        choices={queues}
      />
    </SheetForm>
  );
}
