create table consent_ledgers (
    organization_id uuid primary key references organizations (id),
    sequence bigint not null check (sequence >= 0),
    hash bytea not null check (octet_length(hash) = 32)
) with (fillfactor = 50);
comment on table consent_ledgers is 'The head of each organization''s ledger of consent; whoever writes a line holds it.';

create table consent_entries (
    organization_id uuid not null references organizations (id),
    sequence bigint not null check (sequence > 0),
    id uuid not null,
    at timestamptz not null,
    status text not null check (status in ('OPTED_IN', 'OPTED_OUT')),
    source text not null check (source in ('KEYWORD', 'AGENT', 'ADMIN', 'PROVIDER', 'IMPORT')),
    support_number_id uuid,
    conversation_id uuid,
    message_id uuid,
    actor_kind text not null check (actor_kind in ('AGENT', 'API_TOKEN', 'CUSTOMER', 'SYSTEM')),
    actor_id uuid,
    salt bytea check (octet_length(salt) = 16),
    customer text check (char_length(customer) between 1 and 16),
    keyword text check (char_length(keyword) <= 40),
    evidence text check (char_length(evidence) <= 1000),
    personal_digest bytea not null check (octet_length(personal_digest) = 32),
    hash bytea not null check (octet_length(hash) = 32),
    primary key (organization_id, sequence),
    unique (organization_id, id),
    check ((salt is null) = (customer is null)),
    check (salt is not null or (keyword is null and evidence is null))
);
create index consent_entries_customer on consent_entries (organization_id, customer, sequence);
comment on table consent_entries is
    'Who may be texted, who said so, when and in which words: lines are added, and never changed.';
comment on column consent_entries.support_number_id is 'Null: all numbers of the organization.';
comment on column consent_entries.salt is
    'Makes personal_digest unguessable; taken out together with number, word and evidence, it leaves the chain whole.';
comment on column consent_entries.personal_digest is 'SHA-256 of salt, number, word and evidence.';
comment on column consent_entries.hash is 'SHA-256 of the line before and of all that this one says.';

create function refuse_consent_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        -- Number, word and evidence can be taken out, together with the salt; nothing can be put in.
        if new.salt is null and new.customer is null and new.keyword is null and new.evidence is null
            and (to_jsonb(new) - array['salt', 'customer', 'keyword', 'evidence'])
              = (to_jsonb(old) - array['salt', 'customer', 'keyword', 'evidence']) then
            return new;
        end if;
    end if;
    raise exception 'the ledger of consent is only added to';
end
$$;
create trigger consent_entries_append_only before update or delete on consent_entries
    for each row execute function refuse_consent_change();
create trigger consent_entries_never_emptied before truncate on consent_entries
    for each statement execute function refuse_consent_change();
