//! What all modules together say of what will resist a destroy: every rule at every resource, with the references of each
//! module followed.
//!
//! Pure; for the warning alone. What the sweeper goes by is in `scan`.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use crate::{
    given::Given,
    literal::{Arguments, Layers, Seen},
    obstacle::{Obstacle, Verdict, has_rules, judge},
    scan::prefix,
    scope::{Inputs, Scope},
    source::Source,
};

/// One module, read.
#[derive(Debug)]
pub struct Module {
    /// `a.b` for `module.a.module.b`, empty for the root module.
    pub key: String,
    /// Its files that could be understood; those that override others come first, the last of them first.
    pub files: Vec<Source>,
}

/// What was found.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Survey {
    /// What resists.
    pub obstacles: Vec<Obstacle>,
    /// Address and argument of each rule about which the configuration leaves no question, so that a state cannot say more.
    pub settled: BTreeSet<(String, &'static str)>,
    /// What the configuration moves or removes from the state: those addresses mean nothing any more.
    pub departed: Vec<String>,
    /// What stands before the addresses of each module that is switched off.
    pub absent: Vec<String>,
}

/// Looks at `modules`, the root module among them, whose variables are `given`.
#[must_use]
pub fn survey(modules: &[Module], given: &Given) -> Survey {
    let mut survey = Survey::default();
    let mut scopes: BTreeMap<&str, Rc<Scope<'_>>> = BTreeMap::new();
    // In this order a caller comes before what it calls: its key is the beginning of the other.
    let mut ordered: Vec<&Module> = modules.iter().collect();
    ordered.sort_by_key(|module| &module.key);
    for module in ordered {
        let inputs = if module.key.is_empty() {
            Inputs::Root(given)
        } else {
            let (caller, name) = module.key.rsplit_once('.').unwrap_or(("", &module.key));
            // A call that cannot be found says nothing, and its variables are unknown.
            let (caller, arguments) = match (scopes.get(caller), scopes.get("")) {
                (Some(caller), _) => (Rc::clone(caller), caller.bodies("module", &[name])),
                (None, Some(root)) => (Rc::clone(root), Layers(Vec::new())),
                (None, None) => continue,
            };
            if is_switched_off(&caller, &arguments) {
                survey.absent.push(prefix(&module.key));
            }
            Inputs::Call {
                arguments,
                caller,
                name: name.to_owned(),
            }
        };
        let scope = Rc::new(Scope::new(&module.files, inputs));
        survey.look_at(&prefix(&module.key), &scope);
        scopes.insert(&module.key, scope);
    }
    let absent = &survey.absent;
    let is_there = |address: &str| !absent.iter().any(|prefix| address.starts_with(prefix));
    survey.obstacles.retain(|one| is_there(&one.address));
    survey.settled.retain(|(address, _)| is_there(address));
    survey
}

impl Survey {
    fn look_at(&mut self, prefix: &str, scope: &Scope<'_>) {
        for (kind, name, arguments) in scope.resources() {
            // Terraform destroys what is switched off with the settings that the state has.
            if has_rules(kind) && !is_switched_off(scope, &arguments) {
                self.look_at_resource(prefix, (kind, name), &arguments, scope);
            }
        }
        for kind in ["moved", "removed"] {
            for body in scope.bodies(kind, &[]).0 {
                let from = body.references(&["from"]);
                self.departed
                    .extend(from.iter().map(|from| format!("{prefix}{from}")));
            }
        }
    }

    fn look_at_resource(
        &mut self,
        prefix: &str,
        (kind, name): (&str, &str),
        arguments: &Layers<'_>,
        scope: &Scope<'_>,
    ) {
        let address = format!("{prefix}{kind}.{name}");
        let ignored = arguments.references(&["lifecycle", "ignore_changes"]);
        let is_ignored = |path: &str| {
            let mut roots = ignored.iter().map(|one| root(one));
            roots.any(|one| one == "all" || one == root(path))
        };
        let look = |arguments: &dyn Arguments, path: &[&str]| scope.look(arguments, path);
        for (rule, verdict) in judge(kind, arguments, look) {
            match verdict {
                Verdict::Resists(found) => {
                    self.obstacles
                        .push(Obstacle::by_rule(rule, &address, found));
                    self.settled.insert((address.clone(), rule.path));
                }
                // What Terraform is told to ignore stays as it is in the state.
                Verdict::Harmless if !is_ignored(rule.path) => {
                    self.settled.insert((address.clone(), rule.path));
                }
                Verdict::Harmless | Verdict::Unsaid => {}
            }
        }
    }
}

/// `tags` of `tags["x"]` and of `tags.x`.
fn root(reference: &str) -> &str {
    let end = reference.find(['.', '[']).unwrap_or(reference.len());
    &reference[..end]
}

/// Whether a resource or a module is switched off, so that it is not there.
fn is_switched_off(scope: &Scope<'_>, arguments: &Layers<'_>) -> bool {
    let count = scope.look(arguments, &["count"]).seen;
    matches!(count, Seen::Text(count) if count == "0")
        || scope.look(arguments, &["for_each"]).seen == Seen::Empty
}
