//! An action for testing the wire: a bell that rings as often as asked, and a `behaviour` that makes it go wrong.

use async_trait::async_trait;
use plugin::{Action, Progress, Report as _};
use serde::Deserialize;
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Schema};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

use super::lantern::Lights;

#[derive(Debug)]
pub(crate) struct Bell(pub Lights);

#[derive(Debug, Deserialize)]
pub(crate) struct Ring {
    pub(crate) times: Value<i64>,
    pub(crate) behaviour: Value<String>,
}

#[async_trait]
impl Action for Bell {
    type Config = Ring;

    fn schema(&self) -> Schema {
        let attribute = |attr_type, constraint| Attribute {
            attr_type,
            description: "For testing the wire.".into(),
            constraint,
            ..Attribute::default()
        };
        let times = attribute(AttributeType::Number, AttributeConstraint::Required);
        let behaviour = attribute(AttributeType::String, AttributeConstraint::Optional);
        Schema {
            version: 0,
            block: Block {
                attributes: [
                    ("times".to_owned(), times),
                    ("behaviour".to_owned(), behaviour),
                ]
                .into(),
                ..Block::default()
            },
        }
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Ring) {
        if let Value::Value(times) = config.times
            && times < 1
        {
            let at = AttributePath::new("times");
            diags.refuse(at, "Silent Bell", "Ring it at least once.");
        }
    }

    async fn invoke(&self, diags: &mut Diagnostics, config: Ring, progress: &Progress) {
        let times = config.times.as_option().unwrap_or_default();
        for time in 1..=times {
            progress.say(format!("ring {time}")).await;
        }
        self.0.note(format!("rang {times}"));
        match config.behaviour.as_deref().as_option() {
            Some("panic") => panic!("boom in invoke"),
            Some("fail") => diags.fail("Bell Cracked", "It rang once too often."),
            _ => {}
        }
    }
}
