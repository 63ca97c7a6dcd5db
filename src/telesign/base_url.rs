//! Where the provider answers: https anywhere, plain http to this machine only.

use std::{borrow::Cow, fmt, str::FromStr};

use url::{Host, Url};

/// Scheme, host and port of a provider, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(Cow<'static, str>);

/// Why a text cannot be a base URL; each says what would have been taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBaseUrl {
    #[error("this is not a URL; expected something like https://rest-ww.telesign.com")]
    NotAUrl,
    #[error("the provider's base URL must begin with https://")]
    Scheme,
    #[error("plain http would show the API key to the network; only a loopback address may use it")]
    PlainHttp,
    #[error("the provider's base URL carries no user name and no password")]
    UserInfo,
    #[error("the provider's base URL ends after the host and the port")]
    MoreThanAHost,
}

impl BaseUrl {
    /// Accounts with an account manager, and the only server that the current reference names.
    pub const FULL_SERVICE: Self = Self(Cow::Borrowed("https://rest-ww.telesign.com"));
    /// Self-service accounts, trials included.
    pub const SELF_SERVICE: Self = Self(Cow::Borrowed("https://rest-api.telesign.com"));
    /// Both public hosts, the likelier one first.
    pub const PUBLIC_HOSTS: [Self; 2] = [Self::FULL_SERVICE, Self::SELF_SERVICE];

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        let url = Url::parse(text.trim()).ok().ok_or(InvalidBaseUrl::NotAUrl)?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(InvalidBaseUrl::PlainHttp),
            _ => return Err(InvalidBaseUrl::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidBaseUrl::UserInfo);
        }
        // The signature covers the path as sent, so a prefix that a proxy removes would break it.
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidBaseUrl::MoreThanAHost);
        }
        Ok(Self(Cow::Owned(url.as_str().trim_end_matches('/').to_owned())))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_goes_anywhere_and_plain_http_only_to_this_machine() {
        let table = [
            ("https://rest-ww.telesign.com", Ok("https://rest-ww.telesign.com")),
            (" HTTPS://Rest-API.telesign.com/ ", Ok("https://rest-api.telesign.com")),
            ("https://sms.example.com:8443", Ok("https://sms.example.com:8443")),
            ("http://127.0.0.1:9123/", Ok("http://127.0.0.1:9123")),
            ("http://[::1]:9123", Ok("http://[::1]:9123")),
            ("http://localhost:9123", Ok("http://localhost:9123")),
            ("http://rest-ww.telesign.com", Err(InvalidBaseUrl::PlainHttp)),
            ("http://127.0.0.1.example.com", Err(InvalidBaseUrl::PlainHttp)),
            ("http://localhost.example.com", Err(InvalidBaseUrl::PlainHttp)),
            ("http://0.0.0.0:80", Err(InvalidBaseUrl::PlainHttp)),
            ("ftp://rest-ww.telesign.com", Err(InvalidBaseUrl::Scheme)),
            ("rest-ww.telesign.com", Err(InvalidBaseUrl::NotAUrl)),
            ("", Err(InvalidBaseUrl::NotAUrl)),
            ("https://me:secret@rest-ww.telesign.com", Err(InvalidBaseUrl::UserInfo)),
            ("https://127.0.0.1@rest-ww.telesign.com", Err(InvalidBaseUrl::UserInfo)),
            ("https://rest-ww.telesign.com/v1", Err(InvalidBaseUrl::MoreThanAHost)),
            ("https://rest-ww.telesign.com/?a=b", Err(InvalidBaseUrl::MoreThanAHost)),
        ];
        for (text, expected) in table {
            let parsed = text.parse::<BaseUrl>();
            assert_eq!(
                parsed.as_ref().map(BaseUrl::as_str),
                expected.as_ref().copied(),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_public_hosts_are_base_urls() {
        for host in BaseUrl::PUBLIC_HOSTS {
            assert_eq!(host.as_str().parse(), Ok(host));
        }
    }
}
