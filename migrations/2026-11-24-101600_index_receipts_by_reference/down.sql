drop index receipts_reference;
