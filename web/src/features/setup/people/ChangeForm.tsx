import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import type { PersonFragment } from '../../../gql/graphql';
import { request, useRequest } from '../../../lib/graphql';
import { fullTime } from '../../../lib/time';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/Chip';
import { CheckList, Select, TextInput, type Choice } from '../../../ui/Field';
import { SheetForm } from '../parts';
import { END_SESSION, SESSIONS, UPDATE } from './documents';
import { ROLES } from './PersonForm';

interface FormProps {
  person: PersonFragment;
  queues: Choice[];
  onInvite: () => void;
  onClose: () => void;
}

export function ChangeForm({ person, queues, onInvite, onClose }: FormProps) {
  const { t } = useTranslation();
  const form = useForm({
    defaultValues: {
      displayName: person.displayName,
      role: person.role,
      active: person.active ? 'on' : 'off',
      queueIds: person.queues.map(({ id }) => id),
    },
  });
  return (
    <SheetForm
      title={person.displayName}
      action={t('common.save')}
      form={form}
      fields={['displayName', 'role', 'active', 'queueIds']}
      onSubmit={async ({ active, ...values }) => {
        const input = {
          ...values,
          agentId: person.id,
          expectedVersion: person.version,
          active: active === 'on',
        };
        return (await request(UPDATE, { input })).agentUpdate?.userErrors ?? [];
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
      <Select
        control={form.control}
        name="role"
        label={t('setup.people.role')}
        placeholder={t('common.choose')}
        choices={ROLES.map((role) => ({ id: role, name: t(`roles.${role}`) }))}
      />
      <Select
        control={form.control}
        name="active"
        label={t('setup.state')}
        help={t('setup.people.activeHelp')}
        placeholder={t('common.choose')}
        choices={[
          { id: 'on', name: t('setup.active') },
          { id: 'off', name: t('setup.off') },
        ]}
      />
      <CheckList
        control={form.control}
        name="queueIds"
        label={t('setup.queues.title')}
        choices={queues}
      />
      {person.email && (
        <>
          {person.active && (
            <div className="grid justify-items-start gap-1">
              <Button onPress={onInvite}>{t('setup.people.invite')}</Button>
              <p className="text-xs text-muted">{t('setup.people.inviteHelp')}</p>
            </div>
          )}
          <Sessions agentId={person.id} />
        </>
      )}
    </SheetForm>
  );
}

/** Where somebody is signed in, and an end to it. */
function Sessions({ agentId }: { agentId: string }) {
  const { t } = useTranslation();
  const { data } = useRequest(SESSIONS, { agentId });
  const sessions = data?.sessions ?? [];
  const end = async (sessionId: string) => {
    const asked = request(END_SESSION, { input: { sessionId } });
    await carryOut(asked.then((result) => result.sessionRevoke));
  };
  return (
    <section aria-label={t('setup.people.sessions')} className="border-t border-line pt-4">
      <h3 className="mb-1 font-semibold">{t('setup.people.sessions')}</h3>
      {sessions.length === 0 && <p className="text-muted">{t('setup.people.noSessions')}</p>}
      <ul>
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center gap-2 py-1">
            <span className="tabular-nums">
              {t('setup.people.since', { when: fullTime(session.createdAt) })}
            </span>
            <span className="ms-auto">
              {session.current ? (
                <Chip tone="accent">{t('setup.people.thisOne')}</Chip>
              ) : (
                <Button onPress={() => void end(session.id)}>{t('setup.people.end')}</Button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
