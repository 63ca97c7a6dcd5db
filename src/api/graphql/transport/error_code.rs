//! Codes of top-level errors, and errors as they leave.

use async_graphql::{ErrorExtensionValues, Pos, Response, ServerError};

use super::execution::Stage;

/// What kind of error it is: `extensions.code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// The request is not GraphQL over HTTP.
    BadRequest,
    /// The document is not GraphQL.
    ParseFailed,
    /// The document does not fit the schema, or asks for more than is allowed.
    ValidationFailed,
    /// An argument cannot be right, whatever the state of things.
    BadUserInput,
    Unauthenticated,
    Forbidden,
    /// The same request may succeed later.
    Unavailable,
    /// The caller has too much under way; the same request may succeed in a moment.
    RateLimited,
    InternalServerError,
}

impl ErrorCode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Unavailable => "UNAVAILABLE",
            Self::RateLimited => "RATE_LIMITED",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }

    /// An error of this kind.
    pub(super) fn error(self, message: impl Into<String>, position: Option<Pos>) -> ServerError {
        let mut error = ServerError::new(message, position);
        self.mark(&mut error);
        error
    }

    /// An answer that is nothing but an error of this kind.
    pub(super) fn response(self, message: impl Into<String>) -> Response {
        Response::from_errors(vec![self.error(message, None)])
    }

    fn mark(self, error: &mut ServerError) {
        let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
        values.set("code", self.as_str());
    }
}

/// What the library says of an argument's value that it cannot read. It has no code of its own.
const UNREADABLE_VALUE: [&str; 4] =
    ["Failed to parse ", "Invalid value for ", "Unknown enum value", "Expected input type "];

/// What is told of a document that is wrong in many places.
const DOCUMENT_ERRORS_MAX: usize = 20;

/// Gives every error a code and the request's id, and takes the cause out of those of ours.
pub(super) fn polish(response: &mut Response, stage: Stage, request_id: &str) {
    if stage == Stage::Received {
        response.errors.truncate(DOCUMENT_ERRORS_MAX);
    }
    for error in &mut response.errors {
        let has_code = error.extensions.as_ref().is_some_and(|values| values.get("code").is_some());
        if !has_code {
            let is_input = UNREADABLE_VALUE.iter().any(|start| error.message.starts_with(start));
            if stage == Stage::Received {
                ErrorCode::ValidationFailed.mark(error);
            } else if is_input {
                ErrorCode::BadUserInput.mark(error);
            } else {
                tracing::error!(message = error.message, request_id, "a resolver failed; a bug");
                "something went wrong on our side".clone_into(&mut error.message);
                error.source = None;
                ErrorCode::InternalServerError.mark(error);
            }
        }
        let values = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
        values.set("requestId", request_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(stage: Stage, message: &str) -> String {
        let mut response = Response::from_errors(vec![ServerError::new(message, None)]);
        polish(&mut response, stage, "req_1");
        let code = response.errors[0].extensions.as_ref().unwrap().get("code").unwrap();
        code.to_string()
    }

    #[test]
    fn a_value_that_cannot_be_read_is_the_callers_and_all_else_is_ours() {
        for message in [
            "Failed to parse \"DateTime\": expected an RFC 3339 time",
            "Expected input type \"Boolean\", found null.",
        ] {
            for stage in [Stage::Validated, Stage::Executed] {
                assert_eq!(code_of(stage, message), "\"BAD_USER_INPUT\"", "{message}");
            }
        }
        let message = "a foreign key leads nowhere";
        for stage in [Stage::Validated, Stage::Executed] {
            assert_eq!(code_of(stage, message), "\"INTERNAL_SERVER_ERROR\"");
        }
        assert_eq!(code_of(Stage::Received, message), "\"GRAPHQL_VALIDATION_FAILED\"");
    }
}
