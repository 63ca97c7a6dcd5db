drop index receipts_customer;
alter table receipts drop column customer, drop column forgotten_at;
