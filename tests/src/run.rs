//! A command that has ended: how, and what it said. Each `expect_…` returns the run again, so that checks chain, and on
//! a failure prints the whole of it.

use std::fmt;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use serde_json::Value;

/// What a finished command left behind.
#[derive(Debug, Clone)]
pub struct Run {
    /// The command line, for messages.
    pub command: String,
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Run {
    /// The exit code; 128 and the signal's number where a signal ended it, as a shell says it.
    #[must_use]
    pub fn code(&self) -> i32 {
        self.status
            .code()
            .unwrap_or_else(|| 128 + self.status.signal().unwrap_or(0))
    }

    /// Both streams as one line: frames and line breaks of Terraform's diagnostics are gone, so that a sentence can be
    /// found whole.
    #[must_use]
    pub fn text(&self) -> String {
        flat(&format!("{}\n{}", self.stdout, self.stderr))
    }

    /// Whether either stream says `text`, wherever the lines break.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        self.text().contains(&flat(text))
    }

    /// The exit code must be 0.
    #[track_caller]
    pub fn expect_success(self) -> Self {
        self.expect_exit(0)
    }

    /// The exit code must be `code`.
    #[track_caller]
    pub fn expect_exit(self, code: i32) -> Self {
        assert!(
            self.code() == code,
            "expected exit code {code}, found {}\n{self}",
            self.code()
        );
        self
    }

    /// The exit code must not be 0.
    #[track_caller]
    pub fn expect_failure(self) -> Self {
        assert!(
            self.code() != 0,
            "expected a failure, found success\n{self}"
        );
        self
    }

    /// The exit code must not be 0, and the output must say `text`.
    #[track_caller]
    pub fn expect_failure_containing(self, text: &str) -> Self {
        self.expect_failure().expect_saying(text)
    }

    /// The output must say `text`.
    #[track_caller]
    pub fn expect_saying(self, text: &str) -> Self {
        assert!(
            self.says(text),
            "expected the output to say {text:?}\n{self}"
        );
        self
    }

    /// The output must not say `text`.
    #[track_caller]
    pub fn expect_not_saying(self, text: &str) -> Self {
        assert!(
            !self.says(text),
            "expected the output not to say {text:?}\n{self}"
        );
        self
    }

    /// The standard output as one JSON document.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("expected JSON on standard output: {error}\n{self}"))
    }

    /// The standard output as JSON, one document a line.
    ///
    /// # Panics
    /// When a line is none.
    #[must_use]
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let parse = |line| {
            serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("expected JSON lines: {error}\n{self}"))
        };
        self.stdout
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(parse)
            .collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "$ {}\n[exit {}]\n--- standard output\n{}\n--- standard error\n{}",
            self.command,
            self.code(),
            self.stdout,
            self.stderr
        )
    }
}

fn flat(text: &str) -> String {
    let words =
        text.split(|letter: char| letter.is_whitespace() || matches!(letter, '│' | '╷' | '╵'));
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
