//! Counts what the log warns of, so that an error is noticed where nobody reads the log.

use tracing::{Event, Level, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::Targets, layer::Context, registry::LookupSpan};

/// Other people's crates warn of what is nothing to us.
const OURS: &str = env!("CARGO_PKG_NAME");

struct EntryCount;

/// Counts warnings and errors of this program, whatever the log's own filter shows of them.
pub(super) fn entry_count<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    EntryCount.with_filter(Targets::new().with_target(OURS, LevelFilter::WARN))
}

impl<S: Subscriber> Layer<S> for EntryCount {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let level = if *event.metadata().level() == Level::ERROR { "error" } else { "warn" };
        metrics::counter!("centralino_log_entries_total", "level" => level).increment(1);
    }
}
