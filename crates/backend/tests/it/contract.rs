//! Every backend over the one contract suite.

use std::{
    fs::{self, File, OpenOptions},
    sync::Mutex,
};

use backend::{
    Backend,
    contract::{Stage, run},
    local,
    memory::{self, MemoryBackend},
};
use ledger::{fact::LockFact, state_address::StateAddress};
use nix::{
    fcntl::{FcntlArg, fcntl},
    libc,
};
use serde_json::json;
use tempfile::TempDir;

#[tokio::test]
async fn the_memory_backend_keeps_the_contract() {
    run(&Memory::default()).await;
}

/// States in memory.
#[derive(Default)]
struct Memory(MemoryBackend);

impl Stage for Memory {
    fn backend(&self) -> &dyn Backend {
        &self.0
    }

    fn address(&self, workspace: &str) -> StateAddress {
        let settings = [("path".to_owned(), "/s".to_owned())];
        StateAddress::new(memory::NAME, settings, workspace)
    }

    fn put(&self, address: &StateAddress, state: &[u8]) {
        self.0.put(address, state);
    }

    fn hold(&self, address: &StateAddress) {
        let lock = LockFact {
            who: "ana@shop".to_owned(),
            operation: "OperationTypeApply".to_owned(),
            since: None,
        };
        self.0.set_lock(address, Some(lock));
    }

    fn release(&self, address: &StateAddress) {
        self.0.set_lock(address, None);
    }
}

#[tokio::test]
async fn the_local_backend_keeps_the_contract() {
    run(&Disk {
        root: tempfile::tempdir().expect("a directory"),
        held: Mutex::default(),
    })
    .await;
}

/// States in a directory.
struct Disk {
    root: TempDir,
    held: Mutex<Option<File>>,
}

impl Stage for Disk {
    fn backend(&self) -> &dyn Backend {
        backend::named(local::NAME)
    }

    fn address(&self, workspace: &str) -> StateAddress {
        let given = [("path".to_owned(), json!("shop.tfstate"))];
        backend::address(local::NAME, given, workspace, self.root.path())
    }

    fn put(&self, address: &StateAddress, state: &[u8]) {
        let file = local::file(address).expect("a file");
        fs::create_dir_all(file.parent().expect("a directory")).expect("made");
        fs::write(file, state).expect("written");
    }

    fn hold(&self, address: &StateAddress) {
        let file = local::file(address).expect("a file");
        let file = OpenOptions::new().read(true).write(true).open(file);
        let file = file.expect("opened");
        let whole = libc::flock {
            l_type: libc::F_WRLCK.try_into().expect("small"),
            l_whence: libc::SEEK_SET.try_into().expect("small"),
            l_start: 0,
            l_len: 0,
            l_pid: 0,
        };
        // A lock of the opened file: one of this process would not be seen by itself.
        fcntl(&file, FcntlArg::F_OFD_SETLK(&whole)).expect("locked");
        *self.held.lock().expect("whole") = Some(file);
    }

    fn release(&self, _address: &StateAddress) {
        *self.held.lock().expect("whole") = None;
    }
}
