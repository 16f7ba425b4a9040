//! Which file of a crate names which other files of it, as its syntax says.
//!
//! A file is one module. Declaring a module (`mod x;`) draws no arrow; every path that leads to it does, a re-export and
//! the arguments of a macro included. Knows no rule about who may name whom, and leaves test code out: a test may look
//! further than the code that it tests.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use crate::repository::{self, RepositoryFile};

/// A module by its path in the crate: `["sweep", "plan"]`; the root is empty.
type Module = Vec<String>;

/// The files of one crate and the arrows between them.
#[derive(Debug, Default)]
pub struct ModuleGraph {
    arrows: BTreeMap<Module, BTreeSet<Module>>,
}

impl ModuleGraph {
    /// Reads the crate in `folder`, a path from the root of the repository such as `crates/ledger`.
    ///
    /// # Panics
    /// When a file cannot be read or is not Rust.
    #[must_use]
    pub fn of_crate(folder: &str) -> Self {
        let source = format!("{folder}/src/");
        let files = repository::files_of_kind("rs").into_iter();
        let files =
            files.filter_map(|file| Some((module_of(file.path.strip_prefix(&source)?)?, file)));
        let texts = files.map(|(module, file): (Module, RepositoryFile)| (module, file.text()));
        Self::of_texts(texts.collect())
    }

    fn of_texts(texts: BTreeMap<Module, String>) -> Self {
        let modules: BTreeSet<Module> = texts.keys().cloned().collect();
        let arrows = texts.iter().map(|(module, text)| {
            let file = syn::parse_file(text)
                .unwrap_or_else(|error| panic!("reading module {}: {error}", module.join("::")));
            let mut reader = Reader {
                modules: &modules,
                file: module,
                inner: Vec::new(),
                found: BTreeSet::new(),
            };
            reader.visit_file(&file);
            reader.found.remove(module);
            (module.clone(), reader.found)
        });
        Self {
            arrows: arrows.collect(),
        }
    }

    /// The first names of all modules: the rooms of the crate.
    #[must_use]
    pub fn rooms(&self) -> BTreeSet<String> {
        self.arrows
            .keys()
            .filter_map(|module| module.first().cloned())
            .collect()
    }

    /// Every arrow between two files in different rooms: room, room, and the files as `a::b -> c::d`. The root of the
    /// crate is no room.
    #[must_use]
    pub fn arrows_between_rooms(&self) -> Vec<(String, String, String)> {
        let mut found = Vec::new();
        for (from, named) in &self.arrows {
            for to in named {
                if let (Some(one), Some(other)) = (from.first(), to.first())
                    && one != other
                {
                    let arrow = format!("{} -> {}", from.join("::"), to.join("::"));
                    found.push((one.clone(), other.clone(), arrow));
                }
            }
        }
        found
    }

    /// The files that name each other in a circle: each circle with the arrows inside it.
    ///
    /// A module may name the ones it lies in, which hold what its siblings share: such an arrow ties no circle.
    #[must_use]
    pub fn circles(&self) -> Vec<Vec<String>> {
        let reached: BTreeMap<&Module, BTreeSet<&Module>> = self
            .arrows
            .keys()
            .map(|module| (module, self.reached_from(module)))
            .collect();
        let mut told: BTreeSet<&Module> = BTreeSet::new();
        let mut circles = Vec::new();
        for module in self.arrows.keys() {
            if told.contains(module) || !reached[module].contains(module) {
                continue;
            }
            let circle: BTreeSet<&Module> = reached[module]
                .iter()
                .filter(|other| reached[**other].contains(module))
                .copied()
                .collect();
            told.extend(&circle);
            let inside = circle.iter().flat_map(|from| {
                let named = self.tying(from).filter(|to| circle.contains(to));
                named.map(|to| format!("{} -> {}", shown(from), shown(to)))
            });
            circles.push(inside.collect());
        }
        circles
    }

    fn reached_from(&self, module: &Module) -> BTreeSet<&Module> {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<&Module> = self.tying(module).collect();
        while let Some(next) = ahead.pop() {
            if reached.insert(next) {
                ahead.extend(self.tying(next));
            }
        }
        reached
    }

    /// What `from` names, but for the modules it lies in.
    fn tying(&self, from: &Module) -> impl Iterator<Item = &Module> {
        self.arrows[from]
            .iter()
            .filter(move |to| !from.starts_with(to))
    }
}

fn shown(module: &Module) -> String {
    if module.is_empty() {
        "(root)".to_owned()
    } else {
        module.join("::")
    }
}

/// The module that the file at `path` below `src/` is; none for the entry of a program and for files of tests.
fn module_of(path: &str) -> Option<Module> {
    let path = path.strip_suffix(".rs")?;
    let path = path.strip_suffix("/mod").unwrap_or(path);
    let mut module: Module = path.split('/').map(str::to_owned).collect();
    if module == ["lib"] {
        module.clear();
    }
    let is_code = module != ["main"] && !module.iter().any(|name| name == "tests");
    is_code.then_some(module)
}

struct Reader<'a> {
    modules: &'a BTreeSet<Module>,
    file: &'a Module,
    /// The modules inside the file that lead to where the reader is.
    inner: Vec<String>,
    found: BTreeSet<Module>,
}

impl Reader<'_> {
    /// Follows `names` from where the reader is, to the file they lead to.
    fn follow(&mut self, names: &[String]) {
        let mut here: Module = self.file.iter().chain(&self.inner).cloned().collect();
        let mut rest = names;
        let mut is_ours = false;
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" => here.clear(),
                "super" => drop(here.pop()),
                "self" => {}
                _ => break,
            }
            (is_ours, rest) = (true, others);
        }
        // Without such a beginning it is ours only where it names a module below this one.
        let below = |here: &Module, name: &String| {
            let deeper: Module = here.iter().chain([name]).cloned().collect();
            self.modules.contains(&deeper).then_some(deeper)
        };
        while let Some((first, others)) = rest.split_first() {
            let Some(deeper) = below(&here, first) else {
                break;
            };
            (here, rest, is_ours) = (deeper, others, true);
        }
        // Modules inside a file are part of it.
        while is_ours && !self.modules.contains(&here) {
            here.pop();
        }
        if is_ours {
            self.found.insert(here);
        }
    }

    fn follow_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.follow_tree(&path.tree, &with(&path.ident)),
            syn::UseTree::Name(name) => self.follow(&with(&name.ident)),
            syn::UseTree::Rename(name) => self.follow(&with(&name.ident)),
            syn::UseTree::Glob(_) => self.follow(before),
            syn::UseTree::Group(group) => {
                for item in &group.items {
                    self.follow_tree(item, before);
                }
            }
        }
    }

    /// The arguments of a macro are no syntax yet: every run of names joined by `::` is a path.
    fn follow_tokens(&mut self, tokens: TokenStream) {
        let mut names: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.follow_if_a_path(&mut names);
                    }
                    names.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(mark) if mark.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    self.follow_if_a_path(&mut names);
                    self.follow_tokens(group.stream());
                }
                _ => self.follow_if_a_path(&mut names),
            }
        }
        self.follow_if_a_path(&mut names);
    }

    fn follow_if_a_path(&mut self, names: &mut Vec<String>) {
        let names = std::mem::take(names);
        if 1 < names.len() {
            self.follow(&names);
        }
    }
}

fn is_of_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else {
            return attribute.path().is_ident("test");
        };
        list.path.is_ident("cfg") && list.tokens.to_string() == "test"
    })
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes = match item {
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !is_of_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inner.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inner.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.follow_tree(&item.tree, &[]);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(super)` says who may look, and names nothing.
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if 1 < names.len() {
            self.follow(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.visit_path(&item.path);
        self.follow_tokens(item.tokens.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(files: &[(&str, &str)]) -> ModuleGraph {
        let texts = files.iter().map(|(path, text)| {
            let module = module_of(path).expect("a file of code");
            (module, (*text).to_owned())
        });
        ModuleGraph::of_texts(texts.collect())
    }

    #[test]
    fn every_way_to_name_a_file_is_an_arrow() {
        let ways = [
            "use crate::b::Thing;",
            "use crate::{a, b::{self, Thing}};",
            "use super::b::Thing as Other;",
            "pub use super::{b::*};",
            "fn f() { crate::b::thing() }",
            "fn f() { println!(\"{}\", crate::b::Thing) }",
            "mod inside { use super::super::b::Thing; }",
            "fn f(thing: super::b::Thing) {}",
        ];
        for way in ways {
            let found = graph(&[("lib.rs", ""), ("a.rs", way), ("b.rs", "")]);
            let arrows = found.arrows_between_rooms();
            let shown: Vec<&str> = arrows.iter().map(|(_, _, arrow)| arrow.as_str()).collect();
            assert_eq!(shown, ["a -> b"], "{way}");
        }
    }

    #[test]
    fn declarations_comments_other_crates_and_tests_are_no_arrows() {
        let ways = [
            "mod c;",
            "// use crate::b;",
            "use other::b::Thing;",
            "pub(super) fn f() {}",
            "#[cfg(test)] mod tests { use crate::b::Thing; }",
            "#[cfg(test)] use crate::b::Thing;",
            "const TEXT: &str = \"crate::b\";",
        ];
        for way in ways {
            let found = graph(&[("lib.rs", ""), ("a.rs", way), ("b.rs", ""), ("a/c.rs", "")]);
            assert_eq!(found.arrows_between_rooms(), [], "{way}");
        }
    }

    #[test]
    fn a_circle_is_found_with_the_arrows_that_tie_it() {
        let found = graph(&[
            ("lib.rs", "pub use a::A;"),
            ("a.rs", "mod b; use b::B;"),
            ("a/b.rs", "use crate::c::C;"),
            ("c.rs", "use crate::a::A;"),
            ("d.rs", "use crate::A;"),
        ]);
        assert_eq!(found.circles(), [["a -> a::b", "a::b -> c", "c -> a"]]);
    }

    #[test]
    fn what_siblings_share_in_the_module_they_lie_in_ties_no_circle() {
        let found = graph(&[
            ("lib.rs", "pub use a::A;"),
            ("a.rs", "mod b; use b::B; mod c; use c::C;"),
            ("a/b.rs", "use super::{A, c::C};"),
            ("a/c.rs", "use crate::A;"),
        ]);
        assert_eq!(found.circles(), Vec::<Vec<String>>::new());
    }
}
