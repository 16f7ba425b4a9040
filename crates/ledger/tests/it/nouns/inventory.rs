//! The inventory: what it tells apart, and that its packed form is read whole or not at all.

use ledger::inventory::{
    Fingerprint, Inventory, InventoryError,
    ObjectIdentity::{self, Attributes, Id},
};
use proptest::prelude::*;

fn print(lineage: &str, address: &str, identity: ObjectIdentity<'_>) -> Fingerprint {
    Fingerprint::of(lineage, address, identity)
}

fn objects(names: &[String]) -> Inventory {
    names.iter().map(|name| print("l", name, Id("1"))).collect()
}

#[test]
fn another_state_another_address_another_id_is_another_object() {
    let all = [
        print("l", "a.b", Id("1")),
        print("m", "a.b", Id("1")),
        print("l", "a.c", Id("1")),
        print("l", "a.b (deposed 0a1b2c3d)", Id("1")),
        print("l", "a.b", Id("2")),
        print("l", "a.b", Attributes("1")),
        // The same letters, put together otherwise.
        print("la", ".b", Id("1")),
        print("l", "a.b1", Id("")),
    ];
    let inventory: Inventory = all.into_iter().collect();
    assert_eq!(inventory.count(), 8);
    assert_eq!(print("l", "a.b", Id("1")), all[0]);
}

/// Ledgers in the world hold inventories: neither the hash nor the form may change.
#[test]
fn its_packed_form_is_this_one() {
    let one: Inventory = [print("l-1", "terraform_data.a[0]", Id("6b1f"))]
        .into_iter()
        .collect();
    let packed = one.pack();
    assert_eq!(
        ledger::chain::hex(&packed),
        "657068656d6572616c2d696e76656e746f727920310a6f7fbd7f135554f5566ebc6aadfbe0f0"
    );
    assert_eq!(Inventory::default().pack(), b"ephemeral-inventory 1\n");
}

#[test]
fn what_is_no_inventory_is_refused() {
    let packed = objects(&["a".to_owned(), "b".to_owned()]).pack();
    let refused = |bytes: &[u8]| Inventory::unpack(bytes).expect_err("refused");
    for bytes in [&b""[..], b"ephemeral-inventory 2\n", &packed[1..], b"{}"] {
        assert_eq!(refused(bytes), InventoryError::Unknown);
    }
    assert_eq!(
        refused(&packed[..packed.len() - 1]),
        InventoryError::Damaged
    );
    let (head, body) = packed.split_at(packed.len() - 32);
    let (first, second) = body.split_at(16);
    for odd in [
        [head, second, first].concat(),
        [head, first, first].concat(),
    ] {
        assert_eq!(refused(&odd), InventoryError::Damaged);
    }
}

proptest! {
    #[test]
    fn what_is_packed_comes_back(names in prop::collection::vec("[a-e]{0,2}", 0..20)) {
        let inventory = objects(&names);
        prop_assert_eq!(Inventory::unpack(&inventory.pack()), Ok(inventory));
    }

    #[test]
    fn a_stranger_is_what_is_there_now_and_was_not_then(
        then in prop::collection::btree_set("[a-e]{0,2}", 0..20),
        now in prop::collection::btree_set("[a-e]{0,2}", 0..20),
    ) {
        let of = |names: &std::collections::BTreeSet<String>| {
            objects(&names.iter().cloned().collect::<Vec<_>>())
        };
        let strangers = now.difference(&then).count();
        prop_assert_eq!(of(&then).strangers_in(&of(&now)), u64::try_from(strangers).expect("few"));
    }
}
