//! The guides hold: their HCL is formatted and parses, and what its providers can be had for is valid. What a guide
//! promises to run is run by `docs`.

use std::collections::BTreeMap;

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

#[test]
fn every_configuration_of_a_guide_is_valid_where_its_providers_can_be_had() {
    let world = World::new();
    let mut validated = BTreeMap::new();
    for guide in guides() {
        for block in blocks(&guide.text()).iter().filter(|block| is_hcl(block)) {
            let text = text(block);
            let sources = sources(&text.parse::<Body>().expect("it parses"));
            let had = |source: &String| source.starts_with(OURS) || source == MIRRORED;
            // A block that names no provider is part of another one, or of a provider nobody has here.
            if sources.is_empty() || !sources.iter().all(had) {
                continue;
            }
            let name = format!("{}-{}", guide.path.replace('/', "-"), block.line);
            let workspace = world.workspace(&name);
            workspace.write("main.tf", &text);
            let mut init = world.command("terraform");
            init.args(["init", "-backend=false", "-no-color"])
                .current_dir(workspace.folder());
            RunningProcess::run(init).expect_success();
            workspace.validate().expect_success();
            *validated.entry(guide.path.clone()).or_insert(0) += 1;
        }
    }
    assert!(
        !validated.is_empty(),
        "no configuration of the guides was validated"
    );
}
