create table timers (
    organization_id uuid not null,
    conversation_id uuid not null,
    kind text not null check (kind in ('AUTO_RESOLVE')),
    workstream_id uuid not null,
    status text not null check (status in ('OPEN', 'ACTIVE', 'WAITING', 'WRAP_UP')),
    since_at timestamptz not null,
    primary key (organization_id, conversation_id, kind),
    foreign key (organization_id, conversation_id) references conversations (organization_id, id),
    foreign key (organization_id, workstream_id) references workstreams (organization_id, id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
-- What is due of a workstream is the beginning of one range for each state, however many run.
create index timers_running on timers (organization_id, workstream_id, kind, status, since_at);
comment on table timers is
    'What runs for a conversation. When it is due, the workstream''s present setting says: a row has no due time of its own.';
comment on column timers.status is 'Which of the workstream''s settings counts.';
comment on column timers.since_at is
    'Since when it runs, or earlier: texts that came since then are counted when it seems due.';
insert into timers (organization_id, conversation_id, kind, workstream_id, status, since_at)
    select organization_id, id, 'AUTO_RESOLVE', workstream_id, status,
        greatest(status_changed_at, last_inbound_at, last_outbound_at)
    from conversations where status <> 'RESOLVED';
