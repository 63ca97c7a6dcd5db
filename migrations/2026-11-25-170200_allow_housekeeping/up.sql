-- Work that belongs to no organization: whose secret or callback this is, which texts are due, what
-- has been kept long enough. It finds out where, and whatever follows is done as that organization.
-- Texts, names, passwords and keys of the provider cannot be read here.
grant select (id, slug, settings_version) on organizations to centralino_system;
grant select (organization_id, id, email, role, active) on agents to centralino_system;
grant select (organization_id, id, agent_id, token_hash, created_at, expires_at, revoked_at)
    on sessions to centralino_system;
grant select (organization_id, id, agent_id, role, secret_hash, expires_at, revoked_at)
    on api_tokens to centralino_system;
grant select on queue_agents to centralino_system;
grant select (organization_id, id, callback_token) on channel_accounts to centralino_system;
grant select (organization_id, id, support_number_id, customer) on conversations to centralino_system;
grant select (organization_id, conversation_id, sequence, attempt) on messages to centralino_system;
grant select (organization_id, channel_account_id, provider_reference) on send_attempts to centralino_system;
grant select on outbox to centralino_system;
grant select (organization_id, id, channel_account_id, reference, outcome) on receipts to centralino_system;
grant select on organization_feeds to centralino_system;
grant select (organization_id, channel_account_id, stopped_at) on channel_account_flows to centralino_system;
grant select (organization_id, id, kind, cleared_at), delete on alerts to centralino_system;
grant select (organization_id, agent_id, mutation, key, created_at), delete
    on idempotency_keys to centralino_system;

create policy housekeeping on organizations for select to centralino_system using (true);
create policy housekeeping on agents for select to centralino_system using (true);
create policy housekeeping on sessions for select to centralino_system using (true);
create policy housekeeping on api_tokens for select to centralino_system using (true);
create policy housekeeping on queue_agents for select to centralino_system using (true);
create policy housekeeping on channel_accounts for select to centralino_system using (true);
create policy housekeeping on conversations for select to centralino_system using (true);
create policy housekeeping on messages for select to centralino_system using (true);
create policy housekeeping on send_attempts for select to centralino_system using (true);
create policy housekeeping on outbox for select to centralino_system using (true);
create policy housekeeping on receipts for select to centralino_system using (true);
create policy housekeeping on organization_feeds for select to centralino_system using (true);
create policy housekeeping on channel_account_flows for select to centralino_system using (true);
create policy housekeeping on alerts for all to centralino_system using (true) with check (false);
create policy housekeeping on idempotency_keys for all to centralino_system using (true) with check (false);
