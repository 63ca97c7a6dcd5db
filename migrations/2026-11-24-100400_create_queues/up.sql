create table queues (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (char_length(name) between 1 and 200),
    description text check (char_length(description) <= 2000),
    active boolean not null default true,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, name)
);
comment on table queues is 'Where conversations wait for an agent.';
create table queue_agents (
    organization_id uuid not null,
    queue_id uuid not null,
    agent_id uuid not null,
    primary key (organization_id, queue_id, agent_id),
    foreign key (organization_id, queue_id) references queues (organization_id, id),
    foreign key (organization_id, agent_id) references agents (organization_id, id)
);
create index queue_agents_agent on queue_agents (organization_id, agent_id);
comment on table queue_agents is 'Who works which queue.';
