//! What the references of one module lead to: `var.x` and `local.x`, also compared, negated or as the condition of a choice.
//!
//! Pure. What has to be computed in any other way stays unknown.

use std::{collections::BTreeMap, rc::Rc};

use hcl_edit::expr::{BinaryOperator, Expression, TraversalOperator, UnaryOperator};

use crate::{
    given::Given,
    literal::{Arguments, Layers, Seen, literal},
    source::{Block, Source},
};

/// The most expressions that are looked at for one value. More than anybody writes, and an end where a circle is written.
const MOST_STEPS: usize = 256;

/// A value, and where it stands if not at the place that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The value; never an expression.
    pub seen: Seen,
    /// In words: `` `TF_VAR_protect` ``.
    pub by: Option<String>,
}

impl Settled {
    const UNKNOWN: Self = Self {
        seen: Seen::Unknown,
        by: None,
    };

    fn truth(truth: Option<bool>, by: Option<String>) -> Self {
        truth.map_or(Self::UNKNOWN, |truth| Self {
            seen: Seen::Bool(truth),
            by,
        })
    }

    fn or_by(self, by: impl FnOnce() -> String) -> Self {
        Self {
            by: Some(self.by.unwrap_or_else(by)),
            ..self
        }
    }
}

/// Where the values of a module's variables come from.
pub enum Inputs<'a> {
    /// The root module: from outside.
    Root(&'a Given),
    /// Any other: from the module that calls it, by the arguments of that call.
    Call {
        /// The calling module.
        caller: Rc<Scope<'a>>,
        /// What the call says; nothing if it could not be found.
        arguments: Layers<'a>,
        /// The name of the call.
        name: String,
    },
}

/// The blocks that are looked at, with as many labels as each has.
const BLOCKS: [(&str, usize); 6] = [
    ("locals", 0),
    ("module", 1),
    ("moved", 0),
    ("removed", 0),
    ("resource", 2),
    ("variable", 1),
];

/// The blocks of one module, and what its references lead to.
pub struct Scope<'a> {
    /// By type and labels with a dot between them, which none of them has; those that override others first.
    blocks: BTreeMap<String, Vec<Block<'a>>>,
    inputs: Inputs<'a>,
}

impl<'a> Scope<'a> {
    /// The module of `files`, of which those that override others come first.
    #[must_use]
    pub fn new(files: &'a [Source], inputs: Inputs<'a>) -> Self {
        let mut blocks: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (kind, labels) in BLOCKS {
            for block in files.iter().flat_map(|file| file.blocks(kind, labels)) {
                let all: &mut Vec<_> = blocks.entry(key(kind, &block.labels)).or_default();
                all.push(block);
            }
        }
        Self { blocks, inputs }
    }

    /// Every resource: its type and its name, and what is said of it.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &str, Layers<'a>)> {
        let after = self.blocks.range("resource.".to_owned()..);
        after
            .take_while(|(key, _)| key.starts_with("resource."))
            .filter_map(|(_, blocks)| match &blocks.first()?.labels[..] {
                [kind, name] => Some((*kind, *name, layers(blocks))),
                _ => None,
            })
    }

    /// Every body of the blocks of the type `kind` with these labels, those that override others first.
    #[must_use]
    pub fn bodies(&self, kind: &str, labels: &[&str]) -> Layers<'a> {
        let found = self.blocks.get(&key(kind, labels));
        found.map_or(Layers(Vec::new()), |blocks| layers(blocks))
    }

    /// What stands at `path` of `arguments`, its references followed.
    #[must_use]
    pub fn look(&self, arguments: &(impl Arguments + ?Sized), path: &[&str]) -> Settled {
        let mut steps = MOST_STEPS;
        self.settle(arguments.look(path), &mut steps)
    }

    fn settle(&self, seen: Seen, steps: &mut usize) -> Settled {
        let Seen::Expression(expression) = seen else {
            return Settled { seen, by: None };
        };
        let Some(left) = steps.checked_sub(1) else {
            return Settled::UNKNOWN;
        };
        *steps = left;
        match &*expression {
            Expression::Conditional(choice) => {
                let condition = self.settle(literal(&choice.cond_expr), steps);
                let chosen = match condition.seen.as_bool() {
                    Some(true) => &choice.true_expr,
                    Some(false) => &choice.false_expr,
                    None => return Settled::UNKNOWN,
                };
                let chosen = self.settle(literal(chosen), steps);
                Settled {
                    by: chosen.by.or(condition.by),
                    ..chosen
                }
            }
            Expression::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Not => {
                let settled = self.settle(literal(&operation.expr), steps);
                let negated = settled.seen.as_bool().map(|value| !value);
                Settled::truth(negated, settled.by)
            }
            Expression::BinaryOp(operation) => {
                let left = self.settle(literal(&operation.lhs_expr), steps);
                let right = self.settle(literal(&operation.rhs_expr), steps);
                let truth = truth(*operation.operator.value(), &left.seen, &right.seen);
                Settled::truth(truth, left.by.or(right.by))
            }
            expression => match reference(expression) {
                Some(("var", name)) => self.variable(name, steps),
                Some(("local", name)) => self.local(name, steps),
                _ => Settled::UNKNOWN,
            },
        }
    }

    fn local(&self, name: &str, steps: &mut usize) -> Settled {
        let locals = self.bodies("locals", &[]);
        if !locals.has(name) {
            return Settled::UNKNOWN;
        }
        self.settle(locals.look(&[name]), steps)
            .or_by(|| format!("`local.{name}`"))
    }

    fn variable(&self, name: &str, steps: &mut usize) -> Settled {
        let declared = self.bodies("variable", &[name]);
        let given = match &self.inputs {
            Inputs::Root(given) => given.value(name),
            Inputs::Call { arguments, .. } if arguments.0.is_empty() => Some(Settled::UNKNOWN),
            Inputs::Call {
                caller,
                arguments,
                name: call,
            } => arguments.has(name).then(|| {
                caller
                    .settle(arguments.look(&[name]), steps)
                    .or_by(|| format!("`{name}` of `module.{call}`"))
            }),
        };
        let never_null = || declared.look(&["nullable"]).as_bool() == Some(false);
        match given {
            Some(given) if given.seen != Seen::Absent || !never_null() => given,
            _ => Self::default_of(name, &declared),
        }
    }

    /// A variable without a default has to be given, and nobody here knows what it is.
    fn default_of(name: &str, declared: &Layers<'_>) -> Settled {
        let seen = match declared.look(&["default"]) {
            Seen::Expression(_) => Seen::Unknown,
            Seen::Absent if !declared.has("default") => Seen::Unknown,
            found => found,
        };
        Settled {
            seen,
            by: Some(format!("the default of `var.{name}`")),
        }
    }
}

fn key(kind: &str, labels: &[&str]) -> String {
    format!("{kind}.{}", labels.join("."))
}

fn layers<'a>(blocks: &[Block<'a>]) -> Layers<'a> {
    Layers(blocks.iter().map(|block| block.body).collect())
}

/// What `operator` makes of two values, where that is a truth value that can be told.
fn truth(operator: BinaryOperator, left: &Seen, right: &Seen) -> Option<bool> {
    let are_equal = || match (left, right) {
        (Seen::Absent, Seen::Absent) => Some(true),
        (Seen::Absent, Seen::Bool(_) | Seen::Text(_)) => Some(false),
        (Seen::Bool(_) | Seen::Text(_), Seen::Absent) => Some(false),
        (Seen::Bool(one), Seen::Bool(other)) => Some(one == other),
        (Seen::Text(one), Seen::Text(other)) => Some(one == other),
        // What is converted and what is not depends on types that nobody here knows.
        _ => None,
    };
    // What one of the two decides by itself, whatever the other is.
    let decides = |which: bool| match (left.as_bool(), right.as_bool()) {
        (Some(one), _) | (_, Some(one)) if one == which => Some(which),
        (Some(_), Some(other)) => Some(other),
        _ => None,
    };
    match operator {
        BinaryOperator::Eq => are_equal(),
        BinaryOperator::NotEq => are_equal().map(|equal| !equal),
        BinaryOperator::And => decides(false),
        BinaryOperator::Or => decides(true),
        _ => None,
    }
}

/// `var.x` as `("var", "x")`; nothing longer.
fn reference(expression: &Expression) -> Option<(&str, &str)> {
    let traversal = expression.as_traversal()?;
    let root = traversal.expr.as_variable()?.as_str();
    match &traversal.operators[..] {
        [only] => match only.value() {
            TraversalOperator::GetAttr(name) => Some((root, name.as_str())),
            _ => None,
        },
        _ => None,
    }
}
