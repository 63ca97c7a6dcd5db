alter table messages add column resends integer not null default 0 check (resends between 0 and 1);
comment on column messages.resends is
    'New attempts that were made by itself although the one before may have been taken; a person''s do not count.';
