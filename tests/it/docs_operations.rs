//! docs/operations.md and docs/cli.md say what the code says.
//!
//! What can be written by a program is: the blocks between `<!-- generated: NAME -->` and `<!-- end of NAME -->`, and
//! the whole of docs/cli.md. `scripts/docs` runs this with UPDATE_DOCS=1, which writes them anew. What a person writes
//! about a list in the code is held to that list, and to its order.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use acceptance::repository;
use clap::CommandFactory as _;
use ledger::{brake::BrakeKind, judge::Rule, phase::Phase, ttl::compact};
use sweeper::cli::{Cli, Global};
use sweeper::config::{
    Config,
    key::{Key, Table},
};
use sweeper::exit::ExitStatus;
use sweeper::invocation::Invocation;

const OPERATIONS: &str = "docs/operations.md";
const REFERENCE: &str = "docs/cli.md";

/// How wide the help in docs/cli.md is, in columns.
const WIDTH: usize = 100;

fn page(path: &str) -> String {
    std::fs::read_to_string(repository::root().join(path)).unwrap_or_default()
}

fn may_write() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some_and(|value| !value.is_empty())
}

/// Holds the file at `path` to `expected`, or writes it.
#[track_caller]
fn fresh(path: &str, expected: &str) {
    if may_write() && page(path) != expected {
        // Other tests read the page at the same moment: they see the old one or the new one.
        let (page, new) = (
            repository::root().join(path),
            repository::root().join(format!("{path}.new")),
        );
        std::fs::write(&new, expected).expect("writing a page");
        std::fs::rename(&new, &page).expect("putting a page in its place");
    }
    assert!(page(path) == expected, "{path} is stale, run `make docs`");
}

/// `text` with `body` in its block `name`.
fn with_block(text: &str, name: &str, body: &str) -> String {
    let (begin, end) = (
        format!("<!-- generated: {name} -->\n"),
        format!("<!-- end of {name} -->\n"),
    );
    let (before, rest) = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("{OPERATIONS} has no block {name}"));
    let (_, after) = rest
        .split_once(&end)
        .unwrap_or_else(|| panic!("{OPERATIONS} does not end its block {name}"));
    format!("{before}{begin}{body}{end}{after}")
}

fn exit_codes() -> String {
    let mut table = "| Code | Name | Meaning |\n|---|---|---|\n".to_owned();
    for status in ExitStatus::ALL {
        let meaning = status.meaning();
        writeln!(
            table,
            "| {} | {} | {meaning} |",
            status.code(),
            status.as_str()
        )
        .expect("a text takes it");
    }
    table
}

fn settings() -> String {
    let invocation = Invocation {
        variables: [("HOME".into(), "/home/ana".into())].into(),
        ..Invocation::default()
    };
    let global = Global::default();
    let defaults =
        Config::load(&global, &invocation).expect("nothing is configured, so nothing is wrong");
    let mut table =
        "| Key | Variable | Flag | Default | Meaning |\n|---|---|---|---|---|\n".to_owned();
    let command = Cli::command();
    for &key in Key::ALL {
        let flag = command
            .get_arguments()
            .find(|argument| argument.get_id() == key.as_str())
            .and_then(|argument| argument.get_long())
            .map_or_else(|| "–".to_owned(), |name| format!("`--{name}`"));
        let (variable, default, meaning) =
            (key.variable(), default(key, &defaults), key.description());
        writeln!(
            table,
            "| `{key}` | `{variable}` | {flag} | {default} | {meaning} |"
        )
        .expect("a text takes it");
    }
    table
}

/// The default of a setting, as a person writes it. A new setting has to be added here.
fn default(key: Key, defaults: &Config) -> String {
    let guards = &defaults.guards;
    let text = match key {
        Key::Ledger => return "`ephemeral/ledger.sqlite3` in the state directory".to_owned(),
        Key::KeepDir => return "`ephemeral/kept` in the state directory".to_owned(),
        Key::SealKey => return "`ephemeral/seal.key` in the state directory".to_owned(),
        Key::WorkDir => return "`/dev/shm`, else the temporary directory".to_owned(),
        Key::Scope => defaults.scope.to_string(),
        Key::Rate => guards.rate.to_string(),
        Key::JumpCount => guards.jump_count.to_string(),
        Key::JumpPercent => guards.jump_percent.to_string(),
        Key::ClockLimit => compact(guards.clock_limit),
        Key::WarnBefore => compact(defaults.policy.warn_before),
        Key::Parallel => defaults.parallel.to_string(),
        Key::TerraformParallelism => defaults.terraform_parallelism.to_string(),
        Key::Claim => compact(defaults.claim),
        Key::Terraform => defaults.terraform.display().to_string(),
        Key::Tofu => defaults.tofu.display().to_string(),
        Key::TerraformTimeout => compact(defaults.terraform_timeout),
        Key::StopGrace => compact(defaults.stop_grace),
        Key::PassVariables => return "–".to_owned(),
        Key::Color => format!("{:?}", defaults.color).to_ascii_lowercase(),
    };
    format!("`{text}`")
}

#[test]
fn the_tables_of_exit_codes_and_settings_are_those_of_the_code() {
    let mut expected = page(OPERATIONS);
    for (name, body) in [("exit codes", exit_codes()), ("settings", settings())] {
        expected = with_block(&expected, name, &body);
    }
    fresh(OPERATIONS, &expected);
}

/// The commands below `command`, each with its whole name.
fn helps(name: &str, command: &clap::Command, found: &mut Vec<(String, String)>) {
    let mut own = command.clone().term_width(WIDTH).bin_name(name);
    // What every command takes is shown once, at the top.
    if name.contains(' ') {
        own = own.mut_args(|argument| {
            let global = argument.is_global_set();
            argument.hide(global)
        });
    }
    found.push((name.to_owned(), own.render_long_help().to_string()));
    for below in command
        .get_subcommands()
        .filter(|below| below.get_name() != "help")
    {
        helps(&format!("{name} {}", below.get_name()), below, found);
    }
}

#[test]
fn the_command_reference_is_the_help_of_every_command() {
    let mut command = Cli::command();
    command.build();
    let mut found = Vec::new();
    helps("sweeper", &command, &mut found);
    assert!(10 < found.len(), "the commands were not found");
    let mut expected =
        "<!-- generated by scripts/docs; do not edit -->\n\n# Commands of the sweeper\n\n\
                        What each command prints with `--help`; the global options, which every command takes, are shown once.\n\
                        What they are for, in sentences, is in [operations](operations.md).\n"
            .to_owned();
    for (name, help) in found {
        let help: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
        write!(
            expected,
            "\n## `{name}`\n\n```text\n{}\n```\n",
            help.join("\n")
        )
        .expect("a text takes it");
    }
    fresh(REFERENCE, &expected);
}

/// The words in backticks that begin the rows of the table under `heading`.
#[track_caller]
fn first_column(heading: &str) -> Vec<String> {
    let text = page(OPERATIONS);
    let (_, below) = text
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("{OPERATIONS} has no heading `{heading}`"));
    let section = below.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split_once('`').map(|(word, _)| word.to_owned()))
        .collect()
}

#[test]
fn the_table_of_rules_is_complete_and_in_their_order() {
    let rules: Vec<String> = Rule::PRECEDENCE
        .iter()
        .map(|rule| rule.as_str().to_owned())
        .collect();
    assert_eq!(first_column("## Which rule decides"), rules);
}

#[test]
fn the_table_of_brakes_is_complete() {
    let brakes: Vec<String> = BrakeKind::ALL
        .iter()
        .map(|brake| brake.as_str().to_owned())
        .collect();
    assert_eq!(first_column("## Rate and brakes"), brakes);
}

#[test]
fn the_table_of_phases_is_complete() {
    let phases: Vec<String> = Phase::ALL
        .iter()
        .map(|phase| phase.as_str().to_owned())
        .collect();
    assert_eq!(first_column("## Phases"), phases);
}

#[test]
fn every_key_of_the_configuration_file_in_the_examples_exists() {
    let known: BTreeSet<&str> = Key::ALL
        .iter()
        .map(|key| key.as_str())
        .chain(Table::ALL.iter().map(|table| table.as_str()))
        .collect();
    let text = page(OPERATIONS);
    let blocks = acceptance::markdown::blocks(&text);
    let files: Vec<_> = blocks
        .iter()
        .filter(|block| block.language == "toml")
        .collect();
    assert!(
        !files.is_empty(),
        "{OPERATIONS} shows no configuration file"
    );
    for block in files {
        let read = sweeper::config::file::parse("sweeper.toml".as_ref(), &block.lines.join("\n"))
            .unwrap_or_else(|error| panic!("{OPERATIONS}:{}: {error}", block.line));
        assert_eq!(read.problems, [], "{OPERATIONS}:{}", block.line);
        let layer = &read.layer;
        assert!(!(layer.settings.is_empty() && layer.entries.is_empty()));
        assert!(
            read.layer
                .settings
                .keys()
                .all(|key| known.contains(key.as_str()))
        );
        let mut tables = layer.entries.iter().map(|entry| entry.table.as_str());
        assert!(tables.all(|table| known.contains(table)));
    }
}

#[test]
fn every_diagnostic_in_the_troubleshooting_table_is_one_the_code_can_say() {
    let sources: String = repository::files_of_kind("rs")
        .into_iter()
        .filter(|file| {
            ["provider/src/", "sweeper/src/", "crates/"]
                .iter()
                .any(|room| file.path.starts_with(room))
        })
        .map(|file| file.text())
        .collect();
    // A text in the code may be broken over two lines.
    let even = |text: &str| {
        text.replace("\\\n", "")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let sources = even(&sources);
    let said = first_column("## Troubleshooting");
    assert!(5 < said.len(), "the table was not found");
    let unknown: Vec<String> = said
        .into_iter()
        .filter(|text| !text.split('…').all(|part| sources.contains(&even(part))))
        .collect();
    assert_eq!(unknown, Vec::<String>::new(), "no source says this");
}
