drop table consent_entries;
drop function refuse_consent_change();
drop table consent_ledgers;
