//! The provider's dates: four formats in its own documents, one of them with a thirty-first month.
//!
//! A date that cannot be read is `None`, never a failure: the text that it came with matters more.

use chrono::{DateTime, Datelike, NaiveDateTime, SubsecRound, Utc};

/// Years outside these are a mistake of the sender's, not a time.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// Formats with a zone that `chrono` has no name for.
const ZONED: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z"];

/// Formats without a zone; the provider means UTC.
const UNZONED: [&str; 3] =
    ["%Y-%m-%d %H:%M:%S:%3f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];

/// Reads a date in any format that the provider has been seen to use.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let time = zoned(text).or_else(|| unzoned(text))?;
    // PostgreSQL keeps microseconds.
    YEARS.contains(&time.year()).then(|| time.trunc_subsecs(6))
}

fn zoned(text: &str) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    // The day of the week adds nothing, and the provider's own examples have it wrong.
    let without_weekday = text.split_once(", ").map_or(text, |(_, rest)| rest);
    if let Ok(time) = DateTime::parse_from_rfc2822(without_weekday) {
        return Some(time.to_utc());
    }
    ZONED.iter().find_map(|format| Some(DateTime::parse_from_str(text, format).ok()?.to_utc()))
}

fn unzoned(text: &str) -> Option<DateTime<Utc>> {
    UNZONED
        .iter()
        .find_map(|format| Some(NaiveDateTime::parse_from_str(text, format).ok()?.and_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_of_the_provider_is_read_and_nonsense_is_none() {
        let table = [
            ("2016-10-21T14:05:36.181346Z", Some("2016-10-21T14:05:36.181346Z")),
            ("2023-10-31T14:47:10.154000+02:00", Some("2023-10-31T12:47:10.154Z")),
            ("2023-10-31T14:47:10+0200", Some("2023-10-31T12:47:10Z")),
            ("Thu, 23 Jun 2022 19:03:44 GMT", Some("2022-06-23T19:03:44Z")),
            ("Mon, 23 Jun 2022 19:03:44 GMT", Some("2022-06-23T19:03:44Z")),
            ("Thu, 23 Jun 2022 19:03:44 +0000", Some("2022-06-23T19:03:44Z")),
            ("2020-05-04 22:07:01:226", Some("2020-05-04T22:07:01.226Z")),
            ("2020-05-04 22:07:01", Some("2020-05-04T22:07:01Z")),
            ("2020-05-04T22:07:01.5", Some("2020-05-04T22:07:01.5Z")),
            ("2023-10-31T14:47:10.1234567Z", Some("2023-10-31T14:47:10.123456Z")),
            ("2022-31-03T14:51:28.709526Z", None),
            ("9999-12-31T23:59:59Z", None),
            ("0000-01-01T00:00:00Z", None),
            ("", None),
            ("yesterday, at noon", None),
        ];
        for (text, expected) in table {
            let expected = expected.map(|time| time.parse::<DateTime<Utc>>().unwrap());
            assert_eq!(read(text), expected, "{text:?}");
        }
    }
}
