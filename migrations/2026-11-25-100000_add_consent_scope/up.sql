alter table organizations add column consent_scope text not null default 'ORGANIZATION'
    check (consent_scope in ('ORGANIZATION', 'NUMBER'));
comment on column organizations.consent_scope is
    'How far an opt-out reaches: to all numbers of the organization, or to the one that it was texted to.';
