//! What operators see: the log on stderr, metrics for Prometheus, where a panic happened.
//!
//! **Invariant:** no number, text, key or token is in any of it; types that hold one show nothing in
//! `Debug`. The log is for people and their tools, metrics have documented names and few labels.
//! Start at [`start_log`] and [`start_metrics`]; `metric` lists what is measured.

mod entry_count;
mod metric;

use std::{io::IsTerminal, sync::OnceLock};

use chrono::DateTime;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::domain::clock::Clock;
use entry_count::entry_count;
pub use metric::{METRICS, Metric, MetricKind};

/// Upper bounds of the buckets of every duration, in seconds.
const SECONDS_BUCKETS: [f64; 13] =
    [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0];
/// Upper bounds of the buckets of how many changes a commit holds.
const CHANGES_BUCKETS: [f64; 9] = [1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0];

/// Why the log or the metrics could not be started.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("is not a log filter: {0}; expected something like info or info,centralino=debug")]
    Filter(String),
    #[error("the log has been started before")]
    LogStarted,
    #[error("the metrics cannot be started: {0}")]
    Metrics(String),
}

/// Writes the log to stderr from now on, one line an entry; `json` for machines.
pub fn start_log(filter: &str, is_json: bool) -> Result<(), TelemetryError> {
    let filter =
        EnvFilter::try_new(filter).map_err(|error| TelemetryError::Filter(error.to_string()))?;
    let lines = if is_json {
        fmt::layer().json().flatten_event(true).with_writer(std::io::stderr).boxed()
    } else {
        let is_terminal = std::io::stderr().is_terminal();
        fmt::layer().with_ansi(is_terminal).with_writer(std::io::stderr).boxed()
    };
    let started = tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(entry_count())
        .try_init();
    started.map_err(|_started| TelemetryError::LogStarted)?;
    log_panics();
    Ok(())
}

/// A panic's text may hold anything, so the log says only where it happened.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        metrics::counter!("centralino_panics_total").increment(1);
        tracing::error!(place, "a part of the server panicked; this is a bug");
    }));
}

/// Writes all metrics down as Prometheus reads them.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// Drops what has been counted but never read; call it every few seconds.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

/// Begins to count; the process has one set of metrics, however often this is called.
pub fn start_metrics() -> Result<Metrics, TelemetryError> {
    static STARTED: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    let started = STARTED.get_or_init(|| {
        let text = |error: metrics_exporter_prometheus::BuildError| error.to_string();
        let builder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS_BUCKETS)
            .and_then(|builder| {
                builder.set_buckets_for_metric(Matcher::Suffix("_changes".into()), &CHANGES_BUCKETS)
            })
            .map_err(text)?;
        let handle = builder.install_recorder().map_err(text)?;
        metric::describe_all();
        metrics::gauge!("centralino_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        let since_epoch = Clock::machine_now() - DateTime::UNIX_EPOCH;
        metrics::gauge!("centralino_start_time_seconds").set(since_epoch.as_seconds_f64());
        Ok(handle)
    });
    match started {
        Ok(handle) => Ok(Metrics(handle.clone())),
        Err(problem) => Err(TelemetryError::Metrics(problem.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_rendered_with_what_they_mean() {
        let metrics = start_metrics().unwrap();
        metrics::counter!("centralino_panics_total").increment(0);
        let text = start_metrics().unwrap().render();
        assert!(text.contains("# HELP centralino_panics_total"), "{text}");
        metrics.upkeep();
    }

    #[test]
    fn a_wrong_filter_is_refused_with_an_example() {
        let refusal = start_log("centralino=loudly=yes", false).unwrap_err();
        assert!(refusal.to_string().contains("expected something like info"), "{refusal}");
    }
}
