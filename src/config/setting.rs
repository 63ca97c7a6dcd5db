//! The settings by their three names: flag, environment variable, key of the file.

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $variable:literal;)*) => {
        /// One setting.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Setting { $($(#[$doc])* $name),* }

        impl Setting {
            /// Every setting, in the order of declaration.
            pub const ALL: [Self; [$(Self::$name),*].len()] = [$(Self::$name),*];

            /// Its key in the file.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }

            /// Its environment variable.
            pub fn variable(self) -> &'static str {
                match self { $(Self::$name => $variable),* }
            }

            /// The setting of a key; `None` for a key that there is not.
            pub fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$name),)* _ => None }
            }
        }
    };
}

settings! {
    DatabaseUrl = "database_url", "DATABASE_URL";
    MigrateUrl = "migrate_url", "CENTRALINO_MIGRATE_URL";
    DataDir = "data_dir", "CENTRALINO_DATA_DIR";
    Listen = "listen", "CENTRALINO_LISTEN";
    PublicUrl = "public_url", "CENTRALINO_PUBLIC_URL";
    /// Not a flag: a command line is seen by everyone on the machine.
    SecretKey = "secret_key", "CENTRALINO_SECRET_KEY";
    SecretKeyFile = "secret_key_file", "CENTRALINO_SECRET_KEY_FILE";
    SpoolDir = "spool_dir", "CENTRALINO_SPOOL_DIR";
    /// These have no flag: nobody changes them from one start to the next.
    SpoolBytesMax = "spool_bytes_max", "CENTRALINO_SPOOL_BYTES_MAX";
    SpoolFreeBytesMin = "spool_free_bytes_min", "CENTRALINO_SPOOL_FREE_BYTES_MIN";
    ProviderTimeoutMs = "provider_timeout_ms", "CENTRALINO_PROVIDER_TIMEOUT_MS";
    SendClaimMs = "send_claim_ms", "CENTRALINO_SEND_CLAIM_MS";
    UnconfirmedHoldMs = "unconfirmed_hold_ms", "CENTRALINO_UNCONFIRMED_HOLD_MS";
    TelesignUrl = "telesign_url", "CENTRALINO_TELESIGN_URL";
    Log = "log", "CENTRALINO_LOG";
    LogFormat = "log_format", "CENTRALINO_LOG_FORMAT";
}

impl Setting {
    /// Its flag.
    pub fn flag(self) -> String {
        format!("--{}", self.key().replace('_', "-"))
    }
}
