alter table conversations add column opted_out boolean not null default false;
comment on column conversations.opted_out is
    'What consents says of its customer and number; whoever changes that changes this, and moves revision.';
