-- The roles stay: another database of the cluster may work with them.
revoke select on __diesel_schema_migrations from centralino_server;
revoke usage on schema public from centralino_server, centralino_system;
