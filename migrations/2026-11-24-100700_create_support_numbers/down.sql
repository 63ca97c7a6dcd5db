drop table support_numbers;
