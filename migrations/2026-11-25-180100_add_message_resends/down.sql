alter table messages drop column resends;
