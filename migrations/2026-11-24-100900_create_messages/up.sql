create table messages (
    organization_id uuid not null,
    conversation_id uuid not null,
    sequence integer not null check (sequence > 0),
    id uuid not null,
    direction text not null check (direction in ('INBOUND', 'OUTBOUND')),
    origin text not null check (origin in ('CUSTOMER', 'AGENT')),
    status text not null check (status in
        ('RECEIVED', 'QUEUED', 'SENDING', 'UNCONFIRMED', 'SENT', 'FAILED', 'EXPIRED', 'UNDELIVERABLE', 'DELIVERED')),
    status_changed_at timestamptz not null,
    author_id uuid,
    text text not null,
    sender text not null,
    recipient text not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    delivered_at timestamptz,
    attempt integer not null check (attempt >= 0),
    provider_reference text,
    failure_code text,
    failure_provider_code integer,
    failure_description text,
    idempotency_key text,
    primary key (organization_id, conversation_id, sequence),
    unique (organization_id, id),
    foreign key (organization_id, conversation_id) references conversations (organization_id, id),
    check ((direction = 'INBOUND') = (status = 'RECEIVED')),
    check ((failure_code is null) = (failure_description is null))
) with (fillfactor = 90);
comment on table messages is 'Texts. The primary key makes the order of a conversation one: two writers cannot both win.';
comment on column messages.sequence is '1, 2, 3 … within the conversation, without holes.';
comment on column messages.sender is 'As kept: E.164 with a plus for customers, digits for our numbers.';
comment on column messages.text is 'Outbound at most 1,600 characters; inbound whole, whatever its length.';
