//! Raising diagnostics, and turning them into the protocol's. Use these instead of tf-provider's constructors: those
//! capture a backtrace when `RUST_BACKTRACE` is set and put all ninety frames before the user's eyes.
//!
//! Knows nothing of what is reported; the finder of a problem writes the words.

use std::borrow::Cow;

use tf_provider::{AttributePath, AttributePathStep, Diagnostic, Diagnostics};

use super::proto::tfplugin6 as proto;

/// Raises problems on a list of diagnostics.
///
/// `summary` is a title without a full stop and without values (`Invalid TTL`); `detail` is prose in full sentences
/// that ends with what would be right. Neither may hold a secret.
pub trait Report {
    /// The list.
    fn list(&mut self) -> &mut Diagnostics;

    /// An error that belongs to the attribute or block at `at`.
    fn refuse(
        &mut self,
        at: AttributePath,
        summary: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) {
        self.list().errors.push(diagnostic(at, summary, detail));
    }

    /// An error that belongs to the whole resource or call.
    fn fail(
        &mut self,
        summary: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) {
        self.refuse(AttributePath::root(), summary, detail);
    }

    /// A warning; give [`AttributePath::root`] when no attribute is meant.
    fn warn(
        &mut self,
        at: AttributePath,
        summary: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) {
        self.list().warnings.push(diagnostic(at, summary, detail));
    }

    /// Whether an error was raised.
    fn has_errors(&self) -> bool;
}

impl Report for Diagnostics {
    fn list(&mut self) -> &mut Diagnostics {
        self
    }

    fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

fn diagnostic(
    attribute: AttributePath,
    summary: impl Into<Cow<'static, str>>,
    detail: impl Into<Cow<'static, str>>,
) -> Diagnostic {
    Diagnostic {
        summary: summary.into(),
        detail: detail.into(),
        attribute,
    }
}

/// The diagnostics as the protocol sends them: errors first, each list in the order it was raised.
pub(crate) fn to_proto(diagnostics: Diagnostics) -> Vec<proto::Diagnostic> {
    use proto::diagnostic::Severity;
    let convert = |severity: Severity, diagnostic: Diagnostic| proto::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary.into_owned(),
        detail: diagnostic.detail.into_owned(),
        attribute: (!diagnostic.attribute.steps.is_empty())
            .then(|| path_to_proto(diagnostic.attribute)),
    };
    let errors = diagnostics.errors.into_iter();
    let warnings = diagnostics.warnings.into_iter();
    errors
        .map(|error| convert(Severity::Error, error))
        .chain(warnings.map(|warning| convert(Severity::Warning, warning)))
        .collect()
}

/// One attribute path as the protocol sends it.
pub(crate) fn path_to_proto(path: AttributePath) -> proto::AttributePath {
    use proto::attribute_path::{Step, step::Selector};
    let steps = path.steps.into_iter().map(|step| Step {
        selector: Some(match step {
            AttributePathStep::Attribute(name) => Selector::AttributeName(name.into_owned()),
            AttributePathStep::Key(key) => Selector::ElementKeyString(key.into_owned()),
            AttributePathStep::Index(index) => Selector::ElementKeyInt(index),
        }),
    });
    proto::AttributePath {
        steps: steps.collect(),
    }
}
