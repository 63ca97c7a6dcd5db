//! What is true: types and rules of the trade, without any input or output.
//!
//! An **organization** is a company. Its **customers** text one of its **support numbers**, which
//! belong to a **channel account** at the provider and feed a **workstream**. Each exchange is a
//! **conversation** that waits in a **queue** until an **agent** takes it. Start reading at
//! `conversation`: it decides what may happen next.

pub mod address;
pub mod alert;
pub mod audit;
pub mod chain;
pub mod channel;
pub mod clock;
pub mod consent;
pub mod conversation;
pub mod ids;
pub mod language;
pub mod message;
pub mod organization;
pub mod pace;
pub mod secret;
pub mod segment;

/// An enum whose values are words in the database, the API and the code alike.
macro_rules! word_enum {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$item_doc:meta])* $item:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$item_doc])* $item),* }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$item),*];

            /// The word that stands for it in the database and in the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$item => $word),* }
            }

            /// The value of a word; `None` for a word of a later release.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$item),)* _ => None }
            }
        }
    };
}
pub(crate) use word_enum;
