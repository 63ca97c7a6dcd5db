//! The rules of the house, as pure functions over files.
//!
//! **Invariant:** a rule sees nothing but paths and texts, so that a planted violation is a few
//! lines in a test beside the rule. What a rule finds, it says with file, line and what to do.
//! `tidy` puts the whole checkout through [`check`]. Start at `place` for the floors.

mod migration;
mod path;
mod place;
mod shape;
pub mod token;
mod wording;

use std::fmt;

/// A file of the checkout, its path relative to the top and with forward slashes.
#[derive(Debug, Clone)]
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn is_rust(&self) -> bool {
        self.has_extension("rs")
    }

    fn has_extension(&self, extension: &str) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, found)| found == extension)
    }

    /// The path in its parts.
    fn parts(&self) -> Vec<&str> {
        self.path.split('/').collect()
    }

    /// Lines with their numbers, from 1 on.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }

    fn violation(&self, line: usize, sentence: impl Into<String>) -> Violation {
        Violation { path: self.path.clone(), line, sentence: sentence.into() }
    }
}

/// Where a rule is broken, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub path: String,
    pub line: usize,
    pub sentence: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.sentence)
    }
}

/// Everything that is wrong with these files.
pub fn check(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in files {
        found.extend(place::check(file));
        found.extend(shape::check(file));
        found.extend(wording::check(file));
    }
    found.extend(shape::check_folders(files));
    found.extend(migration::check(files));
    found.extend(wording::check_changelog(files));
    found.sort();
    found
}

/// What the planted files are refused for, as `path:line`; for the rules' own tests.
#[cfg(test)]
fn places(found: impl IntoIterator<Item = Violation>) -> Vec<String> {
    found.into_iter().map(|violation| format!("{}:{}", violation.path, violation.line)).collect()
}
