//! Who asks, and whether they may: the reasons in the order in which they are looked at.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};

use super::{
    answer::Refusal,
    digest::{self, Signed, header},
};
use crate::simulator::{
    account::{Account, DigestRules, Settings},
    state::State,
};

/// The only method here; the provider once also knew HMAC-SHA1.
const DIGEST_METHOD: &str = "HMAC-SHA256";

/// What `Authorization` says.
enum Claim<'a> {
    Basic { customer_id: String, password: Vec<u8> },
    Digest { customer_id: &'a str, signature: &'a str },
}

impl Claim<'_> {
    fn customer_id(&self) -> &str {
        match self {
            Self::Basic { customer_id, .. } => customer_id,
            Self::Digest { customer_id, .. } => customer_id,
        }
    }
}

/// The account of a request, with the settings that hold for it.
pub(super) fn authorize(
    state: &State,
    request: &Signed<'_>,
    now: DateTime<Utc>,
) -> Result<(Arc<Account>, Arc<Settings>), Refusal> {
    let authorization = request.headers.get("authorization").ok_or(unauthorized(10_009))?;
    let claim = authorization.to_str().ok().and_then(read_claim).ok_or(unauthorized(10_028))?;
    let account = state.account(claim.customer_id()).ok_or(unauthorized(10_015))?;
    let settings = account.settings();
    if let Some(obstacle) = settings.obstacles.first() {
        return Err(unauthorized(obstacle.code()));
    }
    match claim {
        Claim::Basic { password, .. } => {
            if !settings.keys.iter().any(|key| key.is_password(&password)) {
                return Err(unauthorized(10_022));
            }
        }
        Claim::Digest { signature, .. } => {
            check_digest(&account, &settings, request, signature, now)?;
        }
    }
    Ok((account, settings))
}

fn check_digest(
    account: &Account,
    settings: &Settings,
    request: &Signed<'_>,
    signature: &str,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let DigestRules { clock_skew_seconds_max, replay_window_seconds, .. } = settings.digest;
    let method = header(request.headers, digest::METHOD_HEADER);
    if !method.is_some_and(|method| method.eq_ignore_ascii_case(DIGEST_METHOD)) {
        return Err(unauthorized(10_006));
    }
    let date = header(request.headers, digest::DATE_HEADER)
        .or_else(|| header(request.headers, "date"))
        .ok_or(unauthorized(10_007))?;
    let date =
        DateTime::parse_from_rfc2822(date).map_err(|_not_a_date| unauthorized(10_005))?.to_utc();
    if (now - date).abs() > TimeDelta::seconds(clock_skew_seconds_max) {
        return Err(unauthorized(10_004));
    }
    let nonce = header(request.headers, digest::NONCE_HEADER);
    if let Some(nonce) = nonce {
        let lengths = settings.digest.nonce_bytes_min..=settings.digest.nonce_bytes_max;
        if !lengths.contains(&nonce.len()) {
            return Err(unauthorized(10_003));
        }
        if account.nonces.lock().is_used(nonce, now, replay_window_seconds) {
            return Err(unauthorized(10_002));
        }
    }
    let string_to_sign = request.string_to_sign();
    if !settings.keys.iter().any(|key| key.has_signed(signature, &string_to_sign)) {
        let signature_string = Some(String::from_utf8_lossy(&string_to_sign).into_owned());
        return Err(Refusal { signature_string, ..unauthorized(10_008) });
    }
    // Spent only now: a stranger must not use up the nonces of others.
    match nonce {
        Some(nonce) if !account.nonces.lock().spend(nonce, now) => Err(unauthorized(10_002)),
        _ => Ok(()),
    }
}

fn read_claim(authorization: &str) -> Option<Claim<'_>> {
    let (scheme, rest) = authorization.trim().split_once(' ')?;
    if scheme == "TSA" {
        let (customer_id, signature) = rest.split_once(':')?;
        let is_whole = !customer_id.is_empty() && !signature.is_empty();
        return is_whole.then_some(Claim::Digest { customer_id, signature });
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let mut pair = STANDARD.decode(rest.trim()).ok()?;
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let password = pair.split_off(colon + 1);
    pair.pop();
    let customer_id = String::from_utf8(pair).ok().filter(|id| !id.is_empty())?;
    Some(Claim::Basic { customer_id, password })
}

fn unauthorized(code: u32) -> Refusal {
    Refusal::new(401, code)
}
