drop table automated_messages;
