//! Terraform's machine-readable events (`-json`), read leniently from a stream that is never buffered whole.
//!
//! Unknown kinds of events and unknown fields are ignored; every byte is hashed. What an event claims is shown as
//! progress and kept for diagnosis. It is never evidence: a deposed object is deleted without an `apply_complete`.

use std::collections::BTreeSet;

use ledger::chain::hex;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The longest line that is looked into. Longer ones are hashed and skipped; the longest seen had some kilobytes.
const LONGEST_LINE: usize = 4 * 1024 * 1024;

/// The most diagnostics that are kept.
const MOST_DIAGNOSTICS: usize = 50;

/// The most characters of a diagnostic's detail that are kept.
const LONGEST_DETAIL: usize = 2000;

/// What a person wants to see while it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Deleting an object has begun.
    Started {
        /// Which.
        address: String,
    },
    /// Terraform says that an object is deleted.
    Completed {
        /// Which.
        address: String,
    },
    /// Deleting an object failed.
    Errored {
        /// Which.
        address: String,
    },
}

/// A warning or an error of terraform or of a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// `error` or `warning`.
    pub severity: String,
    /// A title.
    pub summary: String,
    /// What happened. May hold secrets: redact before use.
    pub detail: String,
    /// The object it is about, if it says so.
    pub address: Option<String>,
}

#[derive(Deserialize)]
struct RawEvent {
    #[serde(rename = "type")]
    kind: Option<String>,
    hook: Option<RawHook>,
    diagnostic: Option<RawDiagnostic>,
}

#[derive(Deserialize)]
struct RawHook {
    resource: Option<RawResource>,
}

#[derive(Deserialize)]
struct RawResource {
    addr: Option<String>,
}

#[derive(Deserialize)]
struct RawDiagnostic {
    severity: Option<String>,
    summary: Option<String>,
    detail: Option<String>,
    address: Option<String>,
}

/// What was learnt from one stream of events.
#[derive(Debug, Default)]
pub struct EventLog {
    hash: Sha256,
    line: Vec<u8>,
    too_long: bool,
    /// How many deletions terraform reported as begun, deposed objects included.
    pub started: usize,
    /// The objects whose deletion terraform reported as begun, deposed ones under the address they were deposed at.
    pub begun: BTreeSet<String>,
    /// Objects whose deletion terraform reported as complete, in that order.
    pub completed: Vec<String>,
    /// The first diagnostics, errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

impl EventLog {
    /// Takes the next piece of the stream, of any length.
    pub fn feed(&mut self, piece: &[u8], on_progress: &mut (dyn FnMut(Progress) + Send)) {
        self.hash.update(piece);
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            if self.line.len() + part.len() <= LONGEST_LINE {
                self.line.extend_from_slice(part);
            } else {
                self.too_long = true;
            }
            if part.ends_with(b"\n") {
                self.end_line(on_progress);
            }
        }
    }

    /// Takes the end of the stream; answers the SHA-256 of all of it, in hexadecimal.
    pub fn finish(&mut self, on_progress: &mut (dyn FnMut(Progress) + Send)) -> String {
        self.end_line(on_progress);
        hex(&std::mem::take(&mut self.hash).finalize())
    }

    /// The diagnostics that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == "error")
    }

    fn end_line(&mut self, on_progress: &mut (dyn FnMut(Progress) + Send)) {
        let skip = std::mem::take(&mut self.too_long);
        let line = std::mem::take(&mut self.line);
        if skip {
            return;
        }
        // Not every line is an event: a panic of the CLI is plain text.
        if let Ok(event) = serde_json::from_slice::<RawEvent>(&line) {
            self.note(event, on_progress);
        }
    }

    fn note(&mut self, event: RawEvent, on_progress: &mut (dyn FnMut(Progress) + Send)) {
        if let Some(raw) = event.diagnostic
            && self.diagnostics.len() < MOST_DIAGNOSTICS
        {
            self.diagnostics.push(diagnostic(raw));
        }
        let address = event
            .hook
            .and_then(|hook| hook.resource)
            .and_then(|resource| resource.addr);
        let (Some(kind), Some(address)) = (event.kind, address) else {
            return;
        };
        match kind.as_str() {
            "apply_start" => {
                self.started += 1;
                self.begun.insert(address.clone());
                on_progress(Progress::Started { address });
            }
            "apply_complete" => {
                self.completed.push(address.clone());
                on_progress(Progress::Completed { address });
            }
            "apply_errored" => on_progress(Progress::Errored { address }),
            _ => {}
        }
    }
}

fn diagnostic(raw: RawDiagnostic) -> Diagnostic {
    Diagnostic {
        severity: raw.severity.unwrap_or_default(),
        summary: raw.summary.unwrap_or_default(),
        detail: raw
            .detail
            .unwrap_or_default()
            .chars()
            .take(LONGEST_DETAIL)
            .collect(),
        address: raw.address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded; see `tests/fixtures/README.md`.
    const APPLY: &[u8] = include_bytes!("../tests/fixtures/apply_events.jsonl");
    const LOCKED: &[u8] = include_bytes!("../tests/fixtures/plan_locked_events.jsonl");

    fn log(bytes: &[u8], size: usize) -> (EventLog, Vec<Progress>, String) {
        let mut log = EventLog::default();
        let mut seen = Vec::new();
        for piece in bytes.chunks(size) {
            log.feed(piece, &mut |progress| seen.push(progress));
        }
        let hash = log.finish(&mut |progress| seen.push(progress));
        (log, seen, hash)
    }

    #[test]
    fn a_deposed_object_starts_without_completing_so_events_are_no_evidence() {
        let (log, seen, _) = log(APPLY, 1000);
        let started = seen
            .iter()
            .filter(|one| matches!(one, Progress::Started { .. }))
            .count();
        assert_eq!((started, log.started, log.completed.len()), (12, 12, 11));
        assert_eq!(log.diagnostics, []);
    }

    #[test]
    fn the_hash_and_the_events_do_not_depend_on_how_the_stream_was_cut() {
        let whole = log(APPLY, usize::MAX);
        for size in [1, 7, 4096] {
            let cut = log(APPLY, size);
            assert_eq!((&cut.1, &cut.2), (&whole.1, &whole.2), "pieces of {size}");
        }
        assert_eq!(whole.2.len(), 64);
    }

    #[test]
    fn an_error_is_kept_with_its_summary_and_detail() {
        let (log, _, _) = log(LOCKED, 100);
        let error = log.errors().next().expect("there is one");
        assert_eq!(error.summary, "Error acquiring the state lock");
        assert!(error.detail.contains("Who:       root@vm"));
    }

    #[test]
    fn what_is_not_an_event_is_hashed_and_otherwise_ignored() {
        let odd = "panic: oh no\n{\"type\":\"action_invocation\",\"x\":[1]}\n[]\n{\"type\":7}\n\
                   {\"type\":\"apply_complete\",\"hook\":{\"resource\":{\"addr\":\"a.b\"}}}";
        let (log, seen, _) = log(odd.as_bytes(), 5);
        assert_eq!(log.completed, ["a.b"]);
        assert_eq!(seen.len(), 1);
    }

    #[test]
    fn a_line_without_end_is_not_kept_in_memory_and_does_not_hide_the_next() {
        let mut bytes = vec![b'x'; LONGEST_LINE + 10];
        bytes.extend_from_slice(
            b"\n{\"type\":\"apply_complete\",\"hook\":{\"resource\":{\"addr\":\"a.b\"}}}\n",
        );
        let (log, _, _) = log(&bytes, 64 * 1024);
        assert_eq!(log.completed, ["a.b"]);
    }
}
