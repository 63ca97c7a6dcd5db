//! The cookie that carries a session for pages which must not hold its secret.
//!
//! A browser sends it unasked, so it counts only where no foreign page can have caused the request:
//! `SameSite=Strict`, an `Origin` that is ours, JSON by POST (which needs a preflight), and on a
//! GET only the handshake of a socket, which has to name its origin.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration as CookieAge},
    http::{Method, Uri, header},
};

use super::gateway::header_text;

/// Over TLS the prefix makes browsers refuse it from a neighbouring host or for a part of the site.
const NAME_OVER_TLS: &str = "__Host-centralino";
const NAME: &str = "centralino";
/// No session lives longer; how long this one still does, only the server knows.
const AGE_SECONDS_MAX: i64 = 7 * 24 * 60 * 60;

/// How the session cookie of this server is written and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionCookie {
    is_over_tls: bool,
}

impl SessionCookie {
    /// The one header that a resolver may add to an answer.
    pub const HEADER: &'static str = "set-cookie";

    /// The cookie of a server that browsers find at this address.
    pub fn of(public_url: &str) -> Self {
        Self { is_over_tls: public_url.starts_with("https://") }
    }

    fn name(self) -> &'static str {
        if self.is_over_tls { NAME_OVER_TLS } else { NAME }
    }

    /// The header's value that begins a session.
    pub fn begin(self, secret: &str) -> String {
        self.write(secret, AGE_SECONDS_MAX)
    }

    /// The header's value that makes the browser forget it.
    pub fn end(self) -> String {
        self.write("", 0)
    }

    fn write(self, value: &str, age_seconds: i64) -> String {
        Cookie::build(self.name(), value)
            .path("/")
            .secure(self.is_over_tls)
            .http_only(true)
            .same_site(SameSite::Strict)
            .max_age(CookieAge::seconds(age_seconds))
            .finish()
            .to_string()
    }

    /// The secret that a request bears as a cookie, where a cookie counts.
    pub(super) fn secret_of(self, request: &HttpRequest, origins: &[String]) -> Option<String> {
        let counts = match *request.method() {
            Method::POST => is_from_allowed_origin(request, origins),
            Method::GET => {
                is_upgrade(request)
                    && request.headers().contains_key(header::ORIGIN)
                    && is_from_allowed_origin(request, origins)
            }
            _ => false,
        };
        let cookie = counts.then(|| request.cookie(self.name())).flatten()?;
        Some(cookie.value().to_owned())
    }
}

pub(super) fn is_upgrade(request: &HttpRequest) -> bool {
    header_text(request, header::UPGRADE.as_str())
        .is_some_and(|value| value.eq_ignore_ascii_case("websocket"))
}

/// A browser names the page's origin; other programs name none.
pub(super) fn is_from_allowed_origin(request: &HttpRequest, allowed: &[String]) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    if allowed.iter().any(|known| known == origin) {
        return true;
    }
    let authority = origin.parse::<Uri>().ok().and_then(|uri| uri.authority().cloned());
    let host = header_text(request, header::HOST.as_str());
    authority.is_some_and(|authority| Some(authority.as_str()) == host)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const PLAIN: &str = "http://127.0.0.1:8080";

    fn read(request: TestRequest) -> Option<String> {
        let request = request.insert_header(("host", "desk.example"));
        let request = request.insert_header(("cookie", "centralino=cs_1")).to_http_request();
        SessionCookie::of(PLAIN).secret_of(&request, &[])
    }

    #[test]
    fn scripts_and_other_sites_cannot_have_it() {
        let over_tls = SessionCookie::of("https://desk.example").begin("cs_1");
        let attributes = "HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=604800";
        assert_eq!(over_tls, format!("__Host-centralino=cs_1; {attributes}"));
        let plain = SessionCookie::of(PLAIN).begin("cs_1");
        assert_eq!(plain, "centralino=cs_1; HttpOnly; SameSite=Strict; Path=/; Max-Age=604800");
        assert!(SessionCookie::of(PLAIN).end().ends_with("Max-Age=0"));
    }

    #[test]
    fn it_counts_where_no_foreign_page_can_have_caused_the_request() {
        let ours = ("origin", "http://desk.example");
        let foreign = ("origin", "http://evil.example");
        let socket = ("upgrade", "websocket");
        let good = Some("cs_1".to_owned());
        assert_eq!(read(TestRequest::post()), good);
        assert_eq!(read(TestRequest::post().insert_header(ours)), good);
        assert_eq!(read(TestRequest::post().insert_header(foreign)), None);
        assert_eq!(read(TestRequest::post().insert_header(("origin", "null"))), None);
        assert_eq!(read(TestRequest::get().insert_header(ours)), None);
        assert_eq!(read(TestRequest::get().insert_header(socket)), None);
        assert_eq!(read(TestRequest::get().insert_header(socket).insert_header(foreign)), None);
        assert_eq!(read(TestRequest::get().insert_header(socket).insert_header(ours)), good);
    }

    #[test]
    fn over_tls_only_the_cookie_with_the_prefix_counts() {
        let request = TestRequest::post().insert_header(("cookie", "centralino=cs_1"));
        let over_tls = SessionCookie::of("https://desk.example");
        assert_eq!(over_tls.secret_of(&request.to_http_request(), &[]), None);
    }
}
