//! The documentation holds: the commands it shows exist, and the ones it promises to run do run.
//!
//! Of every shell block (```` ```console ````, ```` ```sh ````) of README.md, docs/ and examples/, each command must be
//! one this file knows, each `make` target must be in the Makefile, and each `sweeper` line must parse.
//!
//! A block is executed when its fence says so:
//! - ```` ```hcl file=main.tf run=NAME ```` writes a file,
//! - ```` ```console run=NAME ```` runs its `$` lines, one `bash -c` each; each must exit 0 (`$ sweeper plan; echo $?`
//!   shows another code), and print the lines under it in order, where `...` stands for anything.
//!
//! Blocks of one page with the same NAME share a folder and a ledger and run from top to bottom.

use acceptance::markdown::{Block, blocks};
use acceptance::repository::{self, RepositoryFile};
use acceptance::transcript::{is_shell, shows, simple_commands, steps};
use acceptance::{RunningProcess, World};
use clap::Parser as _;
use sweeper::cli::Cli;

/// What the documentation may ask a reader to run, beside `make` and `sweeper`.
const KNOWN: [&str; 26] = [
    "[",
    "apt-get",
    "cargo",
    "cat",
    "cd",
    "cp",
    "curl",
    "echo",
    "eval",
    "export",
    "git",
    "grep",
    "jq",
    "kill",
    "ls",
    "mkdir",
    "rm",
    "scripts/install-provider",
    "scripts/setup",
    "sleep",
    "sqlite3",
    "systemctl",
    "terraform",
    "tofu",
    "true",
    "xargs",
];

fn pages() -> Vec<RepositoryFile> {
    let folders = ["docs/", "examples/"];
    let ours =
        |path: &str| !path.contains('/') || folders.iter().any(|folder| path.starts_with(folder));
    repository::files_of_kind("md")
        .into_iter()
        .filter(|file| ours(&file.path))
        .collect()
}

/// What is wrong with a command, if anything.
fn complaint(words: &[String]) -> Option<String> {
    match words {
        [make, arguments @ ..] if make == "make" => {
            let makefile = std::fs::read_to_string(repository::root().join("Makefile"))
                .expect("there is a Makefile");
            let target = |name: &str| {
                makefile
                    .lines()
                    .any(|line| line.starts_with(&format!("{name}:")))
            };
            let named = arguments
                .iter()
                .filter(|word| !word.starts_with('-') && !word.contains('='));
            named
                .filter(|name| !target(name))
                .map(|name| format!("`make {name}` is no target of the Makefile"))
                .next()
        }
        [sweeper, ..] if sweeper == "sweeper" => match Cli::try_parse_from(words) {
            Err(error) if error.use_stderr() => {
                Some(format!("`{}` does not parse: {error}", words.join(" ")))
            }
            _ => None,
        },
        [known, ..] if KNOWN.contains(&known.as_str()) => None,
        [unknown, ..] => Some(format!("`{unknown}` is not known to tests/it/docs.rs")),
        [] => None,
    }
}

#[test]
fn every_command_the_documentation_shows_exists() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for page in pages() {
        for block in blocks(&page.text()).iter().filter(|block| is_shell(block)) {
            for step in steps(block) {
                seen += 1;
                let commands = simple_commands(&step.command);
                let complaints = commands.iter().filter_map(|words| complaint(words));
                broken.extend(
                    complaints.map(|complaint| format!("{}:{}: {complaint}", page.path, step.line)),
                );
            }
        }
    }
    assert!(0 < seen, "the documentation shows no command");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_block_that_says_it_runs_does_run_and_shows_what_it_prints() {
    for page in pages() {
        run_page(&page.path, &page.text());
    }
}

#[track_caller]
fn run_page(path: &str, text: &str) {
    let blocks = blocks(text);
    let mut names: Vec<&str> = blocks
        .iter()
        .filter_map(|block| block.attribute("run"))
        .collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let world = World::new();
        for block in blocks
            .iter()
            .filter(|block| block.attribute("run") == Some(name))
        {
            run_block(&world, path, block);
        }
    }
}

#[track_caller]
fn run_block(world: &World, path: &str, block: &Block) {
    let workspace = world.workspace("page");
    if let Some(file) = block.attribute("file") {
        workspace.write(file, &format!("{}\n", block.lines.join("\n")));
        return;
    }
    assert!(
        is_shell(block),
        "{path}:{}: a block with run= is a shell block or has file=",
        block.line
    );
    for step in steps(block) {
        let place = format!("{path}:{}", step.line);
        let leaves_a_trace = ["cd ", "export "]
            .iter()
            .any(|word| step.command.starts_with(word));
        assert!(
            !leaves_a_trace,
            "{place}: each command of a block runs in a shell of its own"
        );
        let mut command = world.command("bash");
        command
            .current_dir(workspace.folder())
            .arg("-c")
            .arg(&step.command);
        let run = RunningProcess::run(command);
        assert!(run.code() == 0, "{place}\n{run}");
        let missing = shows(&format!("{}{}", run.stdout, run.stderr), &step.output);
        assert!(
            missing.is_ok(),
            "{place}: the output does not show {missing:?}\n{run}"
        );
    }
}

#[test]
fn blocks_of_one_name_share_a_folder_and_another_name_has_its_own() {
    let page = "```txt file=a/b.txt run=one\nhello\n```\n```console run=one\n$ cat a/b.txt | tr h j\njello\n```\n\
                ```console run=two\n$ ls\n$ test ! -e a\n```\n";
    run_page("page.md", page);
}

#[test]
fn an_unknown_command_and_an_unknown_target_are_complained_about() {
    let complaints = |line: &str| {
        simple_commands(line)
            .iter()
            .filter_map(|words| complaint(words))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        complaints("make demo && terraform plan"),
        Vec::<String>::new()
    );
    assert_eq!(
        complaints("make coffee"),
        ["`make coffee` is no target of the Makefile"]
    );
    assert_eq!(
        complaints("sweeper plan --out due.plan; sweeper --help"),
        Vec::<String>::new()
    );
    assert!(
        complaints("sweeper plan --everything")[0].contains("unexpected argument '--everything'")
    );
    assert_eq!(
        complaints("A=1 frobnicate --all"),
        ["`frobnicate` is not known to tests/it/docs.rs"]
    );
}
