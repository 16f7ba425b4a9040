//! A row of the table of diagnostics, and the macro that makes the table. Knows no diagnostic.

/// Whether it ends the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nothing goes on.
    Error,
    /// Something to know; the run goes on.
    Warning,
}

/// One diagnostic, as the documentation shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The heading it stands under.
    pub area: &'static str,
    /// Error or warning.
    pub severity: Severity,
    /// The summary users see: a title without a value, and never changed once published.
    pub title: &'static str,
    /// The cause, as a full sentence.
    pub cause: &'static str,
    /// The remedy, as a full sentence.
    pub remedy: &'static str,
}

/// Makes the enum of titles and the rows from one list, so that neither can lack what the other has.
///
/// What stands under `named` gets a variant, which its one constructor in `diag/` names. What stands under `written` are
/// the words of the crate `plugin`, which knows nothing of this crate's tables and writes its titles itself.
macro_rules! table {
    (
        named { $( $area:literal { $( $name:ident: $severity:ident $title:literal, $cause:literal, $remedy:literal; )* } )* }
        written { $( $plugin_area:literal { $( $plugin_severity:ident $plugin_title:literal, $plugin_cause:literal, $plugin_remedy:literal; )* } )* }
    ) => {
        /// Every diagnostic that has a constructor here.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Title {
            $( $( #[doc = $title] $name, )* )*
        }

        /// The rows of [`Title`], in its order.
        pub const NAMED: &[Row] = &[
            $( $( Row {
                area: $area, severity: Severity::$severity, title: $title, cause: $cause, remedy: $remedy,
            }, )* )*
        ];

        /// The diagnostics of the crate `plugin`.
        pub const WRITTEN: &[Row] = &[
            $( $( Row {
                area: $plugin_area, severity: Severity::$plugin_severity, title: $plugin_title, cause: $plugin_cause,
                remedy: $plugin_remedy,
            }, )* )*
        ];

        impl Title {
            /// The summary users see.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( $( Self::$name => $title, )* )*
                }
            }
        }
    };
}

pub(super) use table;
