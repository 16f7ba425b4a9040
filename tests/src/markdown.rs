//! The fenced blocks of a Markdown page. Only what the documentation's tests need: fences of backticks, their info
//! string, their lines.

/// One fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line of the opening fence, from 1.
    pub line: usize,
    /// The first word of the info string: `console`, `hcl`; empty where there is none.
    pub language: String,
    /// The rest of the info string: `run=quickstart` is `("run", "quickstart")`; quotes of either kind hold spaces.
    pub attributes: Vec<(String, String)>,
    /// What is between the fences, without the indentation of the opening one.
    pub lines: Vec<String>,
}

impl Block {
    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Every fenced block of a page, in order. A block that is never closed reaches to the end.
#[must_use]
pub fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let indentation = line.len() - line.trim_start().len();
        let fence: String = line
            .trim_start()
            .chars()
            .take_while(|letter| *letter == '`')
            .collect();
        if fence.len() < 3 {
            continue;
        }
        let mut info = words(&line.trim_start()[fence.len()..]).into_iter();
        let language = info.next().unwrap_or_default();
        let words: Vec<String> = info.collect();
        let attributes = words.iter().filter_map(|word| word.split_once('='));
        found.push(Block {
            line: index + 1,
            language,
            attributes: attributes
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            lines: lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| !line.trim_start().starts_with(&fence))
                .map(|line| {
                    line.get(indentation..)
                        .unwrap_or_else(|| line.trim_start())
                        .to_owned()
                })
                .collect(),
        });
    }
    found
}

/// The words of an info string, without their quotes.
fn words(info: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quote = None;
    for letter in info.chars() {
        let word = found.last_mut().expect("there is always one");
        match quote {
            Some(open) if open == letter => quote = None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if letter.is_whitespace() => found.push(String::new()),
            _ => word.push(letter),
        }
    }
    found.retain(|word| !word.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_in_quotes_keeps_its_spaces() {
        let found = blocks("```rust file=a.rs after='say(\"a b\") {'  end=\"x y\"\n```\n");
        assert_eq!(found[0].attribute("file"), Some("a.rs"));
        assert_eq!(found[0].attribute("after"), Some("say(\"a b\") {"));
        assert_eq!(found[0].attribute("end"), Some("x y"));
    }

    #[test]
    fn a_fence_in_a_list_loses_its_indentation_and_keeps_its_attributes() {
        let page = "text\n- item:\n  ```console run=first\n  $ make demo\n    deeper\n  ```\n```\nplain\n```\n";
        let found = blocks(page);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].line, found[0].language.as_str()), (3, "console"));
        assert_eq!(found[0].attribute("run"), Some("first"));
        assert_eq!(found[0].lines, ["$ make demo", "  deeper"]);
        assert_eq!((found[1].language.as_str(), found[1].lines.len()), ("", 1));
    }

    #[test]
    fn a_longer_fence_holds_a_shorter_one() {
        let found = blocks("````md\n```sh\nls\n```\n````\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].lines, ["```sh", "ls", "```"]);
    }
}
