create table conversations (
    organization_id uuid not null,
    id uuid not null,
    channel_account_id uuid not null,
    support_number_id uuid not null,
    support_number text not null,
    customer text not null check (char_length(customer) between 1 and 16),
    workstream_id uuid not null,
    queue_id uuid not null,
    language text not null,
    status text not null check (status in ('OPEN', 'ACTIVE', 'WAITING', 'WRAP_UP', 'RESOLVED')),
    status_changed_at timestamptz not null,
    waiting_on text check (waiting_on in ('CUSTOMER', 'AGENT', 'THIRD_PARTY')),
    resolution_reason text check (resolution_reason in ('SOLVED', 'UNSOLVED', 'SPAM', 'DUPLICATE')),
    assignee_id uuid,
    assigned_at timestamptz,
    affinity_id uuid,
    previous_id uuid,
    last_sequence integer not null check (last_sequence >= 0),
    last_inbound_at timestamptz,
    last_outbound_at timestamptz,
    revision bigint not null check (revision > 0),
    version integer not null check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, support_number_id) references support_numbers (organization_id, id),
    foreign key (organization_id, workstream_id) references workstreams (organization_id, id),
    foreign key (organization_id, queue_id) references queues (organization_id, id),
    foreign key (organization_id, assignee_id) references agents (organization_id, id),
    check ((status = 'RESOLVED') = (resolution_reason is not null)),
    check (status not in ('ACTIVE', 'WAITING', 'WRAP_UP') or assignee_id is not null),
    check (status <> 'OPEN' or assignee_id is null)
) with (fillfactor = 80);
-- A text joins the one unresolved conversation of its pair: two can never be open at once.
create unique index conversations_unresolved on conversations (organization_id, support_number_id, customer)
    where status <> 'RESOLVED';
create index conversations_pair on conversations (organization_id, support_number_id, customer, id);
create index conversations_queue on conversations (organization_id, queue_id, id) where status = 'OPEN';
create index conversations_assignee on conversations (organization_id, assignee_id, id) where status <> 'RESOLVED';
comment on table conversations is 'An exchange between one of our numbers and one customer; written by its actor alone.';
comment on column conversations.support_number is 'Our number''s digits when it began: what replies are sent from.';
comment on column conversations.customer is 'E.164 with a plus, a short code, or an alphanumeric sender.';
comment on column conversations.affinity_id is 'The agent that had it before; preferred when it comes back.';
comment on column conversations.previous_id is 'The resolved conversation of the same pair before this one.';
comment on column conversations.revision is 'The engine''s guard: moves with every commit; a second writer finds it moved and loses.';
comment on column conversations.version is 'The public guard: moves only when status, assignee, queue or reason change.';
