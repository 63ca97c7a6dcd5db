//! The JSON of callbacks.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::{
    country, keyword,
    keyword::KeywordMatch,
    parts,
    shape::{AdditionalInfo, CountForm, EmptyForm, Shape, TextForm},
};
use crate::simulator::{clock, status};

/// A delivery report.
pub(in crate::simulator) struct Report<'a> {
    pub(in crate::simulator) reference: &'a str,
    pub(in crate::simulator) external_id: Option<&'a str>,
    /// For the number of parts.
    pub(in crate::simulator) message: &'a str,
    pub(in crate::simulator) submitted_at: DateTime<Utc>,
    pub(in crate::simulator) code: u32,
    pub(in crate::simulator) description: Option<&'a str>,
    /// Said instead of now.
    pub(in crate::simulator) updated_on: Option<&'a str>,
}

impl Report<'_> {
    pub(in crate::simulator) fn write(&self, shape: &Shape, now: DateTime<Utc>) -> Vec<u8> {
        let updated_on = self.updated_on.map_or_else(|| shape.dates.write(now), ToOwned::to_owned);
        let mut object = Map::new();
        object.insert("reference_id".to_owned(), self.reference.into());
        object.insert("sub_resource".to_owned(), "sms".into());
        let description = self.description.unwrap_or_else(|| status::description(self.code));
        object.insert("status".to_owned(), status_of(shape, self.code, description, &updated_on));
        let submitted = shape.dates.write(self.submitted_at);
        object.insert("submit_timestamp".to_owned(), submitted.into());
        put_errors(&mut object, shape.errors, EmptyForm::Array);
        if self.external_id.is_some() || !shape.omits_external_id {
            object.insert("external_id".to_owned(), self.external_id.into());
        }
        match shape.additional_info {
            AdditionalInfo::Full => put(&mut object, "additional_info", self.details(shape)),
            AdditionalInfo::Object => put(&mut object, "additional_info", json!({})),
            AdditionalInfo::Array => put(&mut object, "additional_info", json!([])),
            AdditionalInfo::Missing => {}
        }
        write(shape, object)
    }

    fn details(&self, shape: &Shape) -> Value {
        let count = parts::count(self.message);
        let mut details = json!({"mcc": "310", "mnc": "004", "price": "0.01", "currency": "USD"});
        details["message_parts_count"] = match shape.counts {
            CountForm::Number => count.into(),
            CountForm::String => count.to_string().into(),
        };
        if count > 1 {
            let parts: Vec<String> = (0..count).map(|_| clock::new_reference()).collect();
            details["message_parts_reference_ids"] = parts.join(",").into();
        }
        details
    }
}

/// A text from a customer.
pub(in crate::simulator) struct Inbound<'a> {
    pub(in crate::simulator) reference: &'a str,
    pub(in crate::simulator) from: &'a str,
    pub(in crate::simulator) to: &'a str,
    pub(in crate::simulator) text: &'a str,
    pub(in crate::simulator) country: Option<&'a str>,
    pub(in crate::simulator) keywords: KeywordMatch,
}

impl Inbound<'_> {
    pub(in crate::simulator) fn write(&self, shape: &Shape, now: DateTime<Utc>) -> Vec<u8> {
        let country = self.country.unwrap_or_else(|| country::iso_country_code(self.from));
        let mut response = Map::new();
        put(&mut response, "phone_number", self.from.into());
        put(&mut response, "sender_id", self.to.into());
        put(&mut response, "mo_message", self.text.into());
        put(&mut response, "iso_country_code", country.into());
        if let Some((action, keyword)) = keyword::find(self.keywords, self.text) {
            put(&mut response, "action", action.into());
            put(&mut response, "keyword", keyword.into());
        }
        let at = shape.dates.write(now);
        let mut object = Map::new();
        put(&mut object, "reference_id", self.reference.into());
        put(&mut object, "sub_resource", "mo_sms".into());
        put(&mut object, "status", status_of(shape, 1_500, status::description(1_500), &at));
        put(&mut object, "submit_timestamp", at.into());
        put(&mut object, "user_response", response.into());
        put_errors(&mut object, shape.errors, EmptyForm::Object);
        write(shape, object)
    }
}

fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

fn put_errors(object: &mut Map<String, Value>, form: EmptyForm, documented: EmptyForm) {
    let form = if form == EmptyForm::AsDocumented { documented } else { form };
    match form {
        EmptyForm::Object => put(object, "errors", json!({})),
        EmptyForm::Array | EmptyForm::AsDocumented => put(object, "errors", json!([])),
        EmptyForm::Missing => {}
    }
}

fn status_of(shape: &Shape, code: u32, description: &str, updated_on: &str) -> Value {
    let code: Value = match shape.counts {
        CountForm::Number => code.into(),
        CountForm::String => code.to_string().into(),
    };
    json!({"code": code, "description": description, "updated_on": updated_on})
}

fn write(shape: &Shape, object: Map<String, Value>) -> Vec<u8> {
    let text = Value::Object(object).to_string();
    match shape.text {
        TextForm::Raw => text.into_bytes(),
        TextForm::Escaped => escape(&text).into_bytes(),
    }
}

/// Only strings can hold letters outside of ASCII, and there they may be escaped.
fn escape(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            escaped.push_str("\\u");
            for shift in [12, 8, 4, 0] {
                let digit = u32::from(*unit >> shift) & 0xF;
                escaped.push(char::from_digit(digit, 16).unwrap_or('0'));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::callback::shape::DateForm;

    const REPORT: Report<'_> = Report {
        reference: "0123456789ABCDEF0123456789ABCDEF",
        external_id: None,
        message: "text",
        submitted_at: DateTime::UNIX_EPOCH,
        code: 200,
        description: None,
        updated_on: None,
    };

    fn report(shape: &Shape) -> Value {
        serde_json::from_slice(&REPORT.write(shape, DateTime::UNIX_EPOCH)).unwrap()
    }

    #[test]
    fn a_report_has_the_documented_fields() {
        assert_eq!(
            report(&Shape::default()),
            json!({
                "reference_id": "0123456789ABCDEF0123456789ABCDEF",
                "sub_resource": "sms",
                "status": {"code": 200, "description": "Delivered to handset",
                    "updated_on": "1970-01-01T00:00:00.000000Z"},
                "submit_timestamp": "1970-01-01T00:00:00.000000Z",
                "errors": [],
                "external_id": null,
                "additional_info": {"mcc": "310", "mnc": "004", "price": "0.01",
                    "currency": "USD", "message_parts_count": 1},
            })
        );
    }

    #[test]
    fn a_report_takes_every_shape() {
        let odd = report(&Shape {
            counts: CountForm::String,
            dates: DateForm::Rfc1123,
            errors: EmptyForm::Object,
            omits_external_id: true,
            ..Shape::default()
        });
        assert_eq!(odd["status"]["code"], "200");
        assert_eq!(odd["status"]["updated_on"], "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(odd["additional_info"]["message_parts_count"], "1");
        assert_eq!((&odd["errors"], odd.get("external_id")), (&json!({}), None));
        let info = |additional_info| {
            report(&Shape { additional_info, ..Shape::default() }).get("additional_info").cloned()
        };
        assert_eq!(info(AdditionalInfo::Array), Some(json!([])));
        assert_eq!(info(AdditionalInfo::Object), Some(json!({})));
        assert_eq!(info(AdditionalInfo::Missing), None);
    }

    #[test]
    fn an_escaped_text_reads_the_same_and_is_ascii() {
        let inbound = Inbound {
            reference: "R",
            from: "393331234567",
            to: "4442",
            text: "Perché 😀 \"no\"?",
            country: None,
            keywords: KeywordMatch::Whole,
        };
        let write = |text| inbound.write(&Shape { text, ..Shape::default() }, DateTime::UNIX_EPOCH);
        let (raw, escaped) = (write(TextForm::Raw), write(TextForm::Escaped));
        assert!(!raw.is_ascii() && escaped.is_ascii());
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).unwrap();
        assert_eq!(read(&raw), read(&escaped));
        assert_eq!(
            read(&raw)["user_response"],
            json!({"phone_number": "393331234567", "sender_id": "4442", "iso_country_code": "IT",
                "mo_message": "Perché 😀 \"no\"?", "action": "generic", "keyword": ""})
        );
        assert_eq!(read(&raw)["errors"], json!({}));
    }
}
