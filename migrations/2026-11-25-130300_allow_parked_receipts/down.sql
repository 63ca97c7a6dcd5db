update receipts set outcome = 'UNPARSED' where outcome = 'PARKED';
alter table receipts
    drop constraint receipts_outcome_check,
    add constraint receipts_outcome_check check (
        outcome in ('APPLIED', 'UNROUTED', 'UNMATCHED', 'UNPARSED', 'IGNORED')
    );
