-- Ids that sort by time, as ours do: random ones would cost the indexes more.
create or replace function bench_id() returns uuid language sql volatile as $$
    select encode(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
        from 1 for 6), 'hex')::uuid
$$;

create or replace function bench_text(customer_number bigint) returns bigint language plpgsql as $$
declare
    text_reference text := md5(random()::text || customer_number);
    found_conversation uuid;
    next_sequence integer;
    next_position bigint;
    new_message uuid := bench_id();
    at timestamptz := clock_timestamp();
begin
    insert into receipts (organization_id, id, channel_account_id, kind, dedup_key, reference,
        outcome, body, received_at)
    values (:organization, bench_id(), :account, 'INBOUND_TEXT', text_reference, text_reference,
        'APPLIED', convert_to(repeat('x', 420), 'UTF8'), at)
    on conflict (organization_id, channel_account_id, kind, dedup_key) do nothing;
    update conversations set last_sequence = last_sequence + 1, last_inbound_at = at,
        revision = revision + 1, updated_at = at
    where organization_id = :organization and support_number_id = :number
        and customer = '+' || customer_number and status <> 'RESOLVED'
    returning id, last_sequence into found_conversation, next_sequence;
    insert into messages (organization_id, conversation_id, sequence, id, direction, origin, status,
        status_changed_at, text, sender, recipient, created_at, attempt, provider_reference)
    values (:organization, found_conversation, next_sequence, new_message, 'INBOUND', 'CUSTOMER',
        'RECEIVED', at, 'Hello, where is my parcel? The order is 4711-2026 and it is late.',
        '+' || customer_number, '15550000000', at, 0, text_reference);
    update organization_feeds set position = position + 1 where organization_id = :organization
    returning position into next_position;
    insert into events (organization_id, position, kind, conversation_id, message_id, actor_kind, at)
    values (:organization, next_position, 'MESSAGE_ADDED', found_conversation, new_message,
        'CUSTOMER', at);
    return next_position;
end
$$;

insert into conversations (organization_id, id, channel_account_id, support_number_id,
    support_number, customer, workstream_id, queue_id, language, status, status_changed_at,
    last_sequence, revision, version, created_at, updated_at)
select n.organization_id, bench_id(), n.channel_account_id, n.id, n.number,
    '+' || (:customers_from + place), n.workstream_id, w.fallback_queue_id, 'en', 'OPEN',
    clock_timestamp(), 0, 1, 1, clock_timestamp(), clock_timestamp()
from support_numbers n
join workstreams w on w.organization_id = n.organization_id and w.id = n.workstream_id,
    generate_series(0, :conversations - 1) place
where n.organization_id = :organization and n.id = :number;
-- naive
begin;
insert into receipts (organization_id, id, channel_account_id, kind, dedup_key, reference, outcome, body, received_at) values (:organization, bench_id(), :account, 'INBOUND_TEXT', md5(:customer::text || clock_timestamp()::text), md5(:customer::text || clock_timestamp()::text), 'APPLIED', convert_to(repeat('x', 420), 'UTF8'), clock_timestamp()) on conflict (organization_id, channel_account_id, kind, dedup_key) do nothing;
update conversations set last_sequence = last_sequence + 1, last_inbound_at = clock_timestamp(), revision = revision + 1, updated_at = clock_timestamp() where organization_id = :organization and support_number_id = :number and customer = '+' || :customer::bigint and status <> 'RESOLVED' returning id as conversation, last_sequence as sequence \gset
insert into messages (organization_id, conversation_id, sequence, id, direction, origin, status, status_changed_at, text, sender, recipient, created_at, attempt, provider_reference) values (:organization, :conversation, :sequence, bench_id(), 'INBOUND', 'CUSTOMER', 'RECEIVED', clock_timestamp(), 'Hello, where is my parcel? The order is 4711-2026 and it is late.', '+' || :customer::bigint, '15550000000', clock_timestamp(), 0, md5(:customer::text || clock_timestamp()::text)) returning id as message \gset
update organization_feeds set position = position + 1 where organization_id = :organization returning position as position \gset
insert into events (organization_id, position, kind, conversation_id, message_id, actor_kind, at) values (:organization, :position, 'MESSAGE_ADDED', :conversation, :message, 'CUSTOMER', clock_timestamp());
commit;
