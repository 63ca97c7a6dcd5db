//! Numbers that an operator may change: how long things may take, how much of the disk is used.

use std::time::Duration;

use super::{ConfigError, Setting, Sources};

/// A provider that answers later than this has not answered.
const PROVIDER_TIMEOUT_MS_MAX: u64 = 60_000;
/// Longer than a send takes at the very most, and what a restart takes after it.
const SEND_CLAIM_MS_MAX: u64 = 600_000;
const UNCONFIRMED_HOLD_MS_MAX: u64 = 3_600_000;
/// Below it, a single long text would fill it.
const SPOOL_BYTES_MIN: u64 = 1024 * 1024;
const BYTES_MAX: u64 = 1 << 50;

/// The limits that are set; none: as the product has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// For one send, from the connection to the last byte of the answer.
    pub provider_timeout: Option<Duration>,
    /// When a sender that says nothing counts as dead.
    pub send_claim: Option<Duration>,
    /// How long an unconfirmed text holds back the next of its conversation.
    pub unconfirmed_hold: Option<Duration>,
    pub spool_bytes_max: Option<u64>,
    /// Of the spool's disk, left to others.
    pub spool_free_bytes_min: Option<u64>,
}

impl Limits {
    pub(super) fn from_sources(sources: &Sources<'_>) -> Result<Self, ConfigError> {
        let milliseconds = |setting, most| {
            let found = number(sources, setting, 1, most)?;
            Ok::<_, ConfigError>(found.map(Duration::from_millis))
        };
        Ok(Self {
            provider_timeout: milliseconds(Setting::ProviderTimeoutMs, PROVIDER_TIMEOUT_MS_MAX)?,
            send_claim: milliseconds(Setting::SendClaimMs, SEND_CLAIM_MS_MAX)?,
            unconfirmed_hold: milliseconds(Setting::UnconfirmedHoldMs, UNCONFIRMED_HOLD_MS_MAX)?,
            spool_bytes_max: number(sources, Setting::SpoolBytesMax, SPOOL_BYTES_MIN, BYTES_MAX)?,
            spool_free_bytes_min: number(sources, Setting::SpoolFreeBytesMin, 0, BYTES_MAX)?,
        })
    }
}

fn number(
    sources: &Sources<'_>,
    setting: Setting,
    least: u64,
    most: u64,
) -> Result<Option<u64>, ConfigError> {
    let Some(found) = sources.get(setting) else { return Ok(None) };
    match found.value.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ => Err(found.wrong(format!(
            "is \"{}\"; expected a whole number from {least} to {most}",
            found.value
        ))),
    }
}
