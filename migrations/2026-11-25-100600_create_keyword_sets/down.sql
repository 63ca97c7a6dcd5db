drop table keyword_sets;
