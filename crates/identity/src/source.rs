//! Where a token can be had: named in the configuration, or offered by the CI system. Decided from variables alone.

use std::path::{Path, PathBuf};

use http::{Secret, Url, may_be_asked};

use crate::{Trust, Variable, problem::Unchecked};

/// Where GitHub Actions makes a token, in jobs with the permission `id-token: write`.
const GITHUB_URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
/// What such a job shows to be given one.
const GITHUB_BEARER: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/// What GitHub's request is for.
pub(crate) const GITHUB: &str = "a token of GitHub Actions";

/// A place to get a token from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A file, which may not be there.
    File(PathBuf),
    /// A variable's value.
    Variable(Secret),
    /// GitHub's own service, with the audience in the address.
    GitHub {
        /// Where to ask.
        url: Url,
        /// What to show.
        bearer: Secret,
    },
}

/// The places, in the order in which they are tried. None costs nothing: nothing is read or asked here.
///
/// # Errors
/// The CI system names an address that may not be asked.
pub(crate) fn candidates(
    trust: &Trust,
    root: &Path,
    variable: Variable<'_>,
) -> Result<Vec<Source>, Unchecked> {
    let mut found = Vec::new();
    if let Some(file) = &trust.token_file {
        found.push(Source::File(root.join(file)));
    }
    if let Some(token) = variable(&trust.token_variable) {
        found.push(Source::Variable(Secret::new(token)));
    }
    let github = (variable(GITHUB_URL), variable(GITHUB_BEARER));
    if let (Some(url), Some(bearer)) = github {
        let url = Url::parse(url).ok().filter(may_be_asked);
        // A token that is there already is enough; then GitHub is not needed.
        let Some(mut url) = url else {
            if found.is_empty() {
                return Err(Unchecked::Address { what: GITHUB });
            }
            return Ok(found);
        };
        url.query_pairs_mut()
            .append_pair("audience", &trust.audience);
        found.push(Source::GitHub {
            url,
            bearer: Secret::new(bearer),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: &str = "https://actions.test/idtoken?api-version=2.0";

    fn trust() -> Trust {
        Trust {
            audience: "the ledger".to_owned(),
            issuers: Vec::new(),
            token_file: None,
            token_variable: "EPHEMERAL_ID_TOKEN".to_owned(),
        }
    }

    fn places(trust: &Trust, variables: &[(&str, &str)]) -> Result<Vec<Source>, Unchecked> {
        let variable = |name: &str| {
            let mut all = variables.iter();
            all.find(|(known, _)| *known == name)
                .map(|(_, value)| *value)
        };
        candidates(trust, Path::new("/srv/shop"), &variable)
    }

    fn found(trust: &Trust, variables: &[(&str, &str)]) -> Vec<Source> {
        places(trust, variables).expect("places that may be asked")
    }

    #[test]
    fn a_plain_start_offers_no_place() {
        assert_eq!(found(&trust(), &[]), []);
        let half = [(GITHUB_URL, ASKED)];
        assert_eq!(found(&trust(), &half), []);
    }

    #[test]
    fn a_file_comes_before_a_variable_and_both_before_what_the_ci_system_offers() {
        let settings = Trust {
            token_file: Some(PathBuf::from("token")),
            token_variable: "OWN".to_owned(),
            ..trust()
        };
        let all = found(
            &settings,
            &[("OWN", "t1"), (GITHUB_URL, ASKED), (GITHUB_BEARER, "b1")],
        );
        let url = Url::parse(&format!("{ASKED}&audience=the+ledger")).expect("an address");
        assert_eq!(
            all,
            [
                Source::File(PathBuf::from("/srv/shop/token")),
                Source::Variable(Secret::new("t1")),
                Source::GitHub {
                    url,
                    bearer: Secret::new("b1")
                },
            ]
        );
    }

    #[test]
    fn a_service_that_is_not_reached_over_tls_is_not_asked() {
        for url in ["http://actions.test/", "nonsense", "file:///etc/passwd"] {
            let problem = places(&trust(), &[(GITHUB_URL, url), (GITHUB_BEARER, "b1")]);
            assert_eq!(problem, Err(Unchecked::Address { what: GITHUB }));
        }
    }
}
