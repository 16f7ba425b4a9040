//! Switched off and destroyed: a switch that was meant to spare the stacks destroyed them. Here, removing our resource in whatever way gives a
//! lifetime back and destroys nothing.

use acceptance::World;
use acceptance::workspace::TerraformWorkspace;

use crate::terraform::ledger::{Ledger, ends};
use crate::terraform::{PAGE, REQUIRED};

const ENVIRONMENT: &str = "resource \"ephemeral_environment\" \"this\" {\n  name = \"shop\"\n}\n";

/// A state with an environment, and a page and a database beside it whose files a destroy would take away.
struct Shop<'world> {
    workspace: TerraformWorkspace<'world>,
    ledger: Ledger,
    database: String,
}

impl<'world> Shop<'world> {
    fn open(world: &'world World, environment: &str) -> Self {
        let workspace = world.workspace("shop");
        let database = PAGE.replace("page", "database");
        workspace.write("main.tf", &format!("{REQUIRED}{PAGE}{database}"));
        workspace.write("environment.tf", environment);
        workspace.apply().expect_success();
        Self {
            ledger: Ledger::of(world),
            database: workspace
                .attribute("terraform_data.database", "id")
                .to_string(),
            workspace,
        }
    }

    /// Applies with another `environment.tf`; what is not ours must be exactly as before.
    #[track_caller]
    fn becomes(&self, environment: &str, living: &[&str]) {
        self.workspace.write("environment.tf", environment);
        self.workspace.apply().expect_success();
        self.is_untouched(living);
        self.workspace.expect_no_changes();
    }

    #[track_caller]
    fn is_untouched(&self, living: &[&str]) {
        for file in ["page.html", "database.html"] {
            assert!(self.workspace.path(file).exists(), "{file} was destroyed");
        }
        let database = self.workspace.attribute("terraform_data.database", "id");
        assert_eq!(
            database.to_string(),
            self.database,
            "the database was replaced"
        );
        let found = self.ledger.living();
        let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, living, "{:?}", ends(&self.ledger.environments()));
    }
}

#[test]
fn switching_the_environment_off_and_on_destroys_nothing() {
    let world = World::new();
    let switched = |on: bool| ENVIRONMENT.replace("name", &format!("count = {on} ? 1 : 0\n  name"));
    let shop = Shop::open(&world, &switched(true));
    shop.becomes(&switched(false), &[]);
    shop.becomes(&switched(true), &["shop"]);
    shop.becomes("", &[]);
    shop.becomes(ENVIRONMENT, &["shop"]);
    assert_eq!(
        shop.ledger.environments().len(),
        3,
        "three lives, two given back"
    );
}

#[test]
fn renaming_and_moving_the_resource_destroys_nothing() {
    let world = World::new();
    let shop = Shop::open(&world, ENVIRONMENT);
    let id = shop.ledger.environment().id;
    let renamed = ENVIRONMENT.replace("\"this\"", "\"that\"");
    let moved =
        "moved {\n  from = ephemeral_environment.this\n  to   = ephemeral_environment.that\n}\n";
    shop.becomes(&format!("{renamed}{moved}"), &["shop"]);
    assert_eq!(shop.ledger.environment().id, id, "a move is no new life");
    shop.becomes(ENVIRONMENT, &["shop"]);
    let module = "module \"lifetime\" {\n  source = \"./lifetime\"\n}\n";
    let into = "moved {\n  from = ephemeral_environment.this\n  to   = module.lifetime.ephemeral_environment.this\n}\n";
    let required = REQUIRED
        .split("provider \"")
        .next()
        .expect("the first block");
    shop.workspace
        .write("lifetime/main.tf", &format!("{required}{ENVIRONMENT}"));
    shop.workspace
        .write("environment.tf", &format!("{module}{into}"));
    shop.workspace.init().expect_success();
    let before = shop.ledger.living()[0].id.clone();
    shop.becomes(&format!("{module}{into}"), &["shop"]);
    assert_eq!(
        shop.ledger.living()[0].id,
        before,
        "a move into a module is no new life"
    );
}

#[test]
fn changing_the_key_or_the_name_of_an_instance_destroys_nothing() {
    let world = World::new();
    let keyed = |key: &str, name: &str| {
        let argument = format!("for_each = toset([\"{key}\"])\n  name = \"{name}\"");
        ENVIRONMENT.replace("name = \"shop\"", &argument)
    };
    let shop = Shop::open(&world, &keyed("a", "shop"));
    shop.becomes(&keyed("b", "shop"), &["shop"]);
    shop.becomes(&keyed("b", "shop-2"), &["shop-2"]);
    shop.becomes(&ENVIRONMENT.replace("shop", "shop-2"), &["shop-2"]);
}

#[test]
fn forgetting_the_resource_destroys_nothing_and_the_promise_stands() {
    let world = World::new();
    let shop = Shop::open(&world, ENVIRONMENT);
    let first = shop.ledger.environment();
    let removed = "removed {\n  from = ephemeral_environment.this\n  lifecycle {\n    destroy = false\n  }\n}\n";
    shop.becomes(removed, &["shop"]);
    assert_eq!(shop.ledger.environment(), first, "nobody gave it back");
    shop.becomes(ENVIRONMENT, &["shop"]);
    assert_eq!(
        ends(&shop.ledger.environments()),
        [("shop", 1, "released"), ("shop", 2, "living")],
        "the same state takes its own name again"
    );
    let forget = shop
        .workspace
        .terraform(&["state", "rm", "ephemeral_environment.this"]);
    forget.expect_success();
    shop.is_untouched(&["shop"]);
    shop.becomes(ENVIRONMENT, &["shop"]);
}

#[test]
fn destroying_the_environment_alone_or_tainting_it_destroys_nothing_else() {
    let world = World::new();
    let shop = Shop::open(&world, ENVIRONMENT);
    let target = "-target=ephemeral_environment.this";
    let alone = shop
        .workspace
        .terraform(&["destroy", "-auto-approve", "-no-color", target]);
    alone.expect_success().expect_saying("1 destroyed");
    shop.is_untouched(&[]);
    shop.becomes(ENVIRONMENT, &["shop"]);
    let taint = shop
        .workspace
        .terraform(&["taint", "ephemeral_environment.this"]);
    taint.expect_success();
    shop.becomes(ENVIRONMENT, &["shop"]);
}
