//! The alert rules and the dashboard use only what there is, and each alert has its page.

use std::collections::BTreeSet;

use centralino::telemetry::{METRICS, MetricKind};
use serde_json::Value;
use yaml_rust2::{Yaml, YamlLoader};

use super::query;
use crate::tidy::checkout;

/// What Prometheus itself knows of a job.
const UP: &str = "up";
/// Labels that Prometheus gives to every series.
const SCRAPED_LABELS: [&str; 2] = ["instance", "job"];
/// A page that is longer is no help at night.
const PAGE_LINES_MAX: usize = 40;

fn document(path: &str) -> String {
    let found = checkout().into_iter().find(|file| file.path == path);
    found.unwrap_or_else(|| panic!("there is no {path}")).text
}

/// What a query names and there is not.
fn unknown(expression: &str) -> Vec<String> {
    let query = query::read(expression);
    let mut problems = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::from(SCRAPED_LABELS);
    if query.metrics.is_empty() {
        problems.push("names no metric".to_owned());
    }
    for named in &query.metrics {
        let mut labels: BTreeSet<&str> = BTreeSet::from(SCRAPED_LABELS);
        match METRICS.iter().find(|metric| is_series_of(&named.metric, metric.name, metric.kind)) {
            Some(metric) => labels.extend(metric.labels),
            None if named.metric == UP => {}
            None => problems.push(format!("there is no metric {}", named.metric)),
        }
        if named.metric.ends_with("_bucket") {
            labels.insert("le");
        }
        let wrong = named.labels.iter().filter(|label| !labels.contains(label.as_str()));
        problems.extend(wrong.map(|label| format!("{} has no label {label}", named.metric)));
        known.extend(labels);
    }
    let wrong = query.groups.iter().filter(|label| !known.contains(label.as_str()));
    problems.extend(wrong.map(|label| format!("nothing has the label {label}")));
    problems
}

/// A histogram is three series, none of which has its own name.
fn is_series_of(series: &str, name: &str, kind: MetricKind) -> bool {
    match kind {
        MetricKind::Counter | MetricKind::Gauge => series == name,
        MetricKind::Histogram => series
            .strip_prefix(name)
            .is_some_and(|rest| ["_bucket", "_count", "_sum"].contains(&rest)),
    }
}

struct Rule {
    name: String,
    expression: String,
    severity: String,
    summary: String,
    runbook: String,
}

fn rules() -> Vec<Rule> {
    let loaded = YamlLoader::load_from_str(&document("docs/operate/alerts.yaml")).unwrap();
    let text = |value: &Yaml| value.as_str().unwrap_or_default().trim().to_owned();
    let groups = loaded[0]["groups"].as_vec().unwrap();
    let rules = groups.iter().flat_map(|group| group["rules"].as_vec().unwrap());
    rules
        .map(|rule| Rule {
            name: text(&rule["alert"]),
            expression: text(&rule["expr"]),
            severity: text(&rule["labels"]["severity"]),
            summary: text(&rule["annotations"]["summary"]),
            runbook: text(&rule["annotations"]["runbook_url"]),
        })
        .collect()
}

#[test]
fn alerts_stand_on_metrics_that_there_are() {
    let rules = rules();
    assert!(rules.len() >= 20, "{} rules", rules.len());
    for Rule { name, expression, severity, summary, .. } in &rules {
        assert_eq!(unknown(expression), Vec::<String>::new(), "{name}: {expression}");
        assert!(["page", "ticket"].contains(&severity.as_str()), "{name}: {severity}");
        assert!(summary.ends_with('.'), "{name} has no summary");
    }
}

#[test]
fn every_alert_has_a_page_that_fits_a_screen_and_every_page_an_alert() {
    let files = checkout();
    let mut linked = BTreeSet::new();
    for Rule { name, runbook, .. } in rules() {
        let path = format!("docs/operate/{runbook}");
        let page = files.iter().find(|file| file.path == path);
        let page = &page.unwrap_or_else(|| panic!("{name}: there is no {path}")).text;
        assert!(page.starts_with(&format!("# {name}\n")), "{path} is about {name}");
        let mut from = 0;
        for heading in ["## Symptom\n", "## Check\n", "## Act\n", "## Verify\n"] {
            let at = page[from..].find(heading).unwrap_or_else(|| panic!("{path}: {heading}"));
            from += at + heading.len();
        }
        assert!(page.lines().count() <= PAGE_LINES_MAX, "{path} is longer than a screen");
        for named in metrics_in(page) {
            let is_known = |series: &str| {
                METRICS.iter().any(|it| series == it.name || is_series_of(series, it.name, it.kind))
            };
            assert!(is_known(&named), "{path}: there is no metric {named}");
        }
        linked.insert(path);
    }
    let pages = files.iter().filter(|file| file.path.starts_with("docs/operate/runbooks/"));
    let pages: BTreeSet<String> = pages.map(|file| file.path.clone()).collect();
    assert_eq!(pages, linked);
}

/// Words of a text that look like a metric of ours; roles of the database look alike.
fn metrics_in(text: &str) -> Vec<String> {
    let words = text.split(|it: char| !(it.is_ascii_lowercase() || it == '_'));
    let ours = words.filter(|word| word.starts_with("centralino_"));
    ours.map(str::to_owned).collect()
}

#[test]
fn the_dashboard_shows_every_metric_and_no_other() {
    let dashboard: Value = serde_json::from_str(&document("docs/operate/dashboard.json")).unwrap();
    let mut shown = BTreeSet::new();
    for panel in dashboard["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().into_iter().flatten() {
            let expression = target["expr"].as_str().unwrap();
            let title = panel["title"].as_str().unwrap();
            assert_eq!(unknown(expression), Vec::<String>::new(), "{title}: {expression}");
            shown.extend(query::read(expression).metrics.into_iter().map(|it| it.metric));
        }
    }
    let missing = METRICS.iter().map(|metric| metric.name).filter(|name| {
        let bucket = format!("{name}_bucket");
        !shown.contains(*name) && !shown.contains(&bucket)
    });
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&str>::new(), "on no panel");
}

#[test]
fn what_there_is_not_is_found() {
    assert_eq!(unknown("sum(rate(centralino_sends_total{outcome=\"a\"}[5m]))"), [""; 0]);
    assert_eq!(unknown("centralino_send_total"), ["there is no metric centralino_send_total"]);
    let wrong = unknown("centralino_sends_total{result=\"a\"}");
    assert_eq!(wrong, ["centralino_sends_total has no label result"]);
    assert_eq!(unknown("sum by (tenant) (centralino_sends)"), ["nothing has the label tenant"]);
    assert_eq!(unknown("centralino_send_seconds"), ["there is no metric centralino_send_seconds"]);
    assert_eq!(unknown("vector(1)"), ["names no metric"]);
}
