//! An ephemeral resource for testing the wire: a lantern that is lit, refilled and put out, with a `behaviour` that
//! makes each step go wrong in its own way. What happened is noted, in order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use plugin::{EphemeralResource, Opened, Renewed, Report as _};
use serde::{Deserialize, Serialize};
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType, Block, Schema};
use tf_provider::value::Value;
use tf_provider::{AttributePath, Diagnostics};

/// What happened to all lanterns of a workshop. Clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lights(Arc<Mutex<Vec<String>>>);

impl Lights {
    pub(crate) fn note(&self, what: impl Into<String>) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(what.into());
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Panics or hangs in `step` if the last note about it asks for that.
    pub(crate) async fn end_badly(&self, step: &str) {
        let about = format!(" in {step}");
        let notes = self.notes().into_iter().rev();
        let mut asked = notes.filter_map(|note| Some(note.strip_suffix(&about)?.to_owned()));
        match asked.next().as_deref() {
            Some("panic") => panic!("boom in {step}"),
            Some("hang") => tokio::time::sleep(Duration::from_secs(3_600)).await,
            _ => {}
        }
    }
}

#[derive(Debug)]
pub(crate) struct Lantern(pub Lights);

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct LanternState {
    pub(crate) name: Value<String>,
    pub(crate) colour: Value<String>,
    pub(crate) light: Value<String>,
    pub(crate) behaviour: Value<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Flame {
    pub(crate) name: String,
    pub(crate) behaviour: Option<String>,
    pub(crate) refills: u32,
}

/// When a flame wants its next oil.
pub(crate) fn refill_at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 250).expect("an instant")
}

#[async_trait]
impl EphemeralResource for Lantern {
    type Config = LanternState;
    type Result = LanternState;
    type Private = Flame;

    fn schema(&self) -> Schema {
        use AttributeConstraint::{Computed, Optional, OptionalComputed, Required};
        let text = |constraint| Attribute {
            attr_type: AttributeType::String,
            description: "For testing the wire.".into(),
            constraint,
            ..Attribute::default()
        };
        let attributes = [
            ("name", text(Required)),
            ("colour", text(OptionalComputed)),
            ("light", text(Computed)),
            ("behaviour", text(Optional)),
        ];
        let attributes = attributes.into_iter();
        let attributes: HashMap<_, _> = attributes
            .map(|(name, attribute)| (name.to_owned(), attribute))
            .collect();
        Schema {
            version: 0,
            block: Block {
                attributes,
                ..Block::default()
            },
        }
    }

    async fn validate(&self, diags: &mut Diagnostics, config: LanternState) {
        if config.colour == Value::Value("black".to_owned()) {
            let at = AttributePath::new("colour");
            diags.refuse(at, "No Such Colour", "A lantern shines.");
        }
    }

    async fn open(
        &self,
        diags: &mut Diagnostics,
        config: LanternState,
    ) -> Option<Opened<LanternState, Flame>> {
        let behaviour = config.behaviour.clone().as_option();
        let mut light = Value::Value("bright".to_owned());
        match behaviour.as_deref() {
            Some("panic on open") => panic!("boom in open"),
            Some("no reason on open") => return None,
            Some("never known") => light = Value::Unknown,
            Some("fail on open") => {
                diags.fail("Not Lit", "There is no oil.");
                return None;
            }
            _ => {}
        }
        let name = config.name.clone().as_option().unwrap_or_default();
        self.0.note(format!("lit {name}"));
        let renew_at = (behaviour.as_deref() != Some("burns for ever")).then(refill_at);
        let colour = if config.colour.is_null() {
            Value::Value("yellow".to_owned())
        } else {
            config.colour.clone()
        };
        Some(Opened {
            result: LanternState {
                colour,
                light,
                ..config
            },
            private: Flame {
                name,
                behaviour,
                refills: 0,
            },
            renew_at,
        })
    }

    async fn renew(&self, diags: &mut Diagnostics, flame: Flame) -> Option<Renewed<Flame>> {
        match flame.behaviour.as_deref() {
            Some("panic on renew") => panic!("boom in renew"),
            Some("no reason on renew") => return None,
            Some("fail on renew") => {
                diags.fail("Not Refilled", "The shop is closed.");
                return None;
            }
            _ => {}
        }
        let refills = flame.refills + 1;
        self.0.note(format!("refilled {} {refills}", flame.name));
        Some(Renewed {
            private: Flame { refills, ..flame },
            renew_at: (refills < 2).then(refill_at),
        })
    }

    async fn close(&self, diags: &mut Diagnostics, flame: Flame) {
        match flame.behaviour.as_deref() {
            Some("panic on close") => panic!("boom in close"),
            Some("fail on close") => diags.fail("Not Put Out", "The wind is against it."),
            _ => self.0.note(format!("put out {}", flame.name)),
        }
    }
}
