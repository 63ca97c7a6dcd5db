use super::*;

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A file that goes when the test ends.
struct ScratchFile(PathBuf);

impl ScratchFile {
    fn new(name: &str, text: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scratch");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
    }
}

fn load(flags: &[(Setting, &str)], environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    load_with(None, flags, environment)
}

fn load_with(
    file: Option<&ScratchFile>,
    flags: &[(Setting, &str)],
    environment: &[(&str, &str)],
) -> Result<Config, ConfigError> {
    let values = flags.iter().map(|(setting, value)| (*setting, (*value).to_owned())).collect();
    let flags = Flags { config: file.map(|file| file.0.clone()), values };
    let find = |name: &str| {
        let found = environment.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Config::from_sources(&flags, &find)
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let file = ScratchFile::new("order.toml", "data_dir = \"file\"\nlog = \"debug\"\n");
    let environment = [("CENTRALINO_DATA_DIR", "environment")];
    let config = load_with(Some(&file), &[(Setting::DataDir, "flag")], &environment).unwrap();
    assert_eq!(config.data_dir, Path::new("flag"));
    let config = load_with(Some(&file), &[], &environment).unwrap();
    assert_eq!(config.data_dir, Path::new("environment"));
    let config = load_with(Some(&file), &[], &[]).unwrap();
    assert_eq!((config.data_dir.as_path(), config.log.as_str()), (Path::new("file"), "debug"));
    let config = load(&[], &[]).unwrap();
    assert_eq!(
        (config.data_dir.as_path(), config.log.as_str()),
        (Path::new(".centralino"), "info")
    );
}

#[test]
fn a_key_file_beats_a_key_that_is_said_further_away() {
    let other = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
    let key_file = ScratchFile::new("other.key", other);
    let path = key_file.0.to_str().unwrap();
    let config_file = ScratchFile::new("key.toml", &format!("secret_key = \"{KEY}\"\n"));
    let in_the_environment = [("CENTRALINO_SECRET_KEY", KEY)];
    let flag = load(&[(Setting::SecretKeyFile, path)], &in_the_environment).unwrap();
    assert_eq!(flag.secret_key.unwrap().expose()[0], 0xff);
    let nearer = [("CENTRALINO_SECRET_KEY_FILE", path)];
    let environment = load_with(Some(&config_file), &[], &nearer).unwrap();
    assert_eq!(environment.secret_key.unwrap().expose()[0], 0xff);
    let both = [in_the_environment[0], nearer[0]];
    assert_eq!(load(&[], &both).unwrap().secret_key.unwrap().expose()[0], 0);
}

#[test]
fn limits_are_whole_numbers_and_the_products_own_where_none_is_set() {
    assert_eq!(load(&[], &[]).unwrap().limits, Limits::default());
    let environment = [
        ("CENTRALINO_SEND_CLAIM_MS", "2500"),
        ("CENTRALINO_SPOOL_BYTES_MAX", "1048576"),
        ("CENTRALINO_SPOOL_FREE_BYTES_MIN", "0"),
    ];
    let limits = load(&[], &environment).unwrap().limits;
    assert_eq!(limits.send_claim, Some(std::time::Duration::from_millis(2500)));
    assert_eq!((limits.spool_bytes_max, limits.spool_free_bytes_min), (Some(1_048_576), Some(0)));
    assert_eq!((limits.provider_timeout, limits.unconfirmed_hold), (None, None));
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let config = load(&[], &[("CENTRALINO_LISTEN", ""), ("DATABASE_URL", "")]).unwrap();
    assert_eq!(config.listen.port(), 8080);
    assert!(config.database_url.is_none());
}

#[test]
fn a_wrong_value_is_one_sentence_that_names_the_setting() {
    let table = [
        ("CENTRALINO_LISTEN", "8080", "an address and a port"),
        ("CENTRALINO_PUBLIC_URL", "sms.example.com", "https://sms.example.com"),
        ("CENTRALINO_PUBLIC_URL", "ftp://example.com", "http or https"),
        ("CENTRALINO_PUBLIC_URL", "https://me:pw@example.com", "http or https"),
        ("CENTRALINO_SECRET_KEY", "c2hvcnQ=", "32 bytes in base64"),
        ("CENTRALINO_SECRET_KEY_FILE", "/nowhere/key", "cannot be read"),
        ("CENTRALINO_LOG_FORMAT", "xml", "text or json"),
        ("CENTRALINO_SPOOL_BYTES_MAX", "1 GiB", "a whole number from 1048576"),
        ("CENTRALINO_SPOOL_BYTES_MAX", "0", "a whole number from 1048576"),
        ("CENTRALINO_SPOOL_FREE_BYTES_MIN", "-1", "a whole number from 0"),
        ("CENTRALINO_PROVIDER_TIMEOUT_MS", "60001", "to 60000"),
        ("CENTRALINO_SEND_CLAIM_MS", "0", "from 1 to 600000"),
        ("CENTRALINO_UNCONFIRMED_HOLD_MS", "3m", "from 1 to 3600000"),
    ];
    for (variable, value, part) in table {
        let error = load(&[], &[(variable, value)]).unwrap_err().to_string();
        assert!(error.starts_with(variable) && error.contains(part), "{error}");
        assert!(!error.contains('\n'), "{error}");
    }
    let error = load(&[(Setting::Listen, "x")], &[]).unwrap_err().to_string();
    assert!(error.starts_with("--listen"), "{error}");
}

#[test]
fn a_wrong_file_says_what_is_wrong_with_it() {
    let table = [
        ("unknown.toml", "lisen = \"x\"", "unknown key lisen"),
        ("number.toml", "listen = 8080", "must be a text"),
        ("broken.toml", "listen = ", "not valid TOML"),
    ];
    for (name, text, part) in table {
        let file = ScratchFile::new(name, text);
        let error = load_with(Some(&file), &[], &[]).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let missing = ScratchFile(PathBuf::from("/nowhere/centralino.toml"));
    let error = load_with(Some(&missing), &[], &[]).unwrap_err().to_string();
    assert!(error.contains("cannot be read"), "{error}");
}

#[test]
fn secrets_are_not_shown_by_debug_output() {
    let environment =
        [("CENTRALINO_SECRET_KEY", KEY), ("DATABASE_URL", "postgres://me:planted@db/centralino")];
    let config = load(&[], &environment).unwrap();
    assert_eq!(config.secret_key.as_ref().unwrap().expose()[1], 1);
    let shown = format!("{config:?}");
    assert!(!shown.contains("planted") && !shown.contains("AAEC"), "{shown}");
}

#[test]
fn a_key_is_made_once_and_only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt;
    let file = ScratchFile::new("made.key", "");
    std::fs::remove_file(&file.0).unwrap();
    let made = SecretKey::read_or_make(&file.0).unwrap();
    assert_eq!(SecretKey::read_or_make(&file.0).unwrap().expose(), made.expose());
    assert_ne!(made.expose(), [0; SECRET_KEY_BYTES]);
    let mode = std::fs::metadata(&file.0).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
