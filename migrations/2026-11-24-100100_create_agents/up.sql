create table agents (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    email text check (char_length(email) <= 254),
    display_name text not null check (char_length(display_name) between 1 and 200),
    role text not null check (role in ('AGENT', 'SUPERVISOR', 'ADMIN')),
    active boolean not null default true,
    password_hash text,
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id)
);
-- Sign-in knows only an e-mail, so an e-mail names one agent in the whole installation.
create unique index agents_email on agents (lower(email));
comment on table agents is 'People, and services, that work conversations or administer the organization.';
comment on column agents.email is 'Null for a service agent, which signs in with an API token only.';
comment on column agents.password_hash is 'argon2id in PHC form; null: no local sign-in.';
