//! What commands print: the one place that writes to stdout and stderr.

use std::io::{self, Write};

use super::AppError;

/// Prints a line on stdout, at once, so that whoever waits for it sees it.
pub(super) fn print_line(text: &str) -> Result<(), AppError> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(AppError::Output)
}

/// Says on stderr why the program ends. There is nowhere else to go when that fails.
pub(super) fn complain(error: &AppError) {
    writeln!(io::stderr().lock(), "centralino: {error}").ok();
}
