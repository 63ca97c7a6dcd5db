do $$
declare
    tenant regclass;
begin
    for tenant in
        select oid::regclass from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity
    loop
        execute format('drop policy if exists organization on %s', tenant);
        execute format('drop policy if exists migration on %s', tenant);
        execute format('revoke all on %s from centralino_server', tenant);
        execute format('alter table %s no force row level security', tenant);
        execute format('alter table %s disable row level security', tenant);
    end loop;
end
$$;
drop function isolate_organizations();
