create table receipts (
    organization_id uuid not null,
    id uuid not null,
    channel_account_id uuid not null,
    kind text not null check (kind in ('INBOUND_TEXT', 'DELIVERY_REPORT', 'UNKNOWN')),
    dedup_key text not null check (char_length(dedup_key) between 1 and 300),
    reference text,
    outcome text not null check (outcome in ('APPLIED', 'UNROUTED', 'UNMATCHED', 'UNPARSED', 'IGNORED')),
    detail text,
    body bytea not null,
    conversation_id uuid,
    received_at timestamptz not null,
    replayed_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, channel_account_id) references channel_accounts (organization_id, id)
);
-- A provider event has one effect, however often it is delivered.
create unique index receipts_dedup on receipts (organization_id, channel_account_id, kind, dedup_key);
create index receipts_unapplied on receipts (organization_id, id) where outcome <> 'APPLIED';
create index receipts_unmatched on receipts (channel_account_id, reference) where outcome = 'UNMATCHED';
comment on table receipts is 'Every rightly signed callback, as it arrived, and what came of it.';
comment on column receipts.dedup_key is
    'Inbound text: its reference. Delivery report: reference, code and raw updated_on. Anything else: SHA-256 of the body.';
comment on column receipts.outcome is
    'UNROUTED: no workstream for the number. UNMATCHED: a report whose text is not known yet. UNPARSED: kept as it is.';
comment on column receipts.body is 'The raw bytes that were signed.';
