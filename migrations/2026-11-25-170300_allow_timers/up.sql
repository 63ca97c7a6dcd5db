-- Timers that are due are looked for in all organizations, and put off where a text came meanwhile.
grant select, update (since_at) on timers to centralino_system;
grant select (organization_id, id, auto_resolve_open_seconds, auto_resolve_active_seconds,
        auto_resolve_waiting_seconds, auto_resolve_wrap_up_seconds)
    on workstreams to centralino_system;
grant select (status_changed_at, last_inbound_at, last_outbound_at) on conversations to centralino_system;

create policy housekeeping on timers to centralino_system using (true);
create policy housekeeping on workstreams for select to centralino_system using (true);
