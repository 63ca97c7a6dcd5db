//! What the answer to a send proves, and what it leaves open.
//!
//! The provider's own code decides, not the HTTP status, except where the two contradict each
//! other: then whatever could lead to a second text is left `Unconfirmed`.

use serde_json::{Map, Value};

use super::{
    json,
    refusal::{self, Refusal, Remedy},
    status_code,
};
use crate::domain::message::{MessageFailure, MessageFailureCode, NotTaken, SendOutcome};

/// What the provider answers to a message that it took.
const IN_PROGRESS: i32 = 290;

/// How much of the body of an answer arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyEnd {
    /// All of it, or as much as is ever read.
    Read,
    /// The connection was lost on the way.
    Lost,
}

/// An answer of the provider's, or of something that stands before it.
pub(super) struct Answer {
    pub http_status: u16,
    pub end: BodyEnd,
    json: Option<Map<String, Value>>,
}

impl Answer {
    pub(super) fn new(http_status: u16, body: &[u8], end: BodyEnd) -> Self {
        let json = match json::read(body) {
            Some(Value::Object(object)) => Some(object),
            _ => None,
        };
        Self { http_status, end, json }
    }

    pub(super) fn json(&self) -> Option<&Map<String, Value>> {
        self.json.as_ref()
    }

    /// The provider's own code; `None` when the provider did not write this answer.
    pub(super) fn code(&self) -> Option<i32> {
        self.json.as_ref().and_then(json::provider_code)
    }

    fn describe(&self, code: Option<i32>) -> String {
        let own_words = self.json.as_ref().and_then(json::provider_description);
        own_words.unwrap_or_else(|| match code {
            Some(code) => format!("the provider answered with code {code}"),
            None => format!("the provider answered with HTTP status {}", self.http_status),
        })
    }

    /// What became of the message that this answers.
    pub(super) fn send_outcome(&self) -> SendOutcome {
        match self.http_status {
            200..=299 => self.outcome_of_success(),
            // 408 comes from whatever waited for us, not from the provider's own logic.
            408 | 500..=599 => self.outcome_of_server_error(),
            400..=499 => self.outcome_of_client_error(),
            // A redirect is not followed: it would carry the text and the key to someone else.
            _ => self.unconfirmed(),
        }
    }

    fn outcome_of_success(&self) -> SendOutcome {
        let code = self.code();
        if let Some(refusal) = code.and_then(refusal::find) {
            return match refusal.remedy {
                Remedy::GiveUp => SendOutcome::Refused(refusal.to_failure()),
                Remedy::LeaveAlone => SendOutcome::RecipientBlocked(refusal.to_failure()),
                // "Taken" and "not taken" at once: sending it again could make two of it.
                Remedy::Slower
                | Remedy::Later
                | Remedy::Again
                | Remedy::StopAccount
                | Remedy::LookFirst => self.unconfirmed(),
            };
        }
        if let Some(meaning) = code.and_then(status_code::known_meaning)
            && let Some(failure) = meaning.failure
        {
            let failure = MessageFailure {
                code: failure,
                provider_code: code,
                description: meaning.reason.to_owned(),
            };
            return if meaning.blocks_recipient {
                SendOutcome::RecipientBlocked(failure)
            } else {
                SendOutcome::Refused(failure)
            };
        }
        match self.json.as_ref().and_then(|answer| json::reference(answer, "reference_id")) {
            Some(provider_reference) => SendOutcome::Accepted {
                provider_reference,
                provider_code: code.unwrap_or(IN_PROGRESS),
            },
            None => self.unconfirmed(),
        }
    }

    /// By its status alone such an answer proves that the message was not taken.
    fn outcome_of_client_error(&self) -> SendOutcome {
        let code = self.code();
        if let Some(refusal) = code.and_then(refusal::find) {
            return outcome_of(refusal);
        }
        let failure = |failure_code| MessageFailure {
            code: failure_code,
            provider_code: code,
            description: self.describe(code),
        };
        match (self.http_status, self.end) {
            (429, _) => self.not_accepted(NotTaken::TooFast),
            // The reason got lost; it is asked for again.
            (_, BodyEnd::Lost) => self.not_accepted(NotTaken::Other),
            (401 | 402, BodyEnd::Read) => {
                SendOutcome::AccountStopped(failure(MessageFailureCode::Credentials))
            }
            // Something on the way said no, and not the provider, about this text.
            (_, BodyEnd::Read) if code.is_none() => self.not_accepted(NotTaken::Other),
            (_, BodyEnd::Read) => SendOutcome::Refused(failure(MessageFailureCode::ProviderError)),
        }
    }

    /// Only a code of the provider's own proves that the message was not taken.
    fn outcome_of_server_error(&self) -> SendOutcome {
        match self.code().and_then(refusal::find) {
            // A gateway's time-out says nothing of what happened behind it.
            Some(refusal)
                if refusal.remedy == Remedy::Later && !matches!(self.http_status, 500 | 503) =>
            {
                self.unconfirmed()
            }
            Some(refusal) => outcome_of(refusal),
            None => self.unconfirmed(),
        }
    }

    fn not_accepted(&self, reason: NotTaken) -> SendOutcome {
        let provider_code = self.code();
        let description = self.describe(provider_code);
        SendOutcome::NotAccepted { reason, provider_code, description }
    }

    fn unconfirmed(&self) -> SendOutcome {
        let reference = self.json.as_ref().and_then(|json| json::reference(json, "reference_id"));
        let description = self.describe(self.code());
        SendOutcome::Unconfirmed { provider_reference: reference, description }
    }
}

/// What a code proves that the status of its answer does not contradict.
fn outcome_of(refusal: Refusal) -> SendOutcome {
    let not_accepted = |reason| SendOutcome::NotAccepted {
        reason,
        provider_code: Some(refusal.code),
        description: refusal.reason.to_owned(),
    };
    match refusal.remedy {
        Remedy::Slower => not_accepted(NotTaken::TooFast),
        Remedy::Later => not_accepted(NotTaken::Unavailable),
        Remedy::Again => not_accepted(NotTaken::Other),
        Remedy::StopAccount => SendOutcome::AccountStopped(refusal.to_failure()),
        Remedy::GiveUp => SendOutcome::Refused(refusal.to_failure()),
        Remedy::LeaveAlone => SendOutcome::RecipientBlocked(refusal.to_failure()),
        Remedy::LookFirst => SendOutcome::Unconfirmed {
            provider_reference: None,
            description: refusal.reason.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an outcome is, in one word and with its codes.
    fn summary(outcome: &SendOutcome) -> String {
        let failure = |failure: &MessageFailure| {
            format!("{} {:?}", failure.code.as_str(), failure.provider_code)
        };
        match outcome {
            SendOutcome::Accepted { provider_reference, provider_code } => {
                format!("accepted {provider_reference} {provider_code}")
            }
            SendOutcome::NotAccepted { reason, provider_code, .. } => {
                format!("not accepted {reason:?} {provider_code:?}")
            }
            SendOutcome::Refused(reason) => format!("refused {}", failure(reason)),
            SendOutcome::RecipientBlocked(reason) => format!("blocked {}", failure(reason)),
            SendOutcome::AccountStopped(reason) => format!("stopped {}", failure(reason)),
            SendOutcome::Unconfirmed { provider_reference: None, .. } => "unconfirmed".to_owned(),
            SendOutcome::Unconfirmed { provider_reference: Some(reference), .. } => {
                format!("unconfirmed {reference}")
            }
        }
    }

    fn outcome_of_answer(http_status: u16, body: &str) -> String {
        summary(&Answer::new(http_status, body.as_bytes(), BodyEnd::Read).send_outcome())
    }

    fn with_code(http_status: u16, code: i32) -> String {
        outcome_of_answer(
            http_status,
            &format!(r#"{{"reference_id":null,"status":{{"code":{code}}}}}"#),
        )
    }

    #[test]
    fn a_reference_means_accepted() {
        let table = [
            (200, r#"{"reference_id":"AB12","status":{"code":290}}"#, "accepted AB12 290"),
            (201, r#"{"reference_id":"AB12","status":{"code":"290"}}"#, "accepted AB12 290"),
            (200, r#"{"reference_id":"AB12"}"#, "accepted AB12 290"),
            (200, r#"{"reference_id":"AB12","status":{"code":777}}"#, "accepted AB12 777"),
            (
                200,
                r#"{"reference_id":"AB12","status":{"code":203},"errors":{}}"#,
                "accepted AB12 203",
            ),
        ];
        for (http_status, body, expected) in table {
            assert_eq!(outcome_of_answer(http_status, body), expected, "{body}");
        }
    }

    #[test]
    fn what_proves_nothing_is_unconfirmed() {
        let page = "<html><body>Bad gateway</body></html>";
        let table = [
            (200, page),
            (200, ""),
            (200, "[]"),
            (200, r#"{"status":{"code":290}}"#),
            (200, r#"{"reference_id":"","status":{"code":290}}"#),
            (200, r#"{"reference_id":"a b","status":{"code":290}}"#),
            (302, page),
            (500, page),
            (502, page),
            (503, page),
            (504, page),
            (408, page),
            (502, r#"{"status":{"code":10000}}"#),
            (504, r#"{"status":{"code":10000}}"#),
            (500, r#"{"status":{"code":777}}"#),
            (401, r#"{"status":{"code":10002}}"#),
        ];
        for (http_status, body) in table {
            assert_eq!(outcome_of_answer(http_status, body), "unconfirmed", "{http_status} {body}");
        }
        // Taken and not taken at once: the provider can be asked by the reference.
        for (http_status, code) in [(200, 10_000), (200, 10_010), (502, 10_000), (500, 777)] {
            let body = format!(r#"{{"reference_id":"AB12","status":{{"code":{code}}}}}"#);
            assert_eq!(outcome_of_answer(http_status, &body), "unconfirmed AB12", "{code}");
        }
        let cut = Answer::new(200, br#"{"reference_id":"AB"#, BodyEnd::Lost);
        assert_eq!(summary(&cut.send_outcome()), "unconfirmed");
    }

    #[test]
    fn only_a_proof_lets_a_message_be_tried_again() {
        for (http_status, code, reason) in [
            (429, 10_019, "TooFast"),
            (429, 3_204, "TooFast"),
            (429, 3_205, "TooFast"),
            (400, 10_019, "TooFast"),
            (429, 777, "TooFast"),
            (500, 10_000, "Unavailable"),
            (503, 10_000, "Unavailable"),
            (500, 3_041, "Unavailable"),
            (503, 3_500, "Unavailable"),
            (500, -90_001, "Unavailable"),
            (401, 10_004, "Other"),
        ] {
            let expected = format!("not accepted {reason} {:?}", Some(code));
            assert_eq!(with_code(http_status, code), expected, "{http_status}");
        }
        assert_eq!(outcome_of_answer(429, "<html>"), "not accepted TooFast None");
        assert_eq!(
            outcome_of_answer(500, r#"{"status":{"code":500},"errors":[{"code":-40007}]}"#),
            "not accepted TooFast Some(-40007)"
        );
        let cut = Answer::new(401, b"{", BodyEnd::Lost);
        assert_eq!(summary(&cut.send_outcome()), "not accepted Other None");
        // What stands before the provider knows nothing of one text.
        for http_status in [400, 403, 404, 405, 413, 421] {
            let answered = outcome_of_answer(http_status, "<html>");
            assert_eq!(answered, "not accepted Other None", "{http_status}");
        }
    }

    #[test]
    fn what_concerns_the_account_stops_the_account() {
        let credentials = [
            10_003, 10_005, 10_006, 10_007, 10_008, 10_009, 10_010, 10_011, 10_013, 10_014, 10_015,
            10_022, 10_028, 10_031, 10_035,
        ];
        for code in credentials {
            assert_eq!(with_code(401, code), format!("stopped CREDENTIALS {:?}", Some(code)));
        }
        assert_eq!(with_code(402, 10_030), "stopped PROVIDER_ERROR Some(10030)");
        assert_eq!(with_code(429, 10_020), "stopped RATE_LIMITED Some(10020)");
        assert_eq!(with_code(429, 3_207), "stopped RATE_LIMITED Some(3207)");
        assert_eq!(with_code(500, -40_008), "stopped RATE_LIMITED Some(-40008)");
        assert_eq!(with_code(429, 3_203), "stopped PROVIDER_ERROR Some(3203)");
        assert_eq!(with_code(429, 3_206), "stopped CREDENTIALS Some(3206)");
        assert_eq!(with_code(400, 10_035), "stopped CREDENTIALS Some(10035)");
        assert_eq!(outcome_of_answer(401, "<html>"), "stopped CREDENTIALS None");
        assert_eq!(outcome_of_answer(402, ""), "stopped CREDENTIALS None");
    }

    #[test]
    fn what_concerns_one_message_is_refused() {
        for code in [11_000, 11_001] {
            assert_eq!(with_code(400, code), format!("refused INVALID_NUMBER {:?}", Some(code)));
        }
        let ours = [
            11_003, 11_004, 11_009, 11_010, 11_013, 11_016, 11_017, 11_027, 11_034, 11_035, 12_000,
            12_009, 12_017,
        ];
        for code in ours {
            assert_eq!(with_code(400, code), format!("refused PROVIDER_ERROR {:?}", Some(code)));
        }
        assert_eq!(with_code(401, 10_033), "refused BLOCKED Some(10033)");
        assert_eq!(with_code(400, 10_032), "blocked BLOCKED Some(10032)");
        for code in [229, 230] {
            assert_eq!(with_code(200, code), format!("blocked BLOCKED {:?}", Some(code)));
        }
        assert_eq!(with_code(500, 11_000), "refused INVALID_NUMBER Some(11000)");
        assert_eq!(with_code(200, 11_000), "refused INVALID_NUMBER Some(11000)");
        assert_eq!(with_code(200, 510), "blocked OPTED_OUT Some(510)");
        assert_eq!(with_code(400, 777), "refused PROVIDER_ERROR Some(777)");
    }
}
