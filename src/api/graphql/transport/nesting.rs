//! How many tokens a document has and how deeply its brackets nest, told without parsing it.
//!
//! The library's parser calls itself for each level of a list or an object, without a limit: some
//! thousand `[` end the whole process. So they are counted before it sees them.

/// Levels of brackets of every kind; what people write has far fewer.
const NESTING_MAX: usize = 64;
/// Names, numbers, strings and marks; the introspection of the usual tools has some 300.
const TOKENS_MAX: usize = 4_000;

/// Why a document is not parsed at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Excess {
    #[error("the document nests too deeply; the most is {NESTING_MAX} levels of brackets")]
    Nesting,
    #[error("the document has too many tokens; the most is {TOKENS_MAX}")]
    Tokens,
}

/// Counts what the parser would have to take, and stops at the first excess.
pub(super) fn measure(document: &str) -> Result<(), Excess> {
    let mut rest = document.as_bytes();
    let (mut depth, mut tokens, mut is_in_word) = (0_usize, 0_usize, false);
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let is_word = first.is_ascii_alphanumeric() || matches!(first, b'_' | b'-' | b'.');
        let is_blank = matches!(first, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'#');
        let goes_on = is_word && is_in_word;
        if !(is_blank || goes_on) {
            tokens += 1;
        }
        is_in_word = is_word;
        match first {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'#' => rest = after_comment(after),
            b'"' => rest = after_string(after),
            _ => {}
        }
        if depth > NESTING_MAX {
            return Err(Excess::Nesting);
        }
        if tokens > TOKENS_MAX {
            return Err(Excess::Tokens);
        }
    }
    Ok(())
}

fn after_comment(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    end.map_or(&[], |end| &text[end..])
}

/// What follows a string whose first quotation mark has been read.
fn after_string(text: &[u8]) -> &[u8] {
    if let Some(block) = text.strip_prefix(b"\"\"") {
        // Three marks that nothing closes are an empty string, and the beginning of another one.
        return after_block(block).unwrap_or(&text[1..]);
    }
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = match first {
            b'"' => return after,
            // No string goes over the end of its line; the parser will say so.
            b'\n' | b'\r' => return rest,
            b'\\' => after.get(1..).unwrap_or(&[]),
            _ => after,
        };
    }
    rest
}

fn after_block(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        if let Some(after) = rest.strip_prefix(b"\"\"\"") {
            return Some(after);
        }
        rest = match rest.strip_prefix(b"\\\"\"\"") {
            Some(after) => after,
            None => rest.get(1..)?,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_too_deep(document: &str) -> bool {
        measure(document) == Err(Excess::Nesting)
    }

    #[test]
    fn tokens_are_counted_as_the_parser_meets_them() {
        let words = |count: usize| "word ".repeat(count);
        assert_eq!(measure(&words(TOKENS_MAX)), Ok(()));
        assert_eq!(measure(&words(TOKENS_MAX + 1)), Err(Excess::Tokens));
        assert_eq!(measure(&"a:\"b c\",\n".repeat(TOKENS_MAX / 3)), Ok(()));
        assert_eq!(measure(&"a:\"b c\",\n".repeat(TOKENS_MAX / 3 + 1)), Err(Excess::Tokens));
        assert_eq!(measure(&"@a@a".repeat(TOKENS_MAX / 4 + 1)), Err(Excess::Tokens));
        assert_eq!(measure(&"x".repeat(TOKENS_MAX * 4)), Ok(()), "a long word is one");
        assert_eq!(measure(&", \n".repeat(TOKENS_MAX * 4)), Ok(()), "a blank is none");
        assert_eq!(measure(&"# a b c\n".repeat(TOKENS_MAX)), Ok(()), "a comment is none");
    }

    fn nested(before: &str, depth: usize) -> String {
        format!("{before}{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn brackets_are_counted_where_they_nest() {
        assert!(!is_too_deep(""));
        assert!(!is_too_deep(&nested("", NESTING_MAX)));
        assert!(is_too_deep(&nested("", NESTING_MAX + 1)));
        assert!(is_too_deep(&"{a(b:".repeat(33)), "of every kind together");
        assert!(!is_too_deep(&"{ a { b } } [1] (c)".repeat(1_000)), "side by side they do not");
        assert!(is_too_deep(&format!("]]]{}", nested("", NESTING_MAX + 1))));
    }

    #[test]
    fn brackets_in_strings_and_comments_are_text() {
        let many = "[{(".repeat(100);
        for quiet in [
            format!("{{ a(b: \"{many}\") }}"),
            format!("{{ a(b: \"\\\"{many}\") }}"),
            format!("{{ a(b: \"\"\"{many}\n\" \\\"\"\" {many}\"\"\") }}"),
            format!("{{ a # {many}\n }}"),
            format!("# {many}"),
        ] {
            assert!(!is_too_deep(&quiet), "{quiet}");
        }
    }

    #[test]
    fn nothing_hides_brackets() {
        for before in [
            "\"\" ",
            "\"a\\\\\" ",
            "\"\"\"a\"\"\" ",
            "\"\"\"\\\"\"\"\"\"\" ",
            "# \" \n",
            "# \"\"\" \r",
            // An empty string and another one: no block, since nothing closes it.
            "\"\"\"a\" ",
            "\"#\" ",
            "\"\n",
            "\"]]]\" ",
            "\"\"\"]]]\"\"\" ",
            "# ]]]\n",
        ] {
            let text = nested(before, NESTING_MAX + 1);
            assert!(is_too_deep(&text), "{text}");
        }
        let closed_in_comments = "[ # ]\n".repeat(NESTING_MAX + 1);
        assert!(is_too_deep(&closed_in_comments));
        assert!(is_too_deep(&"[ \"]\" ".repeat(NESTING_MAX + 1)));
    }
}
