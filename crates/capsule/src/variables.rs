//! Which input variables a command line gives a value, from the arguments of the process that started this one. The values
//! may be secrets, so only the names are kept.

use std::collections::BTreeSet;

/// What a command line gives values to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetByCommand {
    /// The variables that `-var` names.
    pub names: BTreeSet<String>,
    /// Whether it may give any variable a value: with `-var-file`, or with a `-var` that cannot be understood.
    pub anything: bool,
}

/// What `arguments` give values to.
#[must_use]
pub fn set_by<S: AsRef<str>>(arguments: &[S]) -> SetByCommand {
    let mut set = SetByCommand::default();
    let mut arguments = arguments.iter().map(AsRef::as_ref);
    while let Some(argument) = arguments.next() {
        let Some(flag) = argument.strip_prefix('-') else {
            continue;
        };
        let flag = flag.strip_prefix('-').unwrap_or(flag);
        let assigned = match flag.strip_prefix("var") {
            Some("") => arguments.next().unwrap_or_default(),
            Some(rest) if rest.starts_with('=') => &rest[1..],
            Some(rest) if rest == "-file" || rest.starts_with("-file=") => {
                set.anything = true;
                continue;
            }
            _ => continue,
        };
        match assigned.split_once('=') {
            Some((name, _)) => drop(set.names.insert(name.trim().to_owned())),
            None => set.anything = true,
        }
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_kept_and_the_values_are_not() {
        let set = |line: &str| {
            let arguments: Vec<&str> = line.split_whitespace().collect();
            set_by(&arguments)
        };
        let names = |names: &[&str]| SetByCommand {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            anything: false,
        };
        for (line, expected) in [
            ("terraform plan", names(&[])),
            ("terraform plan -out=x -variable", names(&[])),
            ("terraform plan -var a=hunter2", names(&["a"])),
            (
                "terraform plan -var=a=hunter2 --var b=c=d",
                names(&["a", "b"]),
            ),
            ("terraform plan --var=a=", names(&["a"])),
        ] {
            assert_eq!(set(line), expected, "{line}");
        }
        for line in [
            "terraform plan -var-file=x.tfvars",
            "terraform plan -var-file x.tfvars",
            "terraform plan --var-file=x.tfvars",
            "terraform plan -var odd",
            "terraform plan -var",
        ] {
            assert!(set(line).anything, "{line}");
        }
        let shown = format!("{:?}", set("terraform plan -var a=hunter2"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
