//! Where things may stand: floors and neighbours, one library in one folder, the environment.

use super::{File, Violation, path::named};

/// The floors, from the ground up; `simulator` stands apart.
const FLOORS: [(&str, u8); 12] = [
    ("domain", 0),
    ("store", 1),
    ("telesign", 1),
    ("outside", 1),
    ("spool", 1),
    ("bus", 1),
    ("config", 1),
    ("telemetry", 1),
    ("engine", 2),
    ("admin", 2),
    ("api", 3),
    ("app", 4),
];
const APART: &str = "simulator";

/// Libraries that stay where they are, so that swapping one touches one folder.
const LIBRARIES: [(&str, &[&str]); 14] = [
    ("diesel", &["src/store/"]),
    ("diesel_async", &["src/store/"]),
    ("diesel_migrations", &["src/store/"]),
    ("tokio_postgres", &["src/store/"]),
    ("deadpool", &["src/store/"]),
    ("reqwest", &["src/telesign/", "src/outside/", "src/simulator/"]),
    ("actix", &["src/engine/"]),
    ("async_graphql", &["src/api/graphql/"]),
    ("async_nats", &["src/bus/"]),
    ("listenfd", &["src/config/"]),
    ("argon2", &["src/admin/"]),
    ("rust_embed", &["src/api/"]),
    ("clap", &["src/app/", "src/main.rs"]),
    ("chacha20poly1305", &["src/store/", "src/spool/"]),
];
const ENVIRONMENT_FOLDER: &str = "src/config/";

/// Finds what stands where it may not.
pub fn check(file: &File) -> Vec<Violation> {
    let Some(module) = module_of(file) else { return Vec::new() };
    let home = home_of(&module);
    let mut found = Vec::new();
    if home != "app" && home != APART && floor_of(home).is_none() {
        found.push(file.violation(
            1,
            format!("`{home}` stands on no floor; move it into one of the floors' folders"),
        ));
        return found;
    }
    for path in named(&file.text, &module) {
        let segments: Vec<&str> = path.segments.iter().map(String::as_str).collect();
        let sentence = match segments.as_slice() {
            ["crate" | "centralino", rest @ ..] => refuse_floor(home, rest.first().copied()),
            [library, rest @ ..] if path.is_import || !rest.is_empty() => {
                refuse_library(file, library).or_else(|| refuse_environment(file, &segments))
            }
            _ => None,
        };
        found.extend(sentence.map(|sentence| file.violation(path.line, sentence)));
    }
    // One import may name a floor several times.
    found.dedup();
    found
}

/// The module of a source file, from the crate's root; none for other files.
fn module_of(file: &File) -> Option<Vec<String>> {
    let inner = file.path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut module: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") || module == ["lib"] || module == ["main"] {
        module.pop();
    }
    Some(module)
}

/// The folder that a module lives in; the root belongs to `app`.
fn home_of(module: &[String]) -> &str {
    module.first().map_or("app", String::as_str)
}

fn floor_of(home: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == home).map(|(_, floor)| *floor)
}

/// Why a file of `home` may not name something of `target`.
fn refuse_floor(home: &str, target: Option<&str>) -> Option<String> {
    if home == "app" || target == Some(home) {
        return None;
    }
    let Some(target) = target.filter(|target| *target != "*") else {
        return Some("the whole crate is imported; name what is needed of it".into());
    };
    if home == APART {
        return Some(format!("{APART} stands apart and uses nothing of ours; not even `{target}`"));
    }
    if target == APART {
        return Some(format!("only app may use {APART}, which stands apart"));
    }
    match (floor_of(home)?, floor_of(target)) {
        (_, None) => Some(format!("`crate::{target}` is on no floor; name what it stands for")),
        (from, Some(to)) if to < from => None,
        (from, Some(to)) if to == from => {
            Some(format!("{home} and {target} are neighbours on floor {from} and never meet"))
        }
        (from, Some(to)) => Some(format!(
            "{home} is on floor {from} and may not use {target} above it on floor {to}"
        )),
    }
}

fn refuse_library(file: &File, library: &str) -> Option<String> {
    let (_, folders) = LIBRARIES.iter().find(|(name, _)| *name == library)?;
    let is_at_home = folders.iter().any(|folder| file.path.starts_with(folder));
    (!is_at_home).then(|| format!("`{library}` is used only in {}", folders.join(", ")))
}

fn refuse_environment(file: &File, segments: &[&str]) -> Option<String> {
    let reads_environment = matches!(segments, ["std", "env", ..]);
    (reads_environment && !file.path.starts_with(ENVIRONMENT_FOLDER))
        .then(|| format!("only {ENVIRONMENT_FOLDER} reads the environment; take a setting"))
}

#[cfg(test)]
mod tests {
    use super::{super::places, *};

    fn refused(path: &str, text: &str) -> Vec<String> {
        places(check(&File::new(path, text)))
    }

    #[test]
    fn an_upper_floor_is_refused_however_it_is_named() {
        for text in [
            "//! Doc.\nuse crate::engine::Engine;",
            "//! Doc.\nuse crate::{domain::ids::{A, B}, api::graphql::C};",
            "//! Doc.\nfn f(_: crate::api::graphql::AppSchema) {}",
            "//! Doc.\npub(crate) use super::engine::{self, Engine as E};",
            "//! Doc.\nmod tests { use super::super::app; }",
            "//! Doc.\nmacro_rules! m { () => { $crate::engine::go() } }",
        ] {
            assert_eq!(refused("src/store/mod.rs", text), ["src/store/mod.rs:2"], "{text}");
        }
    }

    #[test]
    fn neighbours_never_meet() {
        let text = "use crate::domain::ids::AgentId;\nuse crate::telesign::TelesignClient;\n";
        assert_eq!(refused("src/store/page.rs", text), ["src/store/page.rs:2"]);
        assert_eq!(refused("src/admin/mod.rs", "use crate::engine::X;"), ["src/admin/mod.rs:1"]);
        assert_eq!(
            refused("src/engine/a/b.rs", "use super::super::super::admin::X;"),
            ["src/engine/a/b.rs:1"]
        );
    }

    #[test]
    fn the_simulator_uses_nothing_of_ours_and_only_app_uses_it() {
        let text = "\nuse crate::domain::clock::Clock;";
        assert_eq!(refused("src/simulator/mod.rs", text), ["src/simulator/mod.rs:2"]);
        assert_eq!(refused("src/api/mod.rs", "use crate::simulator::S;"), ["src/api/mod.rs:1"]);
        assert!(refused("src/app/demo.rs", "use crate::simulator::S;").is_empty());
        assert!(refused("src/simulator/control.rs", "use super::ledger::Ledger;").is_empty());
    }

    #[test]
    fn the_whole_crate_cannot_be_imported_past_the_floors() {
        for text in ["use crate as root;", "use crate::*;", "use super::super::*;"] {
            assert_eq!(refused("src/store/page.rs", text), ["src/store/page.rs:1"], "{text}");
        }
        assert_eq!(refused("src/store/page.rs", "use crate::Engine;"), ["src/store/page.rs:1"]);
        assert_eq!(refused("src/misc/mod.rs", ""), ["src/misc/mod.rs:1"]);
    }

    #[test]
    fn lower_floors_and_the_own_folder_are_open() {
        for (path, text) in [
            ("src/engine/lane.rs", "use crate::{domain::ids::A, store::{Store, commit}};"),
            ("src/engine/lane.rs", "use super::feed::Feed; use crate::engine::shared::Shared;"),
            ("src/api/graphql/node.rs", "use crate::{admin::A, engine::B, store::C};"),
            ("src/app/mod.rs", "use crate::{api::A, config::B, simulator::C};"),
            ("src/main.rs", "use centralino::app;"),
            (
                "src/store/mod.rs",
                "// use crate::engine::Engine;\nconst A: &str = \"crate::api::B\";",
            ),
            ("src/store/page.rs", "mod tests { use super::*; }"),
        ] {
            assert!(refused(path, text).is_empty(), "{path}: {text}");
        }
    }

    #[test]
    fn each_library_stays_in_its_folder() {
        for (path, text) in [
            ("src/engine/lane.rs", "\nuse diesel::prelude::*;"),
            ("src/api/health.rs", "\nuse diesel_async::AsyncPgConnection;"),
            ("src/app/mod.rs", "\nuse tokio_postgres::Client;"),
            ("src/app/mod.rs", "\nuse deadpool::managed::Pool;"),
            ("src/engine/mod.rs", "\nfn f() { reqwest::get(\"\"); }"),
            ("src/api/mod.rs", "\nuse actix::Addr;"),
            ("src/api/callbacks.rs", "\n#[derive(async_graphql::SimpleObject)] struct A;"),
            ("src/engine/mod.rs", "\nuse async_nats::Client;"),
            ("src/api/mod.rs", "\nuse argon2::Argon2;"),
            ("src/config/mod.rs", "\nuse clap::Parser;"),
            ("src/config/mod.rs", "\nextern crate diesel;"),
            ("src/engine/mod.rs", "\nuse reqwest;"),
            ("src/domain/mod.rs", "\nmod tests { fn f() { ::reqwest::get(); } }"),
        ] {
            assert_eq!(refused(path, text), [format!("{path}:2")], "{text}");
        }
        for (path, text) in [
            ("src/store/mod.rs", "use diesel::prelude::*;"),
            ("src/simulator/callback.rs", "use reqwest::Client;"),
            ("src/api/mod.rs", "use actix_web::web; use graphql::AppSchema;"),
            ("src/app/command.rs", "use clap::Parser;"),
            ("src/engine/mod.rs", "let actix = 1; // async_graphql::Schema"),
        ] {
            assert!(refused(path, text).is_empty(), "{path}: {text}");
        }
    }

    #[test]
    fn only_config_reads_the_environment() {
        for text in ["\nuse std::{env, fs};", "\nfn f() { std::env::var(\"A\"); }"] {
            assert_eq!(refused("src/app/mod.rs", text), ["src/app/mod.rs:2"]);
            assert!(refused("src/config/mod.rs", text).is_empty());
        }
        assert!(
            refused("src/app/mod.rs", "const V: &str = env!(\"CARGO_PKG_VERSION\");").is_empty()
        );
    }
}
