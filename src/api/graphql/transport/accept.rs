//! What the client wants to be answered in (RFC 9110, 12.5.1).

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `application/json`: request errors are answered 200.
    Json,
    /// `application/graphql-response+json`: the status says what became of the request.
    GraphqlResponse,
    /// `text/event-stream`.
    EventStream,
}

/// Media ranges that are looked at; nobody sends more.
const RANGES_MAX: usize = 32;

impl Form {
    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::EventStream => "text/event-stream",
        }
    }

    /// The form that the header likes best; `None`: it takes none of ours.
    pub(super) fn accepted(header: Option<&str>) -> Option<Self> {
        let Some(header) = header.filter(|header| !header.trim().is_empty()) else {
            return Some(Self::Json);
        };
        let mut best: Option<(f32, Self)> = None;
        for range in header.split(',').take(RANGES_MAX) {
            let mut parts = range.split(';');
            let media_type = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
            let form = match media_type.as_str() {
                "application/graphql-response+json" => Self::GraphqlResponse,
                "application/json" | "application/*" | "*/*" => Self::Json,
                "text/event-stream" | "text/*" => Self::EventStream,
                _ => continue,
            };
            let quality = parts
                .filter_map(|part| part.trim().strip_prefix("q="))
                .find_map(|value| value.trim().parse::<f32>().ok())
                .unwrap_or(1.0);
            // The first of equals wins.
            if quality > 0.0 && best.is_none_or(|(known, _)| quality > known) {
                best = Some((quality, form));
            }
        }
        best.map(|(_, form)| form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_chooses_the_form() {
        let response = "application/graphql-response+json";
        let table = [
            (None, Some(Form::Json)),
            (Some(""), Some(Form::Json)),
            (Some("*/*"), Some(Form::Json)),
            (Some("application/json"), Some(Form::Json)),
            (Some(response), Some(Form::GraphqlResponse)),
            (
                Some("application/graphql-response+json; charset=utf-8, application/json; q=0.9"),
                Some(Form::GraphqlResponse),
            ),
            (
                Some("application/json;q=0.5, application/graphql-response+json"),
                Some(Form::GraphqlResponse),
            ),
            (Some("text/event-stream"), Some(Form::EventStream)),
            (
                Some("application/graphql-response+json, application/json, multipart/mixed"),
                Some(Form::GraphqlResponse),
            ),
            (Some("text/html"), None),
            (Some("application/json;q=0"), None),
        ];
        for (header, form) in table {
            assert_eq!(Form::accepted(header), form, "{header:?}");
        }
    }
}
