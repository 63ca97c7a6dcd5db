//! The string that the vendor's digest scheme (`TSA`) signs.

use actix_web::http::header::{HeaderMap, HeaderName};

const VENDOR_PREFIX: &str = "x-ts-";
pub(super) const DATE_HEADER: &str = "x-ts-date";
pub(super) const METHOD_HEADER: &str = "x-ts-auth-method";
pub(super) const NONCE_HEADER: &str = "x-ts-nonce";

/// A request, as far as it is signed.
pub(super) struct Signed<'a> {
    pub(super) method: &'a str,
    /// Without the query, as it came over the wire.
    pub(super) path: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

impl Signed<'_> {
    /// The lines in their order; `Date` is empty where `x-ts-date` takes its place.
    pub(super) fn string_to_sign(&self) -> Vec<u8> {
        let content_type = header(self.headers, "content-type").unwrap_or_default();
        let date = match header(self.headers, DATE_HEADER) {
            Some(_) => "",
            None => header(self.headers, "date").unwrap_or_default(),
        };
        let mut lines = format!("{}\n{content_type}\n{date}\n", self.method);
        let names = self.headers.keys().map(HeaderName::as_str);
        let mut names: Vec<&str> = names.filter(|name| name.starts_with(VENDOR_PREFIX)).collect();
        names.sort_unstable();
        for name in names {
            let value = header(self.headers, name).unwrap_or_default();
            for part in [name, ":", value, "\n"] {
                lines.push_str(part);
            }
        }
        let mut bytes = lines.into_bytes();
        if !content_type.is_empty() && !self.body.is_empty() {
            bytes.extend_from_slice(self.body);
            bytes.push(b'\n');
        }
        bytes.extend_from_slice(self.path.as_bytes());
        bytes
    }
}

/// A header without the spaces around it; `None` where it is missing or not text.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}
