alter table receipts
    add column forgotten_at timestamptz,
    add column customer text;
-- A customer's callbacks with an effect are found by his conversations: only the others need this.
create index receipts_customer on receipts (organization_id, customer, id)
    where outcome <> 'APPLIED' and customer is not null;
comment on column receipts.forgotten_at is
    'When body was emptied; the rest stays, so that a late repetition is known as one.';
comment on column receipts.customer is
    'Who wrote a text that has had no effect, as E.164; null for all that have had theirs at once.';
