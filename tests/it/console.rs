//! What the binary hands to browsers besides the API.

use centralino::domain::segment;
use serde::Deserialize;

use crate::support::{TestApp, http};

#[tokio::test(flavor = "multi_thread")]
async fn any_page_is_the_console_and_a_missing_file_is_never_mistaken_for_it() {
    let app = TestApp::start().await;
    for path in ["/", "/inbox/mine/cnv_1", "/setup/telesign"] {
        let answer = http().get(format!("{}{path}", app.url())).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        // Built or not: the page of the console, or the one that says how to build it.
        let text = answer.text().await.unwrap();
        assert!(text.contains("id=\"root\"") || text.contains("make console"), "{text}");
    }
    for path in ["/assets/index-0000.js", "/favicon.ico", "/assets/../Cargo.toml", "/.gitkeep.br"] {
        let answer = http().get(format!("{}{path}", app.url())).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 404, "{path}");
        assert_eq!(answer.headers()["cache-control"], "no-store", "{path}");
    }
    let posted = http().post(format!("{}/inbox", app.url())).send().await.unwrap();
    assert_eq!(posted.status().as_u16(), 404, "pages are read, not written");
}

#[derive(Deserialize)]
struct Vector {
    text: String,
    encoding: String,
    characters: usize,
    segments: usize,
    left: usize,
}

#[test]
fn the_console_counts_segments_as_the_server_does() {
    let vectors = include_str!("../../web/src/lib/segments.vectors.json");
    let vectors: Vec<Vector> = serde_json::from_str(vectors).unwrap();
    assert!(vectors.len() > 30);
    for vector in vectors {
        let found = segment::estimate(&vector.text);
        assert_eq!(
            (
                found.encoding.as_str(),
                found.characters,
                found.segments,
                found.units_left_in_segment
            ),
            (vector.encoding.as_str(), vector.characters, vector.segments, vector.left),
            "{:?}",
            vector.text
        );
    }
}
