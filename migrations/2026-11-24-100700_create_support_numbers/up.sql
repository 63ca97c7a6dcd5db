create table support_numbers (
    organization_id uuid not null,
    id uuid not null,
    channel_account_id uuid not null,
    workstream_id uuid,
    kind text not null check (kind in ('GEO', 'SHORT_CODE', 'TOLL_FREE')),
    number text not null check (number ~ '^[0-9]{3,15}$'),
    country text check (country ~ '^[A-Z]{2}$'),
    description text check (char_length(description) <= 2000),
    active boolean not null default true,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, channel_account_id, number),
    foreign key (organization_id, channel_account_id) references channel_accounts (organization_id, id),
    foreign key (organization_id, workstream_id) references workstreams (organization_id, id)
);
-- A long number is one line in the world; a short code is one only within its country.
create unique index support_numbers_number on support_numbers
    (organization_id, number, (case when kind = 'SHORT_CODE' then coalesce(country, '') else '' end));
comment on table support_numbers is 'Numbers of ours that customers text.';
comment on column support_numbers.number is 'Digits only, country code first, as the provider wants them.';
