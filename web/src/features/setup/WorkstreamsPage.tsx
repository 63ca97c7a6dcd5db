import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { WorkstreamRowFragment } from '../../gql/graphql';
import { useAll, useRequest } from '../../lib/graphql';
import { languageName } from '../../lib/i18n';
import { Button } from '../../ui/Button';
import { ListPage, StateChip } from './parts';
import { WorkstreamForm } from './WorkstreamForm';

export const WORKSTREAM_ROW = graphql(/* GraphQL */ `
  fragment WorkstreamRow on Workstream {
    id
    version
    name
    description
    language
    active
    autoResolve {
      openSeconds
      activeSeconds
      waitingSeconds
      wrapUpSeconds
    }
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
`);

const WORKSTREAMS = graphql(/* GraphQL */ `
  query Workstreams($after: String) {
    workstreams(first: 20, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...WorkstreamRow
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

export function WorkstreamsPage() {
  const { t } = useTranslation();
  const list = useAll(WORKSTREAMS, (result) => result.workstreams);
  const { data } = useRequest(WORKSTREAM_CHOICES);
  const [open, setOpen] = useState<WorkstreamRowFragment | 'new'>();
  const rows = (list.data ?? []).map((workstream) => ({
    id: workstream.id,
    cells: [
      <span key="name" className="font-medium">
        {workstream.name}
      </span>,
      <bdi key="numbers" dir="ltr" className="font-mono text-xs">
        {workstream.supportNumbers.nodes.map(({ number }) => number).join(', ')}
      </bdi>,
      languageName(workstream.language),
      workstream.fallbackQueue.name,
      <StateChip key="state" isActive={workstream.active} />,
      <span key="change" className="flex justify-end">
        <Button onPress={() => setOpen(workstream)}>{t('common.change')}</Button>
      </span>,
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
        t('common.change'),
      ]}
      rows={rows}
      onAdd={() => setOpen('new')}
    >
      {open && data && (
        <WorkstreamForm
          workstream={open === 'new' ? undefined : open}
          queues={data.queues?.nodes ?? []}
          onClose={() => setOpen(undefined)}
        />
      )}
    </ListPage>
  );
}
