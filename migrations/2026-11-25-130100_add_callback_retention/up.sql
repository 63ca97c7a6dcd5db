alter table organizations
    add column callback_retention_days integer not null default 30
        check (callback_retention_days between 1 and 3650),
    add column callbacks_forgotten_to uuid;
comment on column organizations.callback_retention_days is
    'How long the raw text of a callback is kept; that it came is remembered for good, so that it never has a second effect.';
comment on column organizations.callbacks_forgotten_to is
    'Callbacks up to this id have been looked at for forgetting; ids sort by arrival.';
