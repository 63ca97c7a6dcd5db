//! What ids, numbers and URLs look like, wherever they come from.

use std::net::IpAddr;

const CUSTOMER_ID_LETTERS_MAX: usize = 64;
const URL_BYTES_MAX: usize = 2_048;
const DIGITS_MAX: usize = 15;

/// The provider's ids are UUIDs; tests may use shorter ones.
pub(super) fn check_customer_id(id: &str) -> Result<(), &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let has_form = (1..=CUSTOMER_ID_LETTERS_MAX).contains(&id.len()) && id.bytes().all(is_plain);
    has_form.then_some(()).ok_or("customer_id must have 1 to 64 letters, digits, `-`, `_` or `.`")
}

/// The provider calls https only; here http will do where it stays on this machine.
pub(super) fn check_url(text: &str) -> Result<(), &'static str> {
    const WRONG: &str =
        "callback_url must be an https URL, or an http URL to this machine's own address";
    if text.len() > URL_BYTES_MAX {
        return Err("callback_url must not be longer than 2048 bytes");
    }
    let url = url::Url::parse(text).map_err(|_not_a_url| WRONG)?;
    let is_local = match url.host() {
        Some(url::Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => return Err(WRONG),
    };
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_local => Ok(()),
        _ => Err(WRONG),
    }
}

/// A number or short code as it goes over the wire; a leading `+` is what people type.
pub(super) fn digits(text: &str) -> Option<&str> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let has_form = (1..=DIGITS_MAX).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    has_form.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_stays_on_this_machine() {
        for url in
            ["https://example.com/x", "http://127.0.0.1:1/", "http://[::1]/", "http://localhost"]
        {
            assert_eq!(check_url(url), Ok(()), "{url}");
        }
        for url in
            ["http://example.com/", "http://127.0.0.1.example.com/", "ftp://127.0.0.1/", "x", ""]
        {
            assert!(check_url(url).is_err(), "{url}");
        }
    }
}
