//! What every backend promises, as one suite that each of them passes. A [`Stage`] says how a state gets there and how it
//! is locked, which is for tests only.

use ledger::state_address::{DEFAULT_WORKSPACE, StateAddress};

use crate::{Backend, StateError};

/// A state without objects, of that serial.
fn state(serial: u64) -> Vec<u8> {
    let text = serde_json::json!({
        "version": 4, "terraform_version": "1.11.4", "serial": serial, "lineage": "l-1", "outputs": {}, "resources": [],
    });
    text.to_string().into_bytes()
}

/// A backend under test.
pub trait Stage {
    /// The backend.
    fn backend(&self) -> &dyn Backend;
    /// The address of a state in `workspace`, of which nothing is there yet.
    fn address(&self, workspace: &str) -> StateAddress;
    /// Writes the bytes of a state as Terraform would.
    fn put(&self, address: &StateAddress, state: &[u8]);
    /// Locks a state as Terraform would.
    fn hold(&self, address: &StateAddress);
    /// Ends that.
    fn release(&self, address: &StateAddress);
}

/// Runs the whole suite.
pub async fn run(stage: &impl Stage) {
    absence_is_an_answer(stage).await;
    a_state_is_found_in_its_workspace_only(stage).await;
    damage_is_no_absence(stage).await;
    a_lock_is_seen_as_long_as_it_is_held(stage).await;
    the_configuration_leads_to_one_state(stage);
}

async fn absence_is_an_answer(stage: &impl Stage) {
    let (backend, address) = (stage.backend(), stage.address(DEFAULT_WORKSPACE));
    assert_eq!(backend.read(&address).await, Ok(None));
    assert_eq!(backend.lock(&address).await, Ok(None));
    assert_eq!(backend.list(&address).await, Ok(Vec::new()));
}

async fn a_state_is_found_in_its_workspace_only(stage: &impl Stage) {
    let backend = stage.backend();
    let (default, blue) = (stage.address(DEFAULT_WORKSPACE), stage.address("blue"));
    let serial = async |address: &StateAddress| {
        let found = backend.read(address).await.expect("readable");
        found.map(|state| state.serial)
    };
    stage.put(&blue, &state(7));
    assert_eq!(
        (serial(&default).await, serial(&blue).await),
        (None, Some(7))
    );
    assert_eq!(backend.list(&default).await, Ok(vec![blue.clone()]));
    stage.put(&default, &state(3));
    assert_eq!(
        (serial(&default).await, serial(&blue).await),
        (Some(3), Some(7))
    );
    // From wherever it is asked.
    for address in [&default, &blue] {
        let found = backend.list(address).await;
        assert_eq!(found, Ok(vec![blue.clone(), default.clone()]));
    }
}

async fn damage_is_no_absence(stage: &impl Stage) {
    let address = stage.address("damaged");
    stage.put(&address, &state(1)[..20]);
    let found = stage.backend().read(&address).await;
    assert!(matches!(found, Err(StateError::Refused(_))), "{found:?}");
}

async fn a_lock_is_seen_as_long_as_it_is_held(stage: &impl Stage) {
    let (backend, address) = (stage.backend(), stage.address("locked"));
    stage.put(&address, &state(1));
    stage.hold(&address);
    let found = backend.lock(&address).await.expect("readable");
    assert!(found.is_some(), "nobody holds it");
    stage.release(&address);
    assert_eq!(backend.lock(&address).await, Ok(None));
}

fn the_configuration_leads_to_one_state(stage: &impl Stage) {
    let (backend, address) = (stage.backend(), stage.address(DEFAULT_WORKSPACE));
    let block = backend
        .configuration(&address)
        .expect("it can be worked on");
    let settings = block[backend.name()].as_object().expect("its settings");
    assert_eq!(block.as_object().map(serde_json::Map::len), Some(1));
    for setting in backend.settings().iter().filter(|one| one.tells_apart) {
        assert!(settings.contains_key(setting.name), "{}", setting.name);
    }
    // Every setting of an address may be recorded.
    for name in settings.keys().chain(address.settings.keys()) {
        let known = backend.settings().iter().any(|one| one.name == *name);
        assert!(known, "{name}");
    }
}
