//! Every metric by its name, with what it means.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

/// Tells Prometheus what each metric means.
pub(super) fn describe_all() {
    for (name, meaning) in COUNTERS {
        describe_counter!(*name, Unit::Count, *meaning);
    }
    for (name, meaning) in GAUGES {
        describe_gauge!(*name, Unit::Count, *meaning);
    }
    for (name, unit, meaning) in HISTOGRAMS {
        describe_histogram!(*name, *unit, *meaning);
    }
}

const COUNTERS: &[(&str, &str)] = &[
    ("centralino_actor_panics_total", "Commands that made a conversation's actor panic."),
    ("centralino_actors_retired_total", "Actors that were let go because nobody asked them."),
    ("centralino_actors_started_total", "Actors that were started."),
    ("centralino_callbacks_kept_total", "Callbacks kept without an effect, by outcome."),
    ("centralino_callbacks_total", "Callbacks of the provider, by what they were answered."),
    ("centralino_graphql_requests_total", "GraphQL operations over HTTP, by outcome."),
    ("centralino_key_checks_total", "Live checks of keys at the provider, by verdict."),
    ("centralino_panics_total", "Panics of any part of the server; each is a bug."),
    ("centralino_parked_total", "Callbacks parked because carrying them out panics each time."),
    ("centralino_quarantine_dropped_total", "Forged callbacks that were not kept: too many."),
    ("centralino_quarantined_total", "Forged callbacks that were kept, the same one once."),
    ("centralino_sends_total", "Texts handed to the provider, by what became of them."),
    ("centralino_set_aside_total", "Callbacks that can never be carried out; each needs a person."),
    ("centralino_sign_ins_total", "Sign-ins with a password, by outcome."),
    ("centralino_spooled_total", "Callbacks that went to the spool on the disk."),
    ("centralino_unspooled_total", "Callbacks of the spool that were carried out."),
];

const GAUGES: &[(&str, &str)] = &[
    ("centralino_alerts_open", "Alerts that are open, by kind."),
    ("centralino_graphql_sockets", "WebSocket connections that are open."),
    ("centralino_graphql_subscriptions", "Subscriptions that are running."),
    ("centralino_spool_bytes", "Size of the spool on the disk."),
    ("centralino_spool_records", "Callbacks that wait in the spool."),
];

const HISTOGRAMS: &[(&str, Unit, &str)] = &[
    (
        "centralino_callback_answer_seconds",
        Unit::Seconds,
        "From a callback's arrival to its answer.",
    ),
    ("centralino_commit_changes", Unit::Count, "Changes in one commit."),
    ("centralino_commit_seconds", Unit::Seconds, "How long a commit took."),
    ("centralino_send_seconds", Unit::Seconds, "From a text's hand-over to the provider's answer."),
];
