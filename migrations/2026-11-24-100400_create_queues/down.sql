drop table queue_agents;
drop table queues;
