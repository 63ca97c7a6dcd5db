//! Bodies of callbacks: read without a fault, the same way each time, fit for the database.

use centralino::telesign::{Callback, dedup_key, parse};

/// What the column of dedup keys is meant for.
const DEDUP_KEY_BYTES_MAX: usize = 200;

pub fn run(input: &[u8]) {
    let parsed = parse(input);
    assert_eq!(parsed, parse(input), "the same bytes were read in two ways");
    let callback = parsed.ok();
    let dedup = dedup_key(callback.as_ref(), input);
    assert!(!dedup.key.is_empty() && dedup.key.len() <= DEDUP_KEY_BYTES_MAX, "{}", dedup.key);
    let mut stored = vec![dedup.key];
    match callback {
        Some(Callback::InboundText(text)) => {
            assert!(!text.to.is_empty() && text.to.bytes().all(|byte| byte.is_ascii_digit()));
            assert!(text.from.as_str().parse() == Ok(text.from.clone()), "an address reads back");
            stored.extend([text.text, text.provider_reference]);
        }
        Some(Callback::DeliveryReport(received)) => {
            stored.extend(received.provider_reference);
            stored.extend([received.report.description, received.updated_on_raw]);
        }
        Some(Callback::Unknown { kind }) => stored.push(kind),
        None => {}
    }
    assert!(stored.iter().all(|text| !text.contains('\0')), "PostgreSQL refuses U+0000");
}
