alter table api_tokens add column last_used_at timestamptz;
comment on column api_tokens.last_used_at is 'Written at most once a minute, so that use costs no write.';
grant select (last_used_at) on api_tokens to centralino_system;
