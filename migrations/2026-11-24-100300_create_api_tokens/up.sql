create table api_tokens (
    organization_id uuid not null,
    id uuid not null,
    name text not null check (char_length(name) between 1 and 200),
    role text not null check (role in ('AGENT', 'SUPERVISOR', 'ADMIN')),
    agent_id uuid not null,
    prefix text not null,
    secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, agent_id) references agents (organization_id, id)
);
comment on table api_tokens is 'Machine credentials; a token acts as its agent.';
comment on column api_tokens.prefix is 'The first characters of the secret, enough to recognise it and not to use it.';
comment on column api_tokens.secret_hash is 'SHA-256 of the secret; a fast hash is right for a random 256-bit secret.';
