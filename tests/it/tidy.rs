//! Holds the checkout to the rules of the house; `rule` says what they are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::rule::{File, check};

/// What is made, downloaded or not ours; `gql` is written anew from the schema.
const SKIPPED: [&str; 6] = ["target", ".git", ".centralino", "node_modules", "dist", "gql"];

#[test]
fn the_house_is_tidy() {
    let found = check(&checkout());
    let list: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} rules are broken:\n{}", list.len(), list.join("\n"));
}

#[test]
fn the_whole_checkout_is_looked_at() {
    let files = checkout();
    for path in [
        "src/lib.rs",
        "src/store/commit/mod.rs",
        "tests/it/tidy.rs",
        "migrations/2026-11-24-100000_create_organizations/up.sql",
        "Cargo.lock",
        "CHANGELOG.md",
    ] {
        assert!(files.iter().any(|file| file.path == path), "{path} is not among the files");
    }
}

#[test]
fn what_the_documents_name_exists() {
    let files = checkout();
    let makefile = files.iter().find(|file| file.path == "Makefile");
    let documents =
        files.iter().filter(|file| Path::new(&file.path).extension().is_some_and(|it| it == "md"));
    let mut broken = Vec::new();
    for document in documents {
        for target in make_targets(&document.text) {
            let rule = format!("{target}:");
            let exists = makefile
                .is_some_and(|makefile| makefile.text.lines().any(|line| line.starts_with(&rule)));
            if !exists {
                broken.push(format!("{}: `make {target}` is not in the Makefile", document.path));
            }
        }
        for link in links(&document.text) {
            if !Path::new(&root()).join(folder_of(&document.path)).join(&link).exists() {
                broken.push(format!("{}: there is no `{link}`", document.path));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// Targets in code, as in `make test`.
fn make_targets(text: &str) -> Vec<String> {
    let is_name = |letter: &char| letter.is_ascii_lowercase() || *letter == '-';
    text.match_indices("make ")
        .filter(|(at, _)| text[..*at].ends_with(['`', '\n']))
        .map(|(at, found)| text[at + found.len()..].chars().take_while(is_name).collect())
        .collect()
}

/// Files that a document links to, without what leads elsewhere.
fn links(text: &str) -> Vec<String> {
    text.match_indices("](")
        .filter_map(|(at, found)| text[at + found.len()..].split_once(')'))
        .map(|(link, _)| link.split('#').next().unwrap_or_default().to_owned())
        .filter(|link| !link.is_empty() && !link.contains("://"))
        .collect()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file of the checkout.
pub fn checkout() -> Vec<File> {
    let mut files = Vec::new();
    collect(&root(), "", &mut files);
    files
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if SKIPPED.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.file_type().unwrap().is_dir() {
            collect(&entry.path(), &format!("{path}/"), files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.push(File::new(&path, &text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_links_are_found_in_documents() {
        let text =
            "Run `make demo`; to make tea, ask.\n```\nmake test\n```\n[a](b.md#c) [d](https://e)";
        assert_eq!(make_targets(text), ["demo", "test"]);
        assert_eq!(links(text), ["b.md"]);
    }
}
