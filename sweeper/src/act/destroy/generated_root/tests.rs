//! What is generated from which state, and when nothing is.

use super::*;

const NULL: &str = "provider[\"registry.terraform.io/hashicorp/null\"]";
const LOCK: &str =
    "provider \"registry.terraform.io/hashicorp/null\" {\n  version = \"2.1.2\"\n}\n";

fn state(providers: &[&str]) -> StateDoc {
    let resources: Vec<Value> = providers
        .iter()
        .enumerate()
        .map(|(number, provider)| {
            json!({"mode": "managed", "type": "x", "name": format!("r{number}"), "provider": provider,
                   "instances": [{"schema_version": 0, "attributes": {}}]})
        })
        .collect();
    let text = json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "l", "resources": resources});
    backend::read::read(text.to_string().as_bytes()).expect("well formed")
}

fn capsule(files: &[(&str, &str)]) -> Capsule {
    Capsule {
        files: files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect(),
    }
}

fn generated(
    providers: &[&str],
    capsule: Option<&Capsule>,
    templates: &[(&str, Value)],
) -> Result<GeneratedRoot, Vec<String>> {
    let templates = templates
        .iter()
        .map(|(address, value)| ((*address).to_owned(), value.clone()))
        .collect();
    generate(&Sources {
        state: &state(providers),
        capsule,
        templates: &templates,
        cli: CliKind::Terraform,
        backend: &json!({"local": {"path": "/s"}}),
    })
}

#[track_caller]
fn file(root: &GeneratedRoot, name: &str) -> Value {
    serde_json::from_slice(&root.files[name]).expect("JSON")
}

#[test]
fn builtin_objects_need_no_provider_and_no_capsule() {
    let root =
        generated(&["provider[\"terraform.io/builtin/terraform\"]"], None, &[]).expect("it can");
    assert_eq!(
        file(&root, "main.tf.json"),
        json!({"terraform": {"backend": {"local": {"path": "/s"}}, "required_providers": {}}})
    );
    assert_eq!(root.files.len(), 1);
}

#[test]
fn our_own_provider_is_configured_by_the_environment_under_both_names() {
    let ours = [
        "provider[\"registry.terraform.io/acme/ephemeral\"]",
        "provider[\"registry.terraform.io/acme/ttl\"]",
    ];
    let root = generated(&ours, None, &[]).expect("it can");
    let main = file(&root, "main.tf.json");
    assert_eq!(main["provider"], json!({"ephemeral": [{}], "ttl": [{}]}));
    assert!(root.from_environment.is_empty());
}

#[test]
fn literal_configurations_are_taken_over_with_their_aliases_and_pins() {
    let capsule = capsule(&[
        (
            "main.tf",
            "provider \"null\" {\n  a = \"x\"\n}\nprovider \"null\" {\n  alias = \"w\"\n  a = \"y\"\n}\n",
        ),
        (lock_file::NAME, LOCK),
    ]);
    let root = generated(&[NULL, &format!("{NULL}.w")], Some(&capsule), &[]).expect("it can");
    let main = file(&root, "main.tf.json");
    assert_eq!(
        main["provider"],
        json!({"null": [{"a": "x"}, {"a": "y", "alias": "w"}]})
    );
    assert_eq!(
        main["terraform"]["required_providers"],
        json!({"null": {"source": "registry.terraform.io/hashicorp/null", "version": "2.1.2"}})
    );
    assert_eq!(root.files[lock_file::NAME], LOCK.as_bytes());
}

#[test]
fn a_provider_inside_a_module_gets_a_stub_of_that_module() {
    let capsule = capsule(&[
        ("main.tf", "module \"a\" {\n  source = \"./a\"\n}\n"),
        ("a/main.tf", "module \"b\" {\n  source = \"./b\"\n}\n"),
        ("a/b/main.tf", "provider \"null\" {\n  a = \"deep\"\n}\n"),
        (lock_file::NAME, LOCK),
    ]);
    let address = format!("module.a.module.b.{NULL}");
    let root = generated(&[&address], Some(&capsule), &[]).expect("it can");
    assert_eq!(
        file(&root, "main.tf.json")["module"],
        json!({"a": {"source": "./m_a"}})
    );
    assert_eq!(
        file(&root, "m_a/main.tf.json")["module"],
        json!({"b": {"source": "./m_b"}})
    );
    let stub = file(&root, "m_a/m_b/main.tf.json");
    assert_eq!(stub["provider"], json!({"null": [{"a": "deep"}]}));
    assert_eq!(stub["terraform"].get("backend"), None);
}

#[test]
fn two_providers_of_one_type_get_two_names() {
    let lock = format!("{LOCK}provider \"example.com/acme/null\" {{\n  version = \"1.0.0\"\n}}\n");
    let capsule = capsule(&[("main.tf", "locals {}\n"), (lock_file::NAME, &lock)]);
    let other = "provider[\"example.com/acme/null\"]";
    let root = generated(&[NULL, other], Some(&capsule), &[]).expect("it can");
    let main = file(&root, "main.tf.json");
    let names: Vec<&String> = main["provider"]
        .as_object()
        .expect("blocks")
        .keys()
        .collect();
    assert_eq!(names, ["null", "null_2"]);
    assert_eq!(root.from_environment.len(), 2);
}

#[test]
fn a_template_of_the_operator_stands_in_for_expressions_and_for_missing_aliases() {
    let capsule = capsule(&[
        ("main.tf", "provider \"null\" {\n  a = var.x\n}\n"),
        (lock_file::NAME, LOCK),
    ]);
    let aliased = format!("{NULL}.gone");
    let root = generated(
        &[NULL, &aliased],
        Some(&capsule),
        &[
            ("registry.terraform.io/hashicorp/null", json!({"a": "t"})),
            (
                "registry.terraform.io/hashicorp/null.gone",
                json!({"a": "g"}),
            ),
        ],
    )
    .expect("it can");
    assert_eq!(
        file(&root, "main.tf.json")["provider"],
        json!({"null": [{"a": "t"}, {"a": "g", "alias": "gone"}]})
    );
}

#[track_caller]
fn refused(providers: &[&str], files: Option<&[(&str, &str)]>, expect: &[&str]) {
    let capsule = files.map(capsule);
    let obstacles = generated(providers, capsule.as_ref(), &[]).expect_err("it cannot");
    assert_eq!(obstacles.len(), expect.len(), "{obstacles:?}");
    for (obstacle, expect) in obstacles.iter().zip(expect) {
        assert!(obstacle.contains(expect), "{obstacle} / {expect}");
        assert!(obstacle.contains("; "), "no remedy in {obstacle}");
    }
}

#[test]
fn what_cannot_be_reconstructed_is_refused_and_never_guessed() {
    let lock = (lock_file::NAME, LOCK);
    refused(
        &[NULL],
        Some(&[("main.tf", "provider \"null\" {\n  a = var.x\n}\n"), lock]),
        &["more than literals (a)"],
    );
    refused(
        &[&format!("{NULL}.gone")],
        Some(&[("main.tf", "locals {}\n"), lock]),
        &["no configuration of"],
    );
    refused(
        &[&format!("module.m.{NULL}")],
        Some(&[("main.tf", "locals {}\n"), lock]),
        &["no configuration of"],
    );
    refused(
        &[NULL],
        Some(&[("main.tf", "locals {\n"), lock]),
        &["something in `main.tf`"],
    );
    refused(
        &[NULL],
        Some(&[("main.tf", "locals {}\n")]),
        &["no version of `registry.terraform.io/hashicorp/null` is pinned"],
    );
    refused(&[NULL], None, &["no configuration of", "no version of"]);
}
