//! CONTRIBUTING.md holds: what it says of adding something is done once, for every kind, in a copy of the workspace, and
//! the copy compiles without a warning.
//!
//! A block of the page is a step when its fence says so:
//! - ```` ```rust file=PATH ```` is a new file,
//! - ```` ```rust file=PATH after="LINE" ```` goes below the one line of a file that reads so,
//! - ```` ```rust file=PATH after-item="LINE" ```` goes below what that line is a part of: below the next line that is
//!   indented less,
//! - ```` ```rust file=PATH replace="LINE" ```` goes into its place,
//! - ```` ```rust file=PATH at=end ```` goes to the end of a file.
//!
//! A reader does not see the fence, so the line above it says the same in words.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use acceptance::binaries::Binaries;
use acceptance::markdown::{Block, blocks};
use acceptance::{RunningProcess, repository};

const PAGE: &str = "CONTRIBUTING.md";

/// What the page says how to add.
const KINDS: [&str; 7] = [
    "a backend",
    "a ledger engine",
    "a forge",
    "a notice channel",
    "a command",
    "a diagnostic",
    "an attribute",
];

/// The files of a workspace, by their paths from its root.
type Workspace = BTreeMap<String, Vec<u8>>;

fn page() -> String {
    std::fs::read_to_string(repository::root().join(PAGE)).expect("the page is there")
}

/// Does what one block says. Errors name what does not fit.
fn follow(workspace: &mut Workspace, path: &str, block: &Block) -> Result<(), String> {
    let text = format!("{}\n", block.lines.join("\n"));
    let place = ["after", "after-item", "replace", "at"]
        .into_iter()
        .find_map(|name| Some((name, block.attribute(name)?)));
    let Some((how, anchor)) = place else {
        if workspace.contains_key(path) {
            return Err(format!("{path} is there already"));
        }
        workspace.insert(path.to_owned(), text.into_bytes());
        return Ok(());
    };
    let old = workspace
        .get(path)
        .ok_or_else(|| format!("there is no {path}"))?;
    let old = String::from_utf8(old.clone()).map_err(|_| format!("{path} is no text"))?;
    let mut lines: Vec<&str> = old.lines().collect();
    if how == "at" {
        lines.extend(block.lines.iter().map(String::as_str));
        workspace.insert(path.to_owned(), text_of(&lines));
        return Ok(());
    }
    let found: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].trim() == anchor)
        .collect();
    let [at] = found[..] else {
        let count = found.len();
        return Err(format!(
            "{path} has {count} lines that read `{anchor}`, expected one"
        ));
    };
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let range = match how {
        "replace" => at..=at,
        "after" => at + 1..=at,
        _ => {
            let ends =
                |line: &&str| !line.trim().is_empty() && indentation(line) < indentation(lines[at]);
            let end = lines[at..]
                .iter()
                .position(ends)
                .map_or(lines.len() - 1, |end| at + end);
            end + 1..=end
        }
    };
    lines.splice(range, block.lines.iter().map(String::as_str));
    workspace.insert(path.to_owned(), text_of(&lines));
    Ok(())
}

fn text_of(lines: &[&str]) -> Vec<u8> {
    format!("{}\n", lines.join("\n")).into_bytes()
}

/// What the line above a block says to a reader.
fn in_words(path: &str, block: &Block) -> String {
    match (
        block.attribute("after"),
        block.attribute("after-item"),
        block.attribute("replace"),
        block.attribute("at"),
    ) {
        (Some(line), ..) => format!("In `{path}`, below `{line}`:"),
        (_, Some(line), ..) => format!("In `{path}`, below the item with `{line}`:"),
        (_, _, Some(line), _) => format!("In `{path}`, instead of `{line}`:"),
        (.., Some(_)) => format!("At the end of `{path}`:"),
        _ => format!("In the new file `{path}`:"),
    }
}

/// Makes `folder` hold `workspace` and nothing else. What is the same already keeps its time, so that cargo does not
/// compile it again.
fn write(workspace: &Workspace, folder: &Path) {
    for old in files_below(folder, "") {
        if !workspace.contains_key(&old) {
            std::fs::remove_file(folder.join(&old)).expect("an old file can be removed");
        }
    }
    for (path, bytes) in workspace {
        let file = folder.join(path);
        if std::fs::read(&file).is_ok_and(|old| old == *bytes) {
            continue;
        }
        std::fs::create_dir_all(file.parent().expect("below the folder")).expect("a folder");
        std::fs::write(file, bytes).expect("a file");
    }
}

fn files_below(folder: &Path, prefix: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => files_below(&entry.path(), &format!("{path}/")),
                _ => vec![path],
            }
        })
        .collect()
}

/// Cargo tells packages apart by name, version and place in their workspace, wherever that lies: a copy of the same version
/// would be compiled into the files of this build, and taken for it by the next one.
fn be_of_another_version(workspace: &mut Workspace) {
    let manifest = workspace
        .get_mut("Cargo.toml")
        .expect("the workspace has a manifest");
    let text = String::from_utf8(manifest.clone()).expect("UTF-8");
    let ours = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"\nedition");
    let copy = concat!(
        "version = \"",
        env!("CARGO_PKG_VERSION"),
        "-copy\"\nedition"
    );
    assert_eq!(
        text.matches(ours).count(),
        1,
        "Cargo.toml says the version once"
    );
    *manifest = text.replace(ours, copy).into_bytes();
}

/// Cargo, as a person would start it: a variable of the cargo that runs this test would have build scripts run again, and
/// with them everything that depends on one.
fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let keep = [
        "CARGO_HOME",
        "CARGO_NET_",
        "CARGO_HTTP_",
        "CARGO_PROFILE_",
        "CARGO_BUILD_",
    ];
    let keep = [
        &keep[..],
        &[
            "CARGO_TERM_",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_INCREMENTAL",
        ],
    ]
    .concat();
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO") && !keep.iter().any(|kept| text.starts_with(kept)) {
            command.env_remove(&name);
        }
    }
    command
}

#[test]
fn one_of_each_kind_is_added_as_the_page_says_and_compiles() {
    let mut workspace: Workspace = repository::files()
        .into_iter()
        .map(|file| {
            let bytes = std::fs::read(repository::root().join(&file.path)).expect("a listed file");
            (file.path, bytes)
        })
        .collect();
    let page = page();
    let mut wrong = Vec::new();
    for block in blocks(&page) {
        if let Some(path) = block.attribute("file") {
            let above = page
                .lines()
                .take(block.line - 1)
                .filter(|line| !line.is_empty())
                .last();
            let words = in_words(path, &block);
            if above != Some(&words) {
                wrong.push(format!("{PAGE}:{}: expected above it: {words}", block.line));
            }
            let followed = follow(&mut workspace, path, &block);
            wrong.extend(
                followed
                    .map_err(|problem| format!("{PAGE}:{}: {problem}", block.line))
                    .err(),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    be_of_another_version(&mut workspace);

    // Below the folder of this build, at the same place each time: dependencies are not compiled twice, and the copy only
    // where it changed. Checking writes no binary, so that the ones other tests run stay what they are.
    let target = Binaries::find().folder;
    let target = target.parent().expect("target/PROFILE");
    let copy = target.join("contributing");
    write(&workspace, &copy);
    let mut check = cargo();
    check
        .args(["check", "--workspace", "--lib", "--offline", "--quiet"])
        .args(["--color", "never"])
        .env("CARGO_TARGET_DIR", target)
        .current_dir(&copy);
    let run = RunningProcess::start(check)
        .wait(Duration::from_secs(280))
        .expect_success();
    assert_eq!(run.stderr, "", "the page's code compiles, and not cleanly");
}

#[test]
fn the_page_shows_every_kind_with_a_step() {
    let page = page();
    for kind in KINDS {
        let heading = format!("### Add {kind}\n");
        let (_, section) = page
            .split_once(&heading)
            .unwrap_or_else(|| panic!("{PAGE} has no heading `{}`", heading.trim()));
        let section = section.split("\n### ").next().unwrap_or_default();
        let steps = blocks(section);
        assert!(
            steps.iter().any(|block| block.attribute("file").is_some()),
            "{PAGE} says in words only how to add {kind}"
        );
    }
}

#[test]
fn every_file_the_page_names_is_there() {
    let page = page();
    let folders = [
        "crates/",
        "provider/",
        "sweeper/",
        "tests/",
        "docs/",
        "scripts/",
        ".github/",
    ];
    let made: Vec<String> = blocks(&page)
        .iter()
        .filter_map(|block| block.attribute("file").map(str::to_owned))
        .collect();
    let named = page
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .filter(|word| folders.iter().any(|folder| word.starts_with(folder)))
        .filter(|word| !word.contains("NAME") && !word.contains("AREA"));
    let missing: Vec<&str> = named
        .filter(|word| !made.iter().any(|file| file == word))
        .filter(|word| !repository::root().join(word).exists())
        .collect();
    assert!(missing.is_empty(), "{PAGE} names {missing:?}");
}

#[test]
fn a_step_that_does_not_fit_is_named() {
    let step = |info: &str| blocks(&format!("```rust {info}\nnew\n```\n")).remove(0);
    let mut workspace = Workspace::from([("a.rs".to_owned(), b"one\n  two\none\n".to_vec())]);
    let mut follow = |info: &str, path: &str| follow(&mut workspace, path, &step(info));
    assert_eq!(follow("", "a.rs"), Err("a.rs is there already".to_owned()));
    assert_eq!(
        follow("after=x", "b.rs"),
        Err("there is no b.rs".to_owned())
    );
    assert_eq!(
        follow("after=one", "a.rs"),
        Err("a.rs has 2 lines that read `one`, expected one".to_owned())
    );
    assert_eq!(follow("after=two", "a.rs"), Ok(()));
    assert_eq!(follow("after-item=two", "a.rs"), Ok(()));
    assert_eq!(follow("replace=two", "a.rs"), Ok(()));
    assert_eq!(workspace["a.rs"], b"one\nnew\nnew\nnew\none\n");
}
