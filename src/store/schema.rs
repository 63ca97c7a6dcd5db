//! The tables as diesel knows them; the migrations say what they mean.

diesel::table! { organizations (id) {
    id -> Uuid, slug -> Text, name -> Text, time_zone -> Text, default_language -> Text,
    settings_version -> BigInt, consent_scope -> Text, callback_retention_days -> Integer,
    callbacks_forgotten_to -> Nullable<Uuid>, version -> Integer, created_at -> Timestamptz, updated_at -> Timestamptz,
} }

diesel::table! { agents (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, email -> Nullable<Text>, display_name -> Text, role -> Text,
    active -> Bool, password_hash -> Nullable<Text>, version -> Integer,
    created_at -> Timestamptz, updated_at -> Timestamptz,
} }

diesel::table! { sessions (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, agent_id -> Uuid, token_hash -> Bytea,
    created_at -> Timestamptz, expires_at -> Timestamptz, revoked_at -> Nullable<Timestamptz>,
} }

diesel::table! { password_links (organization_id, agent_id) {
    organization_id -> Uuid, agent_id -> Uuid, token_hash -> Bytea,
    created_at -> Timestamptz, expires_at -> Timestamptz,
} }

diesel::table! { api_tokens (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, name -> Text, role -> Text, agent_id -> Uuid, prefix -> Text,
    secret_hash -> Bytea, created_at -> Timestamptz, expires_at -> Nullable<Timestamptz>,
    revoked_at -> Nullable<Timestamptz>, last_used_at -> Nullable<Timestamptz>,
} }

diesel::table! { queues (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, name -> Text, description -> Nullable<Text>, active -> Bool,
    version -> Integer, created_at -> Timestamptz, updated_at -> Timestamptz,
} }

diesel::table! { queue_agents (organization_id, queue_id, agent_id) {
    organization_id -> Uuid, queue_id -> Uuid, agent_id -> Uuid,
} }

diesel::table! { workstreams (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, name -> Text, description -> Nullable<Text>, active -> Bool,
    language -> Text, fallback_queue_id -> Uuid, version -> Integer,
    auto_resolve_open_seconds -> Integer, auto_resolve_active_seconds -> Integer,
    auto_resolve_waiting_seconds -> Integer, auto_resolve_wrap_up_seconds -> Integer, unconfirmed_policy -> Text,
    created_at -> Timestamptz, updated_at -> Timestamptz,
} }

diesel::table! { channel_accounts (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, name -> Text, provider -> Text, customer_id -> Text,
    status -> Text, sealed_key -> Bytea, key_fingerprint -> Text, key_set_at -> Timestamptz,
    sealed_previous_key -> Nullable<Bytea>, previous_key_until -> Nullable<Timestamptz>,
    callback_token -> Text, provider_base_url -> Text, max_send_per_second -> Integer,
    validation_verdict -> Nullable<Text>, validation_provider_code -> Nullable<Integer>,
    validation_latency_ms -> Nullable<Integer>, validated_at -> Nullable<Timestamptz>,
    version -> Integer, created_at -> Timestamptz, updated_at -> Timestamptz,
} }

diesel::table! { support_numbers (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, channel_account_id -> Uuid, workstream_id -> Nullable<Uuid>,
    kind -> Text, number -> Text, country -> Nullable<Text>, description -> Nullable<Text>,
    active -> Bool, version -> Integer, created_at -> Timestamptz, updated_at -> Timestamptz,
} }

diesel::table! { conversations (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, channel_account_id -> Uuid, support_number_id -> Uuid,
    support_number -> Text, customer -> Text, workstream_id -> Uuid, queue_id -> Uuid,
    language -> Text, status -> Text, status_changed_at -> Timestamptz, waiting_on -> Nullable<Text>,
    resolution_reason -> Nullable<Text>, assignee_id -> Nullable<Uuid>,
    assigned_at -> Nullable<Timestamptz>, affinity_id -> Nullable<Uuid>, previous_id -> Nullable<Uuid>,
    opted_out -> Bool,
    last_sequence -> Integer, last_inbound_at -> Nullable<Timestamptz>,
    last_outbound_at -> Nullable<Timestamptz>, revision -> BigInt, version -> Integer,
    created_at -> Timestamptz, updated_at -> Timestamptz,
} }

diesel::table! { messages (organization_id, conversation_id, sequence) {
    organization_id -> Uuid, conversation_id -> Uuid, sequence -> Integer, id -> Uuid,
    direction -> Text, origin -> Text, status -> Text, status_changed_at -> Timestamptz,
    author_id -> Nullable<Uuid>, text -> Text, sender -> Text, recipient -> Text,
    created_at -> Timestamptz, sent_at -> Nullable<Timestamptz>, delivered_at -> Nullable<Timestamptz>,
    attempt -> Integer, resends -> Integer, provider_reference -> Nullable<Text>, failure_code -> Nullable<Text>,
    failure_provider_code -> Nullable<Integer>, failure_description -> Nullable<Text>,
    idempotency_key -> Nullable<Text>, trigger -> Nullable<Text>,
} }

diesel::table! { send_attempts (organization_id, message_id, number) {
    organization_id -> Uuid, message_id -> Uuid, number -> Integer, channel_account_id -> Uuid,
    status -> Text, started_at -> Timestamptz, settled_at -> Nullable<Timestamptz>,
    provider_reference -> Nullable<Text>, provider_code -> Nullable<Integer>,
    description -> Nullable<Text>,
} }

diesel::table! { outbox (organization_id, conversation_id, sequence) {
    organization_id -> Uuid, conversation_id -> Uuid, sequence -> Integer, message_id -> Uuid,
    channel_account_id -> Uuid, state -> Text, due_at -> Timestamptz,
    claim_until -> Nullable<Timestamptz>, check_at -> Nullable<Timestamptz>,
} }

diesel::table! { receipts (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, channel_account_id -> Uuid, kind -> Text, dedup_key -> Text,
    reference -> Nullable<Text>, outcome -> Text, detail -> Nullable<Text>, body -> Bytea,
    conversation_id -> Nullable<Uuid>, received_at -> Timestamptz, replayed_at -> Nullable<Timestamptz>,
    forgotten_at -> Nullable<Timestamptz>, customer -> Nullable<Text>,
} }

diesel::table! { consents (organization_id, customer, support_number_id) {
    organization_id -> Uuid, customer -> Text, support_number_id -> Nullable<Uuid>, status -> Text,
    sequence -> BigInt,
} }

diesel::table! { consent_ledgers (organization_id) {
    organization_id -> Uuid, sequence -> BigInt, hash -> Bytea,
} }

diesel::table! { consent_entries (organization_id, sequence) {
    organization_id -> Uuid, sequence -> BigInt, id -> Uuid, at -> Timestamptz, status -> Text,
    source -> Text, support_number_id -> Nullable<Uuid>, conversation_id -> Nullable<Uuid>,
    message_id -> Nullable<Uuid>, actor_kind -> Text, actor_id -> Nullable<Uuid>,
    salt -> Nullable<Bytea>, customer -> Nullable<Text>, keyword -> Nullable<Text>,
    evidence -> Nullable<Text>, personal_digest -> Bytea, hash -> Bytea,
} }

diesel::table! { keyword_sets (organization_id, language) {
    organization_id -> Uuid, language -> Text, opt_out -> Array<Text>, opt_in -> Array<Text>,
    help -> Array<Text>,
} }

diesel::table! { automated_messages (organization_id, trigger) {
    organization_id -> Uuid, trigger -> Text, active -> Bool, texts -> Jsonb,
} }

diesel::table! { quarantined_callbacks (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, channel_account_id -> Uuid, fingerprint -> Bytea,
    reason -> Text, authorization_header -> Nullable<Bytea>,
    x_ts_authorization_header -> Nullable<Bytea>, body -> Bytea, body_bytes -> Integer,
    times -> BigInt, first_at -> Timestamptz, last_at -> Timestamptz,
} }

diesel::table! { organization_feeds (organization_id) {
    organization_id -> Uuid, position -> BigInt,
} }

diesel::table! { events (organization_id, position) {
    organization_id -> Uuid, position -> BigInt, kind -> Text, conversation_id -> Nullable<Uuid>,
    message_id -> Nullable<Uuid>, changed -> Array<Text>, subject_id -> Nullable<Text>,
    actor_kind -> Text, actor_id -> Nullable<Uuid>, at -> Timestamptz,
} }

diesel::table! { idempotency_keys (organization_id, agent_id, mutation, key) {
    organization_id -> Uuid, agent_id -> Uuid, mutation -> Text, key -> Text, input_hash -> Bytea,
    result_id -> Text, created_at -> Timestamptz,
} }

diesel::table! { alerts (organization_id, id) {
    organization_id -> Uuid, id -> Uuid, kind -> Text, dedup_key -> Text, text -> Text,
    subject_id -> Nullable<Text>, raised_at -> Timestamptz, renewed_at -> Timestamptz,
    count -> Integer, acknowledged_at -> Nullable<Timestamptz>, acknowledged_by -> Nullable<Uuid>,
    cleared_at -> Nullable<Timestamptz>,
} }

diesel::table! { channel_account_flows (organization_id, channel_account_id) {
    organization_id -> Uuid, channel_account_id -> Uuid, stopped_at -> Nullable<Timestamptz>,
    stop_code -> Nullable<Text>, stop_provider_code -> Nullable<Integer>,
    stop_description -> Nullable<Text>, resumed_at -> Nullable<Timestamptz>,
} }

diesel::table! { audit_logs (organization_id) {
    organization_id -> Uuid, sequence -> BigInt, hash -> Bytea,
} }

diesel::table! { audit_entries (organization_id, sequence) {
    organization_id -> Uuid, sequence -> BigInt, id -> Uuid, at -> Timestamptz, actor_kind -> Text,
    actor_id -> Nullable<Uuid>, action -> Text, outcome -> Text, subject_id -> Text, changes -> Text,
    request_id -> Nullable<Text>, address -> Nullable<Text>, hash -> Bytea,
} }

diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    agents,
    sessions,
    password_links,
    api_tokens,
    queues,
    queue_agents,
    workstreams,
    channel_accounts,
    support_numbers,
    conversations,
    messages,
    send_attempts,
    outbox,
    receipts,
    keyword_sets,
    automated_messages,
    consents,
    consent_ledgers,
    consent_entries,
    quarantined_callbacks,
    organization_feeds,
    events,
    idempotency_keys,
    alerts,
    channel_account_flows,
);
