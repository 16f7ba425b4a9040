//! A resource for testing the wire: one of everything a schema can hold, and a `behaviour` attribute that makes each
//! step go wrong in its own way.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use plugin::{IdentityPart, IdentitySchema, NoMeta, ObjectIdentity, Report as _, ResourceExtras};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tf_provider::schema::{
    Attribute, AttributeConstraint, AttributeType, Block, NestedBlock, Schema,
};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics, Resource};

#[derive(Debug, Default)]
pub(crate) struct Widget;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct WidgetState {
    pub(crate) id: Value<String>,
    pub(crate) name: Value<String>,
    pub(crate) size: Value<f64>,
    pub(crate) amount: Value<i64>,
    pub(crate) tags: Value<BTreeMap<String, Value<String>>>,
    pub(crate) policy: Value<Policy>,
    pub(crate) rules: Value<Vec<Value<Rule>>>,
    pub(crate) notify: Value<Vec<Value<Notify>>>,
    pub(crate) secret: Value<String>,
    pub(crate) behaviour: Value<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) mode: Value<String>,
    pub(crate) limit: Value<f64>,
    pub(crate) stamp: Value<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) mode: Value<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Notify {
    pub(crate) email: Value<String>,
}

/// What is kept beside the state: how often the widget was updated.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) updates: u32,
}

fn attribute(attr_type: AttributeType, constraint: AttributeConstraint) -> Attribute {
    Attribute {
        attr_type,
        description: "For testing the wire.".into(),
        constraint,
        ..Attribute::default()
    }
}

fn members<const N: usize>(members: [(&str, Attribute); N]) -> HashMap<String, Attribute> {
    let members = members.into_iter();
    members
        .map(|(name, member)| (name.to_owned(), member))
        .collect()
}

impl WidgetState {
    fn behaves(&self, how: &str) -> bool {
        self.behaviour == Value::Value(how.to_owned())
    }

    /// What the provider decides, for a plan.
    fn defaulted(mut self, config: &Self) -> Self {
        if let (Value::Value(policy), Value::Value(config)) = (&mut self.policy, &config.policy) {
            if config.limit.is_null() {
                policy.limit = Value::Value(3.0);
            }
            if policy.stamp.is_null() {
                policy.stamp = Value::Unknown;
            }
        }
        self
    }

    /// What the provider decides, when it is done.
    fn made(mut self) -> Self {
        if self.id.is_unknown() {
            self.id = self.name.clone().map(|name| format!("w-{name}"));
        }
        if let Value::Value(policy) = &mut self.policy
            && policy.stamp.is_unknown()
        {
            policy.stamp = Value::Value("stamped".to_owned());
        }
        self
    }
}

type Private = Value<Kept>;

#[async_trait]
impl Resource for Widget {
    type State<'a> = WidgetState;
    type PrivateState<'a> = Private;
    type ProviderMetaState<'a> = NoMeta;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        use AttributeConstraint::{Computed, Optional, OptionalComputed, Required};
        let text = || AttributeType::String;
        let policy = members([
            ("mode", attribute(text(), Required)),
            ("limit", attribute(AttributeType::Number, OptionalComputed)),
            ("stamp", attribute(text(), Computed)),
        ]);
        let rules = members([("mode", attribute(text(), Required))]);
        let notify = Block {
            attributes: members([("email", attribute(text(), Required))]),
            ..Block::default()
        };
        Some(Schema {
            version: 2,
            block: Block {
                attributes: members([
                    ("id", attribute(text(), Computed)),
                    ("name", attribute(text(), Required)),
                    ("size", attribute(AttributeType::Number, Optional)),
                    ("amount", attribute(AttributeType::Number, Optional)),
                    (
                        "tags",
                        attribute(AttributeType::Map(text().into()), Optional),
                    ),
                    (
                        "policy",
                        attribute(AttributeType::AttributeSingle(policy), Optional),
                    ),
                    (
                        "rules",
                        attribute(AttributeType::AttributeList(rules), Optional),
                    ),
                    ("secret", attribute(text(), Optional)),
                    ("behaviour", attribute(text(), Optional)),
                ]),
                blocks: [("notify".to_owned(), NestedBlock::List(notify))].into(),
                ..Block::default()
            },
        })
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: WidgetState) -> Option<()> {
        if config.behaves("warn") {
            diags.warn(
                AttributePath::new("behaviour"),
                "Odd Behaviour",
                "You were warned.",
            );
        }
        Some(())
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        mut state: WidgetState,
        private: Private,
        _: NoMeta,
    ) -> Option<(WidgetState, Private)> {
        match state.behaviour.as_deref().as_option() {
            Some("gone") => return None,
            Some("unreadable") => {
                diags.fail("Unreadable", "The store does not answer.");
                return None;
            }
            Some("panic on read") => panic!("boom in read"),
            Some("drift") => state.size = Value::Value(99.0),
            Some("leak") => state.secret = Value::Value("must not leave".to_owned()),
            _ => {}
        }
        Some((state, private))
    }

    async fn plan_create<'a>(
        &self,
        _: &mut Diagnostics,
        proposed: WidgetState,
        config: WidgetState,
        _: NoMeta,
    ) -> Option<(WidgetState, Private)> {
        if config.behaves("panic on plan") {
            panic!("boom in plan");
        }
        if config.behaves("no plan") {
            return None;
        }
        let mut planned = proposed.defaulted(&config);
        planned.id = Value::Unknown;
        Some((planned, Value::Value(Kept::default())))
    }

    async fn plan_update<'a>(
        &self,
        _: &mut Diagnostics,
        prior: WidgetState,
        proposed: WidgetState,
        config: WidgetState,
        private: Private,
        _: NoMeta,
    ) -> Option<(WidgetState, Private, Vec<AttributePath>)> {
        let mut planned = proposed.defaulted(&config);
        let mut replace = Vec::new();
        if planned.name != prior.name {
            replace.push(AttributePath::new("name"));
            planned.id = Value::Unknown;
        }
        Some((planned, private, replace))
    }

    async fn plan_destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: WidgetState,
        private: Private,
        _: NoMeta,
    ) -> Option<Private> {
        if prior.behaves("held") {
            diags.fail("Held", "The widget is held.");
            return None;
        }
        Some(private)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        planned: WidgetState,
        config: WidgetState,
        private: Private,
        _: NoMeta,
    ) -> Option<(WidgetState, Private)> {
        match planned.behaviour.as_deref().as_option() {
            Some("fail on create") => {
                diags.fail("Not Created", "The store is full.");
                return None;
            }
            Some("no reason on create") => return None,
            Some("panic on create") => panic!("boom in create"),
            Some("half created") => {
                diags.fail("Half Created", "The stamp is missing.");
                let id = Value::Value("w-half".to_owned());
                return Some((WidgetState { id, ..planned }, private));
            }
            _ => {}
        }
        if let Value::Value(secret) = &config.secret {
            assert_eq!(secret, "hush", "the configuration carries the secret");
        }
        Some((planned.made(), private))
    }

    async fn update<'a>(
        &self,
        diags: &mut Diagnostics,
        _: WidgetState,
        planned: WidgetState,
        _: WidgetState,
        private: Private,
        _: NoMeta,
    ) -> Option<(WidgetState, Private)> {
        match planned.behaviour.as_deref().as_option() {
            Some("fail on update") => {
                diags.fail("Not Updated", "The store is read-only.");
                return None;
            }
            Some("panic on update") => panic!("boom in update"),
            _ => {}
        }
        let private = private.map(|kept| Kept {
            updates: kept.updates + 1,
        });
        Some((planned.made(), private))
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: WidgetState,
        _: Private,
        _: NoMeta,
    ) -> Option<()> {
        match prior.behaviour.as_deref().as_option() {
            Some("fail on destroy") => {
                diags.fail("Not Destroyed", "It is held.");
                None
            }
            Some("error beside success") => {
                diags.fail("Perhaps Destroyed", "The store did not say.");
                Some(())
            }
            Some("no reason on destroy") => None,
            Some("panic on destroy") => panic!("boom in destroy"),
            _ => Some(()),
        }
    }

    async fn import<'a>(
        &self,
        diags: &mut Diagnostics,
        id: String,
    ) -> Option<(WidgetState, Private)> {
        let Some(name) = id.strip_prefix("w-") else {
            diags.fail(
                "Unexpected Format of Id",
                "Expected `w-NAME`, for example `w-a`.",
            );
            return None;
        };
        let state = WidgetState {
            name: Value::Value(name.to_owned()),
            id: Value::Value(id),
            notify: Value::Value(Vec::new()),
            ..WidgetState::default()
        };
        Some((state, Value::Null))
    }
}

impl ResourceExtras for Widget {
    fn write_only(&self) -> &'static [&'static str] {
        &["secret"]
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        Some(IdentitySchema {
            version: 0,
            parts: &[IdentityPart {
                name: "name",
                description: "The widget's name.",
            }],
        })
    }

    fn import_id(&self, identity: &ObjectIdentity) -> Option<String> {
        Some(format!("w-{}", identity.get("name")?))
    }

    fn without_defaults(&self, mut state: WidgetState) -> WidgetState {
        if let Value::Value(policy) = &mut state.policy
            && policy.limit == Value::Value(3.0)
        {
            policy.limit = Value::Null;
        }
        state
    }

    fn upgrade_state(
        &self,
        diags: &mut Diagnostics,
        version: i64,
        state: Json,
    ) -> Option<WidgetState> {
        if version != 1 {
            diags.fail("Unsupported State Version", "Only version 1 is known.");
            return None;
        }
        // Version 1 called the name a label.
        Some(WidgetState {
            id: Value::Value(state["id"].as_str()?.to_owned()),
            name: Value::Value(state["label"].as_str()?.to_owned()),
            notify: Value::Value(Vec::new()),
            ..WidgetState::default()
        })
    }
}
