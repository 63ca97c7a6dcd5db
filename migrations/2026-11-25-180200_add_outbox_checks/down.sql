delete from outbox where state = 'SENT';
alter table outbox drop constraint outbox_sent_check;
alter table outbox drop constraint outbox_state_check;
alter table outbox add constraint outbox_state_check check (state in ('QUEUED', 'SENDING', 'UNCONFIRMED'));
drop index outbox_checks;
alter table outbox drop column check_at;
comment on table outbox is 'Texts that are not settled with the provider; a row goes when its text is.';
