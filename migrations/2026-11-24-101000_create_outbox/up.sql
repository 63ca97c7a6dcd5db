create table send_attempts (
    organization_id uuid not null,
    message_id uuid not null,
    number integer not null check (number > 0),
    channel_account_id uuid not null,
    status text not null check (status in
        ('QUEUED', 'SENDING', 'UNCONFIRMED', 'SENT', 'FAILED', 'EXPIRED', 'UNDELIVERABLE', 'DELIVERED')),
    started_at timestamptz not null,
    settled_at timestamptz,
    provider_reference text,
    provider_code integer,
    description text,
    primary key (organization_id, message_id, number),
    foreign key (organization_id, message_id) references messages (organization_id, id)
) with (fillfactor = 80);
create index send_attempts_reference on send_attempts (organization_id, channel_account_id, provider_reference)
    where provider_reference is not null;
comment on table send_attempts is 'Every try at sending; the provider sees each one at most once.';
comment on column send_attempts.status is 'QUEUED: this try was provably not taken, and another follows.';

create table outbox (
    organization_id uuid not null,
    conversation_id uuid not null,
    sequence integer not null,
    message_id uuid not null,
    channel_account_id uuid not null,
    state text not null check (state in ('QUEUED', 'SENDING', 'UNCONFIRMED')),
    due_at timestamptz not null,
    claim_until timestamptz,
    primary key (organization_id, conversation_id, sequence),
    foreign key (organization_id, conversation_id, sequence)
        references messages (organization_id, conversation_id, sequence),
    check ((state = 'SENDING') = (claim_until is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);
create unique index outbox_one_in_flight on outbox (organization_id, conversation_id) where state = 'SENDING';
create index outbox_due on outbox (channel_account_id, due_at, message_id) where state = 'QUEUED';
create index outbox_claims on outbox (claim_until) where state = 'SENDING';
comment on table outbox is 'Texts that are not settled with the provider; a row goes when its text is.';
comment on column outbox.due_at is 'Not before; for UNCONFIRMED: when the next text of the conversation may go.';
comment on column outbox.claim_until is 'When a sender that says nothing counts as dead, and its text as UNCONFIRMED.';
