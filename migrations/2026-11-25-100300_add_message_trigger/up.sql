alter table messages drop constraint messages_origin_check;
alter table messages add constraint messages_origin_check check (origin in ('CUSTOMER', 'AGENT', 'AUTOMATED'));
alter table messages add column trigger text
    check (trigger in ('OPT_OUT_CONFIRMATION', 'OPT_IN_CONFIRMATION', 'HELP'));
comment on column messages.trigger is
    'What made it go out by itself. An OPT_OUT_CONFIRMATION alone may go to somebody who has opted out.';
