update conversations set resolution_reason = 'SOLVED' where resolution_reason in ('OPTED_OUT', 'KEYWORD');
alter table conversations drop constraint conversations_resolution_reason_check;
alter table conversations add constraint conversations_resolution_reason_check
    check (resolution_reason in ('SOLVED', 'UNSOLVED', 'SPAM', 'DUPLICATE'));
