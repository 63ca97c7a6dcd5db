alter table conversations drop constraint conversations_resolution_reason_check;
alter table conversations add constraint conversations_resolution_reason_check check (resolution_reason in
    ('SOLVED', 'UNSOLVED', 'SPAM', 'DUPLICATE', 'OPTED_OUT', 'KEYWORD', 'INACTIVITY', 'STALE', 'FORCED'));
