drop policy housekeeping on workstreams;
drop policy housekeeping on timers;
revoke select (status_changed_at, last_inbound_at, last_outbound_at) on conversations from centralino_system;
revoke select (organization_id, id, auto_resolve_open_seconds, auto_resolve_active_seconds,
        auto_resolve_waiting_seconds, auto_resolve_wrap_up_seconds)
    on workstreams from centralino_system;
revoke select, update (since_at) on timers from centralino_system;
