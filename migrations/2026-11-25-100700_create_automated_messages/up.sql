create table automated_messages (
    organization_id uuid not null references organizations (id),
    trigger text not null check (trigger in ('OPT_OUT_CONFIRMATION', 'OPT_IN_CONFIRMATION', 'HELP')),
    active boolean not null,
    texts jsonb not null check (jsonb_typeof(texts) = 'object'),
    primary key (organization_id, trigger)
);
comment on table automated_messages is 'What an organization says by itself; where it has said nothing, our own words stand in.';
comment on column automated_messages.texts is 'Text by language tag.';
