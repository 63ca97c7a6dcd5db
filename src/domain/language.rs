//! Language tags (BCP 47): the common form `language[-Script][-REGION]`, in canonical case.

/// A text that is not a language tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a language tag such as en, en-US or zh-Hant-TW")]
pub struct InvalidLanguageTag;

/// The tag in canonical case.
pub fn canonical(text: &str) -> Result<String, InvalidLanguageTag> {
    let mut parts = text.split('-');
    let language = parts.next().filter(|part| is_letters(part, 2..=3)).ok_or(InvalidLanguageTag)?;
    let mut tag = language.to_ascii_lowercase();
    let mut next = parts.next();
    if let Some(script) = next.filter(|part| is_letters(part, 4..=4)) {
        let (first, rest) = script.split_at(1);
        tag.push('-');
        tag.push_str(&first.to_ascii_uppercase());
        tag.push_str(&rest.to_ascii_lowercase());
        next = parts.next();
    }
    if let Some(region) = next.filter(|part| is_region(part)) {
        tag.push('-');
        tag.push_str(&region.to_ascii_uppercase());
        next = parts.next();
    }
    if next.is_none() { Ok(tag) } else { Err(InvalidLanguageTag) }
}

/// The tag, and what it is a variety of, nearest first: `zh-Hant-TW`, `zh-Hant`, `zh`.
pub fn fallbacks(tag: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(tag), |tag| tag.rsplit_once('-').map(|(wider, _)| wider))
}

fn is_letters(part: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_region(part: &str) -> bool {
    is_letters(part, 2..=2) || (part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_get_their_canonical_case() {
        for (given, canonical_tag) in
            [("EN", "en"), ("en-us", "en-US"), ("ZH-hant-tw", "zh-Hant-TW"), ("es-419", "es-419")]
        {
            assert_eq!(canonical(given).as_deref(), Ok(canonical_tag));
        }
    }

    #[test]
    fn a_tag_falls_back_on_what_it_is_a_variety_of() {
        let all: Vec<&str> = fallbacks("zh-Hant-TW").collect();
        assert_eq!(all, ["zh-Hant-TW", "zh-Hant", "zh"]);
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for wrong in ["", "e", "english", "en_US", "en-", "en-US-x", "en-USA", "日本"] {
            assert_eq!(canonical(wrong), Err(InvalidLanguageTag), "{wrong:?}");
        }
    }
}
