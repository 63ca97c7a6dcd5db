//! Reads queries of Prometheus as far as it takes to know which metrics and labels it stands on.

use std::collections::BTreeSet;

/// A metric that a query names, with the labels that it selects by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub metric: String,
    pub labels: Vec<String>,
}

/// What a query stands on.
#[derive(Debug, Default)]
pub struct Query {
    pub metrics: Vec<Named>,
    /// Labels that it groups by.
    pub groups: BTreeSet<String>,
}

const OPERATORS: [&str; 5] = ["and", "or", "unless", "bool", "offset"];
const GROUPINGS: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];

/// Cuts a query into words and marks; texts, ranges and numbers are left out.
fn pieces(query: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut letters = query.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                while letters.next_if(|it| *it != '"').is_some() {}
                letters.next();
            }
            '[' => {
                while letters.next_if(|it| *it != ']').is_some() {}
                letters.next();
            }
            _ if letter.is_ascii_digit() => {
                while letters.next_if(|it| it.is_ascii_alphanumeric() || *it == '.').is_some() {}
            }
            _ if letter.is_ascii_alphabetic() || letter == '_' => {
                let mut word = letter.to_string();
                while let Some(next) =
                    letters.next_if(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | ':'))
                {
                    word.push(next);
                }
                out.push(word);
            }
            _ if letter.is_whitespace() => {}
            _ => out.push(letter.to_string()),
        }
    }
    out
}

fn is_word(piece: &str) -> bool {
    piece.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
}

/// What a query stands on.
pub fn read(query: &str) -> Query {
    let pieces = pieces(query);
    let mut found = Query::default();
    let mut at = 0;
    while at < pieces.len() {
        let (piece, next) = (pieces[at].as_str(), pieces.get(at + 1).map(String::as_str));
        at += 1;
        if !is_word(piece) || OPERATORS.contains(&piece) {
            continue;
        }
        if GROUPINGS.contains(&piece) {
            let end = at + pieces[at..].iter().position(|it| it == ")").unwrap();
            found.groups.extend(pieces[at..end].iter().filter(|it| is_word(it)).cloned());
            at = end + 1;
        } else if next == Some("{") {
            let end = at + pieces[at..].iter().position(|it| it == "}").unwrap();
            let labels = pieces[at..end].iter().filter(|it| is_word(it)).cloned().collect();
            found.metrics.push(Named { metric: piece.to_owned(), labels });
            at = end + 1;
        } else if next != Some("(") && !aggregates(&pieces, at) {
            found.metrics.push(Named { metric: piece.to_owned(), labels: Vec::new() });
        }
    }
    found
}

/// Whether a word is a function with its grouping before its brackets, as in `sum by (a) (b)`.
fn aggregates(pieces: &[String], after: usize) -> bool {
    pieces.get(after).is_some_and(|next| GROUPINGS.contains(&next.as_str()))
        && pieces.get(after + 1).is_some_and(|next| next == "(")
        && pieces[after..]
            .iter()
            .position(|it| it == ")")
            .is_some_and(|end| pieces.get(after + end + 1).is_some_and(|next| next == "("))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_names_its_metrics_labels_and_groups() {
        let query = r#"histogram_quantile(0.99, sum by (le, pool) (rate(a_bucket{x="b c",y!~"d"}[5m])))
            > 14.4 * 0.5 and on (instance) time() - e offset 1w unless sum(f{}) by (g)"#;
        let found = read(query);
        let names: Vec<&str> = found.metrics.iter().map(|it| it.metric.as_str()).collect();
        assert_eq!(names, ["a_bucket", "e", "f"]);
        assert_eq!(found.metrics[0].labels, ["x", "y"]);
        let groups: Vec<&str> = found.groups.iter().map(String::as_str).collect();
        assert_eq!(groups, ["g", "instance", "le", "pool"]);
    }
}
