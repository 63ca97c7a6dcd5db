create table quarantined_callbacks (
    organization_id uuid not null,
    id uuid not null,
    channel_account_id uuid not null,
    fingerprint bytea not null check (octet_length(fingerprint) = 32),
    reason text not null check (reason in ('MISSING', 'MALFORMED', 'OTHER_CUSTOMER', 'MISMATCH')),
    authorization_header bytea check (octet_length(authorization_header) <= 512),
    x_ts_authorization_header bytea check (octet_length(x_ts_authorization_header) <= 512),
    body bytea not null check (octet_length(body) <= 16384),
    body_bytes integer not null check (body_bytes >= octet_length(body)),
    times bigint not null check (times > 0),
    first_at timestamptz not null,
    last_at timestamptz not null check (last_at >= first_at),
    primary key (organization_id, id),
    foreign key (organization_id, channel_account_id) references channel_accounts (organization_id, id)
);
-- The same forgery costs one row, however often it comes.
create unique index quarantined_callbacks_same
    on quarantined_callbacks (organization_id, channel_account_id, fingerprint);
comment on table quarantined_callbacks is
    'Wrongly signed callbacks, the newest of each organization: anybody may have written them, until a corrected key says otherwise.';
comment on column quarantined_callbacks.fingerprint is 'SHA-256 of both headers and the body.';
comment on column quarantined_callbacks.reason is 'Why it was not taken for the provider''s.';
comment on column quarantined_callbacks.body is 'The raw bytes, cut at 16 KiB; one that was cut can never be verified.';
comment on column quarantined_callbacks.body_bytes is 'How long the body was.';
comment on column quarantined_callbacks.times is 'How often it came, at least: what is over the limit is not counted.';
