//! The command that was started, from the arguments of the process that started this one. They may hold secrets (`-var`), so only the
//! name of the program and words that are known are kept.

/// The commands of Terraform and OpenTofu in which a provider may be started.
const COMMANDS: [&str; 14] = [
    "apply",
    "console",
    "destroy",
    "get",
    "graph",
    "import",
    "init",
    "output",
    "plan",
    "providers",
    "query",
    "refresh",
    "show",
    "test",
];

/// The flags that change what a command does.
const FLAGS: [&str; 2] = ["destroy", "refresh-only"];

/// `terraform apply -destroy`; `None` if no command is among the arguments.
#[must_use]
pub(super) fn told<S: AsRef<str>>(arguments: &[S]) -> Option<String> {
    let mut arguments = arguments.iter().map(AsRef::as_ref);
    let program = arguments.next()?.rsplit(['/', '\\']).next()?;
    let program = program.strip_suffix(".exe").unwrap_or(program);
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    if program.is_empty() || 40 < program.len() || !program.chars().all(plain) {
        return None;
    }
    // What stands before the command are flags for all commands, such as `-chdir=DIR`.
    let command = arguments.find(|argument| !argument.starts_with('-'))?;
    let command = COMMANDS.into_iter().find(|known| *known == command)?;
    let mut told = format!("{program} {command}");
    let given: Vec<&str> = arguments
        .map(|argument| argument.trim_start_matches('-'))
        .collect();
    for flag in FLAGS {
        let on = [flag.to_owned(), format!("{flag}=true")];
        if given.iter().any(|given| on.iter().any(|on| on == given)) {
            told.push_str(&format!(" -{flag}"));
        }
    }
    Some(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_without_what_could_be_a_secret() {
        let cases = [
            (&["terraform", "apply"][..], Some("terraform apply")),
            (&["/usr/bin/tofu", "plan", "-out=x"], Some("tofu plan")),
            (
                &[
                    "terraform",
                    "-chdir=a",
                    "apply",
                    "-auto-approve",
                    "-var",
                    "token=hunter2",
                    "--destroy",
                ],
                Some("terraform apply -destroy"),
            ),
            (
                &["terraform", "plan", "-refresh-only=true"],
                Some("terraform plan -refresh-only"),
            ),
            (
                &["terraform", "plan", "-destroy=false"],
                Some("terraform plan"),
            ),
            (&["terraform.exe", "destroy"], Some("terraform destroy")),
            (&["bash", "-c", "hunter2"], None),
            (&["python3", "drive.py"], None),
            (&["terraform"], None),
            (&["", "apply"], None),
            (&["a program", "apply"], None),
            (&[], None),
        ];
        for (arguments, expected) in cases {
            assert_eq!(told(arguments).as_deref(), expected, "{arguments:?}");
        }
    }
}
