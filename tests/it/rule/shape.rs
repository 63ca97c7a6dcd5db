//! The shape of files: their length, their names, where modules live, how folders introduce
//! themselves.

use std::collections::BTreeSet;

use super::{File, Violation, token::tokens};

const FILE_LINES_MAX: usize = 400;
/// Lines of the introduction that a `mod.rs` opens with.
const INTRODUCTION_LINES: std::ops::RangeInclusive<usize> = 3..=8;
/// Names that say nothing, and so collect everything.
const EMPTY_NAMES: [&str; 8] =
    ["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];
/// Words that introduce a name of ours.
const DEFINING_WORDS: [&str; 7] = ["mod", "struct", "enum", "trait", "type", "fn", "const"];

/// Finds what is wrong with a file by itself.
pub fn check(file: &File) -> Vec<Violation> {
    let mut found = Vec::new();
    if ["rs", "ts", "tsx"].iter().any(|extension| file.has_extension(extension)) {
        found.extend(check_length(file));
        found.extend(check_file_name(file));
    }
    if file.is_rust() {
        found.extend(check_defined_names(file));
        found.extend(check_introduction(file));
    }
    found
}

fn check_length(file: &File) -> Option<Violation> {
    let count = file.text.lines().count();
    (count > FILE_LINES_MAX).then(|| {
        file.violation(count, format!("{count} lines; split it, the most is {FILE_LINES_MAX}"))
    })
}

fn check_file_name(file: &File) -> Option<Violation> {
    let mut parts = file.parts();
    let name = parts.pop().unwrap_or_default();
    parts.push(name.split('.').next().unwrap_or_default());
    let empty = parts.into_iter().find(|part| EMPTY_NAMES.contains(part))?;
    Some(file.violation(1, format!("`{empty}` says nothing; name it after what it holds")))
}

fn check_defined_names(file: &File) -> Vec<Violation> {
    let tokens = tokens(&file.text);
    let mut found = Vec::new();
    for pair in tokens.windows(2) {
        let Some((defining, name)) = pair[0].word().zip(pair[1].word()) else { continue };
        if !DEFINING_WORDS.contains(&defining) {
            continue;
        }
        if defining == "mod" && EMPTY_NAMES.contains(&name) {
            let sentence = format!("`mod {name}` says nothing; name it after what it holds");
            found.push(file.violation(pair[1].line, sentence));
        }
        if ["V2", "V3", "_v2", "_v3"].iter().any(|ending| name.ends_with(ending)) {
            let sentence = format!("`{name}` counts versions; say what is different about it");
            found.push(file.violation(pair[1].line, sentence));
        }
    }
    found
}

/// A folder says what it is for in the first lines of its `mod.rs`.
fn check_introduction(file: &File) -> Option<Violation> {
    if file.parts().last() != Some(&"mod.rs") {
        return None;
    }
    let count = file.text.lines().take_while(|line| line.starts_with("//!")).count();
    (!INTRODUCTION_LINES.contains(&count)).then(|| {
        let sentence = format!(
            "opens with {count} lines of `//!`; write {} to {}: purpose, invariant, where to start",
            INTRODUCTION_LINES.start(),
            INTRODUCTION_LINES.end()
        );
        file.violation(1, sentence)
    })
}

/// A module is one file or one folder with a `mod.rs`, never a file beside a folder.
pub fn check_folders(files: &[File]) -> Vec<Violation> {
    let sources: Vec<&File> =
        files.iter().filter(|file| file.is_rust() && is_module_tree(&file.path)).collect();
    let paths: BTreeSet<&str> = sources.iter().map(|file| file.path.as_str()).collect();
    let folders: BTreeSet<&str> =
        paths.iter().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
    let mut found = Vec::new();
    for file in &sources {
        let stem = file.path.trim_end_matches(".rs");
        if folders.contains(stem) {
            let sentence = format!("move it to `{stem}/mod.rs`, beside what belongs to it");
            found.push(file.violation(1, sentence));
        }
    }
    let roots = ["src", "tests/it"];
    for folder in folders.iter().filter(|folder| !roots.contains(folder)) {
        let introduction = format!("{folder}/mod.rs");
        let is_introduced = paths.contains(introduction.as_str())
            || paths.contains(format!("{folder}.rs").as_str());
        if !is_introduced {
            let sentence = "the folder has Rust files and no `mod.rs`";
            found.push(File::new(&introduction, "").violation(1, sentence));
        }
    }
    found
}

fn is_module_tree(path: &str) -> bool {
    path.starts_with("src/") || path.starts_with("tests/it/")
}

#[cfg(test)]
mod tests {
    use super::{super::places, *};

    fn refused(path: &str, text: &str) -> Vec<String> {
        places(check(&File::new(path, text)))
    }

    #[test]
    fn a_file_longer_than_400_lines_is_refused() {
        let longest = "\n".repeat(400);
        let longer = "\n".repeat(401);
        for path in ["src/a.rs", "web/src/a.ts", "web/src/a.tsx"] {
            assert!(refused(path, &longest).is_empty());
            assert_eq!(refused(path, &longer), [format!("{path}:401")]);
        }
        assert!(refused("docs/a.md", &longer).is_empty());
    }

    #[test]
    fn names_that_say_nothing_are_refused() {
        for path in ["src/utils.rs", "src/engine/common/text.rs", "web/src/helpers/date.test.ts"] {
            assert_eq!(refused(path, ""), [format!("{path}:1")]);
        }
        assert_eq!(refused("src/a.rs", "\npub mod manager;"), ["src/a.rs:2"]);
        assert_eq!(refused("src/a.rs", "\n\nstruct SenderV2;"), ["src/a.rs:3"]);
        assert_eq!(refused("src/a.rs", "fn send_v2() {}"), ["src/a.rs:1"]);
        for text in ["type Manager = u8;", "use x::common::y;", "// mod utils", "fn new_v7() {}"] {
            assert!(refused("src/commoner.rs", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_folder_introduces_itself_in_3_to_8_lines() {
        let introduction = |count| "//! Word.\n".repeat(count);
        for count in [0, 2, 9] {
            let text = format!("{}use a::b;", introduction(count));
            assert_eq!(refused("src/a/mod.rs", &text), ["src/a/mod.rs:1"], "{count}");
        }
        for count in [3, 8] {
            assert!(refused("src/a/mod.rs", &introduction(count)).is_empty(), "{count}");
        }
        assert_eq!(refused("src/a/mod.rs", &format!("\n{}", introduction(3))), ["src/a/mod.rs:1"]);
        assert!(refused("src/a/part.rs", "").is_empty());
    }

    #[test]
    fn a_module_is_a_file_or_a_folder_and_never_both() {
        let of = |paths: &[&str]| -> Vec<File> {
            paths.iter().map(|path| File::new(path, "")).collect()
        };
        let both = of(&["src/lib.rs", "src/a.rs", "src/a/b.rs"]);
        assert_eq!(places(check_folders(&both)), ["src/a.rs:1"]);
        let headless = of(&["src/lib.rs", "src/a/b.rs", "src/a/c/mod.rs"]);
        assert_eq!(places(check_folders(&headless)), ["src/a/mod.rs:1"]);
        let sound =
            of(&["src/lib.rs", "src/a/mod.rs", "src/a/b.rs", "tests/it/main.rs", "tests/it/c.rs"]);
        assert!(check_folders(&sound).is_empty());
    }
}
