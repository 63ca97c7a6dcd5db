-- The work of agents who are no longer active is looked for in all organizations.
grant select (status, assignee_id) on conversations to centralino_system;
create index agents_inactive on agents (organization_id, id) where not active;
