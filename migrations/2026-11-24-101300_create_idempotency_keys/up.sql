create table idempotency_keys (
    organization_id uuid not null references organizations (id),
    agent_id uuid not null,
    mutation text not null,
    key text not null check (char_length(key) between 1 and 200),
    input_hash bytea not null check (octet_length(input_hash) = 32),
    result_id text not null,
    created_at timestamptz not null,
    primary key (organization_id, agent_id, mutation, key)
);
create index idempotency_keys_age on idempotency_keys (created_at);
comment on table idempotency_keys is 'Keys of mutations that must not happen twice; stored with the effect, kept for 24 hours.';
comment on column idempotency_keys.result_id is 'What the first call made, as the API shows it.';
