//! Taking known secrets out of texts of other programs before they are shown or recorded.

/// The fewest characters a value must have to be hidden; hiding `1` or `eu` would only garble texts.
const SHORTEST: usize = 6;

/// What stands where a secret stood.
const HIDDEN: &str = "(hidden)";

/// Hides a fixed set of values.
#[derive(Clone, Default)]
pub struct Redactor {
    values: Vec<String>,
}

/// Shows how many values are hidden, never which.
impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redactor({} values)", self.values.len())
    }
}

impl Redactor {
    /// Hides each of `values`, as it is and as programs quote it: with its line breaks evened out, line by line, with
    /// escapes. What has fewer than 6 characters is left alone.
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = String>) -> Self {
        let mut values: Vec<String> = values
            .into_iter()
            .flat_map(spellings)
            .filter(|value| SHORTEST <= value.chars().count())
            .collect();
        // The longest first, so that a value inside another does not leave the rest of it behind.
        values.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        values.dedup();
        Self { values }
    }

    /// `text` without the values.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        self.values
            .iter()
            .filter(|value| text.contains(value.as_str()))
            .fold(text.to_owned(), |text, value| text.replace(value, HIDDEN))
    }
}

/// `value` in the spellings in which it may be quoted.
fn spellings(value: String) -> Vec<String> {
    let even = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let escaped = serde_json::Value::from(value.as_str()).to_string();
    let escaped = escaped.trim_matches('"').to_owned();
    let lines: Vec<String> = value.lines().map(|line| line.trim().to_owned()).collect();
    [vec![value, even, escaped], lines].concat()
}

/// Every text inside `value`, for hiding.
#[must_use]
pub fn texts(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::String(text) => vec![text.clone()],
        serde_json::Value::Array(all) => all.iter().flat_map(texts).collect(),
        serde_json::Value::Object(all) => all.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_secrets_are_hidden_and_short_words_stay() {
        let redactor = Redactor::new(["hunter22", "hunter", "eu"].map(str::to_owned));
        assert_eq!(
            redactor.clean("login hunter22 in eu as hunter"),
            "login (hidden) in eu as (hidden)"
        );
        assert_eq!(format!("{redactor:?}"), "Redactor(2 values)");
    }

    #[test]
    fn a_secret_is_known_in_every_spelling_of_it() {
        let redactor = Redactor::new(["BEGIN KEY\nabc\"def\nEND KEY\n".to_owned()]);
        for shown in [
            "BEGIN KEY\nabc\"def\nEND KEY\n",
            "BEGIN KEY abc\"def END KEY",
            "BEGIN KEY\\nabc\\\"def\\nEND KEY\\n",
            "abc\"def",
        ] {
            assert_eq!(redactor.clean(shown), HIDDEN, "{shown}");
        }
    }

    #[test]
    fn every_text_of_a_template_is_known_to_be_secret() {
        let value = serde_json::json!({"a": ["x", {"b": "y"}], "c": 1});
        assert_eq!(texts(&value), ["x", "y"]);
    }
}
