alter table workstreams drop column unconfirmed_policy;
