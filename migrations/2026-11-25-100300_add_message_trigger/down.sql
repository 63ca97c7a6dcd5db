alter table messages drop column trigger;
update messages set origin = 'AGENT' where origin = 'AUTOMATED';
alter table messages drop constraint messages_origin_check;
alter table messages add constraint messages_origin_check check (origin in ('CUSTOMER', 'AGENT'));
