-- Sets every organization's rows apart, in every table that has organizations' rows and does not do
-- so yet. Each migration run ends with it, so that no table can be forgotten.
create function isolate_organizations() returns void language plpgsql as $$
declare
    tenant record;
begin
    for tenant in
        select c.oid::regclass as name, a.attname as organization
        from pg_class c join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            and a.attname = case c.relname when 'organizations' then 'id' else 'organization_id' end
            and not (c.relrowsecurity and c.relforcerowsecurity)
        order by c.relname
    loop
        execute format('alter table %s enable row level security', tenant.name);
        execute format('alter table %s force row level security', tenant.name);
        -- The inner select is worked out once for a statement, and not once for a row.
        execute format(
            'create policy organization on %s to centralino_server using (%I = any ((select
                string_to_array(nullif(current_setting(''app.organizations'', true), ''''), '','')::uuid[])::uuid[]))',
            tenant.name, tenant.organization);
        -- The owner is no exception; a migration that moves rows says what it is.
        execute format(
            'create policy migration on %s to current_user
                using ((select current_setting(''app.migration'', true)) = ''on'')', tenant.name);
        execute format(
            'grant select, insert, update, delete on %s to centralino_server', tenant.name);
    end loop;
end
$$;
comment on function isolate_organizations() is
    'Puts row-level security under every table with an organization_id that has none yet.';
select isolate_organizations();
