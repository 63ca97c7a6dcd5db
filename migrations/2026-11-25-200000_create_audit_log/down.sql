drop table audit_entries;
drop table audit_logs;
drop function chain_audit_entry();
drop function refuse_audit_change();
drop function chained(bytea);
drop function chained_optional(bytea);
