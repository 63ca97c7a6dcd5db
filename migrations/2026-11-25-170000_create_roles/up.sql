-- Nobody signs in as these: the server's connections take one on (`role` at their start).
-- centralino_server works for the organizations that its transaction names, centralino_system looks
-- for work in all of them and sees little of any. Roles belong to the cluster, so that another
-- database of it, or the operator, may have made them.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['centralino_server', 'centralino_system'] loop
        begin
            execute format('create role %I nologin', wanted);
        exception when duplicate_object or unique_violation then
            null;
        end;
        begin
            execute format('grant %I to current_user', wanted);
        exception when insufficient_privilege then
            -- Made beforehand by somebody else, who decides who may take it on.
            null;
        end;
    end loop;
end
$$;
grant usage on schema public to centralino_server, centralino_system;
grant select on __diesel_schema_migrations to centralino_server;
