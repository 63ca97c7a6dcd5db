//! Every metric by its name, with its labels and what it means.
//!
//! `docs/operate/metrics.md` is this table; a test holds it, and every place that counts, to it.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// How a metric behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricKind {
    Counter,
    Gauge,
    Histogram,
}

impl MetricKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// One metric. No label holds anything of a customer, an agent or an organization.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    pub name: &'static str,
    pub kind: MetricKind,
    pub labels: &'static [&'static str],
    pub meaning: &'static str,
}

impl Metric {
    fn unit(&self) -> Unit {
        let base = self.name.trim_end_matches("_max");
        if base.ends_with("_seconds") {
            Unit::Seconds
        } else if base.ends_with("_bytes") {
            Unit::Bytes
        } else {
            Unit::Count
        }
    }
}

/// Tells Prometheus what each metric means. A counter begins at 0: one that appears with its first
/// event looks, to a rule that asks for an increase, as if nothing had happened.
pub(super) fn describe_all() {
    for metric in METRICS {
        let (name, unit, meaning) = (metric.name, metric.unit(), metric.meaning);
        match metric.kind {
            MetricKind::Counter => describe_counter!(name, unit, meaning),
            MetricKind::Gauge => describe_gauge!(name, unit, meaning),
            MetricKind::Histogram => describe_histogram!(name, unit, meaning),
        }
        if metric.kind == MetricKind::Counter && metric.labels.is_empty() {
            metrics::counter!(name).increment(0);
        }
    }
    for level in LOG_LEVELS {
        metrics::counter!("centralino_log_entries_total", "level" => level).increment(0);
    }
}

const fn counter(
    name: &'static str,
    labels: &'static [&'static str],
    meaning: &'static str,
) -> Metric {
    Metric { name, kind: MetricKind::Counter, labels, meaning }
}

const fn gauge(
    name: &'static str,
    labels: &'static [&'static str],
    meaning: &'static str,
) -> Metric {
    Metric { name, kind: MetricKind::Gauge, labels, meaning }
}

const fn histogram(
    name: &'static str,
    labels: &'static [&'static str],
    meaning: &'static str,
) -> Metric {
    Metric { name, kind: MetricKind::Histogram, labels, meaning }
}

/// Levels of the log that are counted.
const LOG_LEVELS: [&str; 2] = ["error", "warn"];

/// All of them, by name.
#[rustfmt::skip]
pub const METRICS: &[Metric] = &[
    counter("centralino_actor_panics_total", &[], "Commands that made a conversation's actor panic."),
    gauge("centralino_actors", &[], "Conversations whose actor is in memory."),
    counter("centralino_actors_retired_total", &[], "Actors that were let go because nobody asked them."),
    counter("centralino_actors_started_total", &[], "Actors that were started."),
    gauge("centralino_alerts_open", &["kind"], "Alerts that are open, in all organizations."),
    counter("centralino_auto_resolved_total", &["status"], "Conversations that resolved by themselves, by the state that they stood still in."),
    gauge("centralino_build_info", &["version"], "Always 1; the label says which release runs."),
    counter("centralino_busy_total", &[], "Commands that were refused because a bound was reached."),
    histogram("centralino_callback_answer_seconds", &[], "From a callback's arrival to its answer."),
    counter("centralino_callbacks_kept_total", &["outcome"], "Callbacks kept without an effect."),
    counter("centralino_callbacks_total", &["answer"], "Callbacks of the provider, by what they were answered."),
    counter("centralino_changes_total", &["verdict"], "Changes of conversations, by what their commit said."),
    gauge("centralino_commands", &[], "Commands under way."),
    histogram("centralino_commit_changes", &[], "Changes in one commit."),
    histogram("centralino_commit_seconds", &[], "How long a commit took."),
    gauge("centralino_conversations", &["status"], "Unresolved conversations in the database."),
    gauge("centralino_database_up", &[], "1 when the last look at the database succeeded, otherwise 0."),
    histogram("centralino_feed_lag_seconds", &[], "From a change to its hand-over to one subscriber."),
    histogram("centralino_graphql_operation_seconds", &["kind"], "How long a query or a mutation took."),
    counter("centralino_graphql_requests_total", &["outcome"], "GraphQL operations over HTTP."),
    gauge("centralino_graphql_sockets", &[], "WebSocket connections that are open."),
    gauge("centralino_graphql_subscriptions", &[], "Subscriptions that are running."),
    counter("centralino_key_checks_total", &["verdict"], "Live checks of keys at the provider."),
    gauge("centralino_lane_changes", &[], "Changes that wait for a commit."),
    counter("centralino_log_entries_total", &["level"], "Entries of the log that warn or report an error, shown or not."),
    counter("centralino_outages_total", &[], "Times that an account was closed because the provider was away."),
    gauge("centralino_outbox_oldest_seconds", &[], "How long the text has been due that should have gone first; 0 where none is."),
    gauge("centralino_outbox_texts", &["state"], "Texts in the outbox of the database."),
    counter("centralino_panics_total", &[], "Panics of any part of the server; each is a bug."),
    counter("centralino_parked_total", &[], "Callbacks parked because carrying them out panics each time."),
    gauge("centralino_pool_connections", &["pool", "state"], "Connections to the database."),
    histogram("centralino_pool_wait_seconds", &["pool"], "How long somebody waited for a connection."),
    gauge("centralino_pool_waiting", &["pool"], "Who waits for a connection."),
    counter("centralino_quarantine_dropped_total", &[], "Forged callbacks that were not kept: too many."),
    counter("centralino_quarantined_total", &[], "Forged callbacks that were kept, the same one once."),
    counter("centralino_rate_cuts_total", &[], "Times that the provider said that an account was too fast."),
    counter("centralino_reports_total", &["status"], "Delivery reports that had an effect, by what they say."),
    counter("centralino_resyncs_total", &["reason"], "Subscribers that had to start anew."),
    histogram("centralino_send_seconds", &[], "From a text's hand-over to the provider's answer."),
    gauge("centralino_sends", &[], "Texts on the wire to the provider."),
    counter("centralino_sends_total", &["outcome"], "Texts handed to the provider, by what became of them."),
    counter("centralino_set_aside_total", &[], "Callbacks that can never be carried out; each needs a person."),
    counter("centralino_sign_ins_total", &["outcome"], "Sign-ins with a password."),
    gauge("centralino_spool_bytes", &[], "Size of the spool on the disk."),
    gauge("centralino_spool_bytes_max", &[], "How large the spool may grow."),
    gauge("centralino_spool_oldest_seconds", &[], "How long the callback has waited that came first; 0 where none waits."),
    gauge("centralino_spool_records", &[], "Callbacks that wait in the spool."),
    counter("centralino_spooled_total", &[], "Callbacks that went to the spool on the disk."),
    gauge("centralino_start_time_seconds", &[], "When the server was started, in Unix time."),
    counter("centralino_status_checks_total", &["outcome"], "Questions about texts without an end, by the answer."),
    counter("centralino_texts_received_total", &[], "Customers' texts that came into a conversation."),
    histogram("centralino_timer_lag_seconds", &[], "From the moment that a timer was due to its effect."),
    counter("centralino_unspooled_total", &[], "Callbacks of the spool that were carried out."),
];
