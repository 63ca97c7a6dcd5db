create table keyword_sets (
    organization_id uuid not null references organizations (id),
    language text not null check (char_length(language) between 2 and 20),
    opt_out text[] not null check (cardinality(opt_out) <= 50),
    opt_in text[] not null check (cardinality(opt_in) <= 50),
    help text[] not null check (cardinality(help) <= 50),
    primary key (organization_id, language)
);
comment on table keyword_sets is
    'An organization''s own words of a language, in plain form; they replace the built-in ones, except those of the law.';
