//! The one reader of configuration: a file as blocks and arguments, whichever syntax it is in, and what an argument says as it is
//! written.
//!
//! Reads text, knows no files, and evaluates nothing; what the blocks mean is known by those who ask.

use hcl_edit::{expr::Expression, structure::Body};
use serde_json::Value as Json;

/// A file in one of the two syntaxes.
#[derive(Debug)]
pub(crate) enum Source {
    /// `.tf`, `.tofu`.
    Native(Body),
    /// The same with `.json`.
    Json(Json),
}

/// The content of a block or a file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Block<'a> {
    /// In the native syntax.
    Native(&'a Body),
    /// In JSON.
    Json(&'a Json),
}

/// The value of an argument, as written.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Argument<'a> {
    /// In the native syntax.
    Native(&'a Expression),
    /// In JSON.
    Json(&'a Json),
}

impl Source {
    /// Reads the file at `path` with `content`.
    ///
    /// # Errors
    /// Why it cannot be understood, without a word of what is in it. What it says is then unknown.
    pub(crate) fn parse(path: &str, content: &[u8]) -> Result<Self, String> {
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

    /// Every `resource`: its type, its name, and what is in it.
    #[must_use]
    pub(crate) fn resources(&self) -> Vec<(&str, &str, Block<'_>)> {
        let whole = match self {
            Self::Native(body) => Block::Native(body),
            Self::Json(json) => Block::Json(json),
        };
        let all = whole.blocks("resource", 2).into_iter();
        all.filter_map(|(labels, block)| match labels[..] {
            [kind, name] => Some((kind, name, block)),
            _ => None,
        })
        .collect()
    }
}

impl<'a> Block<'a> {
    /// The blocks of the type `kind`, with their labels; in JSON, where labels are objects, there are `labels` of them.
    #[must_use]
    pub(crate) fn blocks(self, kind: &str, labels: usize) -> Vec<(Vec<&'a str>, Block<'a>)> {
        match self {
            Self::Native(body) => body
                .blocks()
                .filter(|block| block.has_ident(kind))
                .map(|block| {
                    let labels = block.labels.iter().map(|label| label.as_str());
                    (labels.collect(), Block::Native(&block.body))
                })
                .collect(),
            Self::Json(json) => {
                let mut found = Vec::new();
                descend(json.get(kind), labels, &mut Vec::new(), &mut found);
                found
            }
        }
    }

    /// The argument `name`.
    #[must_use]
    pub(crate) fn argument(self, name: &str) -> Option<Argument<'a>> {
        match self {
            Self::Native(body) => {
                let attribute = body.get_attribute(name)?;
                Some(Argument::Native(&attribute.value))
            }
            Self::Json(json) => json.get(name).map(Argument::Json),
        }
    }
}

impl Argument<'_> {
    /// Whether it is the word `false` and nothing else.
    #[must_use]
    pub(crate) fn is_plainly_false(self) -> bool {
        match self {
            Self::Native(expression) => expression.as_bool() == Some(false),
            Self::Json(json) => *json == Json::Bool(false),
        }
    }

    /// Whether it is `word`, with or without quotes.
    #[must_use]
    pub(crate) fn is_word(self, word: &str) -> bool {
        match self {
            Self::Native(expression) => {
                let variable = expression.as_variable().map(|name| name.as_str());
                variable == Some(word) || expression.as_str() == Some(word)
            }
            Self::Json(json) => json.as_str() == Some(word),
        }
    }
}

/// JSON configuration nests labels as objects, and lets one object stand for a list of one.
fn descend<'a>(
    json: Option<&'a Json>,
    labels: usize,
    above: &mut Vec<&'a str>,
    found: &mut Vec<(Vec<&'a str>, Block<'a>)>,
) {
    let list = match json {
        Some(Json::Array(list)) => list.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    for one in list {
        let Some(members) = one.as_object() else {
            continue;
        };
        if above.len() == labels {
            found.push((above.clone(), Block::Json(one)));
            continue;
        }
        for (label, below) in members {
            above.push(label);
            descend(Some(below), labels, above, found);
            above.pop();
        }
    }
}
