create table channel_accounts (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (char_length(name) between 1 and 200),
    provider text not null check (provider in ('TELESIGN')),
    customer_id text not null check (char_length(customer_id) between 1 and 100),
    status text not null check (status in ('UNVALIDATED', 'VALID', 'INVALID', 'DISABLED')),
    sealed_key bytea not null,
    key_fingerprint text not null,
    key_set_at timestamptz not null,
    sealed_previous_key bytea,
    previous_key_until timestamptz,
    callback_token text not null unique check (char_length(callback_token) >= 26),
    provider_base_url text not null,
    max_send_per_second integer not null check (max_send_per_second between 1 and 1000),
    validation_verdict text,
    validation_provider_code integer,
    validation_latency_ms integer,
    validated_at timestamptz,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, name),
    check ((sealed_previous_key is null) = (previous_key_until is null))
);
comment on table channel_accounts is 'Credentials and endpoints at the SMS provider.';
comment on column channel_accounts.sealed_key is 'The API key, sealed with the server''s secret key and bound to this row.';
comment on column channel_accounts.key_fingerprint is 'SHA-256 of the key, first 8 hex digits: enough to recognise it.';
comment on column channel_accounts.sealed_previous_key is 'The key before the last rotation; it verifies callbacks until previous_key_until.';
comment on column channel_accounts.callback_token is
    'The unguessable part of the callback URL. Unique over all organizations: a callback names its account by nothing else.';
comment on column channel_accounts.provider_base_url is 'Found by validation: the host that this account may use.';
