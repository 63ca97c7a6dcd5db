drop table events;
drop table organization_feeds;
