drop policy checks on outbox;
revoke select (unconfirmed_policy) on workstreams from centralino_system;
revoke select (provider_reference) on messages from centralino_system;
revoke select (workstream_id) on conversations from centralino_system;
revoke update (check_at) on outbox from centralino_system;
