//! `shape`: how callbacks are written and signed, from JSON and back.

use serde_json::{Value, json};

use super::fields::{Fields, Invalid};
use crate::simulator::{account::KEYS_MAX, callback::Shape, input::check_customer_id, word::Word};

/// The shape that a request asks for; what it leaves out has the default.
pub(super) fn read(fields: &mut Fields) -> Result<Option<Shape>, Invalid> {
    let Some(mut fields) = fields.object("shape", "shape.")? else { return Ok(None) };
    let defaults = Shape::default();
    let customer_id = fields.text("customer_id", 64)?;
    if let Some(id) = &customer_id {
        check_customer_id(id).map_err(|sentence| Invalid(format!("shape.{sentence}")))?;
    }
    let key_index = fields.number("key_index", 0..=KEYS_MAX as u64 - 1)?;
    let shape = Shape {
        authorization: fields.word("authorization")?.unwrap_or_default(),
        x_ts_authorization: fields.word("x_ts_authorization")?.unwrap_or_default(),
        signature: fields.word("signature")?.unwrap_or_default(),
        key_index: key_index.and_then(|index| usize::try_from(index).ok()).unwrap_or(0),
        customer_id,
        text: fields.word("text")?.unwrap_or_default(),
        dates: fields.word("dates")?.unwrap_or_default(),
        counts: fields.word("counts")?.unwrap_or_default(),
        errors: fields.word("errors")?.unwrap_or_default(),
        additional_info: fields.word("additional_info")?.unwrap_or_default(),
        omits_external_id: fields
            .boolean("omits_external_id")?
            .unwrap_or(defaults.omits_external_id),
    };
    fields.finish()?;
    Ok(Some(shape))
}

pub(super) fn to_json(shape: &Shape) -> Value {
    json!({
        "authorization": shape.authorization.word(),
        "x_ts_authorization": shape.x_ts_authorization.word(),
        "signature": shape.signature.word(),
        "key_index": shape.key_index,
        "customer_id": shape.customer_id,
        "text": shape.text.word(),
        "dates": shape.dates.word(),
        "counts": shape.counts.word(),
        "errors": shape.errors.word(),
        "additional_info": shape.additional_info.word(),
        "omits_external_id": shape.omits_external_id,
    })
}
