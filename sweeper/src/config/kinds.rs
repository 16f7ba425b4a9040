//! The tables that name things of a kind, such as `[forge.NAME]` with `kind = "…"`: each entry becomes the thing it names.

use crate::{
    config::{
        key::{Table, nearest},
        layer::{Entry, Layer},
        origin::Origin,
        problem::Problem,
    },
    kind::{Kind, Named},
};

/// What says of which kind an entry is.
const KIND: &str = "kind";

/// What the entries of `table` in `layer` name, of the `kinds` there are. Every problem is added to `problems`.
pub(super) fn of<T: ?Sized>(
    layer: &Layer,
    table: Table,
    kinds: &[Kind<T>],
    problems: &mut Vec<Problem>,
) -> Named<T> {
    let mut named = Named::default();
    for entry in layer.entries(table) {
        let before = problems.len();
        let mut problem = |origin: &Origin, found: String| {
            problems.push(Problem {
                origin: origin.clone(),
                found,
            });
        };
        let Some(kind) = kind(entry, kinds, &mut problem) else {
            continue;
        };
        let mut arguments = crate::kind::Arguments::new();
        for (key, given) in entry.values.iter().filter(|(key, _)| *key != KIND) {
            if !kind.arguments.contains(&key.as_str()) {
                let meant = nearest(key, kind.arguments.iter().copied());
                let meant =
                    meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
                let found = format!("is not an argument of the kind `{}`{meant}", kind.word);
                problem(&given.origin, found);
            }
            arguments.insert(key.clone(), given.value.clone());
        }
        if before < problems.len() {
            continue;
        }
        match (kind.make)(&arguments) {
            Ok(one) => drop(named.0.insert(entry.name.value.clone(), one)),
            Err(found) => problems.push(Problem {
                origin: entry.name.origin.clone(),
                found,
            }),
        }
    }
    named
}

fn kind<'kinds, T: ?Sized>(
    entry: &Entry,
    kinds: &'kinds [Kind<T>],
    problem: &mut impl FnMut(&Origin, String),
) -> Option<&'kinds Kind<T>> {
    let words: Vec<String> = kinds
        .iter()
        .map(|kind| format!("`{}`", kind.word))
        .collect();
    let known = match words.as_slice() {
        [] => "this version knows none".to_owned(),
        words => format!("expected {}", words.join(" or ")),
    };
    let Some(given) = entry.values.get(KIND) else {
        problem(&entry.name.origin, format!("has no `{KIND}`; {known}"));
        return None;
    };
    let Some(word) = given.value.as_str() else {
        problem(&given.origin, format!("is not a text; {known}"));
        return None;
    };
    let found = kinds.iter().find(|kind| kind.word == word);
    if found.is_none() {
        let found = format!("`{word}` is not a kind of `{}`; {known}", entry.table);
        problem(&given.origin, found);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::{path::Path, sync::Arc};

    use super::*;
    use crate::config::file::parse;

    const KINDS: &[Kind<str>] = &[
        Kind {
            word: "echo",
            arguments: &["url", "token"],
            make: |arguments| match arguments.get("url").and_then(|url| url.as_str()) {
                Some(url) => Ok(Arc::from(url)),
                None => Err("has no `url`".to_owned()),
            },
        },
        Kind {
            word: "mute",
            arguments: &[],
            make: |_| Ok(Arc::from("")),
        },
    ];

    fn read(text: &str) -> (Named<str>, Vec<String>) {
        let read = parse(Path::new("sweeper.toml"), text).expect("TOML");
        let mut problems = read.problems;
        let named = of(&read.layer, Table::Forge, KINDS, &mut problems);
        (named, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn each_entry_becomes_what_its_kind_makes_of_it() {
        let text = "[forge.a]\nkind = \"echo\"\nurl = \"x\"\n[forge.b]\nkind = \"mute\"\n";
        let (named, problems) = read(text);
        let named: Vec<_> = named.iter().collect();
        assert_eq!((named, problems), (vec![("a", "x"), ("b", "")], Vec::new()));
    }

    #[test]
    fn every_problem_is_said_with_its_line_the_known_kinds_and_the_nearest_argument() {
        let text = "[forge.a]\nkind = \"loud\"\n[forge.b]\nurl = \"hunter2\"\n\
                    [forge.c]\nkind = \"echo\"\nurl = \"hunter2\"\ntokn = \"hunter2\"\n[forge.d]\nkind = \"echo\"\n";
        let (named, problems) = read(text);
        assert_eq!(named, Named::default());
        let expected = [
            "`forge.\"a\".kind` in `sweeper.toml`, line 2: `loud` is not a kind of `forge`; expected `echo` or `mute`",
            "`forge.\"b\"` in `sweeper.toml`, line 3: has no `kind`; expected `echo` or `mute`",
            "`forge.\"c\".tokn` in `sweeper.toml`, line 8: is not an argument of the kind `echo`; did you mean `token`?",
            "`forge.\"d\"` in `sweeper.toml`, line 9: has no `url`",
        ];
        assert_eq!(problems, expected);
    }

    #[test]
    fn where_there_is_no_kind_yet_that_is_said() {
        let read = parse(Path::new("f"), "[notify.chat]\nkind = \"slack\"\n").expect("TOML");
        let mut problems = Vec::new();
        let none = of::<str>(&read.layer, Table::Notify, &[], &mut problems);
        assert_eq!(none, Named::default());
        let said = problems
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        assert!(
            said.ends_with("line 2: `slack` is not a kind of `notify`; this version knows none"),
            "{said}"
        );
    }
}
