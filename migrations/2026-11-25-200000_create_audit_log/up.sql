create table audit_logs (
    organization_id uuid primary key references organizations (id),
    sequence bigint not null check (sequence >= 0),
    hash bytea not null check (octet_length(hash) = 32)
) with (fillfactor = 50);
comment on table audit_logs is 'The head of each organization''s audit log: its newest line and the hash of that.';

create table audit_entries (
    organization_id uuid not null references organizations (id),
    sequence bigint not null check (sequence > 0),
    id uuid not null default gen_random_uuid(),
    at timestamptz not null,
    actor_kind text not null check (actor_kind in ('AGENT', 'API_TOKEN', 'CUSTOMER', 'SYSTEM')),
    actor_id uuid,
    action text not null check (char_length(action) between 1 and 100),
    outcome text not null check (outcome in ('DONE', 'REFUSED')),
    subject_id text not null check (char_length(subject_id) between 1 and 100),
    changes text not null,
    request_id text,
    address text,
    hash bytea not null check (octet_length(hash) = 32),
    primary key (organization_id, sequence),
    unique (organization_id, id)
);
create index audit_entries_subject on audit_entries (organization_id, subject_id, sequence);
create index audit_entries_actor on audit_entries (organization_id, actor_id, sequence) where actor_id is not null;
comment on table audit_entries is
    'Who did what, what was before and what after: lines are added in the transaction of what they tell of, and never changed.';
comment on column audit_entries.action is 'The mutation.';
comment on column audit_entries.subject_id is 'What it was done to, as the API shows it.';
comment on column audit_entries.changes is
    'JSON: fields with what was before and after; secrets are [redacted]. Text and not jsonb, since every byte is hashed.';
comment on column audit_entries.address is 'Where it was asked from.';
comment on column audit_entries.hash is 'SHA-256 of the line before and of all that this one says.';

-- Parts are hashed behind their length, so that no two lines look alike (domain/chain.rs reads them).
create function chained(part bytea) returns bytea language sql immutable strict as $$
    select int8send(octet_length(part)::bigint) || part
$$;
comment on function chained(bytea) is 'A part of a line as it is hashed.';
create function chained_optional(part bytea) returns bytea language sql immutable as $$
    select coalesce('\x01'::bytea || chained(part), '\x00'::bytea)
$$;
comment on function chained_optional(bytea) is 'A part that a line may have, as it is hashed.';

-- Numbers and hashes are the database's, in one round trip: whoever writes a line says neither. It
-- works as the owner, since the server may not touch the head.
create function chain_audit_entry() returns trigger language plpgsql security definer
    set search_path = public, pg_temp as $$
declare
    previous bytea;
begin
    insert into audit_logs as head (organization_id, sequence, hash)
        values (new.organization_id, 1, decode(repeat('00', 32), 'hex'))
        on conflict (organization_id) do update set sequence = head.sequence + 1
        returning sequence, hash into new.sequence, previous;
    new.hash := sha256(
        chained('centralino audit 1') || chained(previous)
        || chained(uuid_send(new.organization_id)) || chained(int8send(new.sequence))
        || chained(uuid_send(new.id))
        || chained(int8send((extract(epoch from new.at) * 1000000)::bigint))
        || chained(convert_to(new.actor_kind, 'UTF8')) || chained_optional(uuid_send(new.actor_id))
        || chained(convert_to(new.action, 'UTF8')) || chained(convert_to(new.outcome, 'UTF8'))
        || chained(convert_to(new.subject_id, 'UTF8')) || chained(convert_to(new.changes, 'UTF8'))
        || chained_optional(convert_to(new.request_id, 'UTF8'))
        || chained_optional(convert_to(new.address, 'UTF8')));
    update audit_logs set hash = new.hash where organization_id = new.organization_id;
    return new;
end
$$;
comment on function chain_audit_entry() is 'Gives a line of the audit log its number and its hash.';
create trigger audit_entries_chained before insert on audit_entries
    for each row execute function chain_audit_entry();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is only added to';
end
$$;
create trigger audit_entries_append_only before update or delete on audit_entries
    for each row execute function refuse_audit_change();
create trigger audit_entries_never_emptied before truncate on audit_entries
    for each statement execute function refuse_audit_change();

select isolate_organizations();
revoke update, delete on audit_entries from centralino_server;
revoke insert, update, delete on audit_logs from centralino_server;
-- The function that moves the head sees what its caller's transaction sees.
create policy chain on audit_logs to current_user using (organization_id = any ((select
    string_to_array(nullif(current_setting('app.organizations', true), ''), ',')::uuid[])::uuid[]));
