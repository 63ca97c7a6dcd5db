//! The web console, served from inside the binary.
//!
//! Files under `assets/` bear their content's hash and are kept for ever; everything else is asked
//! for again. A path without an extension is a page of the console; a missing file is a 404, never
//! the console, since an old tab would take it for the script that it lacks.

use std::{borrow::Cow, fmt::Write as _};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{Method, StatusCode, header},
    web,
};
use rust_embed::{EmbeddedFile, RustEmbed};

/// What the build of `web/` has left; empty where nobody has built it.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Dist;

/// Stands in for a console that has not been built.
const PLACEHOLDER: &str = include_str!("console_placeholder.html");
const PAGE: &str = "index.html";
const ASSETS: &str = "assets/";
/// No inline script or style, no other server, no frame around it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; media-src 'self'; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Best first, with the suffix of the compressed file.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Answers whatever no other door has answered.
pub async fn serve(request: HttpRequest) -> HttpResponse {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return HttpResponse::NotFound().body("nothing here takes this method\n");
    }
    let path = request.path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = if is_file { path } else { PAGE };
    let mut answer = HttpResponse::build(StatusCode::OK);
    answer
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "same-origin"))
        .insert_header(("cross-origin-opener-policy", "same-origin"));
    let Some(found) = find(&request, name) else {
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        return if is_file {
            answer.status(StatusCode::NOT_FOUND).body("there is no such file\n")
        } else {
            answer.content_type("text/html; charset=utf-8").body(PLACEHOLDER)
        };
    };
    found.respond(&request, answer, name)
}

struct Found {
    file: EmbeddedFile,
    encoding: Option<&'static str>,
}

/// The file, compressed as the client likes it best.
fn find(request: &HttpRequest, name: &str) -> Option<Found> {
    let compressed = ENCODINGS
        .into_iter()
        .filter(|(encoding, _)| accepts(request, encoding))
        .find_map(|(encoding, suffix)| {
            let file = Dist::get(&format!("{name}{suffix}"))?;
            Some(Found { file, encoding: Some(encoding) })
        });
    compressed.or_else(|| Some(Found { file: Dist::get(name)?, encoding: None }))
}

fn accepts(request: &HttpRequest, encoding: &str) -> bool {
    request
        .headers()
        .get_all(header::ACCEPT_ENCODING)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let is_it = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
            is_it && parts.all(|weight| !matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

impl Found {
    fn respond(
        self,
        request: &HttpRequest,
        mut answer: HttpResponseBuilder,
        name: &str,
    ) -> HttpResponse {
        let cache = if name.starts_with(ASSETS) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let tag = tag_of(&self.file);
        answer
            .insert_header((header::CACHE_CONTROL, cache))
            .insert_header((header::ETAG, tag.clone()))
            .insert_header((header::VARY, "accept-encoding"));
        let known = request.headers().get(header::IF_NONE_MATCH);
        if known.is_some_and(|value| value.as_bytes() == tag.as_bytes()) {
            return answer.status(StatusCode::NOT_MODIFIED).finish();
        }
        if let Some(encoding) = self.encoding {
            answer.insert_header((header::CONTENT_ENCODING, encoding));
        }
        let body = match self.file.data {
            Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        };
        answer.content_type(content_type(name)).body(body)
    }
}

/// The same bytes have the same tag, whoever built them.
fn tag_of(file: &EmbeddedFile) -> String {
    let mut tag = String::from("\"");
    for byte in file.metadata.sha256_hash().iter().take(16) {
        // Writing to a string cannot fail.
        write!(tag, "{byte:02x}").ok();
    }
    tag.push('"');
    tag
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}
