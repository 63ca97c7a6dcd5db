drop table channel_accounts;
