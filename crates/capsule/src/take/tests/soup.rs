//! Whatever stands in the files: a warning is advice, and nothing panics or hangs for it.

use proptest::prelude::*;

use super::*;

/// What configuration, values and states are made of.
const PIECES: &[&str] = &[
    "resource \"aws_s3_bucket\" \"a\" {\n",
    "variable \"x\" {\n",
    "module \"m\" {\n",
    "moved {\n",
    "locals {\n",
    "lifecycle {\n",
    "}\n",
    "force_destroy = ",
    "count = ",
    "default = ",
    "from = ",
    "x = ",
    "ignore_changes = ",
    "var.x",
    "local.x",
    "[local.x, \"é${var.x}\"]",
    " ? ",
    " : ",
    " && ",
    " == ",
    "!",
    "(",
    ")",
    "null",
    "true",
    "\"${",
    "}\"",
    "\n",
    "{\"resource\": ",
    "{\"aws_s3_bucket\": [",
    "\"force_destroy\": ",
    "\"${var.x}\"",
    "{\"version\": 4, \"resources\": [",
    "{\"mode\": \"managed\", \"type\": \"aws_s3_bucket\", \"name\": \"a\", \"instances\": [",
    "{\"attributes\": ",
    "\"module\": \"module.a[\\\"]\\\\\\\"\", ",
    "]",
    ", ",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|all| all.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_files_are_looked_at_to_the_end(one in soup(), other in soup(), values in soup(), state in soup()) {
        let root = Root::new()
            .with("live/main.tf", &one)
            .with("live/x_override.tf.json", &other)
            .with("live/modules/m/main.tf", &other)
            .with("live/.terraform/modules/modules.json", modules(&[("", "."), ("m", "modules/m")]))
            .with("live/x.auto.tfvars", &values)
            .with("live/terraform.tfstate", &state);
        let taken = root.take();
        let file = root.0.path().join("live/terraform.tfstate");
        let all = taken.obstacles_with(Some(&file));
        prop_assert!(taken.obstacles.iter().all(|one| all.contains(one)));
    }
}
