create table channel_account_flows (
    organization_id uuid not null,
    channel_account_id uuid not null,
    stopped_at timestamptz,
    stop_code text,
    stop_provider_code integer,
    stop_description text check (char_length(stop_description) between 1 and 500),
    resumed_at timestamptz,
    primary key (organization_id, channel_account_id),
    foreign key (organization_id, channel_account_id) references channel_accounts (organization_id, id),
    check ((stopped_at is null) = (stop_code is null)),
    check ((stopped_at is null) = (stop_description is null))
) with (fillfactor = 50);
comment on table channel_account_flows is
    'Whether an account''s texts may go, as its sends found out: what every process and the next start must know. No row: they may.';
comment on column channel_account_flows.stopped_at is 'Since when the provider takes nothing from the account; its texts wait.';
comment on column channel_account_flows.resumed_at is
    'When it was last let go on: the answer to a send that began before does not stop it again.';
