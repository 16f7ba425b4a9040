//! What may be applied and what may not, over a recorded plan and its state.

use backend::read::read;
use terraform::tfplan;

use super::*;

/// Recorded; see `tests/fixtures/README.md`.
const STATE: &[u8] =
    include_bytes!("../../../../../crates/backend/tests/fixtures/state_modules.json");
const PLAN: &str = include_str!("../../../../tests/fixtures/plan_modules.json");

fn state() -> StateDoc {
    read(STATE).expect("recorded")
}

fn plan() -> PlannedDestroy {
    tfplan::read(PLAN.as_bytes()).expect("recorded")
}

fn violations(plan: &PlannedDestroy, state: &StateDoc) -> Vec<String> {
    check(plan, state, false)
        .expect_err("it must not pass")
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn some_key(plan: &PlannedDestroy) -> ObjectKey {
    plan.deletes.keys().next().expect("there are some").clone()
}

#[test]
fn a_recorded_destroy_of_every_object_passes_deposed_ones_included() {
    let checked = check(&plan(), &state(), false).expect("it passes");
    assert_eq!(checked.deletes.len(), 12);
    assert!(
        checked
            .deletes
            .contains(&"terraform_data.cbd (deposed 0a1b2c3d)".to_owned())
    );
    assert!(checked.already_gone.is_empty());
}

#[test]
fn a_plan_that_does_anything_but_delete_is_refused() {
    for actions in [
        "\"create\"",
        "\"update\"",
        "\"delete\",\"create\"",
        "\"forget\"",
        "\"no-op\"",
    ] {
        let text = PLAN.replacen(
            "\"actions\":[\"delete\"]",
            &format!("\"actions\":[{actions}]"),
            1,
        );
        assert_ne!(text, PLAN, "{actions}");
        let plan = tfplan::read(text.as_bytes()).expect("well formed");
        let found = violations(&plan, &state());
        assert!(found[0].contains("the plan would"), "{found:?}");
    }
}

#[test]
fn a_plan_that_leaves_something_that_exists_is_refused() {
    let mut plan = plan();
    let key = some_key(&plan);
    plan.deletes.remove(&key);
    assert_eq!(
        violations(&plan, &state()),
        [format!("the plan would leave `{key}`")]
    );
}

#[test]
fn a_plan_over_another_state_is_refused() {
    let mut plan = plan();
    let mut other = some_key(&plan);
    other.name = "stranger".to_owned();
    let source = plan.deletes.values().next().expect("some").clone();
    plan.deletes.insert(other, source);
    let found = violations(&plan, &state());
    assert!(found[0].contains("which is not in the state"), "{found:?}");
    // The workspace that does not exist: nothing to destroy, and success.
    let found = violations(
        &PlannedDestroy {
            seen: state().managed().map(|one| one.key.clone()).collect(),
            ..PlannedDestroy::default()
        },
        &state(),
    );
    assert_eq!(found.len(), 12);
}

#[test]
fn a_delete_through_another_provider_is_refused() {
    let mut plan = plan();
    let key = some_key(&plan);
    for other in [ProviderSource::parse("registry.terraform.io/evil/x"), None] {
        plan.deletes.insert(key.clone(), other);
        assert!(violations(&plan, &state())[0].contains("through"));
    }
}

#[test]
fn an_incomplete_plan_is_refused() {
    let of = |change: fn(&mut PlannedDestroy)| {
        let mut plan = plan();
        change(&mut plan);
        violations(&plan, &state())
    };
    assert_eq!(
        of(|plan| plan.errored = true),
        ["the plan is marked as errored"]
    );
    assert_eq!(
        of(|plan| plan.deferred = 2),
        ["the plan puts off 2 changes"]
    );
    assert_eq!(
        of(|plan| plan.invocations = 1),
        ["the plan would invoke 1 actions"]
    );
}

/// A state of two objects of one provider, with a plan that deletes those of `names`.
fn two(names: &[&str]) -> (PlannedDestroy, StateDoc) {
    let one = |name: &str| {
        format!(
            r#"{{"mode":"managed","type":"x","name":"{name}","provider":"provider[\"h/n/x\"]","instances":[{{"schema_version":0}}]}}"#
        )
    };
    let text = format!(
        r#"{{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"l","resources":[{},{}]}}"#,
        one("a"),
        one("b")
    );
    let state = read(text.as_bytes()).expect("well formed");
    let mut plan = PlannedDestroy::default();
    for instance in state.managed() {
        if names.contains(&instance.key.name.as_str()) {
            plan.seen.insert(instance.key.clone());
            plan.deletes
                .insert(instance.key.clone(), ProviderSource::parse("h/n/x"));
        }
    }
    (plan, state)
}

#[test]
fn what_a_provider_no_longer_finds_is_told_apart_from_what_is_deleted() {
    let (plan, state) = two(&["a"]);
    let checked = check(&plan, &state, false).expect("it passes");
    assert_eq!(checked.deletes, ["x.a"]);
    assert_eq!(checked.already_gone, ["x.b"]);
}

#[test]
fn a_provider_that_finds_nothing_at_all_may_look_into_another_account() {
    let (plan, state) = two(&[]);
    assert_eq!(
        violations(&plan, &state),
        ["`provider[\"h/n/x\"]` found none of the 2 objects it manages"]
    );
    let checked = check(&plan, &state, true).expect("somebody looked");
    assert_eq!(checked.already_gone, ["x.a", "x.b"]);
}

#[test]
fn a_state_that_moved_between_plan_and_apply_is_refused() {
    let before = state();
    assert_eq!(unmoved(&before, &before.clone()), Ok(()));
    let mut again = before.clone();
    again.serial += 1;
    assert!(unmoved(&before, &again).is_err());
    let mut again = before.clone();
    again.lineage = "other".to_owned();
    assert!(unmoved(&before, &again).is_err());
    let mut again = before.clone();
    again.instances.pop();
    assert!(unmoved(&before, &again).is_err());
}

#[test]
fn a_plan_in_an_unknown_format_is_not_guessed_at() {
    for (from, to) in [
        ("\"format_version\":\"1.2\"", "\"format_version\":\"2.0\""),
        ("\"mode\":\"managed\"", "\"mode\":\"imagined\""),
        ("\"resource_changes\":[", "\"resource_changes\":[1,"),
    ] {
        let text = PLAN.replacen(from, to, 1);
        assert_ne!(text, PLAN, "{from}");
        tfplan::read(text.as_bytes()).expect_err(to);
    }
}
