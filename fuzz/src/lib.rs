//! What strangers can send us, or a disk can give back, and what must hold whatever it is.
//!
//! Each target takes any bytes and panics where a promise is broken. `make fuzz` runs them all on a
//! stable toolchain: the corpus, then random mutations of it, bounded and from a seed. With
//! cargo-fuzz and a nightly toolchain the same targets are guided by coverage:
//! `cargo +nightly fuzz run --features libfuzzer callback`.

pub mod callback;
pub mod cursor;
pub mod segment;
pub mod signature;
pub mod spool;

/// A target takes any bytes, and panics where a promise is broken.
pub type Target = fn(&[u8]);

/// All of them, with how many inputs a short run gives to each: the spool's go to the disk.
pub const TARGETS: [(&str, Target, u64); 5] = [
    ("signature", signature::run, 200_000),
    ("callback", callback::run, 200_000),
    ("segment", segment::run, 50_000),
    ("cursor", cursor::run, 200_000),
    ("spool", spool::run, 500),
];
