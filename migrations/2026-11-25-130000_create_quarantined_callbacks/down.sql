drop table quarantined_callbacks;
