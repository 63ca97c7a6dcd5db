alter table organizations drop column consent_scope;
