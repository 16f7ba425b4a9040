//! One file of configuration, understood as far as its blocks, whichever syntax it is in.
//!
//! Reads text, knows no files; what the blocks mean is known by those who ask.

use hcl_edit::structure::Body;
use serde_json::Value as Json;

use crate::literal::Arguments;

/// A file in one of the two syntaxes.
#[derive(Debug)]
pub enum Source {
    /// `.tf`, `.tofu`, `.tfvars`.
    Native(Body),
    /// The same with `.json`.
    Json(Json),
}

/// One block: its labels, and what is in it.
pub struct Block<'a> {
    /// `"aws_s3_bucket"` and `"logs"`.
    pub labels: Vec<&'a str>,
    /// The body.
    pub body: &'a dyn Arguments,
}

impl Source {
    /// Reads the file at `path` with `content`.
    ///
    /// # Errors
    /// Why it cannot be understood, without a word of what is in it. What it says is then unknown.
    pub fn parse(path: &str, content: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(content)
            .map_err(|error| format!("{path} could not be understood: {error}"))?;
        // Terraform ignores a byte order mark, and so do we.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if path.ends_with(".json") {
            return serde_json::from_str(text)
                .map(Self::Json)
                .map_err(|error| format!("{path} could not be understood: {error}"));
        }
        let body = hcl_edit::parser::parse_body(text).map_err(|error| {
            let place = error.location();
            format!(
                "{path} could not be understood at line {}, column {}",
                place.line(),
                place.column()
            )
        })?;
        Ok(Self::Native(body))
    }

    /// The file as a whole, for files that are nothing but arguments.
    #[must_use]
    pub fn whole(&self) -> &dyn Arguments {
        match self {
            Self::Native(body) => body,
            Self::Json(json) => json,
        }
    }

    /// The blocks of the type `kind` with as many labels.
    #[must_use]
    pub fn blocks<'a>(&'a self, kind: &str, labels: usize) -> Vec<Block<'a>> {
        match self {
            Self::Native(body) => body
                .blocks()
                .filter(|block| block.has_ident(kind) && block.labels.len() == labels)
                .map(|block| Block {
                    labels: block.labels.iter().map(|label| label.as_str()).collect(),
                    body: &block.body,
                })
                .collect(),
            Self::Json(json) => {
                let mut found = Vec::new();
                descend(json.get(kind), labels, &mut Vec::new(), &mut found);
                found
            }
        }
    }
}

/// JSON configuration nests labels as objects, and lets one object stand for a list of one.
fn descend<'a>(
    json: Option<&'a Json>,
    labels: usize,
    above: &mut Vec<&'a str>,
    found: &mut Vec<Block<'a>>,
) {
    for one in many(json) {
        let Some(members) = one.as_object() else {
            continue;
        };
        if above.len() == labels {
            found.push(Block {
                labels: above.clone(),
                body: one,
            });
            continue;
        }
        for (label, below) in members {
            above.push(label);
            descend(Some(below), labels, above, found);
            above.pop();
        }
    }
}

/// The elements of a list, or the one that stands for it.
pub(crate) fn many(json: Option<&Json>) -> impl Iterator<Item = &Json> {
    let list = match json {
        Some(Json::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    list.iter()
}
