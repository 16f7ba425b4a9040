//! Texts that must not be empty where they are set at all. An empty one is an unset variable of its author, and would switch
//! off a default without notice.

use tf_provider::{AttributePath, value::Value};

use super::Resolver;

impl Resolver<'_> {
    /// The owner, team or project where a resource names none.
    pub(super) fn word(
        &mut self,
        attribute: &'static str,
        variable: &str,
        example: &str,
        value: &Value<String>,
    ) -> Value<String> {
        let parse = |text: &str| {
            not_blank(attribute, example, text)?;
            Ok::<_, String>(text.to_owned())
        };
        match value {
            Value::Unknown => Value::Unknown,
            _ => {
                let place = AttributePath::new(attribute);
                self.parsed(place, variable, value, parse).into()
            }
        }
    }
}

/// Refuses a text that says nothing for `attribute`.
///
/// # Errors
/// It does so, with an example of what would be right.
pub(super) fn not_blank(attribute: &str, example: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!(
            "`{attribute}` is empty; set a value, for example `{attribute} = \"{example}\"`, or remove it"
        ));
    }
    Ok(())
}
