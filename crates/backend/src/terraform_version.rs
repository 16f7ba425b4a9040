//! Comparing the version that wrote a state with the version of the CLI.

use super::{document::StateDoc, refusal::StateRefusal};

/// `1.11.4`, `1.12.0-beta1`; a release is newer than its own pre-releases.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CliVersion {
    numbers: [u64; 3],
    released: bool,
    text: String,
}

impl CliVersion {
    /// Reads a version, with or without a leading `v`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.strip_prefix('v').unwrap_or(text);
        let core = plain.split('+').next().unwrap_or(plain);
        let (core, pre) = core
            .split_once('-')
            .map_or((core, None), |(core, pre)| (core, Some(pre)));
        let mut parts = core.split('.').map(str::parse::<u64>);
        let numbers = [
            parts.next()?.ok()?,
            parts.next()?.ok()?,
            parts.next()?.ok()?,
        ];
        parts.next().is_none().then(|| Self {
            numbers,
            released: pre.is_none(),
            text: plain.to_owned(),
        })
    }

    /// The release line: major and minor.
    #[must_use]
    pub fn line(&self) -> (u64, u64) {
        let [major, minor, _] = self.numbers;
        (major, minor)
    }
}

impl std::fmt::Display for CliVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.text)
    }
}

/// Refuses a state that a CLI newer than `version` wrote, or one whose version cannot be compared.
///
/// # Errors
/// [`StateRefusal::Newer`].
pub fn refuse_newer(state: &StateDoc, cli: &str, version: &CliVersion) -> Result<(), StateRefusal> {
    match CliVersion::parse(&state.terraform_version) {
        Some(found) if (found.numbers, found.released) <= (version.numbers, version.released) => {
            Ok(())
        }
        _ => Err(StateRefusal::Newer {
            found: state.terraform_version.clone(),
            cli: format!("{cli} {version}"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(wrote: &str, cli: &str, fine: bool) {
        let state = StateDoc {
            lineage: "l".to_owned(),
            serial: 1,
            terraform_version: wrote.to_owned(),
            instances: Vec::new(),
            markers: Vec::new(),
            leases: Vec::new(),
            broken_markers: Vec::new(),
        };
        let cli = CliVersion::parse(cli).expect(cli);
        assert_eq!(
            refuse_newer(&state, "terraform", &cli).is_ok(),
            fine,
            "{wrote} under {cli}"
        );
    }

    #[test]
    fn a_state_of_a_newer_cli_is_refused_and_an_older_one_is_not() {
        check("1.11.4", "1.11.4", true);
        check("1.9.9", "1.11.0", true);
        check("1.12.0-beta1", "1.12.0", true);
        check("1.12.0", "1.12.0-beta1", false);
        check("1.11.5", "1.11.4", false);
        check("2.0.0", "1.99.99", false);
        check("", "1.11.4", false);
        check("1.11", "1.11.4", false);
    }
}
