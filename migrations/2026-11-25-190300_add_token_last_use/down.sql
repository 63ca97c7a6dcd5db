alter table api_tokens drop column last_used_at;
