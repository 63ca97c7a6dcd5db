-- How many conversations stand in each state is counted over all organizations.
grant select (status) on conversations to centralino_system;
