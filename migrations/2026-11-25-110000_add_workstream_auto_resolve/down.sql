alter table workstreams
    drop column auto_resolve_open_seconds,
    drop column auto_resolve_active_seconds,
    drop column auto_resolve_waiting_seconds,
    drop column auto_resolve_wrap_up_seconds;
