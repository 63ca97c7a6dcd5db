import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { NumberRowFragment, SupportNumberKind } from '../../gql/graphql';
import { request, useAll, useRequest } from '../../lib/graphql';
import { Button } from '../../ui/Button';
import { Chip } from '../../ui/Chip';
import { Select, TextInput } from '../../ui/Field';
import { ListPage, SheetForm, StateChip } from './parts';

export const NUMBER_ROW = graphql(/* GraphQL */ `
  fragment NumberRow on SupportNumber {
    id
    version
    number
    kind
    description
    active
    channelAccount {
      id
      name
    }
    workstream {
      id
      name
    }
  }
`);

const NUMBERS = graphql(/* GraphQL */ `
  query Numbers($after: String) {
    supportNumbers(first: 50, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        ...NumberRow
      }
    }
  }
`);

const NUMBER_CHOICES = graphql(/* GraphQL */ `
  query NumberChoices {
    channelAccounts(first: 100) {
      nodes {
        id
        name
      }
    }
    workstreams(first: 100) {
      nodes {
        id
        name
      }
    }
  }
`);

const ADD = graphql(/* GraphQL */ `
  mutation SupportNumberAdd($input: SupportNumberAddInput!) {
    supportNumberAdd(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const UPDATE = graphql(/* GraphQL */ `
  mutation SupportNumberUpdate($input: SupportNumberUpdateInput!) {
    supportNumberUpdate(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const KINDS: readonly SupportNumberKind[] = ['GEO', 'TOLL_FREE', 'SHORT_CODE'];

interface Choices {
  accounts: { id: string; name: string }[];
  workstreams: { id: string; name: string }[];
}

export function NumbersPage() {
  const { t } = useTranslation();
  const list = useAll(NUMBERS, (result) => result.supportNumbers);
  const { data } = useRequest(NUMBER_CHOICES);
  const [open, setOpen] = useState<NumberRowFragment | 'new'>();
  const choices: Choices = {
    accounts: data?.channelAccounts?.nodes ?? [],
    workstreams: data?.workstreams?.nodes ?? [],
  };
  const rows = (list.data ?? []).map((row) => ({
    id: row.id,
    cells: [
      <bdi key="number" dir="ltr" className="font-mono">
        {row.number}
      </bdi>,
      t(`numberKinds.${row.kind}`),
      row.description,
      row.workstream?.name ?? <Chip tone="warn">{t('setup.numbers.unassigned')}</Chip>,
      <StateChip key="state" isActive={row.active} />,
      <Button key="change" onPress={() => setOpen(row)}>
        {t('common.change')}
      </Button>,
    ],
  }));
  return (
    <ListPage
      page="numbers"
      list={list}
      columns={[
        t('setup.numbers.number'),
        t('setup.numbers.kind'),
        t('setup.description'),
        t('setup.numbers.workstream'),
        t('setup.state'),
        t('common.change'),
      ]}
      rows={rows}
      onAdd={() => setOpen('new')}
    >
      {open === 'new' && <AddForm choices={choices} onClose={() => setOpen(undefined)} />}
      {open && open !== 'new' && (
        <ChangeForm row={open} choices={choices} onClose={() => setOpen(undefined)} />
      )}
    </ListPage>
  );
}

function AddForm({ choices, onClose }: { choices: Choices; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useForm({
    defaultValues: {
      channelAccountId: choices.accounts[0]?.id ?? '',
      number: '',
      kind: 'GEO' as SupportNumberKind,
      description: '',
      workstreamId: choices.workstreams[0]?.id ?? '',
    },
  });
  return (
    <SheetForm
      title={t('setup.numbers.add')}
      action={t('common.save')}
      form={form}
      fields={['channelAccountId', 'number', 'kind', 'description', 'workstreamId']}
      onSubmit={async (values) => {
        const input = {
          ...values,
          description: values.description || null,
          workstreamId: values.workstreamId || null,
        };
        return (await request(ADD, { input })).supportNumberAdd?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <Select
        control={form.control}
        name="channelAccountId"
        label={t('setup.numbers.account')}
        placeholder={t('common.choose')}
        required={t('common.required')}
        choices={choices.accounts}
      />
      <TextInput
        control={form.control}
        name="number"
        type="tel"
        label={t('setup.numbers.number')}
        help={t('setup.numbers.numberHelp')}
        required={t('common.required')}
      />
      <Select
        control={form.control}
        name="kind"
        label={t('setup.numbers.kind')}
        placeholder={t('common.choose')}
        choices={KINDS.map((kind) => ({ id: kind, name: t(`numberKinds.${kind}`) }))}
      />
      <TextInput control={form.control} name="description" label={t('setup.description')} />
      <Select
        control={form.control}
        name="workstreamId"
        label={t('setup.numbers.workstream')}
        help={t('setup.numbers.workstreamHelp')}
        placeholder={t('common.choose')}
        choices={choices.workstreams}
      />
    </SheetForm>
  );
}

interface ChangeProps {
  row: NumberRowFragment;
  choices: Choices;
  onClose: () => void;
}

function ChangeForm({ row, choices, onClose }: ChangeProps) {
  const { t } = useTranslation();
  const form = useForm({
    defaultValues: {
      description: row.description ?? '',
      workstreamId: row.workstream?.id ?? '',
      active: row.active ? 'on' : 'off',
    },
  });
  return (
    <SheetForm
      title={row.number}
      action={t('common.save')}
      form={form}
      fields={['description', 'workstreamId', 'active']}
      onSubmit={async (values) => {
        const input = {
          supportNumberId: row.id,
          expectedVersion: row.version,
          description: values.description || null,
          workstreamId: values.workstreamId || null,
          active: values.active === 'on',
        };
        return (await request(UPDATE, { input })).supportNumberUpdate?.userErrors ?? [];
      }}
      onClose={onClose}
    >
      <TextInput control={form.control} name="description" label={t('setup.description')} />
      <Select
        control={form.control}
        name="workstreamId"
        label={t('setup.numbers.workstream')}
        placeholder={t('common.choose')}
        choices={choices.workstreams}
      />
      <Select
        control={form.control}
        name="active"
        label={t('setup.state')}
        placeholder={t('common.choose')}
        choices={[
          { id: 'on', name: t('setup.active') },
          { id: 'off', name: t('setup.off') },
        ]}
      />
    </SheetForm>
  );
}
