create table installation (
    singleton boolean primary key default true check (singleton),
    setup_code_hashes bytea[] not null default '{}' check (cardinality(setup_code_hashes) <= 8),
    claimed_at timestamptz,
    check (claimed_at is null or setup_code_hashes = '{}')
);
comment on table installation is
    'One row: whether anybody has claimed this installation. Whoever claims it holds the row, so that only one can.';
comment on column installation.setup_code_hashes is
    'SHA-256 of the one-time set-up codes that servers have printed, newest first; none once it is claimed.';
comment on column installation.claimed_at is 'When the first agent was made, by whatever way; null: nobody is there yet.';
insert into installation (claimed_at) select min(created_at) from agents;
grant select, update (setup_code_hashes, claimed_at) on installation to centralino_server;
grant select on installation to centralino_system;

create function claim_installation() returns trigger language plpgsql as $$
begin
    update installation set claimed_at = new.created_at, setup_code_hashes = '{}' where claimed_at is null;
    return null;
end
$$;
create trigger agents_claim_installation after insert on agents
    for each row execute function claim_installation();
comment on function claim_installation() is
    'An installation with an agent is claimed: every set-up code dies with the first one.';
