//! How the layers make one configuration, and what is said of what is wrong.

use std::path::Path;

use ledger::id::EnvironmentName;

use super::{input_variables::InputValue, *};

/// A directory with a configuration file in it, if `file` is some, and `variables` around it.
struct Place {
    directory: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().expect("a directory"),
            variables: vec![("HOME".to_owned(), "/home/ana".to_owned())],
        }
    }

    #[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
    fn file(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).expect("a directory");
        }
        std::fs::write(path, text).expect("a file");
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn load(&self, global: &Global) -> Result<Config, ConfigError> {
        let invocation = Invocation {
            variables: self
                .variables
                .iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
            directory: self.directory.path().to_owned(),
            ..Invocation::default()
        };
        Config::load(global, &invocation)
    }

    #[track_caller]
    fn right(&self) -> Config {
        self.load(&Global::default()).expect("a configuration")
    }

    #[track_caller]
    fn wrong(&self) -> String {
        let error = self.load(&Global::default());
        error.expect_err("no configuration").to_string()
    }
}

fn flags(scope: &str) -> Global {
    Global {
        scope: Some(scope.to_owned()),
        ..Global::default()
    }
}

#[test]
fn without_a_home_the_ledger_must_be_named_and_nothing_lands_in_the_working_directory() {
    for home in ["", "home/ana"] {
        let place = || Place::new().variable("HOME", home);
        let error = place().wrong();
        for part in [
            "no ledger is configured",
            "HOME",
            "EPHEMERAL_LEDGER=sqlite:///",
        ] {
            assert!(error.contains(part), "{error}");
        }
        let config = place()
            .variable("EPHEMERAL_LEDGER", "sqlite:///srv/shop/ledger.sqlite3")
            .right();
        assert_eq!(config.keep_dir, Path::new("/srv/shop/kept"));
        assert_eq!(config.seal_key, Path::new("/srv/shop/seal.key"));
    }
}

#[test]
fn with_nothing_configured_the_defaults_hold() {
    let config = Place::new().variable("XDG_STATE_HOME", "/s").right();
    assert_eq!(
        config.ledger.to_string(),
        "sqlite:///s/ephemeral/ledger.sqlite3"
    );
    assert!(!config.ledger_is_chosen);
    assert_eq!(config.scope.as_str(), "default");
    assert_eq!(config.guards, Guards::default());
    assert_eq!(config.policy, Policy::default());
    assert_eq!((config.parallel, config.terraform_parallelism), (2, 30));
    assert_eq!(config.claim, TimeDelta::seconds(60));
    assert_eq!(config.heartbeat(), TimeDelta::seconds(20));
    assert_eq!(config.terraform, Path::new("terraform"));
    assert_eq!(config.tofu, Path::new("tofu"));
    assert_eq!(config.terraform_timeout, TimeDelta::hours(1));
    assert_eq!(config.stop_grace, TimeDelta::seconds(60));
    assert_eq!(config.work_dir, None);
    assert_eq!(config.keep_dir, Path::new("/s/ephemeral/kept"));
    assert_eq!(config.seal_key, Path::new("/s/ephemeral/seal.key"));
    assert_eq!((config.json, config.color), (false, Color::Auto));
}

#[test]
fn flags_win_over_variables_and_variables_over_the_file() {
    let place = Place::new()
        .file(
            "sweeper.toml",
            "scope = \"from-file\"\nrate = 3\nparallel = 4\n",
        )
        .variable("EPHEMERAL_SCOPE", "from-variable")
        .variable("EPHEMERAL_RATE", "5");
    let config = place.load(&flags("from-flag")).expect("right");
    assert_eq!(config.scope.as_str(), "from-flag");
    let config = place.right();
    assert_eq!(config.scope.as_str(), "from-variable");
    assert_eq!((config.guards.rate, config.parallel), (5, 4));
}

#[test]
fn a_variable_set_to_nothing_leaves_the_layer_below() {
    let place = Place::new()
        .file("sweeper.toml", "rate = 3")
        .variable("EPHEMERAL_RATE", "");
    assert_eq!(place.right().guards.rate, 3);
}

#[test]
fn every_setting_can_be_written_as_its_example_says() {
    let text: String = key::Key::ALL
        .iter()
        .map(|key| format!("{key} = {}\n", key.example()))
        .collect();
    let config = Place::new().file("sweeper.toml", &text).right();
    assert!(config.ledger_is_chosen);
    assert_eq!(config.work_dir.as_deref(), Some(Path::new("/dev/shm")));
}

#[test]
fn every_setting_has_a_variable() {
    for &key in key::Key::ALL {
        let example = key.example().trim_matches('"');
        let place = Place::new().variable(&key.variable(), example);
        place.right();
        let wrong = Place::new().variable(&key.variable(), "\u{1}/?").wrong();
        assert!(wrong.contains(&key.variable()), "{key}: {wrong}");
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_one() {
    let wrong = Place::new()
        .file(
            "sweeper.toml",
            "# limits\nrate = 3\njump-count = 4\n[guards]\nrate = 1\n",
        )
        .wrong();
    assert!(wrong.contains("`jump-count` in `"), "{wrong}");
    assert!(wrong.contains("sweeper.toml`, line 3"), "{wrong}");
    assert!(wrong.contains("did you mean `jump_count`?"), "{wrong}");
    assert!(wrong.contains("`guards`"), "{wrong}");
}

#[test]
fn every_problem_is_said_at_once_and_each_with_its_layer() {
    let place = Place::new()
        .file(
            "sweeper.toml",
            "parallel = 0\nclaim = \"1s\"\nrate = \"20\"\nscope = 3\nwork_dir = \"here\"\nterraform = \"bin/tf\"\n",
        )
        .variable("EPHEMERAL_JUMP_PERCENT", "101")
        .variable("EPHEMERAL_COLOR", "blue");
    let wrong = place
        .load(&flags("Not A Name"))
        .expect_err("wrong")
        .to_string();
    for said in [
        "`parallel` in `",
        "line 1: 0 is out of range; expected a number from 1 to 64",
        "line 2: `1s` is out of range; expected from `2s` to `1h`",
        "line 3: found the text `20`; expected a number from 1",
        "line 5: `here` is not an absolute path",
        "line 6: `bin/tf` is neither an absolute path nor a name",
        "`EPHEMERAL_JUMP_PERCENT` in the environment: 101 is out of range",
        "`EPHEMERAL_COLOR` in the environment: `blue` is not one of",
        "`--scope` on the command line:",
    ] {
        assert!(wrong.contains(said), "{said}\n{wrong}");
    }
}

#[test]
fn a_wrong_value_below_a_right_one_does_no_harm_and_a_wrong_type_is_shown_right() {
    let place = Place::new().file("sweeper.toml", "rate = 0\n");
    assert!(place.wrong().contains("line 1"));
    let place = place.variable("EPHEMERAL_RATE", "7");
    assert_eq!(place.right().guards.rate, 7);
    let wrong = Place::new().file("sweeper.toml", "rate = true").wrong();
    assert!(wrong.contains("for example `rate = 20`"), "{wrong}");
}

#[test]
fn the_file_that_is_named_is_the_only_one_and_must_be_there() {
    let place = Place::new()
        .file("sweeper.toml", "rate = 1")
        .file("other.toml", "parallel = 3");
    let named = Global {
        config: Some("other.toml".into()),
        ..Global::default()
    };
    let config = place.load(&named).expect("right");
    assert_eq!((config.guards.rate, config.parallel), (20, 3));
    let place = place.variable("EPHEMERAL_SWEEPER_CONFIG", "missing.toml");
    assert!(place.load(&named).is_ok(), "the flag wins");
    assert!(place.wrong().contains("missing.toml"));
    assert!(place.wrong().contains("EPHEMERAL_SWEEPER_CONFIG"));
}

#[test]
fn the_users_own_file_is_read_where_the_directory_has_none() {
    let place = Place::new().file("own/ephemeral/sweeper.toml", "rate = 9");
    let home = place.path("own").display().to_string();
    let place = place.variable("XDG_CONFIG_HOME", &home);
    assert_eq!(place.right().guards.rate, 9);
    let place = place.file("sweeper.toml", "rate = 8");
    assert_eq!(place.right().guards.rate, 8);
}

#[test]
fn a_file_that_is_there_and_cannot_be_read_is_never_taken_for_absent() {
    let place = Place::new().file("sweeper.toml/x", "a directory in its place");
    assert!(place.wrong().contains("cannot read"));
}

#[test]
fn what_is_not_toml_is_said_with_its_line_and_without_its_content() {
    let wrong = Place::new()
        .file("sweeper.toml", "rate = 3\ntoken = \"hunter2\n")
        .wrong();
    assert!(
        wrong.contains("line 2") && !wrong.contains("hunter2"),
        "{wrong}"
    );
}

/// The values for the variable `name` of the environment `pr-1`, if it is declared.
fn input(config: &Config, name: &str) -> Option<InputValue> {
    let environment = EnvironmentName::parse("pr-1").expect("a name");
    let declared = std::collections::BTreeSet::from([name.to_owned()]);
    let found = config.input_variables.of(&environment, &declared);
    found.values().next().map(|value| (*value).clone())
}

#[test]
fn values_for_input_variables_come_from_two_tables_and_the_environment() {
    let text = "[input_variables.\"*\"]\nregion = \"eu\"\nsize = 3\nzones = [\"a\"]\n\
                [input_variables.\"pr-1\"]\nregion = \"us\"\n\
                [input_variable_files.\"pr-1\"]\npassword = \"/run/secrets/password\"\n";
    let place = Place::new()
        .file("sweeper.toml", text)
        .variable("SWEEPER_VAR_region", "hunter2")
        .variable("SWEEPER_VAR_size", "hunter2")
        .variable("SWEEPER_VAR_empty", "")
        .variable("TF_VAR_other", "hunter2");
    let config = place.right();
    let text = |text: &str| Some(InputValue::Text(text.to_owned()));
    assert_eq!(input(&config, "region"), text("us"));
    assert_eq!(input(&config, "size"), text("hunter2"));
    assert_eq!(input(&config, "zones"), text("[\"a\"]"));
    assert_eq!(input(&config, "empty"), text(""));
    assert_eq!(input(&config, "other"), None);
    let file = InputValue::File("/run/secrets/password".into());
    assert_eq!(input(&config, "password"), Some(file));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn what_is_wrong_with_an_input_variable_is_said_with_its_line_and_without_its_value() {
    for (text, line, said) in [
        (
            "input_variables = 3",
            1,
            "expected a table for each environment",
        ),
        (
            "[input_variables]\nregion = \"hunter2\"",
            2,
            "`[input_variables.\"*\"]`",
        ),
        (
            "[input_variables.\"Not A Name\"]\nregion = \"hunter2\"",
            2,
            "`*` stands for all",
        ),
        (
            "[input_variables.\"*\"]\n\"a.b\" = \"hunter2\"",
            2,
            "`a.b` cannot be the name",
        ),
        (
            "[input_variable_files.\"*\"]\na = \"hunter2\"",
            2,
            "the absolute path of a file",
        ),
        (
            "[input_variables.\"*\"]\na = \"hunter2\"\n[input_variable_files.\"*\"]\na = \"/a\"",
            2,
            "has a value under `input_variable_files`, too",
        ),
    ] {
        let wrong = Place::new().file("sweeper.toml", text).wrong();
        assert!(wrong.contains(&format!("line {line}:")), "{text}: {wrong}");
        assert!(wrong.contains(said), "{text}: {wrong}");
        assert!(!wrong.contains("hunter2"), "{wrong}");
    }
}

#[test]
fn provider_configurations_are_kept_by_address_and_never_shown() {
    let text = "[provider_templates.\"registry.terraform.io/hashicorp/aws\"]\nregion = \"eu-central-1\"\n\
                secret_key = \"hunter2\"\nmax_retries = 3\n\
                [provider_templates.\"registry.terraform.io/hashicorp/aws.west\"]\nregion = \"us-west-2\"\n";
    let config = Place::new().file("sweeper.toml", text).right();
    let default = &config.provider_templates.0["registry.terraform.io/hashicorp/aws"];
    assert_eq!(default["region"], "eu-central-1");
    assert_eq!(default["max_retries"], 3);
    assert_eq!(config.provider_templates.0.len(), 2);
    assert!(!format!("{config:?}").contains("hunter2"));
    for (text, line) in [
        ("provider_templates = 3", 1),
        ("[provider_templates]\naws = {}", 2),
        (
            "[provider_templates]\n\"registry.terraform.io/hashicorp/aws\" = \"hunter2\"",
            2,
        ),
        (
            "[provider_templates.\"registry.terraform.io/hashicorp/aws.a.b\"]",
            1,
        ),
    ] {
        let wrong = Place::new().file("sweeper.toml", text).wrong();
        assert!(
            wrong.contains(&format!("line {line}:")) && !wrong.contains("hunter2"),
            "{text}: {wrong}"
        );
    }
}
