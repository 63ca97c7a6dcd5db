alter table workstreams
    add column auto_resolve_open_seconds integer not null default 2592000
        check (auto_resolve_open_seconds between 60 and 31536000),
    add column auto_resolve_active_seconds integer not null default 2592000
        check (auto_resolve_active_seconds between 60 and 31536000),
    add column auto_resolve_waiting_seconds integer not null default 86400
        check (auto_resolve_waiting_seconds between 300 and 31536000),
    add column auto_resolve_wrap_up_seconds integer not null default 86400
        check (auto_resolve_wrap_up_seconds between 60 and 2592000);
comment on column workstreams.auto_resolve_open_seconds is
    'How long a conversation may stand still while OPEN before it resolves by itself; likewise the other three.';
