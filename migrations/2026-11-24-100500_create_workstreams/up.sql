create table workstreams (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (char_length(name) between 1 and 200),
    description text check (char_length(description) <= 2000),
    active boolean not null default true,
    language text not null,
    fallback_queue_id uuid not null,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, name),
    foreign key (organization_id, fallback_queue_id) references queues (organization_id, id)
);
comment on table workstreams is 'A stream of work with its own numbers and language.';
comment on column workstreams.fallback_queue_id is 'Where work waits when nothing else says where.';
