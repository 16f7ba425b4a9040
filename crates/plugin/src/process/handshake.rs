//! The handshake: who started us, in which protocol, and the one line that tells the client where we listen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use thiserror::Error;

use super::variables::Variables;

/// The protocol version served.
pub(super) const PROTOCOL: u32 = 6;

/// go-plugin's own version of the line's form.
const CORE_PROTOCOL: u32 = 1;

/// Terraform's and OpenTofu's shared value. Not a secret: it only tells a provider from a program run by hand.
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// Why there is nothing to shake hands with.
#[derive(Debug, Error)]
pub(super) enum Refusal {
    /// No cookie, or another one.
    #[error("not started by Terraform or OpenTofu")]
    ByHand,
    /// The client speaks other protocols only.
    #[error(
        "the client speaks plugin protocol {offered} and this provider speaks {PROTOCOL}; use Terraform 1.0 or later"
    )]
    Protocol {
        /// What the client offered.
        offered: String,
    },
}

/// Checks that a client that speaks our protocol started us. A client that does not say its versions is believed.
///
/// # Errors
///
/// A [`Refusal`]; nothing may be served then.
pub(super) fn check(variables: &Variables) -> Result<(), Refusal> {
    if variables.cookie.as_deref() != Some(COOKIE.as_ref()) {
        return Err(Refusal::ByHand);
    }
    match &variables.protocol_versions {
        Some(offered) if !speaks(offered) => Err(Refusal::Protocol {
            offered: offered.clone(),
        }),
        _ => Ok(()),
    }
}

fn speaks(offered: &str) -> bool {
    let mut versions = offered.split(',');
    versions.any(|version| version.trim().parse() == Ok(PROTOCOL))
}

/// The line that ends the handshake.
pub(super) fn line(network: &str, address: &str, certificate: Option<&[u8]>) -> String {
    let certificate = certificate.map(|der| STANDARD_NO_PAD.encode(der));
    format!(
        "{CORE_PROTOCOL}|{PROTOCOL}|{network}|{address}|grpc|{}\n",
        certificate.unwrap_or_default()
    )
}

/// What `--debug` prints for the user to set in Terraform's environment: each address of the provider, with the network
/// and the place where it is served.
pub(super) fn reattach(process: u32, served: &[(String, &str, String)]) -> String {
    let entries = served.iter().map(|(provider, network, place)| {
        let entry = serde_json::json!({
            "Protocol": "grpc",
            "ProtocolVersion": PROTOCOL,
            "Pid": process,
            "Test": true,
            "Addr": { "Network": network, "String": place },
        });
        (provider.clone(), entry)
    });
    serde_json::Value::Object(entries.collect()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(cookie: Option<&str>, versions: Option<&str>) -> Variables {
        Variables {
            cookie: cookie.map(Into::into),
            protocol_versions: versions.map(Into::into),
            ..Variables::default()
        }
    }

    #[test]
    fn only_a_client_with_the_cookie_and_protocol_six_is_served() {
        assert!(check(&started(Some(COOKIE), Some("5,6"))).is_ok());
        assert!(check(&started(Some(COOKIE), None)).is_ok());
        assert!(matches!(
            check(&started(None, Some("6"))),
            Err(Refusal::ByHand)
        ));
        assert!(matches!(
            check(&started(Some("x"), None)),
            Err(Refusal::ByHand)
        ));
        for offered in ["5", "7", "16", "", "six"] {
            let refused = check(&started(Some(COOKIE), Some(offered)));
            assert!(
                matches!(refused, Err(Refusal::Protocol { .. })),
                "{offered}"
            );
        }
    }

    #[test]
    fn the_line_has_six_fields_and_the_certificate_is_not_padded() {
        assert_eq!(line("unix", "/tmp/x/s", None), "1|6|unix|/tmp/x/s|grpc|\n");
        assert_eq!(line("unix", "/s", Some(&[1])), "1|6|unix|/s|grpc|AQ\n");
        assert_eq!(
            line("tcp", "127.0.0.1:10000", Some(&[1])),
            "1|6|tcp|127.0.0.1:10000|grpc|AQ\n"
        );
    }
}
