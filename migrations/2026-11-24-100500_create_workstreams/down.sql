drop table workstreams;
