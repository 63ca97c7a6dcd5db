alter table workstreams add column unconfirmed_policy text not null default 'AT_MOST_ONCE'
    check (unconfirmed_policy in ('AT_MOST_ONCE', 'AT_LEAST_ONCE'));
comment on column workstreams.unconfirmed_policy is
    'What happens to a text whose answer was lost and that no report has settled after the wait: a person decides, or one new attempt is made.';
