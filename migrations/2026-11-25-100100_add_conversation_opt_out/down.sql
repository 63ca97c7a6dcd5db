alter table conversations drop column opted_out;
