alter table organizations drop column callbacks_forgotten_to, drop column callback_retention_days;
