with place as (
    insert into conversations (organization_id, id, channel_account_id, support_number_id,
        support_number, customer, workstream_id, queue_id, language, status, status_changed_at,
        resolution_reason, last_sequence, last_inbound_at, revision, version, created_at, updated_at)
    select n.organization_id, md5('conversation' || place)::uuid, n.channel_account_id, n.id,
        n.number, '+' || (16000000000 + place), n.workstream_id, w.fallback_queue_id, 'en',
        'RESOLVED', clock_timestamp(), 'SOLVED', :texts_each, clock_timestamp(), :texts_each, 3,
        clock_timestamp(), clock_timestamp()
    from support_numbers n
    join workstreams w on w.organization_id = n.organization_id and w.id = n.workstream_id,
        generate_series(1, :conversations) place
    returning organization_id
) select count(*) from place;

insert into messages (organization_id, conversation_id, sequence, id, direction, origin, status,
    status_changed_at, text, sender, recipient, created_at, attempt, provider_reference)
select n.organization_id, md5('conversation' || place)::uuid, sequence,
    md5(place || '.' || sequence)::uuid, 'INBOUND', 'CUSTOMER', 'RECEIVED', clock_timestamp(),
    'An old text about an old parcel, number ' || sequence, '+' || (16000000000 + place), n.number,
    clock_timestamp(), 0, md5(place || '.' || sequence)
from support_numbers n, generate_series(1, :conversations) place,
    generate_series(1, :texts_each) sequence;

insert into receipts (organization_id, id, channel_account_id, kind, dedup_key, reference, outcome,
    body, conversation_id, received_at)
select n.organization_id, md5('receipt' || place || '.' || sequence)::uuid, n.channel_account_id,
    'INBOUND_TEXT', md5(place || '.' || sequence), md5(place || '.' || sequence), 'APPLIED',
    convert_to(repeat('x', 420), 'UTF8'), md5('conversation' || place)::uuid, clock_timestamp()
from support_numbers n, generate_series(1, :conversations) place,
    generate_series(1, :texts_each) sequence;
