//! The address of a provider configuration, as a state names it.
//!
//! `module.a.module.b.provider["registry.terraform.io/hashicorp/aws"].west`: which module it is configured in, which
//! provider, under which alias. Nouns only.

use std::fmt;

/// Which provider: host, namespace and type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderSource {
    /// `registry.terraform.io`.
    pub host: String,
    /// `hashicorp`.
    pub namespace: String,
    /// `aws`.
    pub kind: String,
}

impl ProviderSource {
    /// Reads `host/namespace/type`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let source = Self {
            host: parts.next()?.to_owned(),
            namespace: parts.next()?.to_owned(),
            kind: parts.next()?.to_owned(),
        };
        let whole = parts.next().is_none()
            && [&source.host, &source.namespace, &source.kind]
                .iter()
                .all(|part| !part.is_empty());
        whole.then_some(source)
    }

    /// Whether it is compiled into the CLI and needs neither installation nor configuration.
    #[must_use]
    pub fn is_builtin(&self) -> bool {
        self.host == "terraform.io" && self.namespace == "builtin"
    }

    /// Whether it is this product's own provider, under either of its names and from any namespace.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.kind == "ephemeral" || self.kind == "ttl"
    }
}

impl fmt::Display for ProviderSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.host, self.namespace, self.kind)
    }
}

/// Which configuration of a provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderAddress {
    /// The names of the module calls that lead to it, empty for the root module.
    pub module: Vec<String>,
    /// Which provider.
    pub source: ProviderSource,
    /// Its alias, `None` for the default configuration.
    pub alias: Option<String>,
}

impl ProviderAddress {
    /// The name under which an operator configures it: `host/namespace/type`, with `.alias` if it has one. Which module
    /// configures it does not count.
    #[must_use]
    pub fn setting(&self) -> String {
        match &self.alias {
            Some(alias) => format!("{}.{alias}", self.source),
            None => self.source.to_string(),
        }
    }

    /// Reads what a state says; `None` for spellings of before Terraform 0.13 and for unknown ones.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (path, rest) = text.split_once("provider[\"")?;
        let (source, alias) = rest.split_once("\"]")?;
        let mut module = Vec::new();
        let mut parts = path.split_terminator('.');
        while let Some(word) = parts.next() {
            let name = parts.next().filter(|name| is_name(name))?;
            if word != "module" {
                return None;
            }
            module.push(name.to_owned());
        }
        let alias = match alias {
            "" => None,
            other => Some(
                other
                    .strip_prefix('.')
                    .filter(|name| is_name(name))?
                    .to_owned(),
            ),
        };
        Some(Self {
            module,
            source: ProviderSource::parse(source)?,
            alias,
        })
    }

    /// Whether it is a default configuration of the root module: the only kind Terraform makes up when it is missing.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.module.is_empty() && self.alias.is_none()
    }
}

/// Whether `text` is an identifier of HCL.
fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}

/// What [`ProviderAddress::parse`] reads.
impl fmt::Display for ProviderAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for name in &self.module {
            write!(f, "module.{name}.")?;
        }
        write!(f, "provider[\"{}\"]", self.source)?;
        match &self.alias {
            None => Ok(()),
            Some(alias) => write!(f, ".{alias}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_state_is_read_and_written_back() {
        for text in [
            "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "provider[\"registry.terraform.io/hashicorp/aws\"].west",
            "module.a.provider[\"registry.opentofu.org/hashicorp/null\"]",
            "module.a.module.b-c.provider[\"example.com:8443/x/y\"].z_1",
        ] {
            let address = ProviderAddress::parse(text).expect(text);
            assert_eq!(address.to_string(), text);
        }
    }

    #[test]
    fn what_nobody_here_knows_is_not_guessed_at() {
        for text in [
            "",
            "provider.aws",
            "provider[\"aws\"]",
            "provider[\"registry.terraform.io/hashicorp/aws/x\"]",
            "provider[\"registry.terraform.io//aws\"]",
            "provider[\"registry.terraform.io/hashicorp/aws\"]west",
            "provider[\"registry.terraform.io/hashicorp/aws\"].a.b",
            "provider[\"registry.terraform.io/hashicorp/aws\"].by_region[\"x\"]",
            "module.provider[\"registry.terraform.io/hashicorp/aws\"]",
            "modul.a.provider[\"registry.terraform.io/hashicorp/aws\"]",
        ] {
            assert_eq!(ProviderAddress::parse(text), None, "{text}");
        }
    }

    #[test]
    fn our_provider_is_known_under_both_names_and_the_builtin_one_is_not_ours() {
        let of = |text: &str| ProviderSource::parse(text).expect(text);
        assert!(of("registry.terraform.io/acme/ephemeral").is_ours());
        assert!(of("registry.terraform.io/acme/ttl").is_ours());
        assert!(of("terraform.io/builtin/terraform").is_builtin());
        assert!(!of("terraform.io/builtin/terraform").is_ours());
    }
}
