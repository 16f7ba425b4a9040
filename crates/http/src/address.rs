//! Which addresses a request may go to.

use reqwest::Url;

/// Whether a request may go to `url`: over TLS, or to this very host.
#[must_use]
pub fn may_be_asked(url: &Url) -> bool {
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    match url.scheme() {
        "https" => has_host,
        "http" => is_loopback(url),
        _ => false,
    }
}

/// Whether `url` is on this very host.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}
