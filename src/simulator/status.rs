//! Status codes and the words that go with them.

/// The description that the provider sends with a code.
pub(super) fn description(code: u32) -> &'static str {
    ASYNCHRONOUS
        .iter()
        .chain(REFUSALS)
        .find_map(|(known, text)| (*known == code).then_some(*text))
        .unwrap_or("Status code without a description")
}

/// Whether a message with this status gets no further one.
pub(super) fn is_final(code: u32) -> bool {
    !matches!(code, 203 | 290..=295)
}

const ASYNCHRONOUS: &[(u32, &str)] = &[
    (200, "Delivered to handset"),
    (201, "Completed, suspicious activity detected"),
    (203, "Delivered to gateway"),
    (207, "Error delivering SMS to handset (reason unknown)"),
    (210, "Temporary phone error"),
    (211, "Permanent phone error"),
    (220, "Gateway/network cannot route message"),
    (221, "Message expired before delivery"),
    (222, "SMS not supported"),
    (229, "Message blocked by customer request"),
    (230, "Message blocked by Telesign"),
    (231, "Invalid/unsupported message content"),
    (237, "Message blocked in requested country"),
    (238, "Destination blocked by prefix"),
    (250, "Final status unknown"),
    (251, "Message sent, final confirmation not received"),
    (290, "Message in progress"),
    (292, "Queued at gateway"),
    (295, "Status delayed"),
    (500, "Transaction not attempted"),
    (501, "Not authorized"),
    (502, "Campaign error"),
    (503, "Carrier rejected - temporary problem"),
    (504, "Carrier rejected - permanent error"),
    (505, "Error on gateway - temporary error"),
    (506, "Error on gateway - permanent error"),
    (507, "Invalid destination address"),
    (508, "Invalid source address"),
    (509, "Parameters problem"),
    (510, "Message blocked by subscriber action or request"),
    (511, "Subscriber low on credit"),
    (512, "Roaming error"),
    (513, "Mobile number portability error"),
    (514, "Subscriber absent"),
    (515, "Suspected spam"),
    (520, "Content not allowed"),
    (521, "Sender ID not allowed for destination"),
    (599, "Status not available"),
    (1500, "Delivered to customer"),
];

const REFUSALS: &[(u32, &str)] = &[
    (10_000, "System unavailable, please try again later"),
    (10_002, "x-ts-nonce was used recently"),
    (10_003, "x-ts-nonce is too long or too short"),
    (10_004, "Date is outside the tolerated range"),
    (10_005, "Date is not in RFC 822 form"),
    (10_006, "Invalid x-ts-auth-method"),
    (10_007, "Missing Date or x-ts-date"),
    (10_008, "Invalid signature"),
    (10_009, "Missing Authorization header"),
    (10_010, "Account suspended"),
    (10_011, "Product not enabled for this CustomerID"),
    (10_014, "Invalid source IP address"),
    (10_015, "Invalid CustomerID"),
    (10_017, "Reference ID not found"),
    (10_019, "Rate limit exceeded"),
    (10_020, "Transaction hard cap exceeded"),
    (10_022, "Invalid API key"),
    (10_028, "Authorization header is malformed"),
    (10_030, "Prepaid wallet is empty"),
    (10_031, "Not allowed: blocked by customer request, or host not allowed"),
    (10_032, "Blocked by Telesign"),
    (10_033, "Recipient is not verified for this trial account"),
    (10_035, "API host not allowed for this CustomerID"),
    (10_036, "Reference ID expired"),
    (11_000, "Invalid value for parameter phone_number"),
    (11_001, "Invalid country code in parameter phone_number"),
    (11_003, "Invalid value for parameter account_lifecycle_event"),
    (11_004, "Invalid value for parameter callback_url"),
    (11_009, "Invalid value for parameter message"),
    (11_010, "Invalid value for parameter originating_ip"),
    (11_011, "Invalid value for parameter reference_id"),
    (11_013, "Invalid value for parameter sender_id"),
    (11_016, "Invalid value for parameter external_id"),
    (11_017, "Invalid value for parameter message_type"),
    (11_034, "Invalid value for parameter dlt_template_id"),
    (11_035, "Invalid value for parameter dlt_entity_id"),
    (12_000, "Missing required parameter phone_number"),
    (12_009, "Missing required parameter message"),
    (12_017, "Missing required parameter message_type"),
];
