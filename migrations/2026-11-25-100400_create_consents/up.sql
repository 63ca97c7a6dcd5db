create table consents (
    organization_id uuid not null references organizations (id),
    customer text not null check (char_length(customer) between 1 and 16),
    support_number_id uuid,
    status text not null check (status in ('OPTED_IN', 'OPTED_OUT')),
    sequence bigint not null check (sequence > 0),
    primary key (organization_id, sequence),
    unique nulls not distinct (organization_id, customer, support_number_id),
    foreign key (organization_id, support_number_id) references support_numbers (organization_id, id)
);
comment on table consents is
    'Where the newest lines of the ledger leave each customer; who never said anything is not in here.';
comment on column consents.support_number_id is
    'Null: all numbers. A row of a number is newer than that of all, which takes the older ones away.';
comment on column consents.sequence is 'The line of the ledger that says so.';
