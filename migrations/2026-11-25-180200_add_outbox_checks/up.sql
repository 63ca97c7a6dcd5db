-- A text that the provider took stays until its end is known, and is asked about meanwhile.
alter table outbox add column check_at timestamptz;
alter table outbox drop constraint outbox_state_check;
alter table outbox add constraint outbox_state_check check (state in ('QUEUED', 'SENDING', 'UNCONFIRMED', 'SENT'));
alter table outbox add constraint outbox_sent_check check (state <> 'SENT' or check_at is not null);
create index outbox_checks on outbox (check_at, message_id) where check_at is not null;
comment on table outbox is 'Texts whose end is not known; a row goes when its text is settled.';
comment on column outbox.check_at is
    'When a text whose end is not known is looked at: SENT, the provider is asked; UNCONFIRMED, the workstream''s policy holds. Null: nobody looks.';
