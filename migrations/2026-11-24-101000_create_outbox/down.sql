drop table outbox;
drop table send_attempts;
