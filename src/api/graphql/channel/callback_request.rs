//! The letter by which an admin asks the provider to register the callback URL.
//!
//! The provider has no API for it: its support stores one URL for each account, by hand.

use async_graphql::SimpleObject;

/// Where the provider's support is reached.
const SUPPORT_ADDRESS: &str = "support@telesign.com";
const SUBJECT: &str = "Centralino callback URL update request";

/// A letter, ready to send.
#[derive(Debug, PartialEq, Eq, SimpleObject)]
pub struct CallbackRequestEmail {
    /// Address of the provider's support.
    to: String,
    /// One line.
    subject: String,
    /// Plain text, with the Customer ID and the callback URL.
    body: String,
}

impl CallbackRequestEmail {
    pub fn write(customer_id: &str, callback_url: &str) -> Self {
        let body = format!(
            "Hello,\n\
             \n\
             please set the callback URL of our account to the address below, for inbound SMS as \
             well as for delivery reports, and enable inbound SMS (two-way) where it is not \
             enabled yet.\n\
             \n\
             Customer ID: {customer_id}\n\
             Callback URL: {callback_url}\n\
             \n\
             Please tell us when it is done, so that we can test it.\n\
             \n\
             Thank you.\n"
        );
        Self { to: SUPPORT_ADDRESS.to_owned(), subject: SUBJECT.to_owned(), body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_names_the_account_and_the_url_each_on_a_line_of_its_own() {
        let url = "https://sms.example.com/callbacks/telesign/abc";
        let letter = CallbackRequestEmail::write("FFFFFFFF-EEEE", url);
        assert_eq!(letter.to, "support@telesign.com");
        assert!(!letter.subject.contains('\n'));
        let lines: Vec<&str> = letter.body.lines().collect();
        assert!(lines.contains(&"Customer ID: FFFFFFFF-EEEE"), "{lines:?}");
        assert!(lines.contains(&format!("Callback URL: {url}").as_str()), "{lines:?}");
    }
}
