//! The attributes of a type, once: a struct in [`attributes!`] is the model that is read and written, its documentation is
//! what the page in the registry says, and both make its schema. It knows no type of the provider.

use std::collections::{BTreeMap, HashMap};

use tf_provider::{
    schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, Schema},
    value::Value,
};

/// A map of strings, as typed.
pub type StringMap = BTreeMap<String, Value<String>>;

/// A struct in [`attributes!`].
pub trait Attributes {
    /// What it is for, as its page says.
    const ABOUT: &'static str;

    /// The attributes by name.
    fn attributes() -> HashMap<String, Attribute>;

    /// The schema of a type that is nothing else.
    #[must_use]
    fn schema() -> Schema {
        schema(Self::ABOUT, Self::attributes())
    }
}

/// The type of an attribute whose value is this.
pub trait Kind {
    /// The type.
    fn kind() -> AttributeType;
}

macro_rules! kinds {
    ($($of:ty => $kind:expr,)*) => {
        $(impl Kind for $of {
            fn kind() -> AttributeType {
                $kind
            }
        })*
    };
}

kinds! {
    String => AttributeType::String,
    bool => AttributeType::Bool,
    f64 => AttributeType::Number,
    StringMap => AttributeType::Map(Box::new(AttributeType::String)),
    Vec<Value<String>> => AttributeType::List(Box::new(AttributeType::String)),
}

impl<T: Attributes> Kind for T {
    fn kind() -> AttributeType {
        AttributeType::AttributeSingle(T::attributes())
    }
}

impl<T: Attributes> Kind for Vec<T> {
    fn kind() -> AttributeType {
        AttributeType::AttributeList(T::attributes())
    }
}

/// An attribute with a Markdown description.
#[must_use]
pub fn attribute(
    attr_type: AttributeType,
    constraint: AttributeConstraint,
    description: &str,
) -> Attribute {
    Attribute {
        attr_type,
        description: Description::markdown(description.trim()),
        constraint,
        sensitive: false,
        deprecated: false,
    }
}

/// The type of a nested attribute, its members by name, type, constraint and description.
#[must_use]
pub fn nested<const N: usize>(
    members: [(&str, AttributeType, AttributeConstraint, &str); N],
) -> AttributeType {
    let members = members
        .into_iter()
        .map(|(name, kind, constraint, text)| (name.to_owned(), attribute(kind, constraint, text)));
    AttributeType::AttributeSingle(members.collect())
}

/// A schema from its attributes.
#[must_use]
pub fn schema(description: &str, attributes: HashMap<String, Attribute>) -> Schema {
    Schema {
        version: 0,
        block: Block {
            version: 0,
            attributes,
            blocks: HashMap::new(),
            description: Description::markdown(description.trim()),
            deprecated: false,
        },
    }
}

/// A struct, field for field as in its schema.
///
/// A field reads `NAME: CONSTRAINT TYPE`, its documentation is its description, and it holds a `Value<TYPE>`. `= KIND` gives
/// the type of the attribute where another does than that of `TYPE`, and `; sensitive` marks it.
macro_rules! attributes {
    (
        $(#[doc = $about:literal])*
        #[derive($($derive:ident),*)]
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $text:literal])*
                $field_vis:vis $field:ident: $constraint:ident $of:ty $(= $kind:expr)? $(; $sensitive:ident)?
            ),* $(,)?
        }
    ) => {
        $(#[doc = $about])*
        #[derive($($derive),*)]
        $vis struct $name {
            $(
                $(#[doc = $text])*
                $field_vis $field: tf_provider::value::Value<$of>,
            )*
        }

        impl $crate::attributes::Attributes for $name {
            const ABOUT: &'static str = concat!($($about),*);

            fn attributes() -> std::collections::HashMap<String, tf_provider::schema::Attribute> {
                std::collections::HashMap::from([$({
                    let constraint = tf_provider::schema::AttributeConstraint::$constraint;
                    let kind = $crate::attributes::attributes!(@kind $of $(= $kind)?);
                    let attribute = $crate::attributes::attribute(kind, constraint, concat!($($text),*));
                    $(let attribute = tf_provider::schema::Attribute { $sensitive: true, ..attribute };)?
                    (stringify!($field).to_owned(), attribute)
                }),*])
            }
        }
    };
    (@kind $of:ty) => {
        <$of as $crate::attributes::Kind>::kind()
    };
    (@kind $of:ty = $kind:expr) => {
        $kind
    };
}

pub(crate) use attributes;
