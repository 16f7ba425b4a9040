//! The provider's reference pages, in the layout the Terraform registry reads. Pure: schemas and examples in, pages
//! out.
//!
//! It knows the shape tfplugindocs gives such pages, and no file: `tests/it/docs_fresh.rs` reads and writes those. What is
//! said of an attribute stands in its schema, what is said around the schema in `words`.

use std::collections::BTreeMap;

use plugin::ProviderDefinition as _;
use tf_provider::schema::Schema;

use crate::Ephemeral;

mod diagnostics;
mod function_page;
mod kind;
mod schema_section;
mod words;

pub use diagnostics::page as diagnostics;
use kind::Kind;

/// The name of the provider in a configuration.
const SHORT_NAME: &str = "ephemeral";

/// Texts by their path from the root of the repository.
pub type Files = BTreeMap<String, String>;

/// The reason that a page cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocsError {
    /// A page without its example.
    #[error(
        "writing the page of {page}: there is no `{path}`; write one, for example as in examples/provider"
    )]
    NoExample {
        /// Whose page.
        page: String,
        /// Which file is missing.
        path: String,
    },
    /// A part of a schema that these pages cannot show.
    #[error(
        "writing the page of {page}: `{name}` is a block; make it a nested attribute, for example `{name} = {{ … }}`"
    )]
    Block {
        /// Whose page.
        page: String,
        /// The block.
        name: String,
    },
}

/// The folders of `docs/` in which nothing but these pages lies; `docs/index.md` is one of them as well.
#[must_use]
pub fn folders() -> Vec<String> {
    let kinds = Kind::ALL.into_iter().map(|kind| kind.folder());
    kinds
        .chain([function_page::FOLDER])
        .map(|folder| format!("docs/{folder}"))
        .collect()
}

/// Every page, from the schemas of this build and the files below `examples/`.
///
/// # Errors
/// What is missing, and what would be right.
pub fn pages(examples: &Files) -> Result<Files, DocsError> {
    let provider = Ephemeral::default();
    let mut pages = Files::from([(
        "docs/index.md".to_owned(),
        index(&provider.schema(), examples)?,
    )]);
    let types = provider.types();
    for kind in Kind::ALL {
        for (name, schema, write_only) in types.schemas(kind.served()) {
            let page = type_page(kind, name, schema, write_only, examples)?;
            pages.insert(kind.path(name), page);
        }
    }
    for (name, signature) in types.signatures() {
        let page = function_page::page(name, signature, examples)?;
        pages.insert(function_page::path(name), page);
    }
    Ok(pages)
}

fn index(schema: &Schema, examples: &Files) -> Result<String, DocsError> {
    let title = format!("{SHORT_NAME} Provider");
    let description = &schema.block.description.content;
    Ok(join(&[
        &front_matter(&title, false, description),
        &format!("# {title}"),
        description,
        words::INDEX,
        "## Example Usage",
        &example(
            SHORT_NAME,
            "terraform",
            "examples/provider/provider.tf",
            examples,
        )?,
        &schema_section::section(SHORT_NAME, schema, &[])?,
        words::GLOSSARY,
    ]))
}

fn type_page(
    kind: Kind,
    name: &str,
    schema: &Schema,
    write_only: &[&str],
    examples: &Files,
) -> Result<String, DocsError> {
    let title = format!("{name} {} - {}", kind.title(), env!("CARGO_PKG_NAME"));
    let description = &schema.block.description.content;
    let file = |fence: &str, file: &str| {
        let path = format!("examples/{}/{name}/{file}", kind.folder());
        example(name, fence, &path, examples)
    };
    let head = join(&[
        &front_matter(&title, true, description),
        &format!("# {name} ({})", kind.title()),
        description,
        words::of(kind, name),
        "## Example Usage",
        &file("terraform", kind.example())?,
        &schema_section::section(name, schema, write_only)?,
    ]);
    match kind {
        Kind::Resource => Ok(join(&[
            &head,
            "## Import",
            "With an [`import` block](https://developer.hashicorp.com/terraform/language/import):",
            &file("terraform", "import-by-string-id.tf")?,
            "With Terraform 1.12 or later, by identity:",
            &file("terraform", "import-by-identity.tf")?,
            "With the [`terraform import` command](https://developer.hashicorp.com/terraform/cli/commands/import):",
            &file("shell", "import.sh")?,
            words::after_import(name),
        ])),
        Kind::DataSource | Kind::EphemeralResource | Kind::ListResource | Kind::Action => Ok(head),
    }
}

/// The head of a page. The registry sorts by `subcategory`, which its front page must not have.
fn front_matter(title: &str, subcategory: bool, description: &str) -> String {
    let subcategory = if subcategory {
        "subcategory: \"\"\n"
    } else {
        ""
    };
    let plain = description.replace('`', "");
    format!(
        "---\n# generated by scripts/docs; do not edit\npage_title: \"{title}\"\n{subcategory}description: |-\n  {plain}\n---"
    )
}

/// A file of `examples/` as a fenced block, word for word.
fn example(page: &str, fence: &str, path: &str, examples: &Files) -> Result<String, DocsError> {
    let text = examples.get(path).ok_or_else(|| DocsError::NoExample {
        page: page.to_owned(),
        path: path.to_owned(),
    })?;
    Ok(format!("```{fence}\n{}\n```", text.trim_end()))
}

/// The parts with an empty line between them; parts that are empty are left out.
fn join(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(|part| part.trim_end())
        .filter(|part| !part.is_empty())
        .collect();
    format!("{}\n", parts.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn every_kind_of_type_has_a_page_in_its_own_folder_with_its_own_example() {
        let schema = crate::attributes::schema("What it is.", HashMap::new());
        for (kind, file, title) in [
            (Kind::DataSource, "data-source.tf", "Data Source"),
            (
                Kind::EphemeralResource,
                "ephemeral-resource.tf",
                "Ephemeral Resource",
            ),
            (
                Kind::ListResource,
                "list-resource.tfquery.hcl",
                "List Resource",
            ),
            (Kind::Action, "action.tf", "Action"),
        ] {
            let path = format!("examples/{}/ttl_x/{file}", kind.folder());
            let examples = Files::from([(path, "# how\n".to_owned())]);
            let page = type_page(kind, "ttl_x", &schema, &[], &examples);
            let expected = format!(
                "---
# generated by scripts/docs; do not edit
page_title: \"ttl_x {title} - terraform-provider-ephemeral\"
subcategory: \"\"
description: |-
  What it is.
---

# ttl_x ({title})

What it is.

## Example Usage

```terraform
# how
```

<!-- schema generated by tfplugindocs -->
## Schema
"
            );
            assert_eq!(page, Ok(expected));
            let missing = type_page(kind, "ttl_x", &schema, &[], &Files::new());
            assert!(missing.is_err(), "{title}");
        }
    }

    #[test]
    fn a_page_without_its_example_is_refused_by_the_name_of_the_file() {
        let error = pages(&Files::new()).expect_err("there are no examples");
        assert!(
            error.to_string().contains("examples/provider/provider.tf"),
            "{error}"
        );
    }
}
