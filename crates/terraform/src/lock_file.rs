//! Which versions of providers were in use: `.terraform.lock.hcl` of a capsule. Pure.

use std::collections::BTreeMap;

use backend::provider_address::ProviderSource;

/// The name of the file, at the root of a configuration.
pub const NAME: &str = ".terraform.lock.hcl";

/// The version each provider is pinned to; `None` if the file cannot be parsed.
#[must_use]
pub fn pins(bytes: &[u8]) -> Option<BTreeMap<ProviderSource, String>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let body = hcl_edit::parser::parse_body(text).ok()?;
    let pins = body.get_blocks("provider").filter_map(|block| {
        let source = ProviderSource::parse(block.labels.first()?.as_str())?;
        let version = block.body.get_attribute("version")?.value.as_str()?;
        Some((source, version.to_owned()))
    });
    Some(pins.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_version_of_each_provider_is_read() {
        let text = r#"
# This file is maintained automatically by "terraform init".
provider "registry.terraform.io/hashicorp/null" {
  version     = "2.1.2"
  constraints = "~> 2.1"
  hashes = [
    "h1:l0/ASa/TB1exgqdi33sOkFakJL2zAQBu+q5LgO5/SxI=",
  ]
}
"#;
        let pins = pins(text.as_bytes()).expect("well formed");
        let null =
            ProviderSource::parse("registry.terraform.io/hashicorp/null").expect("well formed");
        assert_eq!(pins, BTreeMap::from([(null, "2.1.2".to_owned())]));
        assert_eq!(super::pins(b"provider {{"), None);
    }
}
