//! Kinds: how a table of the configuration such as `[forge.NAME]` becomes the thing that it names.
//!
//! Each port that can be configured has a registry of kinds, a line each. Knows no port and no file.

use std::{collections::BTreeMap, fmt, sync::Arc};

use serde_json::Value;

/// What stands in such a table beside its kind. Values may be secrets.
pub type Arguments = BTreeMap<String, Value>;

/// One kind of a port.
pub struct Kind<T: ?Sized> {
    /// Its word in the configuration.
    pub word: &'static str,
    /// The arguments it takes.
    pub arguments: &'static [&'static str],
    /// Makes one; or says what is wrong with the arguments, without a value.
    pub make: fn(&Arguments) -> Result<Arc<T>, String>,
}

/// Everything of one port, by the name the configuration gives it.
pub struct Named<T: ?Sized>(pub BTreeMap<String, Arc<T>>);

impl<T: ?Sized> Named<T> {
    /// Each with its name, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, one)| (name.as_str(), &**one))
    }
}

impl<T: ?Sized> Default for Named<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: ?Sized> Clone for Named<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// The same names: what a name stands for cannot be compared.
impl<T: ?Sized> PartialEq for Named<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.keys().eq(other.0.keys())
    }
}

/// Shows names only.
impl<T: ?Sized> fmt::Debug for Named<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
