create table sessions (
    organization_id uuid not null,
    id uuid not null,
    agent_id uuid not null,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, agent_id) references agents (organization_id, id)
);
comment on table sessions is 'A person''s signed-in session.';
comment on column sessions.token_hash is 'SHA-256 of the token; the token itself is never stored.';
