//! Where in a value one is: the attribute path Terraform gets and the text a person reads. Knows how Terraform finds
//! the line to point at, and nothing about values.

use tf_provider::AttributePath;

/// A place in a configuration or state.
///
/// It is a step below the place above, and its path and text are made when something is to be said of it: of all the
/// places of a value that is mostly right, nearly none is ever named.
///
/// Terraform resolves attribute steps through nested blocks and then, inside an attribute, exactly one more step,
/// which must be a key or an index; with anything else it points at the whole resource. So a member of a nested
/// attribute is a key step, and what lies deeper keeps the path of its first step. The text always names it all.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place<'a> {
    below: Option<(&'a Place<'a>, Step<'a>)>,
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

impl<'a> Place<'a> {
    /// The place one step below.
    pub(crate) fn then<'b>(&'b self, step: Step<'b>) -> Place<'b> {
        Place {
            below: Some((self, step)),
        }
    }

    /// The path for Terraform.
    pub(crate) fn path(&self) -> AttributePath {
        let mut path = AttributePath::default();
        let mut inside_attribute = None;
        for step in self.steps() {
            path = match step {
                Step::Attribute(name) | Step::Block(name) => path.attribute(name.to_owned()),
                _ if inside_attribute.is_some_and(|steps| 0 < steps) => path,
                Step::Member(name) | Step::Key(name) => path.key(name.to_owned()),
                Step::Index(index) => path.index(i64::try_from(index).unwrap_or(i64::MAX)),
                Step::Element => path,
            };
            inside_attribute = match step {
                Step::Attribute(_) => Some(0),
                Step::Block(_) => None,
                Step::Element => inside_attribute,
                Step::Member(_) | Step::Key(_) | Step::Index(_) => {
                    inside_attribute.map(|steps| steps + 1)
                }
            };
        }
        path
    }

    /// The place in words, for example `` `rules[2].mode` ``.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for step in self.steps() {
            match step {
                Step::Attribute(name) | Step::Block(name) | Step::Member(name) => {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(name);
                }
                Step::Key(key) => text.push_str(&format!("[{key:?}]")),
                Step::Index(index) => text.push_str(&format!("[{index}]")),
                Step::Element => text.push_str("[…]"),
            }
        }
        if text.is_empty() {
            "the whole value".to_owned()
        } else {
            format!("`{text}`")
        }
    }

    /// The steps to it, from the top.
    fn steps(&self) -> Vec<Step<'a>> {
        let mut steps = Vec::new();
        let mut at = *self;
        while let Some((above, step)) = at.below {
            steps.push(step);
            at = *above;
        }
        steps.reverse();
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path and the text at the end of `steps`.
    fn at(steps: &[Step<'_>]) -> (AttributePath, String) {
        fn walk(place: &Place<'_>, steps: &[Step<'_>]) -> (AttributePath, String) {
            match steps {
                [] => (place.path(), place.text()),
                [step, rest @ ..] => walk(&place.then(*step), rest),
            }
        }
        walk(&Place::default(), steps)
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
