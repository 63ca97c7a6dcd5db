drop policy housekeeping on organizations;
drop policy housekeeping on agents;
drop policy housekeeping on sessions;
drop policy housekeeping on api_tokens;
drop policy housekeeping on queue_agents;
drop policy housekeeping on channel_accounts;
drop policy housekeeping on conversations;
drop policy housekeeping on messages;
drop policy housekeeping on send_attempts;
drop policy housekeeping on outbox;
drop policy housekeeping on receipts;
drop policy housekeeping on organization_feeds;
drop policy housekeeping on channel_account_flows;
drop policy housekeeping on alerts;
drop policy housekeeping on idempotency_keys;
revoke all on organizations, agents, sessions, api_tokens, queue_agents, channel_accounts, conversations, messages, send_attempts, outbox, receipts, organization_feeds, channel_account_flows, alerts, idempotency_keys
    from centralino_system;
