//! The binary as an operator meets it: commands, settings, signals, sudden death.
//!
//! Whatever only a process can show is shown here; what the server does is tested in it. Errors are
//! one sentence on stderr, and the exit status tells a failure (1) from wrong usage (2).

mod death;
mod demo_phone;
mod embedded;
mod first_run;
mod health;
mod people;
mod replay;
mod restart;
mod setting;
mod signal;
