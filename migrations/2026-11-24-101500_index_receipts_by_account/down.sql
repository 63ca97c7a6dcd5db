drop index receipts_account;
