-- Ids sort by arrival: the newest callback of an account is one step, its journal one range.
create index receipts_account on receipts (organization_id, channel_account_id, id);
