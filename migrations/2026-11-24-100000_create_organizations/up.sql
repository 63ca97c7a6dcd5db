create table organizations (
    id uuid primary key,
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text not null check (char_length(name) between 1 and 200),
    time_zone text not null,
    default_language text not null,
    settings_version bigint not null default 1,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null
);
comment on table organizations is 'A company whose customers text it. Every other row belongs to one.';
comment on column organizations.slug is 'Names the organization on the command line.';
comment on column organizations.settings_version is
    'Grows with every change of accounts, numbers, workstreams or queues; work decided on an older one is decided again.';
