//! The native reading of a recorded plan beside the CLI's own, and everything that must not be understood.

use backend::{StateDoc, terraform_version::CliVersion};
use ledger::state_address::StateAddress;
use terraform::tfplan;

use super::*;
use crate::act::destroy::{
    checks::{self, Violation},
    plan_base,
};

/// Recorded; see `tests/fixtures/README.md`.
const PLAN_FILE: &[u8] = include_bytes!("../../../../tests/fixtures/destroy.plan");
const SHOWN: &[u8] = include_bytes!("../../../../tests/fixtures/plan_modules.json");
const STATE_READ: &[u8] =
    include_bytes!("../../../../../crates/backend/tests/fixtures/state_modules.json");
const PATH: &str = "/tmp/recorded/terraform.tfstate";

fn engine(kind: CliKind, version: &str) -> Cli {
    Cli {
        kind,
        path: "/bin/terraform".into(),
        version: CliVersion::parse(version).expect("a version"),
    }
}

fn terraform() -> Cli {
    engine(CliKind::Terraform, "1.11.4")
}

fn planned() -> PlannedDestroy {
    read(PLAN_FILE, &terraform()).expect("recorded")
}

fn state() -> StateDoc {
    read_state(STATE_READ).expect("recorded")
}

fn address(path: &str) -> StateAddress {
    StateAddress::new("local", [("path".to_owned(), path.to_owned())], "default")
}

#[test]
fn a_plan_is_read_as_the_cli_shows_it_deposed_objects_included() {
    let mut native = planned();
    let base = native.base.take().expect("it says so");
    assert_eq!(native, tfplan::read(SHOWN).expect("recorded"));
    assert_eq!(native.deletes.len(), 12);
    assert!(base.destroys && base.whole && base.applyable);
    assert_eq!(
        (base.lineage, base.serial),
        (state().lineage, state().serial)
    );
    let path = ("path".to_owned(), PATH.to_owned());
    assert_eq!(base.settings, Some(BTreeMap::from([path])));
    assert_eq!((&*base.backend, &*base.workspace), ("local", "default"));
}

#[test]
fn a_plan_made_on_the_leased_state_passes() {
    let plan = planned();
    assert_eq!(plan_base::violations(&plan, &state(), &address(PATH)), []);
    checks::check(&plan, &state(), false).expect("it passes");
}

#[track_caller]
fn violates(change: impl FnOnce(&mut PlanBase), expect: &str) {
    let mut plan = planned();
    change(plan.base.as_mut().expect("it says so"));
    let found: Vec<String> = plan_base::violations(&plan, &state(), &address(PATH))
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains(expect), "{found:?}");
}

#[test]
fn a_plan_made_on_any_other_state_is_refused() {
    let settings = |key: &str, value: &str| {
        let mut all = BTreeMap::from([("path".to_owned(), PATH.to_owned())]);
        all.insert(key.to_owned(), value.to_owned());
        Some(all)
    };
    violates(|base| base.lineage = "x".to_owned(), "its lineage is x");
    violates(|base| base.backend = "s3".to_owned(), "it is in `s3`");
    violates(
        |base| base.workspace = "pr-1".to_owned(),
        "workspace is `pr-1`",
    );
    violates(|base| base.settings = settings("path", "/s/b"), "`/s/b`");
    violates(
        |base| base.settings = settings("workspace_dir", "/s/w"),
        "its `workspace_dir` is set",
    );
    violates(|base| base.settings = Some(BTreeMap::new()), "is not set");
    let plan = planned();
    let found = plan_base::violations(&plan, &state(), &address("/s/b"));
    assert!(matches!(&found[..], [Violation::Elsewhere { found }] if found.contains(PATH)));
}

#[test]
fn a_plan_made_on_an_older_serial_or_on_a_part_is_refused() {
    violates(|base| base.serial += 1, "the state changed meanwhile");
    violates(|base| base.destroys = false, "not made to destroy");
    violates(|base| base.whole = false, "a part of the state only");
    violates(|base| base.applyable = false, "cannot be applied");
    let mut nothing = planned();
    nothing.deletes.clear();
    nothing.base.as_mut().expect("it says so").applyable = false;
    let found = plan_base::violations(&nothing, &state(), &address(PATH));
    assert_eq!(found, [], "that it deletes nothing is dealt with elsewhere");
}

#[test]
fn only_the_plans_of_a_known_cli_are_read() {
    for engine in [
        engine(CliKind::Tofu, "1.11.4"),
        engine(CliKind::Terraform, "1.12.0"),
        engine(CliKind::Terraform, "1.10.5"),
        engine(CliKind::Terraform, "2.11.4"),
        // Known, but another one than the file says.
        engine(CliKind::Terraform, "1.11.3"),
    ] {
        read(PLAN_FILE, &engine).expect_err(&engine.version.to_string());
    }
}

#[test]
fn a_plan_that_was_tampered_with_is_read_as_it_was_or_not_at_all() {
    let whole = planned();
    let mut refused = 0;
    for at in 0..PLAN_FILE.len() {
        for flipped in [0x01, 0x80] {
            let mut bytes = PLAN_FILE.to_vec();
            bytes[at] ^= flipped;
            match read(&bytes, &terraform()) {
                // Times and the like mean nothing; everything that does is under a checksum or has to fit.
                Ok(plan) => assert_eq!(plan, whole, "byte {at}"),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(PLAN_FILE.len() / 2 < refused, "{refused}");
}

#[test]
fn a_plan_that_is_cut_off_or_longer_than_it_was_is_not_read() {
    for length in 0..PLAN_FILE.len() {
        read(&PLAN_FILE[..length], &terraform()).expect_err("cut off");
    }
    let longer = [PLAN_FILE, b"\0"].concat();
    read(&longer, &terraform()).expect_err("something comes after it");
    let before = [b"\0", PLAN_FILE].concat();
    read(&before, &terraform()).expect_err("something comes before it");
}

/// The recorded message with `more` after it, read.
fn with(more: &[u8]) -> Result<PlannedDestroy, NotUnderstood> {
    let archive = Archive::open(PLAN_FILE).expect("recorded");
    let mut message = archive.entry(PLAN).expect("there");
    message.extend_from_slice(more);
    let state = archive.entry(STATE).expect("there");
    understood(&message, &state, &terraform())
}

#[test]
fn what_a_plan_says_beyond_what_is_known_makes_it_not_understood() {
    with(b"").expect("recorded");
    for (more, expect) in [
        // Of a later version: a store of states, actions, their targets.
        (&b"\xea\x01\x00"[..], "field 29"),
        (b"\xf2\x01\x00", "field 30"),
        (b"\x82\x02\x01x", "field 32"),
        (b"\x08\x04", "not of format 3"),
        (b"\x72\x061.11.3", "another version"),
        // A change without address, of an object nobody knows, and one with an action nobody knows.
        (b"\x1a\x04\x4a\x02\x08\x05", "does not say what it is"),
        (
            b"\x1a\x09\x6a\x03a.b\x4a\x02\x08\x05",
            "its state does not hold",
        ),
        (b"\x1a\x09\x6a\x03a.b\x4a\x02\x08\x09", "an action 9"),
        // A second place of its state.
        (b"\x6a\x00", "field 13"),
    ] {
        let found = with(more).expect_err(expect);
        assert!(found.0.contains(expect), "{found} {expect}");
    }
}

#[test]
fn targets_and_deferred_changes_are_seen() {
    let targeted = with(b"\x2a\x03a.b").expect("understood");
    assert_eq!(targeted.base.map(|base| base.whole), Some(false));
    let deferred = with(b"\xda\x01\x00").expect("understood");
    assert_eq!(deferred.deferred, 1);
    checks::check(&deferred, &state(), false).expect_err("it puts changes off");
    let errored = with(b"\xa0\x01\x01").expect("understood");
    checks::check(&errored, &state(), false).expect_err("planning broke off");
}

#[test]
fn an_object_that_is_changed_twice_is_not_understood() {
    let archive = Archive::open(PLAN_FILE).expect("recorded");
    let message = archive.entry(PLAN).expect("there");
    let first = wire::fields(&message)
        .filter_map(Result::ok)
        .find_map(|(number, value)| (number == 3).then_some(value))
        .expect("there are changes");
    let bytes = first.bytes().expect("a message");
    let length = u8::try_from(bytes.len()).expect("short");
    assert!(bytes.len() < 256, "two bytes of length");
    let field = [&[0x1a, length | 0x80, length >> 7], bytes].concat();
    let found = with(&field).expect_err("twice");
    assert!(found.0.contains("changed twice"), "{found}");
}
