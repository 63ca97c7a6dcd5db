//! Migrations can be undone and explain their tables; no SQL asks the database for the time.

use std::collections::BTreeSet;

use super::{
    File, Violation,
    token::{Piece, tokens},
};

const FOLDER: &str = "migrations/";
/// `YYYY-MM-DD-HHMMSS_` before the words.
const NAME_PATTERN: &str = "dddd-dd-dd-dddddd_";
/// The database's own clock in SQL; every other moment is a parameter that comes from `Clock`.
const DATABASE_CLOCKS: [&str; 9] = [
    "now()",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtimestamp",
    "clock_timestamp()",
    "statement_timestamp()",
    "transaction_timestamp()",
    "timeofday()",
];
/// The one file that asks for it: it tells `Clock` how far it is off.
const CLOCK_READER: &str = "src/store/time.rs";

/// Finds what is wrong with migrations and with SQL in the source.
pub fn check(files: &[File]) -> Vec<Violation> {
    let mut found = check_folders(files);
    for file in files {
        if file.path.starts_with(FOLDER) && file.has_extension("sql") {
            found.extend(check_statements(file));
        } else if file.path.starts_with("src/") && file.is_rust() {
            found.extend(check_source(file));
        }
    }
    found
}

fn check_folders(files: &[File]) -> Vec<Violation> {
    let names: BTreeSet<&str> = files
        .iter()
        .filter_map(|file| file.path.strip_prefix(FOLDER)?.split_once('/'))
        .map(|(name, _)| name)
        .collect();
    let mut found = Vec::new();
    for name in names {
        for part in ["up.sql", "down.sql"] {
            let path = format!("{FOLDER}{name}/{part}");
            let is_there =
                files.iter().any(|file| file.path == path && !file.text.trim().is_empty());
            if !is_there {
                let sentence =
                    "a migration has an `up.sql` and a `down.sql`, and both do something";
                found.push(File::new(&path, "").violation(1, sentence));
            }
        }
        if !is_name(name) {
            let sentence = "name it `YYYY-MM-DD-HHMMSS_verb_object`";
            found.push(File::new(&format!("{FOLDER}{name}"), "").violation(1, sentence));
        }
    }
    found
}

fn is_name(name: &str) -> bool {
    let Some((stamp, words)) = name.split_at_checked(NAME_PATTERN.len()) else { return false };
    let fits = stamp.chars().zip(NAME_PATTERN.chars()).all(|(letter, wanted)| match wanted {
        'd' => letter.is_ascii_digit(),
        mark => letter == mark,
    });
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    fits && words.split('_').count() >= 2 && words.split('_').all(is_word)
}

fn check_statements(file: &File) -> Vec<Violation> {
    let lower = without_comments(&file.text).to_lowercase();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(lower.lines()) {
        if names_clock(line) {
            found.push(file.violation(number, "take the time as a parameter, or leave it out"));
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.starts_with(&["create", "type"]) && words.contains(&"enum") {
            found.push(file.violation(number, "use `text` with a `check` instead of an enum"));
        }
        let table = words.strip_prefix(&["create", "table"]);
        let table = table.map(|rest| rest.strip_prefix(&["if", "not", "exists"]).unwrap_or(rest));
        if let Some(name) = table.and_then(|rest| rest.first()) {
            let name = name.trim_end_matches('(').trim_matches('"');
            let comment = format!("comment on table {name} is");
            let after: String = lower.lines().skip(number).collect::<Vec<_>>().join("\n");
            if !after.contains(&comment) {
                let sentence = format!("say what `{name}` is: `comment on table {name} is '…'`");
                found.push(file.violation(number, sentence));
            }
        }
    }
    found
}

/// The same lines without what stands after `--`.
fn without_comments(text: &str) -> String {
    let code = |line: &str| line.split_once("--").map_or(line, |(code, _)| code).to_owned();
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

fn check_source(file: &File) -> Vec<Violation> {
    if file.path == CLOCK_READER {
        return Vec::new();
    }
    let sentence = format!("take the time from `Clock`; only {CLOCK_READER} asks the database");
    let mut found = Vec::new();
    let tokens = tokens(&file.text);
    for token in &tokens {
        if let Piece::Text(text) = &token.piece {
            let lines = (token.line..).zip(text.lines());
            let bad = lines.filter(|(_, line)| names_clock(&line.to_lowercase()));
            found.extend(bad.map(|(line, _)| file.violation(line, sentence.clone())));
        }
    }
    for four in tokens.windows(4) {
        let is_clock = four[0].is_word("dsl") && four[1].is_mark(':') && four[3].is_word("now");
        if is_clock {
            found.push(file.violation(four[3].line, sentence.clone()));
        }
    }
    found
}

/// Whether lower-case SQL asks for the time.
fn names_clock(sql: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    DATABASE_CLOCKS.iter().any(|clock| {
        sql.match_indices(clock).any(|(at, _)| {
            !sql[..at].ends_with(is_word)
                && (clock.ends_with(')') || !sql[at + clock.len()..].starts_with(is_word))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{super::places, *};

    const UP: &str = "migrations/2026-01-31-100000_create_things/up.sql";
    const DOWN: &str = "migrations/2026-01-31-100000_create_things/down.sql";

    fn refused(up: &str) -> Vec<String> {
        places(check(&[File::new(UP, up), File::new(DOWN, "drop table things;")]))
    }

    #[test]
    fn a_migration_goes_both_ways() {
        assert_eq!(
            places(check(&[File::new(UP, "alter table a add b text;")])),
            [format!("{DOWN}:1")]
        );
        let empty = [File::new(UP, "alter table a add b text;"), File::new(DOWN, " \n")];
        assert_eq!(places(check(&empty)), [format!("{DOWN}:1")]);
        assert!(refused("alter table a add b text;").is_empty());
    }

    #[test]
    fn a_migration_says_when_and_what() {
        for name in ["2026-1-31-100000_create_x", "2026-01-31_create_x", "2026-01-31-100000_things"]
        {
            let of = |part| File::new(&format!("migrations/{name}/{part}"), "select 1;");
            let found = places(check(&[of("up.sql"), of("down.sql")]));
            assert_eq!(found, [format!("migrations/{name}:1")]);
        }
    }

    #[test]
    fn a_table_says_what_it_is() {
        let sound = "create table things (\n  id uuid\n);\ncomment on table things is 'Things.';";
        assert!(refused(sound).is_empty());
        assert_eq!(refused("\ncreate table things (\n  id uuid\n);"), [format!("{UP}:2")]);
        let other = "create table things (id uuid);\ncomment on table thing is 'Things.';";
        assert_eq!(refused(other), [format!("{UP}:1")]);
        let before =
            "comment on table things is 'x';\ncreate table if not exists things (id uuid);";
        assert_eq!(refused(before), [format!("{UP}:2")]);
    }

    #[test]
    fn an_enum_is_text_with_a_check() {
        assert_eq!(refused("\nCREATE TYPE mood AS ENUM ('a');"), [format!("{UP}:2")]);
        assert!(refused("create type pair as (a text, b text);").is_empty());
        assert!(refused("-- create type mood as enum").is_empty());
    }

    #[test]
    fn sql_never_asks_for_the_time() {
        for clock in DATABASE_CLOCKS {
            let up = format!("\nalter table a add b timestamptz default {clock};");
            assert_eq!(refused(&up), [format!("{UP}:2")], "{clock}");
            let source = format!("const A: &str = \"select 1\\\n  , {}\";", clock.to_uppercase());
            let found = places(check(&[File::new("src/store/a.rs", &source)]));
            assert_eq!(found, ["src/store/a.rs:2"], "{clock}");
            assert!(check(&[File::new(CLOCK_READER, &source)]).is_empty());
        }
        let dsl = File::new("src/store/a.rs", "\nlet a = diesel::dsl::now;");
        assert_eq!(places(check(&[dsl])), ["src/store/a.rs:2"]);
        for source in ["clock.now();", "// now()", "let now = \"o.now\";", "\"unknow()\""] {
            assert!(check(&[File::new("src/store/a.rs", source)]).is_empty(), "{source}");
        }
        assert!(refused("alter table a add current_timestamps text;").is_empty());
    }
}
