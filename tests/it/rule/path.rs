//! Finds every path that a Rust file names, with its line, as seen from the crate's root.

use super::token::{Token, tokens};

/// A path that source names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `crate` first for paths of our own, else the name of a library (or of something local).
    pub segments: Vec<String>,
    pub line: usize,
    /// It stands in a `use`, so that even a single segment names a crate.
    pub is_import: bool,
}

/// The paths of a file whose module is `module` (`src/a/b.rs` is `[a, b]`).
pub fn named(source: &str, module: &[String]) -> Vec<Named> {
    let tokens = tokens(source);
    let mut finder =
        Finder { tokens: &tokens, at: 0, braces: Vec::new(), module, found: Vec::new() };
    while finder.at < tokens.len() {
        finder.step();
    }
    finder.found
}

struct Finder<'a> {
    tokens: &'a [Token],
    at: usize,
    /// For each open brace, the module that it opens, if it opens one.
    braces: Vec<Option<String>>,
    module: &'a [String],
    found: Vec<Named>,
}

impl Finder<'_> {
    fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn is_mark(&self, ahead: usize, mark: char) -> bool {
        self.token(ahead).is_some_and(|token| token.is_mark(mark))
    }

    fn is_joint(&self, ahead: usize) -> bool {
        self.is_mark(ahead, ':') && self.is_mark(ahead + 1, ':')
    }

    fn word(&self, ahead: usize) -> Option<String> {
        self.token(ahead)?.word().map(str::to_owned)
    }

    fn step(&mut self) {
        if self.is_mark(0, '{') {
            self.braces.push(None);
        } else if self.is_mark(0, '}') {
            self.braces.pop();
        } else if let Some(word) = self.word(0) {
            return self.step_word(&word);
        }
        self.at += 1;
    }

    fn step_word(&mut self, word: &str) {
        if word == "mod" && self.is_mark(2, '{') {
            self.braces.push(self.word(1));
            self.at += 3;
        } else if word == "extern" && self.word(1).as_deref() == Some("crate") {
            self.at += 2;
            let segments: Vec<String> = self.word(0).into_iter().collect();
            self.record(segments, true);
        } else if word == "use" && !self.is_mark(1, '<') {
            self.at += 1;
            self.import(&[]);
        } else {
            let mut segments = vec![word.to_owned()];
            let start = self.at;
            while self.is_joint(1)
                && let Some(next) = self.word(3)
            {
                segments.push(next);
                self.at += 3;
            }
            let end = std::mem::replace(&mut self.at, start);
            if segments.len() > 1 && !self.continues_a_path() {
                self.record(segments, false);
            }
            self.at = end + 1;
        }
    }

    /// Whether what stands before belongs to the same path, as in `Vec::<u8>::new`.
    fn continues_a_path(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).and_then(|at| self.tokens.get(at));
        let is = |back: usize, mark| before(back).is_some_and(|token| token.is_mark(mark));
        is(1, ':') && is(2, ':') && (is(3, '>') || before(3).is_some_and(|it| it.word().is_some()))
    }

    /// One branch of a `use` tree, standing at its first token.
    fn import(&mut self, stem: &[String]) {
        let mut segments = stem.to_vec();
        loop {
            if self.is_joint(0) {
                self.at += 2;
            } else if self.is_mark(0, '{') {
                self.at += 1;
                while self.at < self.tokens.len() && !self.is_mark(0, '}') {
                    self.import(&segments);
                    if self.is_mark(0, ',') {
                        self.at += 1;
                    }
                }
                self.at += 1;
                return;
            } else if self.is_mark(0, '*') {
                segments.push("*".to_owned());
                self.record(segments.clone(), true);
                self.at += 1;
                return;
            } else if let Some(word) = self.word(0) {
                // `use a::{self}` names `a`.
                if word != "self" || segments.is_empty() {
                    segments.push(word);
                }
                if self.is_joint(1) {
                    self.at += 1;
                    continue;
                }
                self.record(segments, true);
                let has_alias = self.word(1).as_deref() == Some("as");
                self.at += if has_alias { 3 } else { 1 };
                return;
            } else {
                // `$name` in a macro, or the end of the statement.
                let is_end = self.is_mark(0, ';') || self.is_mark(0, '}') || self.is_mark(0, ',');
                self.at += usize::from(!is_end);
                if is_end || self.at >= self.tokens.len() {
                    return;
                }
            }
        }
    }

    fn record(&mut self, segments: Vec<String>, is_import: bool) {
        let line = self.token(0).or(self.tokens.last()).map_or(0, |token| token.line);
        let segments = self.rooted(segments);
        if !segments.is_empty() {
            self.found.push(Named { segments, line, is_import });
        }
    }

    /// Turns `self` and `super` into the path from the root.
    fn rooted(&self, segments: Vec<String>) -> Vec<String> {
        let is_relative = matches!(segments.first().map(String::as_str), Some("self" | "super"));
        if !is_relative {
            return segments;
        }
        let mut here: Vec<String> = self.module.to_vec();
        here.extend(self.braces.iter().flatten().cloned());
        let mut path = vec!["crate".to_owned()];
        let ups = segments.iter().filter(|segment| *segment == "super").count();
        here.truncate(here.len().saturating_sub(ups));
        path.extend(here);
        path.extend(segments.into_iter().filter(|segment| segment != "self" && segment != "super"));
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<String> {
        let module = ["store".to_owned(), "commit".to_owned()];
        named(source, &module).iter().map(|named| named.segments.join("::")).collect()
    }

    #[test]
    fn a_use_tree_is_read_to_its_last_leaf() {
        let source = "pub use crate::{domain::{ids::{A, B as C}, clock}, store::*};";
        let paths = [
            "crate::domain::ids::A",
            "crate::domain::ids::B",
            "crate::domain::clock",
            "crate::store::*",
        ];
        assert_eq!(found(source), paths);
        assert_eq!(found("use a::{self, b};"), ["a", "a::b"]);
        assert_eq!(found("use {a::b, ::c::d};"), ["a::b", "c::d"]);
    }

    #[test]
    fn a_path_within_code_is_found_once() {
        assert_eq!(found("fn f(x: crate::api::Y<a::B>) {}"), ["crate::api::Y", "a::B"]);
        assert_eq!(found("$crate::engine::go(); Vec::<u8>::new()"), ["crate::engine::go"]);
        assert_eq!(found("#[derive(diesel::Queryable)] struct A;"), ["diesel::Queryable"]);
        assert_eq!(found("let b = ::reqwest::get();"), ["reqwest::get"]);
    }

    #[test]
    fn super_is_counted_from_where_it_stands() {
        assert_eq!(found("use super::Row;"), ["crate::store::Row"]);
        assert_eq!(found("use super::super::api;"), ["crate::api"]);
        assert_eq!(
            found("mod tests { use super::super::*; } use self::a;"),
            ["crate::store::*", "crate::store::commit::a",]
        );
    }
}
