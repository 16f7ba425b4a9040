//! Where in a value one is: the attribute path Terraform gets and the text a person reads. Knows how Terraform finds
//! the line to point at, and nothing about values.

use tf_provider::AttributePath;

/// A place in a configuration or state.
///
/// Terraform resolves attribute steps through nested blocks and then, inside an attribute, exactly one more step,
/// which must be a key or an index; with anything else it points at the whole resource. So a member of a nested
/// attribute is a key step, and what lies deeper keeps the path of its first step. The text always names it all.
#[derive(Clone, Default)]
pub(crate) struct Place {
    path: AttributePath,
    text: String,
    steps_inside_attribute: Option<usize>,
}

impl Place {
    /// Inside a block: one of its attributes.
    pub(crate) fn attribute(&self, name: &str) -> Self {
        let mut next = self.block(name);
        next.steps_inside_attribute = Some(0);
        next
    }

    /// Inside a block: one of its nested block types.
    pub(crate) fn block(&self, name: &str) -> Self {
        Self {
            path: self.path.clone().attribute(name.to_owned()),
            text: self.dotted(name),
            steps_inside_attribute: None,
        }
    }

    /// Inside a nested attribute: one of its members.
    pub(crate) fn member(&self, name: &str) -> Self {
        let text = self.dotted(name);
        self.inside(text, |path| path.key(name.to_owned()))
    }

    /// Inside a map (or a map of blocks): one of its keys.
    pub(crate) fn key(&self, key: &str) -> Self {
        let text = format!("{}[{key:?}]", self.text);
        self.inside(text, |path| path.key(key.to_owned()))
    }

    /// Inside a list (or a list of blocks): one of its elements.
    pub(crate) fn index(&self, index: usize) -> Self {
        let text = format!("{}[{index}]", self.text);
        let number = i64::try_from(index).unwrap_or(i64::MAX);
        self.inside(text, |path| path.index(number))
    }

    /// Inside a set: an element has no address, so the path stays that of the set.
    pub(crate) fn element(&self) -> Self {
        Self {
            text: format!("{}[…]", self.text),
            ..self.clone()
        }
    }

    /// The path for Terraform.
    pub(crate) fn path(&self) -> AttributePath {
        self.path.clone()
    }

    /// The place in words, for example `` `rules[2].mode` ``.
    pub(crate) fn text(&self) -> String {
        if self.text.is_empty() {
            "the whole value".to_owned()
        } else {
            format!("`{}`", self.text)
        }
    }

    fn dotted(&self, name: &str) -> String {
        if self.text.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.text)
        }
    }

    fn inside(&self, text: String, step: impl FnOnce(AttributePath) -> AttributePath) -> Self {
        let path = match self.steps_inside_attribute {
            None | Some(0) => step(self.path.clone()),
            Some(_) => self.path.clone(),
        };
        Self {
            path,
            text,
            steps_inside_attribute: self.steps_inside_attribute.map(|steps| steps + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_of_a_nested_attribute_is_a_key_step_and_a_block_attribute_is_not() {
        let root = Place::default();
        assert_eq!(
            root.attribute("policy").member("mode").path(),
            AttributePath::new("policy").key("mode")
        );
        assert_eq!(
            root.block("notify").index(1).attribute("email").path(),
            AttributePath::new("notify").index(1).attribute("email")
        );
    }

    #[test]
    fn a_deep_member_points_at_its_first_step_and_is_named_in_full() {
        let deep = Place::default().attribute("rules").index(2).member("mode");
        assert_eq!(deep.path(), AttributePath::new("rules").index(2));
        assert_eq!(deep.text(), "`rules[2].mode`");
    }
}
