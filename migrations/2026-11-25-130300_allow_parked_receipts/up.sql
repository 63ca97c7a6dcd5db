alter table receipts
    drop constraint receipts_outcome_check,
    add constraint receipts_outcome_check check (
        outcome in ('APPLIED', 'UNROUTED', 'UNMATCHED', 'UNPARSED', 'IGNORED', 'PARKED')
    );
comment on column receipts.outcome is
    'UNROUTED: no workstream for the number. UNMATCHED: a report whose text is not known yet. UNPARSED: kept as it is. PARKED: carrying it out panicked again and again; detail says where.';
