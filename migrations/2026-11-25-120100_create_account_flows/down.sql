drop table channel_account_flows;
