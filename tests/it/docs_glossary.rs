//! docs/glossary.md stays a page that a newcomer can keep in mind: few words, each once and with one meaning.

use std::collections::BTreeSet;

use acceptance::repository;

const PAGE: &str = "docs/glossary.md";
const MOST_WORDS: usize = 25;

#[test]
fn the_glossary_has_few_words_each_once_in_order_and_with_one_meaning() {
    let text = std::fs::read_to_string(repository::root().join(PAGE)).expect("the page is there");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| "));
    let rows: Vec<(&str, &str)> = rows
        .filter_map(|row| row.strip_suffix(" |")?.split_once(" | "))
        .skip_while(|row| *row == ("Word", "Meaning"))
        .collect();
    assert!(
        10 < rows.len() && rows.len() <= MOST_WORDS,
        "{PAGE} has {} words, of at most {MOST_WORDS}",
        rows.len()
    );
    assert!(
        rows.is_sorted_by(|one, next| one.0 < next.0),
        "{PAGE} is in the order of the alphabet, each word once"
    );
    let meanings: BTreeSet<&str> = rows.iter().map(|(_, meaning)| *meaning).collect();
    assert_eq!(meanings.len(), rows.len(), "two words mean the same");
    assert!(
        rows.iter().all(|(word, _)| !word.contains([',', '/'])),
        "one row has one word"
    );
}
