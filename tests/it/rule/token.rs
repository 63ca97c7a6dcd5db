//! Reads Rust source as far as the rules need: words, texts and marks, each with its line.
//!
//! Comments are left out, and what stands in a text is never taken for code.

/// A piece of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Word(String),
    /// The inside of a string literal, escapes as they were written.
    Text(String),
    Mark(char),
}

/// A piece and the line that it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub piece: Piece,
    pub line: usize,
}

impl Token {
    pub fn is_mark(&self, mark: char) -> bool {
        self.piece == Piece::Mark(mark)
    }

    pub fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub fn word(&self) -> Option<&str> {
        match &self.piece {
            Piece::Word(word) => Some(word),
            Piece::Text(_) | Piece::Mark(_) => None,
        }
    }
}

/// Cuts source into tokens.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader { letters: source.chars().collect(), at: 0, line: 1, out: Vec::new() };
    while reader.at < reader.letters.len() {
        reader.step();
    }
    reader.out
}

struct Reader {
    letters: Vec<char>,
    at: usize,
    line: usize,
    out: Vec<Token>,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn advance(&mut self) {
        if self.peek(0) == Some('\n') {
            self.line += 1;
        }
        self.at += 1;
    }

    fn push(&mut self, piece: Piece, line: usize) {
        self.out.push(Token { piece, line });
    }

    fn step(&mut self) {
        match (self.peek(0), self.peek(1)) {
            (Some('/'), Some('/')) => {
                while self.peek(0).is_some_and(|letter| letter != '\n') {
                    self.advance();
                }
            }
            (Some('/'), Some('*')) => self.block_comment(),
            (Some('"'), _) => self.text(),
            (Some('\''), _) => self.letter_or_lifetime(),
            (Some(letter), _) if letter.is_alphanumeric() || letter == '_' => self.word(),
            (Some(letter), _) => {
                if !letter.is_whitespace() {
                    self.push(Piece::Mark(letter), self.line);
                }
                self.advance();
            }
            (None, _) => {}
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.advance();
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.advance();
                }
                (None, _) => return,
                _ => {}
            }
            self.advance();
            if depth == 0 {
                return;
            }
        }
    }

    fn text(&mut self) {
        let line = self.line;
        self.advance();
        let mut inside = String::new();
        while let Some(letter) = self.peek(0).filter(|letter| *letter != '"') {
            inside.push(letter);
            if letter == '\\' {
                self.advance();
                inside.extend(self.peek(0));
            }
            self.advance();
        }
        self.advance();
        self.push(Piece::Text(inside), line);
    }

    /// `r"…"` and `r#"…"#`, standing at the first `#` or quote.
    fn raw_text(&mut self) {
        let line = self.line;
        let mut fence = 0_usize;
        while self.peek(0) == Some('#') {
            fence += 1;
            self.advance();
        }
        self.advance();
        let mut inside = String::new();
        while let Some(letter) = self.peek(0) {
            if letter == '"' && (1..=fence).all(|ahead| self.peek(ahead) == Some('#')) {
                break;
            }
            inside.push(letter);
            self.advance();
        }
        self.at += 1 + fence;
        self.push(Piece::Text(inside), line);
    }

    fn letter_or_lifetime(&mut self) {
        self.advance();
        if self.peek(0) == Some('\\') {
            self.advance();
            self.advance();
            while self.peek(0).is_some_and(|letter| letter != '\'') {
                self.advance();
            }
            self.advance();
        } else if self.peek(1) == Some('\'') {
            self.advance();
            self.advance();
        } else {
            while self.peek(0).is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
                self.advance();
            }
        }
    }

    fn word(&mut self) {
        let line = self.line;
        let mut word = String::new();
        while let Some(letter) = self.peek(0).filter(|it| it.is_alphanumeric() || *it == '_') {
            word.push(letter);
            self.advance();
        }
        let is_raw = matches!(word.as_str(), "r" | "br" | "cr");
        match (self.peek(0), self.peek(1)) {
            (Some('"'), _) | (Some('#'), Some('"' | '#')) if is_raw => self.raw_text(),
            // `r#type`: the word itself follows.
            (Some('#'), Some(_)) if word == "r" => self.advance(),
            (Some('"'), _) if matches!(word.as_str(), "b" | "c") => self.text(),
            (Some('\''), _) if word == "b" => self.letter_or_lifetime(),
            _ => self.push(Piece::Word(word), line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<(String, usize)> {
        tokens(source)
            .iter()
            .filter_map(|token| Some((token.word()?.to_owned(), token.line)))
            .collect()
    }

    #[test]
    fn comments_and_texts_are_no_code() {
        let source = "a // b\n/* c /* d */ e */ f\n\"g\\\" h\" r#\"i \" j\"# b\"k\" 'l' '\\'' m";
        let expected = [("a", 1), ("f", 2), ("m", 3)];
        assert_eq!(words(source), expected.map(|(word, line)| (word.to_owned(), line)));
    }

    #[test]
    fn lifetimes_do_not_swallow_what_follows() {
        let source = "fn x<'a>(y: &'a str) -> &'static str { 'z'; r#type }";
        let found: Vec<String> = words(source).into_iter().map(|(word, _)| word).collect();
        assert_eq!(found, ["fn", "x", "y", "str", "str", "type"]);
    }

    #[test]
    fn texts_keep_their_line() {
        let found = tokens("\n\nlet a = \"one\ntwo\"; b");
        let text = Token { piece: Piece::Text("one\ntwo".into()), line: 3 };
        assert!(found.contains(&text), "{found:?}");
        assert_eq!(found.last().map(|token| token.line), Some(4));
    }
}
