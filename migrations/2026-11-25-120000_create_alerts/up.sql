create table alerts (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    kind text not null check (kind ~ '^[A-Z][A-Z_]{2,49}$'),
    dedup_key text not null check (char_length(dedup_key) between 1 and 200),
    text text not null check (char_length(text) between 1 and 500),
    subject_id text check (char_length(subject_id) <= 100),
    raised_at timestamptz not null,
    renewed_at timestamptz not null,
    count integer not null check (count between 1 and 1000000),
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    cleared_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, acknowledged_by) references agents (organization_id, id),
    check ((acknowledged_at is null) = (acknowledged_by is null))
) with (fillfactor = 80);
-- What goes on is one alert that is renewed, however often and by however many processes it is noticed.
create unique index alerts_open on alerts (organization_id, kind, dedup_key) where cleared_at is null;
create index alerts_cleared on alerts (cleared_at) where cleared_at is not null;
comment on table alerts is 'What a person should look at: raised once, renewed while it goes on, cleared when it is over.';
comment on column alerts.kind is 'A word of the domain; a release that does not know one does not show it.';
comment on column alerts.dedup_key is 'What it is about, so that the same trouble is one alert; at most one is open for each kind and key.';
comment on column alerts.subject_id is 'The id of what it is about, as the API shows it.';
comment on column alerts.count is 'How often it was noticed, as far as anybody counts: renewals close together are one.';
