create table password_links (
    organization_id uuid not null,
    agent_id uuid not null,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    created_at timestamptz not null,
    expires_at timestamptz not null check (expires_at > created_at),
    primary key (organization_id, agent_id),
    foreign key (organization_id, agent_id) references agents (organization_id, id)
);
comment on table password_links is
    'An invitation, or a reset: lets its holder set the agent''s password, once. An agent has one at most.';
comment on column password_links.token_hash is 'SHA-256 of the token; the token itself is never stored.';
grant select (organization_id, agent_id, token_hash, expires_at) on password_links to centralino_system;
create policy housekeeping on password_links for select to centralino_system using (true);
