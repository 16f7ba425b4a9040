//! Directories as people have them: what is copied, what never is, and what is said about the rest.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;

use super::*;

const PROTECTED: &str = "resource \"a\" \"b\" {\n lifecycle {\n prevent_destroy = true\n }\n}\n";

struct Root(tempfile::TempDir);

impl Root {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory of the test's own"))
    }

    fn with(self, file: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(file, content);
        self
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a test prepares the files that are read"
    )]
    fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.0.path().join(file);
        std::fs::create_dir_all(path.parent().expect("in the root")).expect("made");
        std::fs::write(path, content).expect("written");
    }

    /// The root module is in `live`, so that there is something beside it.
    fn take_as(&self, data: &str, engine: &str) -> Taken {
        let root = self.0.path().join("live");
        take(Origin {
            root: &root,
            data: &root.join(data),
            engine,
        })
    }

    fn take(&self) -> Taken {
        self.take_as(".terraform", "terraform")
    }
}

fn files(taken: &Taken) -> BTreeMap<String, Vec<u8>> {
    let packed = taken.packed.as_deref().expect("something was packed");
    Capsule::unpack(packed).expect("a whole capsule").files
}

fn paths(taken: &Taken) -> Vec<String> {
    files(taken).into_keys().collect()
}

fn modules(list: &[(&str, &str)]) -> String {
    let modules: Vec<_> = list
        .iter()
        .map(|(key, dir)| serde_json::json!({"Key": key, "Source": "x", "Dir": dir}))
        .collect();
    serde_json::json!({"Modules": modules}).to_string()
}

#[test]
fn a_directory_with_modules_is_copied_whole_and_nothing_secret_with_it() {
    let root = Root::new()
        .with("live/main.tf", "# main")
        .with("live/x.tf.json", "{}")
        .with("live/x.tofu", "# tofu")
        .with("live/.terraform.lock.hcl", "# lock")
        .with("live/terraform.tfvars", "password = \"hunter2\"")
        .with("live/x.auto.tfvars.json", "hunter2")
        .with("live/terraform.tfstate", "hunter2")
        .with("live/terraform.tfstate.d/blue/terraform.tfstate", "hunter2")
        .with("live/.hidden.tf", "hunter2")
        .with("live/main.tf~", "hunter2")
        .with("live/#main.tf#", "hunter2")
        .with("live/notes.txt", "hunter2")
        .with("live/other/unused.tf", "hunter2")
        .with("live/.terraform/terraform.tfstate", "hunter2")
        .with("live/.terraform/environment", "hunter2")
        .with("live/.terraform/providers/registry/x/provider", "hunter2")
        .with("live/modules/app/app.tf", PROTECTED)
        .with("live/modules/app/terraform.tfvars", "hunter2")
        .with("live/.terraform/modules/net/net.tf", "# net")
        .with("live/.terraform/modules/net/files/init.sh", "#!/bin/sh")
        .with("live/.terraform/modules/net/logo.png", b"\x89PNG\xff")
        .with("live/.terraform/modules/net/.git/config", "hunter2")
        .with("live/.terraform/modules/net/examples/x.tfvars", "hunter2")
        .with("live/.terraform/modules/net/old.tfstate.backup", "hunter2")
        .with(
            "live/.terraform/modules/net/.terraform/terraform.tfstate",
            "hunter2",
        )
        .with(
            "live/.terraform/modules/modules.json",
            modules(&[
                ("", "."),
                ("app", "modules/app"),
                ("net", ".terraform/modules/net"),
            ]),
        );
    let taken = root.take();
    assert_eq!(taken.gaps, Vec::<String>::new());
    assert_eq!(
        paths(&taken),
        [
            ".terraform.lock.hcl",
            ".terraform/modules/modules.json",
            ".terraform/modules/net/files/init.sh",
            ".terraform/modules/net/logo.png",
            ".terraform/modules/net/net.tf",
            "main.tf",
            "modules/app/app.tf",
            "x.tf.json",
            "x.tofu",
        ]
    );
    assert_eq!(
        files(&taken)[".terraform/modules/net/logo.png"],
        b"\x89PNG\xff"
    );
    let everything: Vec<u8> = files(&taken).into_values().flatten().collect();
    assert!(!String::from_utf8_lossy(&everything).contains("hunter2"));
    assert_eq!(taken.prevent_destroy, ["module.app.a.b"]);
    assert_eq!(taken.engine, "terraform");
}

#[test]
fn a_module_outside_the_root_is_not_copied_which_is_said_but_what_it_protects_is_known() {
    let root = Root::new()
        .with("live/main.tf", "# main")
        .with("shared/db.tf", PROTECTED)
        .with(
            "live/.terraform/modules/modules.json",
            modules(&[("db", "../shared")]),
        );
    let taken = root.take();
    assert_eq!(taken.prevent_destroy, ["module.db.a.b"]);
    assert_eq!(taken.gaps.len(), 1);
    assert!(
        taken.gaps[0].contains("the module db lies outside"),
        "{:?}",
        taken.gaps
    );
    assert_eq!(
        paths(&taken),
        [".terraform/modules/modules.json", "main.tf"]
    );
}

#[test]
fn what_cannot_be_read_protects_and_is_said() {
    let unreadable: [(&str, &[u8], &str); 4] = [
        ("live/broken.tf", b"resource {{{", "broken.tf (unreadable)"),
        ("live/binary.tf", b"\xff\xfe", "binary.tf (unreadable)"),
        ("live/broken.tf.json", b"{", "broken.tf.json (unreadable)"),
        (
            "live/.terraform/modules/modules.json",
            b"[",
            "the list of installed modules (unreadable)",
        ),
    ];
    for (file, content, said) in unreadable {
        let root = Root::new()
            .with("live/main.tf", "# main")
            .with(file, content);
        let taken = root.take();
        assert_eq!(taken.prevent_destroy, [said]);
        assert_eq!(taken.gaps.len(), 1, "{:?}", taken.gaps);
        assert!(files(&taken).contains_key("main.tf"), "the rest is kept");
    }
    // A link to nowhere: there, and not to be read.
    let root = Root::new().with("live/main.tf", "# main");
    symlink("/nowhere/at/all", root.0.path().join("live/dangling.tf")).expect("linked");
    assert_eq!(root.take().prevent_destroy, ["dangling.tf (unreadable)"]);
    // A module whose directory cannot be listed.
    let root = Root::new()
        .with("live/main.tf", "# main")
        .with("live/file", "")
        .with(
            "live/.terraform/modules/modules.json",
            modules(&[("x", "file")]),
        );
    assert_eq!(root.take().prevent_destroy, ["file (unreadable)"]);
}

#[test]
fn a_directory_that_is_named_like_configuration_is_none() {
    let root = Root::new()
        .with("live/main.tf", "# main")
        .with("live/old.tf/x", "");
    let taken = root.take();
    assert_eq!((taken.gaps, taken.prevent_destroy), (vec![], vec![]));
}

#[test]
fn a_link_in_an_installed_module_is_not_followed_and_is_said() {
    let root = Root::new()
        .with("live/main.tf", "# main")
        .with("live/.terraform/modules/net/net.tf", "# net");
    symlink(
        "/etc/passwd",
        root.0.path().join("live/.terraform/modules/net/evil"),
    )
    .expect("linked");
    let taken = root.take();
    assert_eq!(paths(&taken), [".terraform/modules/net/net.tf", "main.tf"]);
    assert_eq!(
        taken.gaps,
        [".terraform/modules/net/evil is a link and was not copied"]
    );
}

#[test]
fn a_data_directory_anywhere_is_followed_and_lies_in_the_capsule_where_a_sweeper_looks() {
    let root = Root::new()
        .with("live/main.tf", "# main")
        .with("live/own/own.tf", "# own")
        .with("live/.terraform/modules/wrong/wrong.tf", "# wrong");
    let away = root.0.path().join("away");
    for data in [
        "data",
        "../data",
        "./deep/data",
        away.to_str().expect("UTF-8"),
    ] {
        let net = format!("{data}/modules/net");
        root.write(
            &format!("live/{net}/net.tf").replace("live//", "/"),
            PROTECTED,
        );
        let list = modules(&[
            ("", "."),
            ("net", &net),
            ("net.sub", &format!("{net}/sub")),
            ("own", "own"),
        ]);
        let file = format!("live/{data}/modules/modules.json").replace("live//", "/");
        root.write(&file, list);
        let taken = root.take_as(data, "terraform");
        assert_eq!(taken.gaps, Vec::<String>::new(), "{data}");
        assert_eq!(taken.prevent_destroy, ["module.net.a.b"], "{data}");
        assert_eq!(
            paths(&taken),
            [
                ".terraform/modules/modules.json",
                ".terraform/modules/net/net.tf",
                "main.tf",
                "own/own.tf"
            ]
        );
        let list = &files(&taken)[".terraform/modules/modules.json"];
        let list: serde_json::Value = serde_json::from_slice(list).expect("JSON");
        let dirs: Vec<_> = list["Modules"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| &one["Dir"])
            .collect();
        assert_eq!(
            dirs,
            [
                ".",
                ".terraform/modules/net",
                ".terraform/modules/net/sub",
                "own"
            ]
        );
        assert_eq!(
            list["Modules"][1]["Source"], "x",
            "the rest of the list stays"
        );
    }
}

#[test]
fn an_empty_directory_and_a_huge_one_are_said_to_be_not_copied() {
    let empty = Root::new().with("live/notes.txt", "").take();
    assert_eq!(empty.packed, None);
    assert_eq!(
        empty.gaps,
        ["no configuration was found in the root module's directory"]
    );
    let huge = Root::new()
        .with("live/main.tf", PROTECTED)
        .with("live/.terraform/modules/x/blob", vec![0; MOST_BYTES]);
    let huge = huge.take();
    assert_eq!(huge.packed, None);
    assert!(
        huge.gaps[0].contains("more than the 8388608"),
        "{:?}",
        huge.gaps
    );
    assert_eq!(
        huge.prevent_destroy,
        ["a.b"],
        "a protection is known all the same"
    );
}

#[test]
fn the_digest_tells_any_two_takes_apart_and_is_the_same_for_the_same_files() {
    let one = || Root::new().with("live/main.tf", "# one").take();
    assert_eq!(one().digest(), one().digest());
    let others = [
        Root::new().with("live/main.tf", "# two").take(),
        Root::new().with("live/other.tf", "# one").take(),
        Root::new()
            .with("live/main.tf", "# one")
            .with("live/.terraform.lock.hcl", "# x")
            .take(),
        Root::new()
            .with("live/main.tf", "# one")
            .with("live/broken.tf", "{{")
            .take(),
        Root::new()
            .with("live/main.tf", "# one")
            .take_as(".terraform", "tofu"),
        Root::new().take(),
    ];
    for other in others {
        assert_ne!(one().digest(), other.digest(), "{other:?}");
    }
}
