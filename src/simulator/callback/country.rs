//! The country of a number, for the countries that demos and tests use most.

/// Calling codes, longest first where one begins with another.
const COUNTRIES: &[(&str, &str)] = &[
    ("351", "PT"),
    ("352", "LU"),
    ("353", "IE"),
    ("358", "FI"),
    ("372", "EE"),
    ("380", "UA"),
    ("385", "HR"),
    ("386", "SI"),
    ("420", "CZ"),
    ("421", "SK"),
    ("852", "HK"),
    ("966", "SA"),
    ("971", "AE"),
    ("972", "IL"),
    ("234", "NG"),
    ("254", "KE"),
    ("20", "EG"),
    ("27", "ZA"),
    ("30", "GR"),
    ("31", "NL"),
    ("32", "BE"),
    ("33", "FR"),
    ("34", "ES"),
    ("36", "HU"),
    ("39", "IT"),
    ("40", "RO"),
    ("41", "CH"),
    ("43", "AT"),
    ("44", "GB"),
    ("45", "DK"),
    ("46", "SE"),
    ("47", "NO"),
    ("48", "PL"),
    ("49", "DE"),
    ("52", "MX"),
    ("54", "AR"),
    ("55", "BR"),
    ("56", "CL"),
    ("57", "CO"),
    ("60", "MY"),
    ("61", "AU"),
    ("62", "ID"),
    ("63", "PH"),
    ("64", "NZ"),
    ("65", "SG"),
    ("66", "TH"),
    ("81", "JP"),
    ("82", "KR"),
    ("84", "VN"),
    ("86", "CN"),
    ("90", "TR"),
    ("91", "IN"),
    ("92", "PK"),
    ("1", "US"),
    ("7", "RU"),
];

/// Two letters; `US` where the table does not know the number.
pub(in crate::simulator) fn iso_country_code(digits: &str) -> &'static str {
    COUNTRIES
        .iter()
        .find_map(|(code, iso)| digits.starts_with(code).then_some(*iso))
        .unwrap_or("US")
}
