//! The guides hold: their HCL is formatted and parses, and what its providers can be had for is valid. What a guide
//! promises to run is run by `docs`.

use std::collections::{BTreeMap, BTreeSet};

use acceptance::markdown::{Block, blocks};
use acceptance::repository::{self, RepositoryFile};
use acceptance::{RunningProcess, World};
use hcl_edit::structure::Body;

/// Where the providers of this build come from, and what else the mirror of a test holds.
const OURS: &str = "ephemeral-environments/";
const MIRRORED: &str = "hashicorp/null";

fn guides() -> Vec<RepositoryFile> {
    let guides: Vec<RepositoryFile> = repository::files_of_kind("md")
        .into_iter()
        .filter(|file| file.path.starts_with("docs/guides/"))
        .collect();
    assert!(!guides.is_empty(), "there is no guide");
    guides
}

fn is_hcl(block: &Block) -> bool {
    ["hcl", "terraform", "tf"].contains(&block.language.as_str())
}

fn text(block: &Block) -> String {
    format!("{}\n", block.lines.join("\n"))
}

/// The sources in every `required_providers` of a configuration.
fn sources(body: &Body) -> Vec<String> {
    let requirements = body
        .get_blocks("terraform")
        .flat_map(|block| block.body.get_blocks("required_providers"));
    let entries = requirements.flat_map(|block| block.body.attributes());
    entries
        .filter_map(|attribute| {
            let object = attribute.value.as_object()?;
            let source = object
                .iter()
                .find(|(key, _)| key.as_ident().is_some_and(|key| key.as_str() == "source"))?;
            Some(source.1.expr().as_str()?.to_owned())
        })
        .collect()
}

#[test]
fn every_guide_has_a_title_and_a_description_for_the_registry() {
    for guide in guides() {
        let text = guide.text();
        let front = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"));
        let (front, page) = front.unwrap_or_else(|| panic!("{}: no front matter", guide.path));
        for key in ["page_title: \"", "subcategory: ", "description: |-"] {
            assert!(front.contains(key), "{}: no `{key}`", guide.path);
        }
        assert!(
            page.trim_start().starts_with("# "),
            "{}: the page begins with its title",
            guide.path
        );
    }
}

#[test]
fn every_guide_shows_formatted_configuration_that_parses() {
    let world = World::new();
    let workspace = world.workspace("formatted");
    let mut shown = 0;
    for guide in guides() {
        for block in blocks(&guide.text()).iter().filter(|block| is_hcl(block)) {
            shown += 1;
            let place = format!("{}:{}", guide.path, block.line);
            let text = text(block);
            if let Err(error) = text.parse::<Body>() {
                panic!("{place}: {error}");
            }
            workspace.write("block.tf", &text);
            let run = workspace.terraform(&["fmt", "-check", "-diff", "-no-color", "block.tf"]);
            assert_eq!(run.code(), 0, "{place}\n{run}");
        }
    }
    assert!(0 < shown, "the guides show no configuration");
}

/// What a block without requirements of its own is given before it is validated.
const REQUIRED: &str = r#"terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
    ttl       = { source = "ephemeral-environments/ttl" }
  }
}
"#;

/// How many blocks of HCL each guide shows, and how many of them can be validated here: not those of a cloud.
const VALIDATED: [(&str, usize, usize); 7] = [
    ("docs/guides/getting-started.md", 1, 1),
    ("docs/guides/identity.md", 2, 2),
    ("docs/guides/lease-for-a-part.md", 4, 4),
    ("docs/guides/live-runs.md", 2, 2),
    ("docs/guides/nightly-sandboxes.md", 2, 2),
    ("docs/guides/pull-request-previews.md", 1, 1),
    ("docs/guides/tags-and-labels.md", 5, 1),
];

/// The local names of the providers that a configuration uses without requiring them.
fn implied(body: &Body) -> Vec<String> {
    let providers = body.get_blocks("provider");
    let providers = providers.filter_map(|block| Some(block.labels.first()?.as_str().to_owned()));
    let kinds = ["resource", "data", "ephemeral"];
    let typed = kinds.iter().flat_map(|kind| body.get_blocks(kind));
    let typed = typed.filter_map(|block| {
        let (provider, _) = block.labels.first()?.as_str().split_once('_')?;
        Some(provider.to_owned())
    });
    providers.chain(typed).collect()
}

/// What is written to validate `body`, whose text is `text`; nothing where it needs a provider nobody has here.
fn with_its_providers(body: &Body, text: &str) -> Option<String> {
    let sources = sources(body);
    if sources.is_empty() {
        let ours = |name: &String| ["ephemeral", "ttl", "terraform"].contains(&name.as_str());
        return implied(body)
            .iter()
            .all(ours)
            .then(|| format!("{REQUIRED}{text}"));
    }
    let had = |source: &String| source.starts_with(OURS) || source == MIRRORED;
    sources.iter().all(had).then(|| text.to_owned())
}

#[test]
fn every_configuration_of_a_guide_is_valid_where_its_providers_can_be_had() {
    let world = World::new();
    let mut found = Vec::new();
    for guide in guides() {
        let page = guide.path.replace('/', "-");
        let all = blocks(&guide.text());
        let shown: Vec<&Block> = all.iter().filter(|block| is_hcl(block)).collect();
        // Blocks of one run are the files of one configuration, any other is a configuration of its own.
        let mut configurations = BTreeMap::new();
        for block in &shown {
            let text = text(block);
            let body = text.parse::<Body>().expect("it parses");
            let Some(text) = with_its_providers(&body, &text) else {
                continue;
            };
            let name = match block.attribute("run") {
                Some(run) => format!("{page}-{run}"),
                None => format!("{page}-{}", block.line),
            };
            let file = block.attribute("file").unwrap_or("main.tf").to_owned();
            let files: &mut Vec<_> = configurations.entry(name).or_default();
            files.push((file, text));
        }
        let mut validated = 0;
        for (name, files) in configurations {
            let workspace = world.workspace(&name);
            for (file, text) in &files {
                workspace.write(file, text);
            }
            let mut init = world.command("terraform");
            init.args(["init", "-backend=false", "-no-color"])
                .current_dir(workspace.folder());
            RunningProcess::run(init).expect_success();
            workspace.validate().expect_success();
            validated += files.len();
        }
        if !shown.is_empty() {
            found.push((guide.path, shown.len(), validated));
        }
    }
    let expected = VALIDATED.map(|(guide, shown, valid)| (guide.to_owned(), shown, valid));
    assert_eq!(found, expected, "guide, blocks of HCL, blocks validated");
}

/// A variable that a pipeline forgets is asked for in a run that nobody answers, or is recorded by a default.
#[test]
fn every_pipeline_of_a_guide_sets_each_variable_of_its_configuration_and_no_other() {
    let mut pipelines = 0;
    for guide in guides() {
        let all = blocks(&guide.text());
        let mut declared = BTreeSet::new();
        for block in all.iter().filter(|block| is_hcl(block)) {
            let body = text(block).parse::<Body>().expect("it parses");
            let variables = body.get_blocks("variable");
            declared.extend(variables.filter_map(|block| {
                let needed = block.body.get_attribute("default").is_none();
                Some((block.labels.first()?.as_str().to_owned(), needed))
            }));
        }
        let yaml = all.iter().filter(|block| block.language == "yaml");
        for block in yaml.filter(|block| text(block).contains("TF_VAR_")) {
            pipelines += 1;
            let text = text(block);
            let set: BTreeSet<String> = text
                .split("TF_VAR_")
                .skip(1)
                .map(|rest| {
                    let is_part = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
                    rest.chars().take_while(is_part).collect()
                })
                .collect();
            let place = format!("{}:{}", guide.path, block.line);
            for (name, needed) in &declared {
                assert!(!needed || set.contains(name), "{place}: no TF_VAR_{name}");
            }
            // Atlantis itself gives its own variables to `run` and `env` steps only.
            for line in text.lines().filter(|line| line.contains("extra_args")) {
                for used in line.split('$').skip(1) {
                    let is_part = |letter: &char| letter.is_ascii_alphanumeric() || *letter == '_';
                    let name: String = used.chars().take_while(is_part).collect();
                    let set = text.contains(&format!("name: {name}\n"));
                    assert!(set, "{place}: no step sets ${name}, so it is empty here");
                }
            }
            for name in &set {
                let known = declared.iter().any(|(declared, _)| declared == name);
                assert!(known, "{place}: there is no variable `{name}`");
            }
        }
    }
    assert_eq!(pipelines, 3, "GitHub Actions, GitLab CI and Atlantis");
}

/// `live-runs.md` says so, until a later Terraform can.
#[test]
fn a_module_that_opens_a_run_lease_cannot_be_tested_with_mocks() {
    let world = World::new();
    let workspace = world.workspace("mocked");
    workspace.write("required.tf", REQUIRED);
    workspace.write(
        "main.tf",
        "ephemeral \"ttl_lease\" \"run\" {\n  ttl = \"2m\"\n}\n",
    );
    let mocks = "mock_provider \"ephemeral\" {}\nmock_provider \"ttl\" {}\nrun \"plan\" {\n  command = plan\n}\n";
    workspace.write("tests/mocked.tftest.hcl", mocks);
    workspace.init().expect_success();
    let run = workspace.terraform(&["test", "-no-color"]);
    run.expect_exit(1)
        .expect_saying("No ephemeral resource types in mock providers");
}
