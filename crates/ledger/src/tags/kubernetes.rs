//! The keys of Kubernetes labels: a name, or a DNS subdomain, a `/` and a name. Knows nothing of values.

use super::{Cloud, Side, TagError};

/// The most characters before the `/`.
const LONGEST_PREFIX: usize = 253;

/// Prefixes kept for Kubernetes itself, with everything below them.
const RESERVED: [(&str, &str); 2] = [("kubernetes.io", "kubernetes.io/"), ("k8s.io", "k8s.io/")];

/// The name in `key`, still unchecked. What is before the `/`, if there is one, is a DNS subdomain and free to use.
///
/// # Errors
/// The rule that what is before the `/` breaks.
pub(super) fn name_in(key: &str) -> Result<&str, TagError> {
    let Some((prefix, name)) = key.split_once('/') else {
        return Ok(key);
    };
    if name.is_empty() {
        return Err(edge("have a name after the `/`"));
    }
    if LONGEST_PREFIX < prefix.chars().count() {
        return Err(edge("have at most 253 characters before the `/`"));
    }
    if !prefix.split('.').all(is_dns_label) {
        return Err(edge("have a DNS name in lower case before the `/`"));
    }
    let of_kubernetes = |(domain, _): &&(&str, &str)| {
        prefix
            .strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    match RESERVED.iter().find(of_kubernetes) {
        Some((_, start)) => Err(TagError::Reserved {
            cloud: Cloud::Kubernetes,
            side: Side::Key,
            start,
        }),
        None => Ok(name),
    }
}

fn is_dns_label(label: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !label.is_empty()
        && label.bytes().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn edge(rule: &'static str) -> TagError {
    TagError::Edge {
        cloud: Cloud::Kubernetes,
        side: Side::Key,
        rule,
        example: "example.com/team",
    }
}
