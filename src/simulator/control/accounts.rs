//! `/control/accounts`: create accounts, change them, read them (without their keys).

use actix_web::{
    HttpResponse,
    web::{Bytes, Data},
};
use serde_json::{Value, json};

use super::{
    Outcome,
    fields::{Fields, Invalid},
    respond, shape,
};
use crate::simulator::{
    account::{Account, KEYS_MAX, Key, Obstacle, Profile, Settings},
    input::{check_customer_id, check_url},
    state::State,
    word::Word,
};

const KEY_BYTES_MAX: usize = 256;
const SENDER_IDS_MAX: usize = 10_000;
const WAITS_MAX: usize = 8;
const WAIT_MS_MAX: u64 = 60 * 60 * 1000;
const TIMEOUT_MS_MAX: u64 = 60 * 1000;
const SECONDS_MAX: u32 = 24 * 60 * 60;
const RATE_MAX: u32 = 1_000_000;
const NONCE_BYTES_MAX: u64 = 1_024;
/// Flags, and with which value they are in the way.
const FLAGS: [(&str, Obstacle, bool); 4] = [
    ("suspended", Obstacle::Suspended, true),
    ("product_enabled", Obstacle::ProductOff, false),
    ("host_allowed", Obstacle::HostNotAllowed, false),
    ("ip_allowed", Obstacle::IpNotAllowed, false),
];

pub(super) async fn list(state: Data<State>) -> HttpResponse {
    let accounts: Vec<Value> = state.accounts().iter().map(|account| to_json(account)).collect();
    respond(Ok(json!({"accounts": accounts})))
}

pub(super) async fn put(state: Data<State>, body: Bytes) -> HttpResponse {
    respond(put_account(&state, &body))
}

fn put_account(state: &State, body: &[u8]) -> Outcome {
    let mut fields = Fields::parse(body)?;
    let customer_id = fields.needed_text("customer_id", 64)?;
    check_customer_id(&customer_id).map_err(|sentence| Invalid(sentence.to_owned()))?;
    let keys = read_keys(&mut fields)?;
    let profile: Option<Profile> = fields.word("profile")?;
    let mut settings = match (state.account(&customer_id), keys) {
        (Some(account), keys) => {
            let mut settings = Settings::clone(&account.settings());
            settings.keys = keys.unwrap_or(settings.keys);
            settings
        }
        (None, Some(keys)) => Settings::new(Profile::FullService, keys),
        (None, None) => return Err(Invalid::of("api_key", "is needed for a new account")),
    };
    if let Some(profile) = profile {
        settings.profile = profile;
        settings.requests_per_second = Some(profile.requests_per_second());
    }
    read_flags(&mut fields, &mut settings)?;
    read_callbacks(&mut fields, &mut settings)?;
    read_digest(&mut fields, &mut settings)?;
    fields.finish()?;
    state
        .put_account(&customer_id, settings)
        .map_err(|_too_many| Invalid::of("customer_id", "is one more than the 1000 accounts"))?;
    let account = state.account(&customer_id);
    Ok(account.map_or(Value::Null, |account| to_json(&account)))
}

/// `api_key`, or `api_keys` where there are several.
fn read_keys(fields: &mut Fields) -> Result<Option<Vec<Key>>, Invalid> {
    if let Some(key) = fields.text("api_key", KEY_BYTES_MAX)? {
        return Key::new(&key)
            .map(|key| Some(vec![key]))
            .ok_or_else(|| Invalid::of("api_key", "must hold base64"));
    }
    let Some(values) = fields.list("api_keys", KEYS_MAX)? else { return Ok(None) };
    let key =
        |value: &Value| value.as_str().filter(|key| key.len() <= KEY_BYTES_MAX).and_then(Key::new);
    let keys: Option<Vec<Key>> = values.iter().map(key).collect();
    keys.filter(|keys| !keys.is_empty())
        .map(Some)
        .ok_or_else(|| Invalid::of("api_keys", "must be 1 to 10 texts that hold base64"))
}

fn read_flags(fields: &mut Fields, settings: &mut Settings) -> Result<(), Invalid> {
    for (name, obstacle, is_obstacle) in FLAGS {
        match fields.boolean(name)? {
            None => {}
            Some(value) if value == is_obstacle => drop(settings.obstacles.insert(obstacle)),
            Some(_) => drop(settings.obstacles.remove(&obstacle)),
        }
    }
    // Zero switches the limit off.
    if let Some(rate) = fields.small_number("requests_per_second", 0..=RATE_MAX)? {
        settings.requests_per_second = (rate > 0).then_some(rate);
    }
    if let Some(values) = fields.list("sender_ids", SENDER_IDS_MAX)? {
        let ids: Option<Vec<String>> =
            values.iter().map(|value| value.as_str().map(ToOwned::to_owned)).collect();
        settings.sender_ids =
            ids.ok_or_else(|| Invalid::of("sender_ids", "must be a list of texts"))?;
    }
    Ok(())
}

fn read_callbacks(fields: &mut Fields, settings: &mut Settings) -> Result<(), Invalid> {
    if fields.is_null("callback_url") {
        settings.callback_url = None;
    }
    if let Some(url) = fields.text("callback_url", 4_096)? {
        check_url(&url).map_err(|sentence| Invalid(sentence.to_owned()))?;
        settings.callback_url = Some(url.into());
    }
    if let Some(keywords) = fields.word("keywords")? {
        settings.keywords = keywords;
    }
    if let Some(values) = fields.list("callback_waits_ms", WAITS_MAX)? {
        let wait = |value: &Value| value.as_u64().filter(|wait| *wait <= WAIT_MS_MAX);
        let waits: Option<Vec<u64>> = values.iter().map(wait).collect();
        settings.callback_waits_ms = waits
            .ok_or_else(|| Invalid::of("callback_waits_ms", "must be whole numbers up to 3600000"))?
            .into();
    }
    if let Some(timeout) = fields.number("callback_timeout_ms", 1..=TIMEOUT_MS_MAX)? {
        settings.callback_timeout_ms = timeout;
    }
    if fields.is_null("shape") {
        settings.shape = crate::simulator::callback::Shape::default();
    }
    if let Some(shape) = shape::read(fields)? {
        settings.shape = shape;
    }
    Ok(())
}

fn read_digest(fields: &mut Fields, settings: &mut Settings) -> Result<(), Invalid> {
    let Some(mut fields) = fields.object("digest", "digest.")? else { return Ok(()) };
    let digest = &mut settings.digest;
    if let Some(seconds) = fields.small_number("clock_skew_seconds_max", 0..=SECONDS_MAX)? {
        digest.clock_skew_seconds_max = seconds.into();
    }
    if let Some(seconds) = fields.small_number("replay_window_seconds", 0..=SECONDS_MAX)? {
        digest.replay_window_seconds = seconds.into();
    }
    let mut length = |name| {
        let number = fields.number(name, 1..=NONCE_BYTES_MAX);
        number.map(|number| number.and_then(|number| usize::try_from(number).ok()))
    };
    if let Some(bytes) = length("nonce_bytes_min")? {
        digest.nonce_bytes_min = bytes;
    }
    if let Some(bytes) = length("nonce_bytes_max")? {
        digest.nonce_bytes_max = bytes;
    }
    fields.finish()
}

fn to_json(account: &Account) -> Value {
    let settings = account.settings();
    let mut object = json!({
        "customer_id": &*account.customer_id,
        "profile": settings.profile.word(),
        "keys": settings.keys.len(),
        "callback_url": settings.callback_url.as_deref(),
        "requests_per_second": settings.requests_per_second.unwrap_or(0),
        "sender_ids": settings.sender_ids,
        "keywords": settings.keywords.word(),
        "callback_waits_ms": &*settings.callback_waits_ms,
        "callback_timeout_ms": settings.callback_timeout_ms,
        "shape": shape::to_json(&settings.shape),
        "digest": {
            "clock_skew_seconds_max": settings.digest.clock_skew_seconds_max,
            "replay_window_seconds": settings.digest.replay_window_seconds,
            "nonce_bytes_min": settings.digest.nonce_bytes_min,
            "nonce_bytes_max": settings.digest.nonce_bytes_max,
        },
    });
    for (name, obstacle, is_obstacle) in FLAGS {
        object[name] = (settings.obstacles.contains(&obstacle) == is_obstacle).into();
    }
    object
}
