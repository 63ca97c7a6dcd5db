//! What may not be written anywhere: loose ends without an issue, somebody's machine, registries.

use super::{File, Violation};

/// Marks of unfinished work; each needs an issue, as in `TODO(#12)`.
///
/// Written in two pieces, like all that follows, so that this file may hold them.
const LOOSE_ENDS: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];
/// Beginnings of paths that exist on one machine only.
const MACHINE_PATHS: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/tmp/", "wt"), concat!("/ro", "ot/"), concat!("/Us", "ers/")];
/// Where packages come from is the business of whoever builds.
const REGISTRIES: [&str; 7] = [
    concat!("index.crates", ".io"),
    concat!("static.crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("registry.yarnpkg", ".com"),
    concat!("proxy.golang", ".org"),
    concat!("deb.debian", ".org"),
    concat!("files.pythonhosted", ".org"),
];
/// Settings that put another registry in the place of the public one.
const REGISTRY_SETTINGS: [&str; 4] = [
    concat!("replace-", "with"),
    concat!("registry", "="),
    concat!("index-", "url"),
    concat!("GOPR", "OXY"),
];
/// The only source of crates that the lock file may name.
const PUBLIC_CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// The only source of npm packages that a lock file may name.
const PUBLIC_PACKAGES: &str = concat!("https://registry.npmjs", ".org/");

const CODE_EXTENSIONS: [&str; 6] = ["rs", "ts", "tsx", "sql", "toml", "sh"];
const CHANGELOG: &str = "CHANGELOG.md";

/// Finds words that may not be there.
pub fn check(file: &File) -> Vec<Violation> {
    let is_code = CODE_EXTENSIONS.iter().any(|extension| file.has_extension(extension))
        || file.path == "Makefile";
    let is_lock = is_lock(&file.path);
    let mut found = Vec::new();
    for (number, line) in file.lines() {
        let loose_end = is_code.then(|| LOOSE_ENDS.iter().find(|end| is_open(line, end))).flatten();
        if let Some(end) = loose_end {
            let sentence = format!("write the issue's number beside it, as in `{end}(#12)`");
            found.push(file.violation(number, sentence));
        }
        if let Some(path) = MACHINE_PATHS.iter().find(|path| names_path(line, path)) {
            let sentence = format!("`{path}` is a path of one machine; leave it out");
            found.push(file.violation(number, sentence));
        }
        let is_foreign = if is_lock { is_foreign_source(line) } else { names_registry(line) };
        if is_foreign {
            found.push(file.violation(number, "where packages come from is not ours to say"));
        }
    }
    found
}

fn is_lock(path: &str) -> bool {
    path.ends_with("Cargo.lock") || path.ends_with("package-lock.json")
}

/// Whether the line has the mark without an issue's number after it.
fn is_open(line: &str, mark: &str) -> bool {
    line.match_indices(mark).any(|(at, _)| {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let after = &line[at + mark.len()..];
        let is_whole = !line[..at].ends_with(is_word) && !after.starts_with(is_word);
        let number = after.strip_prefix("(#").and_then(|rest| rest.split_once(')'));
        let has_number = number.is_some_and(|(digits, _)| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        is_whole && !has_number
    })
}

/// Whether the line names the path, and not one that merely contains it.
fn names_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-}/".contains(letter))
    })
}

fn names_registry(line: &str) -> bool {
    let packed: String = line.split_whitespace().collect();
    let is_setting = |setting: &str| {
        packed.match_indices(setting).any(|(at, _)| !packed[..at].ends_with(['-', '_']))
    };
    REGISTRIES.iter().any(|host| line.contains(host))
        || REGISTRY_SETTINGS.iter().any(|setting| is_setting(setting))
}

fn is_foreign_source(line: &str) -> bool {
    let line = line.trim();
    if let Some(source) = line.strip_prefix("source = ") {
        return source.trim_matches('"') != PUBLIC_CRATES;
    }
    let resolved = line.strip_prefix("\"resolved\": ").map(|rest| rest.trim_matches(['"', ',']));
    resolved.is_some_and(|source| !source.starts_with(PUBLIC_PACKAGES))
}

/// What has not been released yet has its place in the changelog.
pub fn check_changelog(files: &[File]) -> Option<Violation> {
    let changelog = files.iter().find(|file| file.path == CHANGELOG);
    let has_place = changelog.is_some_and(|file| {
        file.text.lines().any(|line| line.starts_with("## ") && line.contains("Unreleased"))
    });
    let sentence = "add a section `## [Unreleased]`";
    (!has_place).then(|| File::new(CHANGELOG, "").violation(1, sentence))
}

#[cfg(test)]
mod tests {
    use super::{super::places, *};

    fn refused(path: &str, text: &str) -> Vec<String> {
        places(check(&File::new(path, text)))
    }

    #[test]
    fn a_loose_end_needs_an_issue() {
        for end in LOOSE_ENDS {
            for text in
                [format!("\n// {end}: later"), format!("\n// {end}(#) x"), format!("\n{end}")]
            {
                assert_eq!(refused("src/a.rs", &text), ["src/a.rs:2"], "{text}");
            }
            assert!(refused("src/a.rs", &format!("// {end}(#12): later")).is_empty());
            assert!(refused("src/a.rs", &format!("// {end}S and AU{end}")).is_empty());
            assert!(refused("docs/a.md", &format!("no {end} without a number")).is_empty());
        }
    }

    #[test]
    fn no_path_of_one_machine_is_named() {
        for path in MACHINE_PATHS {
            assert_eq!(refused("docs/a.md", &format!("\nsee {path}x")), ["docs/a.md:2"], "{path}");
            assert_eq!(refused(".ci/run", &format!("cd \"{path}x\"")), [".ci/run:1"], "{path}");
        }
        for text in ["a frame/work/er", concat!("target/", "wo", "rk/x"), "the /worker", "/tmp/x"] {
            assert!(refused("docs/a.md", text).is_empty(), "{text}");
        }
    }

    #[test]
    fn no_registry_is_named() {
        for host in REGISTRIES {
            assert_eq!(refused("Makefile", &format!("\ncurl https://{host}/x")), ["Makefile:2"]);
        }
        for setting in REGISTRY_SETTINGS {
            let text = format!("[source.x]\n{setting} 'y'");
            assert_eq!(refused(".cargo/config.toml", &text), [".cargo/config.toml:2"], "{text}");
        }
        assert!(
            refused("deny.toml", concat!("unknown-registry", " = \"deny\"\nallow-registry", "=[]"))
                .is_empty()
        );
    }

    #[test]
    fn a_lock_file_names_the_public_sources_only() {
        let sound = format!("[[package]]\nsource = \"{PUBLIC_CRATES}\"\n");
        assert!(refused("Cargo.lock", &sound).is_empty());
        let planted = format!("{sound}source = \"registry+https://mirror.example/index\"");
        assert_eq!(refused("Cargo.lock", &planted), ["Cargo.lock:3"]);
        let sound = format!("{{\n  \"resolved\": \"{PUBLIC_PACKAGES}a.tgz\",\n");
        assert!(refused("web/package-lock.json", &sound).is_empty());
        let planted = format!("{sound}  \"resolved\": \"https://mirror.example/b.tgz\",");
        assert_eq!(refused("web/package-lock.json", &planted), ["web/package-lock.json:3"]);
    }

    #[test]
    fn the_changelog_has_a_place_for_what_is_new() {
        let of = |text: &str| check_changelog(&[File::new(CHANGELOG, text)]);
        assert!(of("# Changelog\n\n## [Unreleased]\n").is_none());
        assert!(of("# Changelog\n\n## [1.0.0]\n").is_some());
        assert!(of("Unreleased is a word\n").is_some());
        assert!(check_changelog(&[]).is_some());
    }
}
