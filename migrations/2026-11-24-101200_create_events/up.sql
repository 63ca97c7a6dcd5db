create table organization_feeds (
    organization_id uuid primary key references organizations (id),
    position bigint not null check (position >= 0)
) with (fillfactor = 50);
comment on table organization_feeds is 'The newest event position of each organization, taken as the last act of a transaction.';

create table events (
    organization_id uuid not null,
    position bigint not null check (position > 0),
    kind text not null,
    conversation_id uuid,
    message_id uuid,
    changed text[] not null default '{}',
    subject_id text,
    actor_kind text not null check (actor_kind in ('AGENT', 'API_TOKEN', 'CUSTOMER', 'SYSTEM')),
    actor_id uuid,
    at timestamptz not null,
    primary key (organization_id, position),
    foreign key (organization_id) references organizations (id)
);
create index events_conversation on events (organization_id, conversation_id, position) where conversation_id is not null;
comment on table events is 'What happened, in one dense order per organization: what subscribers resume from.';
comment on column events.subject_id is 'For a change of settings: the id of what changed, as the API shows it.';
