//! Addresses that texts come from and go to, as we keep them and as the provider wants them.
//!
//! The provider writes every number as bare digits. We keep customers' numbers as E.164 with `+`,
//! and our own numbers as the digits that the admin entered. `Debug` shows only the last two
//! characters: numbers are personal data and never belong in a log.

use std::{fmt, str::FromStr, sync::Arc};

use super::word_enum;

/// Fewer digits than any international number has: such a sender is a short code.
const SHORT_CODE_DIGITS_MAX: usize = 6;
const SHORT_CODE_DIGITS_MIN: usize = 3;
const E164_DIGITS_MIN: usize = 7;
const E164_DIGITS_MAX: usize = 15;
const ALPHANUMERIC_MAX: usize = 11;

/// An address that cannot send or receive texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    #[error("a number has {E164_DIGITS_MIN} to {E164_DIGITS_MAX} digits, country code first")]
    Number,
    #[error(
        "expected a number, a short code or an alphanumeric sender of up to {ALPHANUMERIC_MAX} characters"
    )]
    Address,
}

/// An E.164 number (`+` and 7 to 15 digits), a short code (3 to 6 digits), or an alphanumeric sender.
///
/// Shared: a live conversation names its customer in several places.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SmsAddress(Arc<str>);

impl SmsAddress {
    /// A person's number, as an agent enters it: `+` and 7 to 15 digits.
    pub fn from_e164(text: &str) -> Result<Self, InvalidAddress> {
        let digits = text.strip_prefix('+').ok_or(InvalidAddress::Number)?;
        let length_fits = (E164_DIGITS_MIN..=E164_DIGITS_MAX).contains(&digits.len());
        if length_fits && is_digits(digits) && !digits.starts_with('0') {
            Ok(Self(text.into()))
        } else {
            Err(InvalidAddress::Number)
        }
    }

    /// An address as the provider writes it: digits without `+`, or an alphanumeric sender.
    pub fn from_provider(text: &str) -> Result<Self, InvalidAddress> {
        let text = text.trim().trim_start_matches('+').trim_start();
        if is_digits(text) {
            return match text.len() {
                SHORT_CODE_DIGITS_MIN..=SHORT_CODE_DIGITS_MAX => Ok(Self(text.into())),
                E164_DIGITS_MIN..=E164_DIGITS_MAX => Ok(Self(format!("+{text}").into())),
                _ => Err(InvalidAddress::Address),
            };
        }
        let fits = !text.is_empty() && text.chars().count() <= ALPHANUMERIC_MAX;
        let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == ' ');
        if fits && plain { Ok(Self(text.into())) } else { Err(InvalidAddress::Address) }
    }

    /// One of our numbers as the other end of a text.
    pub fn of_support_number(number: &SupportNumberDigits) -> Self {
        let digits = number.as_str();
        let is_short = digits.len() <= SHORT_CODE_DIGITS_MAX;
        Self(if is_short { digits.into() } else { format!("+{digits}").into() })
    }

    /// As we keep and show it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the provider wants it: never with a `+`.
    pub fn provider_form(&self) -> &str {
        self.0.trim_start_matches('+')
    }
}

impl FromStr for SmsAddress {
    type Err = InvalidAddress;

    /// Whatever [`SmsAddress::from_provider`] has made reads back as the same.
    ///
    /// The provider hands on senders that are no real numbers, such as one with a zero in front. One
    /// that was stored and cannot be read would stand in the way of everybody's rows beside it.
    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        if !text.starts_with('+') {
            return Self::from_provider(text);
        }
        let as_provider = || Self::from_provider(text).ok().filter(|read| read.as_str() == text);
        Self::from_e164(text).or_else(|wrong| as_provider().ok_or(wrong))
    }
}

impl fmt::Debug for SmsAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SmsAddress(…{})", last_two(&self.0))
    }
}

word_enum! {
    /// What kind of number a support number is.
    pub enum SupportNumberKind { Geo = "GEO", ShortCode = "SHORT_CODE", TollFree = "TOLL_FREE" }
}

/// Digits of a number of ours, country code first, exactly as the provider wants them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SupportNumberDigits(Arc<str>);

/// Why a support number is refused; each says what would have been taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSupportNumber {
    #[error("use digits only, country code first: {0}")]
    NotDigits(String),
    #[error("this has no digits; enter the number with its country code, for example 14252306549")]
    Empty,
    #[error("a short code has 3 to 8 digits; this has {0}")]
    ShortCodeLength(usize),
    #[error("a number has 7 to 15 digits, country code first; this has {0}")]
    NumberLength(usize),
}

impl SupportNumberDigits {
    /// Takes digits only; anything else is refused with the digits that would be taken.
    pub fn parse(kind: SupportNumberKind, text: &str) -> Result<Self, InvalidSupportNumber> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(InvalidSupportNumber::Empty);
        }
        if digits != text {
            return Err(InvalidSupportNumber::NotDigits(digits));
        }
        let length = digits.len();
        match kind {
            SupportNumberKind::ShortCode if !(3..=8).contains(&length) => {
                Err(InvalidSupportNumber::ShortCodeLength(length))
            }
            SupportNumberKind::Geo | SupportNumberKind::TollFree
                if !(E164_DIGITS_MIN..=E164_DIGITS_MAX).contains(&length) =>
            {
                Err(InvalidSupportNumber::NumberLength(length))
            }
            _ => Ok(Self(digits.into())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SupportNumberDigits {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SupportNumberDigits(…{})", last_two(&self.0))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn last_two(text: &str) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(2)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_never_sees_a_plus() -> Result<(), InvalidAddress> {
        let customer = SmsAddress::from_provider("14155550123")?;
        assert_eq!(customer.as_str(), "+14155550123");
        assert_eq!(customer.provider_form(), "14155550123");
        assert_eq!(SmsAddress::from_provider("+14155550123")?, customer);
        Ok(())
    }

    #[test]
    fn short_codes_and_alphanumeric_senders_are_not_numbers() -> Result<(), InvalidAddress> {
        assert_eq!(SmsAddress::from_provider("4442")?.as_str(), "4442");
        assert_eq!(SmsAddress::from_provider("ACME Bank")?.as_str(), "ACME Bank");
        for wrong in ["", "12", "1234567890123456", "much too long a name", "né"] {
            assert_eq!(SmsAddress::from_provider(wrong), Err(InvalidAddress::Address), "{wrong:?}");
        }
        Ok(())
    }

    #[test]
    fn every_address_that_the_provider_gives_reads_back_as_the_same() {
        for given in ["14155550123", "04155550123", "4442", "0000000", "ACME Bank", "+ 4442", "A "]
        {
            let address = SmsAddress::from_provider(given).unwrap();
            assert_eq!(address.as_str().parse(), Ok(address.clone()), "{given:?}");
        }
        for wrong in ["+4442", "+ACME", "+ 14155550123", "+"] {
            assert!(wrong.parse::<SmsAddress>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_agent_enters_e164_only() {
        assert!(SmsAddress::from_e164("+14155550123").is_ok());
        for wrong in ["14155550123", "+0155550123", "+1 415", "+", "+123456", "+1234567890123456"] {
            assert_eq!(SmsAddress::from_e164(wrong), Err(InvalidAddress::Number), "{wrong:?}");
        }
    }

    #[test]
    fn a_refused_support_number_names_the_digits_that_would_be_taken() {
        let parse = |text| SupportNumberDigits::parse(SupportNumberKind::Geo, text);
        assert_eq!(
            parse("+1 (425) 230-6549"),
            Err(InvalidSupportNumber::NotDigits("14252306549".into()))
        );
        assert_eq!(parse("abc"), Err(InvalidSupportNumber::Empty));
        assert_eq!(parse("123456"), Err(InvalidSupportNumber::NumberLength(6)));
        assert!(parse("14252306549").is_ok());
        let short = |text| SupportNumberDigits::parse(SupportNumberKind::ShortCode, text);
        assert!(short("4442").is_ok());
        assert_eq!(short("44"), Err(InvalidSupportNumber::ShortCodeLength(2)));
    }

    #[test]
    fn debug_output_hides_the_number() {
        let shown = format!("{:?}", SmsAddress("+14155550123".into()));
        assert_eq!(shown, "SmsAddress(…23)");
    }
}
