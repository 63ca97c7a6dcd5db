drop trigger agents_claim_installation on agents;
drop function claim_installation();
drop table installation;
