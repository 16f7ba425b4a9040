//! What a shell block of the documentation says: the commands, and the output each is shown with.
//!
//! In ```` ```console ```` a line that begins with `$ ` is a command and the others are its output; in ```` ```sh ````
//! each line is a command. A trailing `\` and a here-document continue a command; `#` begins a comment line.

use crate::markdown::Block;

/// A command of a block, and what the page shows under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The line of the page, from 1.
    pub line: usize,
    /// The command as a shell takes it, with its continuation lines.
    pub command: String,
    /// The lines of output; a line `...` stands for any number of lines, `...` in a line for any text.
    pub output: Vec<String>,
}

/// Whether a block holds commands for a shell.
#[must_use]
pub fn is_shell(block: &Block) -> bool {
    ["console", "sh", "bash", "shell"].contains(&block.language.as_str())
}

/// The commands of a shell block.
#[must_use]
pub fn steps(block: &Block) -> Vec<Step> {
    let mut found: Vec<Step> = Vec::new();
    let mut lines = block.lines.iter().enumerate();
    while let Some((index, line)) = lines.next() {
        let command = match (block.language.as_str(), line.strip_prefix("$ ")) {
            ("console", None) => {
                if let Some(step) = found.last_mut() {
                    step.output.push(line.clone());
                }
                continue;
            }
            (_, Some(command)) => command,
            (_, None) => line.as_str(),
        };
        if command.trim().is_empty() || command.trim_start().starts_with('#') {
            continue;
        }
        let mut command = command.to_owned();
        while let Some(continues) = command.strip_suffix('\\') {
            let Some((_, next)) = lines.next() else { break };
            command = format!(
                "{continues}{}",
                next.strip_prefix("> ").unwrap_or(next).trim_start()
            );
        }
        if let Some(end) = here_document(&command) {
            for (_, line) in lines.by_ref() {
                command = format!("{command}\n{line}");
                if *line == end {
                    break;
                }
            }
        }
        found.push(Step {
            line: block.line + 1 + index,
            command,
            output: Vec::new(),
        });
    }
    found
}

fn here_document(command: &str) -> Option<String> {
    let (_, rest) = command.split_once("<<")?;
    let end: String = rest
        .chars()
        .filter(|letter| !"'\"".contains(*letter))
        .take_while(|letter| !letter.is_whitespace())
        .collect();
    (!end.is_empty()).then_some(end)
}

/// The simple commands of a command line, each as its words: split at `|`, `&&`, `||` and `;`, quotes removed, leading
/// assignments (`A=b`) and redirections left out. What is inside `$(…)` stays within its word.
#[must_use]
pub fn simple_commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut depth = 0_usize;
    for letter in line.lines().next().unwrap_or_default().chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '\'' | '"') if depth == 0 => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '(') | (Some('"'), '(') => {
                depth += 1;
                word.get_or_insert_default().push(letter);
            }
            (None, ')') | (Some('"'), ')') => {
                depth = depth.saturating_sub(1);
                word.get_or_insert_default().push(letter);
            }
            (None, _) if depth == 0 && letter.is_whitespace() => commands
                .last_mut()
                .expect("never empty")
                .extend(word.take()),
            (None, '|' | '&' | ';') if depth == 0 => {
                commands
                    .last_mut()
                    .expect("never empty")
                    .extend(word.take());
                commands.push(Vec::new());
            }
            _ => word.get_or_insert_default().push(letter),
        }
    }
    commands.last_mut().expect("never empty").extend(word);
    let cleaned = commands.into_iter().map(|words| {
        let words = words.into_iter().skip_while(|word| is_assignment(word));
        words
            .take_while(|word| !word.starts_with(['<', '>']) && !word.starts_with("2>"))
            .collect::<Vec<_>>()
    });
    cleaned.filter(|words| !words.is_empty()).collect()
}

fn is_assignment(word: &str) -> bool {
    let name = |name: &str| {
        !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    word.split_once('=').is_some_and(|(found, _)| name(found))
}

/// Whether `actual` shows `expected`: each line in order, spaces evened out, `...` standing for anything.
///
/// # Errors
/// The first expected line that is not there.
pub fn shows(actual: &str, expected: &[String]) -> Result<(), String> {
    let even = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut rest = actual.lines().map(even);
    for line in expected.iter().map(|line| even(line)) {
        if line.is_empty() || line == "..." {
            continue;
        }
        if !rest.any(|found| matches(&found, &line)) {
            return Err(line);
        }
    }
    Ok(())
}

fn matches(found: &str, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split("...").collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return found == pattern;
    };
    let Some(mut rest) = found.strip_prefix(first) else {
        return false;
    };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::blocks;

    fn of(page: &str) -> Vec<Step> {
        steps(&blocks(page)[0])
    }

    #[test]
    fn a_console_block_tells_commands_from_their_output() {
        let found =
            of("```console\n$ sweeper plan \\\n    --json\nnothing due\n$ make test\n```\n");
        assert_eq!(found[0].command, "sweeper plan --json");
        assert_eq!(
            (found[0].line, found[0].output.as_slice()),
            (2, &["nothing due".to_owned()][..])
        );
        assert_eq!((found[1].line, found[1].command.as_str()), (5, "make test"));
    }

    #[test]
    fn a_sh_block_is_all_commands_and_keeps_here_documents_whole() {
        let found = of("```sh\n# first\ncat > a.tf <<'EOF'\nx {\nEOF\nls\n```\n");
        let commands: Vec<_> = found.iter().map(|step| step.command.as_str()).collect();
        assert_eq!(commands, ["cat > a.tf <<'EOF'\nx {\nEOF", "ls"]);
    }

    #[test]
    fn simple_commands_are_split_and_stripped_of_what_is_not_theirs() {
        let found = simple_commands(
            "A=1 sweeper plan --out 'a b' | tee \"x;y\" && eval \"$(make -s dev)\" 2> log",
        );
        assert_eq!(
            found,
            [
                vec!["sweeper", "plan", "--out", "a b"],
                vec!["tee", "x;y"],
                vec!["eval", "$(make -s dev)"]
            ]
        );
    }

    #[test]
    fn shown_output_must_be_there_in_order_with_gaps_where_they_are_marked() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            shows("a   1\nb 2\nc 3\n", &lines("a 1\n...\nc ...")),
            Ok(())
        );
        assert_eq!(
            shows("pr-12 due since 12:30 ok\n", &lines("pr-12 due ... ok")),
            Ok(())
        );
        assert_eq!(shows("b\na\n", &lines("a\nb")), Err("b".to_owned()));
        assert_eq!(
            shows("pr-12 kept\n", &lines("pr-12 due ...")),
            Err("pr-12 due ...".to_owned())
        );
    }
}
