//! Every metric is in the one table, every row of it is counted somewhere, and the page says so.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use centralino::telemetry::{METRICS, MetricKind};

use crate::{
    rule::{
        File,
        token::{Piece, tokens},
    },
    tidy::checkout,
};

/// Where a metric is moved: its kind, its name, the labels that it is given.
type Use = (String, String, Vec<String>);

/// The uses of the three macros in a file.
fn uses(file: &File) -> Vec<Use> {
    let tokens = tokens(&file.text);
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Some(kind @ ("counter" | "gauge" | "histogram")) = token.word() else { continue };
        let is_macro = tokens.get(at + 1).is_some_and(|it| it.is_mark('!'));
        let Some(Piece::Text(name)) = tokens.get(at + 3).map(|it| &it.piece) else { continue };
        if !is_macro {
            continue;
        }
        let inside = tokens[at + 4..].iter().take_while(|it| !it.is_mark(';'));
        let inside: Vec<_> = inside.collect();
        let labels = inside.windows(3).filter_map(|three| match &three[0].piece {
            Piece::Text(label) if three[1].is_mark('=') && three[2].is_mark('>') => {
                Some(label.clone())
            }
            _ => None,
        });
        found.push((kind.to_owned(), name.clone(), labels.collect()));
    }
    found
}

#[test]
fn every_metric_that_is_counted_is_in_the_table_and_the_other_way_round() {
    let mut counted: BTreeMap<String, BTreeSet<(String, Vec<String>)>> = BTreeMap::new();
    for file in checkout().iter().filter(|file| file.path.starts_with("src/")) {
        for (kind, name, labels) in uses(file) {
            counted.entry(name).or_default().insert((kind, labels));
        }
    }
    let expected: BTreeMap<String, BTreeSet<(String, Vec<String>)>> = METRICS
        .iter()
        .map(|metric| {
            let labels = metric.labels.iter().map(|&label| label.to_owned()).collect();
            let used = (metric.kind.as_str().to_owned(), labels);
            (metric.name.to_owned(), BTreeSet::from([used]))
        })
        .collect();
    assert_eq!(counted, expected, "left: counted in src, right: src/telemetry/metric.rs");
}

#[test]
fn names_say_what_they_count() {
    for metric in METRICS {
        let name = metric.name;
        assert!(name.starts_with("centralino_"), "{name}");
        let is_total = name.ends_with("_total");
        assert_eq!(is_total, metric.kind == MetricKind::Counter, "{name}");
        assert!(metric.meaning.ends_with('.'), "{name}: {}", metric.meaning);
    }
    assert!(METRICS.is_sorted_by_key(|metric| metric.name), "the table is sorted by name");
}

#[test]
fn the_page_lists_every_metric_as_it_is() {
    let page = checkout().into_iter().find(|file| file.path == "docs/operate/metrics.md").unwrap();
    let mut expected = String::new();
    for metric in METRICS {
        let labels: Vec<String> = metric.labels.iter().map(|it| format!("`{it}`")).collect();
        let (name, kind, labels) = (metric.name, metric.kind.as_str(), labels.join(", "));
        writeln!(expected, "| `{name}` | {kind} | {labels} | {} |", metric.meaning).unwrap();
    }
    let rows = page.text.lines().filter(|line| line.starts_with("| `"));
    let found: Vec<&str> = rows.collect();
    let expected: Vec<&str> = expected.lines().collect();
    assert_eq!(found, expected, "docs/operate/metrics.md and src/telemetry/metric.rs differ");
}

#[test]
fn uses_are_found_with_their_labels() {
    let text = r#"metrics::counter!("a_total", "x" => word, "y" => 1).increment(1); gauge("b");
        metrics::gauge!("c").set(2); describe_counter!(name, unit, meaning);"#;
    let found = uses(&File::new("src/a.rs", text));
    let expected = [
        ("counter".to_owned(), "a_total".to_owned(), vec!["x".to_owned(), "y".to_owned()]),
        ("gauge".to_owned(), "c".to_owned(), Vec::new()),
    ];
    assert_eq!(found, expected);
}
