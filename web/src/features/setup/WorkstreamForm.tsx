import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { graphql } from '../../gql';
import type { WorkstreamRowFragment } from '../../gql/graphql';
import { request } from '../../lib/graphql';
import { Duration } from '../../ui/Duration';
import { Select, TextInput, type Choice } from '../../ui/Field';
import { SheetForm } from './parts';

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

const UPDATE = graphql(/* GraphQL */ `
  mutation WorkstreamUpdate($input: WorkstreamUpdateInput!) {
    workstreamUpdate(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const DAY_SECONDS = 86_400;
/** What the server takes where nothing else is said. */
const AUTO_RESOLVE = {
  openSeconds: 30 * DAY_SECONDS,
  activeSeconds: 30 * DAY_SECONDS,
  waitingSeconds: DAY_SECONDS,
  wrapUpSeconds: DAY_SECONDS,
};
const TIMES = ['openSeconds', 'activeSeconds', 'waitingSeconds', 'wrapUpSeconds'] as const;

type Times = Record<(typeof TIMES)[number], number>;

interface Values extends Times {
  name: string;
  description: string;
  language: string;
  fallbackQueueId: string;
  active: string;
}

interface FormProps {
  /** None: a new one. */
  workstream: WorkstreamRowFragment | undefined;
  queues: Choice[];
  onClose: () => void;
}

export function WorkstreamForm({ workstream, queues, onClose }: FormProps) {
  const { t, i18n } = useTranslation();
  const form = useForm<Values>({
    defaultValues: {
      name: workstream?.name ?? '',
      description: workstream?.description ?? '',
      language: workstream?.language ?? i18n.language,
      fallbackQueueId: workstream?.fallbackQueue.id ?? queues[0]?.id ?? '',
      active: workstream?.active === false ? 'off' : 'on',
      ...(workstream?.autoResolve ?? AUTO_RESOLVE),
    },
  });
  const save = async ({ active, description, ...values }: Values) => {
    const { openSeconds, activeSeconds, waitingSeconds, wrapUpSeconds, ...rest } = values;
    const autoResolve = { openSeconds, activeSeconds, waitingSeconds, wrapUpSeconds };
    const common = { ...rest, description: description || null, autoResolve };
    if (!workstream) {
      return (await request(CREATE, { input: common })).workstreamCreate?.userErrors ?? [];
    }
    const { id: workstreamId, version: expectedVersion } = workstream;
    const input = { ...common, workstreamId, expectedVersion, active: active === 'on' };
    return (await request(UPDATE, { input })).workstreamUpdate?.userErrors ?? [];
  };
  return (
    <SheetForm
      title={workstream?.name ?? t('setup.workstreams.add')}
      action={t('common.save')}
      form={form}
      fields={['name', 'description', 'language', 'fallbackQueueId', 'active', ...TIMES]}
      onSubmit={save}
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
      {workstream && (
        <Select
          control={form.control}
          name="active"
          label={t('setup.state')}
          help={t('setup.workstreams.activeHelp')}
          placeholder={t('common.choose')}
          choices={[
            { id: 'on', name: t('setup.active') },
            { id: 'off', name: t('setup.off') },
          ]}
        />
      )}
      <fieldset className="grid gap-4 border-t border-line pt-4">
        <legend className="sr-only">{t('setup.workstreams.autoResolve')}</legend>
        <div>
          <h3 className="font-semibold">{t('setup.workstreams.autoResolve')}</h3>
          <p className="text-xs text-muted">{t('setup.workstreams.autoResolveHelp')}</p>
        </div>
        {TIMES.map((name) => (
          <Duration
            key={name}
            control={form.control}
            name={name}
            label={t(`setup.workstreams.times.${name}`)}
          />
        ))}
      </fieldset>
    </SheetForm>
  );
}
