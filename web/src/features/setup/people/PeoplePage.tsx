import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { carryOut } from '../../../app/carryOut';
import type { PersonFragment } from '../../../gql/graphql';
import { request, useAll, useRequest } from '../../../lib/graphql';
import { Avatar } from '../../../ui/Avatar';
import { Button } from '../../../ui/Button';
import { ListPage, StateChip } from '../parts';
import { ChangeForm } from './ChangeForm';
import { INVITE, PEOPLE, PEOPLE_CHOICES } from './documents';
import { Invitation, type Invited } from './Invitation';
import { PersonForm } from './PersonForm';

export function PeoplePage() {
  const { t } = useTranslation();
  const list = useAll(PEOPLE, (result) => result.agents);
  const { data } = useRequest(PEOPLE_CHOICES);
  const [open, setOpen] = useState<PersonFragment | 'new'>();
  const [invited, setInvited] = useState<Invited>();
  const queues = data?.queues?.nodes ?? [];

  const invite = async ({ id, displayName }: { id: string; displayName: string }) => {
    const asked = request(INVITE, { input: { agentId: id } });
    const done = await carryOut(asked.then((result) => result.agentInvite));
    if (!done?.invitationUrl) return;
    setOpen(undefined);
    setInvited({ name: displayName, url: done.invitationUrl, expiresAt: done.expiresAt! });
  };
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
      <span key="change" className="flex justify-end">
        <Button onPress={() => setOpen(agent)}>{t('common.change')}</Button>
      </span>,
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
        t('common.change'),
      ]}
      rows={rows}
      onAdd={() => setOpen('new')}
    >
      {open === 'new' && (
        <PersonForm queues={queues} onMade={invite} onClose={() => setOpen(undefined)} />
      )}
      {open && open !== 'new' && (
        <ChangeForm
          person={open}
          queues={queues}
          onInvite={() => void invite(open)}
          onClose={() => setOpen(undefined)}
        />
      )}
      {invited && <Invitation invited={invited} onClose={() => setInvited(undefined)} />}
    </ListPage>
  );
}
