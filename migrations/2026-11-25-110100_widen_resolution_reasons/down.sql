-- The words that go are told as the nearest one that stays.
update conversations set resolution_reason = 'UNSOLVED'
    where resolution_reason not in ('SOLVED', 'UNSOLVED', 'SPAM', 'DUPLICATE');
alter table conversations drop constraint conversations_resolution_reason_check;
alter table conversations add constraint conversations_resolution_reason_check check (resolution_reason in
    ('SOLVED', 'UNSOLVED', 'SPAM', 'DUPLICATE'));
