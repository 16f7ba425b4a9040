//! Where output goes: data to standard output, talk to standard error.
//!
//! The only file that writes to either, except where progress is drawn. A reader that went away is no error; talk that
//! cannot be written is dropped.

use std::io::{self, Write};

use serde::Serialize;
use thiserror::Error;

use crate::{config::Color, exit::ExitStatus, failure::Expected, invocation::Invocation};

/// Standard output did not take what was to be said.
#[derive(Debug, Error)]
#[error("cannot write to standard output")]
pub struct ScreenError(#[source] io::Error);

impl Expected for ScreenError {
    fn status(&self) -> ExitStatus {
        ExitStatus::Unexpected
    }
}

/// How this run speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Whether data is JSON.
    pub json: bool,
    /// Whether data may be coloured.
    pub color: bool,
    /// The width of the terminal that tables fit themselves to, in columns; `None` where there is no terminal.
    pub width: Option<u16>,
    /// Whether progress may be drawn over.
    pub draws_progress: bool,
}

impl Screen {
    /// How to speak, given what was asked for and where it goes.
    #[must_use]
    pub fn new(json: bool, color: Color, invocation: &Invocation) -> Self {
        let plain = invocation.variable("NO_COLOR").is_some()
            || invocation.variable("TERM") == Some("dumb");
        Self {
            json,
            color: !json
                && match color {
                    Color::Always => true,
                    Color::Never => false,
                    Color::Auto => invocation.output_is_terminal && !plain,
                },
            width: invocation.output_width,
            draws_progress: invocation.talk_is_terminal
                && invocation.variable("TERM") != Some("dumb"),
        }
    }

    /// Data: `text` and a line break.
    ///
    /// # Errors
    /// If standard output does not take it.
    pub fn data(&self, text: &str) -> Result<(), ScreenError> {
        let mut out = io::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(ScreenError(error)),
            _ => Ok(()),
        }
    }

    /// Data as one JSON document.
    ///
    /// # Errors
    /// If standard output does not take it.
    pub fn document<T: Serialize>(&self, value: &T) -> Result<(), ScreenError> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| ScreenError(io::Error::other(error)))?;
        self.data(&text)
    }

    /// Talk: what happened, or what to do next.
    pub fn note(&self, text: &str) {
        Self::talk(text);
    }

    /// Talk before it is known how this run speaks.
    pub fn talk(text: &str) {
        // A failure to write talk has no place to be told.
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Talk a person should not miss.
    pub fn warn(&self, text: &str) {
        self.note(&format!("warning: {text}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_terminal(variables: &[(&str, &str)]) -> Invocation {
        Invocation {
            variables: variables
                .iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            output_is_terminal: true,
            talk_is_terminal: true,
            ..Invocation::default()
        }
    }

    fn color(json: bool, color: Color, invocation: &Invocation) -> bool {
        Screen::new(json, color, invocation).color
    }

    #[test]
    fn on_a_terminal_colour_is_shown_unless_somebody_says_otherwise() {
        let terminal = on_terminal(&[("TERM", "xterm"), ("NO_COLOR", "")]);
        assert!(color(false, Color::Auto, &terminal));
        assert!(!color(false, Color::Never, &terminal));
        assert!(!color(true, Color::Always, &terminal), "JSON has no colour");
        for plain in [&[("NO_COLOR", "1")], &[("TERM", "dumb")]] {
            assert!(!color(false, Color::Auto, &on_terminal(plain)));
            assert!(color(false, Color::Always, &on_terminal(plain)));
        }
    }

    #[test]
    fn where_nobody_looks_there_is_neither_colour_nor_progress() {
        let screen = Screen::new(false, Color::Auto, &Invocation::default());
        assert!(!screen.color && !screen.draws_progress);
        assert_eq!(screen.width, None);
    }
}
