-- An admin looks for what the provider said of one text, among all that it ever said.
create index receipts_reference on receipts (organization_id, reference, id) where reference is not null;
