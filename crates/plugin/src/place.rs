//! Where in a value one is: the attribute path Terraform gets and the text a person reads. Knows how Terraform finds
//! the line to point at, and nothing about values.

use tf_provider::AttributePath;

/// A place in a configuration or state: its path for Terraform and its text for people.
///
/// Terraform resolves attribute steps through nested blocks and then, inside an attribute, exactly one more step,
/// which must be a key or an index; with anything else it points at the whole resource. So a member of a nested
/// attribute is a key step, and what lies deeper keeps the path of its first step. The text always names it all.
#[derive(Clone, Default)]
pub(crate) struct Place {
    path: AttributePath,
    text: String,
    /// Inside an attribute: how many steps.
    inside: Option<usize>,
}

/// From a place to one below it.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    /// Inside a block: one of its attributes.
    Attribute(&'a str),
    /// Inside a block: one of its nested block types.
    Block(&'a str),
    /// Inside a nested attribute: one of its members.
    Member(&'a str),
    /// Inside a map (or a map of blocks): one of its keys.
    Key(&'a str),
    /// Inside a list (or a list of blocks): one of its elements.
    Index(usize),
    /// Inside a set: an element has no address, so the path stays that of the set.
    Element,
}

impl Place {
    /// The place one step below.
    pub(crate) fn then(&self, step: Step<'_>) -> Self {
        let Self { path, text, inside } = self.clone();
        let text = match step {
            Step::Attribute(name) | Step::Block(name) | Step::Member(name) if text.is_empty() => {
                name.to_owned()
            }
            Step::Attribute(name) | Step::Block(name) | Step::Member(name) => {
                format!("{text}.{name}")
            }
            Step::Key(key) => format!("{text}[{key:?}]"),
            Step::Index(index) => format!("{text}[{index}]"),
            Step::Element => format!("{text}[…]"),
        };
        let path = match step {
            Step::Attribute(name) | Step::Block(name) => path.attribute(name.to_owned()),
            _ if inside.is_some_and(|steps| 0 < steps) => path,
            Step::Member(name) | Step::Key(name) => path.key(name.to_owned()),
            Step::Index(index) => path.index(i64::try_from(index).unwrap_or(i64::MAX)),
            Step::Element => path,
        };
        let inside = match step {
            Step::Attribute(_) => Some(0),
            Step::Block(_) => None,
            Step::Element => inside,
            Step::Member(_) | Step::Key(_) | Step::Index(_) => inside.map(|steps| steps + 1),
        };
        Self { path, text, inside }
    }

    /// The path for Terraform.
    pub(crate) fn path(&self) -> AttributePath {
        self.path.clone()
    }

    /// The place in words, for example `` `rules[2].mode` ``.
    pub(crate) fn text(&self) -> String {
        match self.text.as_str() {
            "" => "the whole value".to_owned(),
            text => format!("`{text}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path and the text at the end of `steps`.
    fn at(steps: &[Step<'_>]) -> (AttributePath, String) {
        let top = Place::default();
        let place = steps.iter().fold(top, |place, step| place.then(*step));
        (place.path(), place.text())
    }

    #[test]
    fn a_member_of_a_nested_attribute_is_a_key_step_and_a_block_attribute_is_not() {
        let (member, _) = at(&[Step::Attribute("policy"), Step::Member("mode")]);
        assert_eq!(member, AttributePath::new("policy").key("mode"));
        let steps = [
            Step::Block("notify"),
            Step::Index(1),
            Step::Attribute("email"),
        ];
        assert_eq!(
            at(&steps).0,
            AttributePath::new("notify").index(1).attribute("email")
        );
    }

    #[test]
    fn a_deep_member_points_at_its_first_step_and_is_named_in_full() {
        let steps = [
            Step::Attribute("rules"),
            Step::Index(2),
            Step::Member("mode"),
        ];
        let (path, text) = at(&steps);
        assert_eq!(path, AttributePath::new("rules").index(2));
        assert_eq!(text, "`rules[2].mode`");
    }

    #[test]
    fn an_element_of_a_set_keeps_the_path_of_the_set_and_what_is_in_it_is_one_step() {
        let steps = [Step::Attribute("owners"), Step::Element];
        let (path, text) = at(&steps);
        assert_eq!(path, AttributePath::new("owners"));
        assert_eq!(text, "`owners[…]`");
        let steps = [
            Step::Attribute("owners"),
            Step::Element,
            Step::Member("name"),
        ];
        let (path, text) = at(&steps);
        assert_eq!(path, AttributePath::new("owners").key("name"));
        assert_eq!(text, "`owners[…].name`");
    }

    #[test]
    fn the_top_is_named_in_words_and_a_key_is_quoted() {
        assert_eq!(
            at(&[]),
            (AttributePath::root(), "the whole value".to_owned())
        );
        let (_, text) = at(&[Step::Attribute("tags"), Step::Key("a b")]);
        assert_eq!(text, "`tags[\"a b\"]`");
    }
}
