//! Every link of the documentation into this repository leads somewhere.

use acceptance::repository;

/// The targets of `[text](target)` outside code, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for rest in line.split("](").skip(1) {
            if let Some((target, _)) = rest.split_once(')') {
                found.push((index + 1, target.to_owned()));
            }
        }
    }
    found
}

/// The anchor GitHub gives a heading.
fn anchor(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            ' ' => Some('-'),
            '-' | '_' => Some(letter),
            letter if letter.is_alphanumeric() => Some(letter),
            _ => None,
        })
        .collect()
}

fn has_anchor(text: &str, wanted: &str) -> bool {
    text.contains(&format!("<a id=\"{wanted}\">"))
        || text
            .lines()
            .filter(|line| line.starts_with('#'))
            .any(|line| anchor(line) == wanted)
}

#[test]
fn every_link_into_the_repository_leads_somewhere() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for page in repository::files_of_kind("md") {
        let text = page.text();
        let folder = page.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (line, target) in links(&text) {
            if target.contains("://") {
                continue;
            }
            seen += 1;
            let (path, fragment) = target.split_once('#').unwrap_or((&target, ""));
            let file = repository::root().join(folder).join(path);
            let there = if path.is_empty() {
                has_anchor(&text, fragment)
            } else if fragment.is_empty() {
                file.exists()
            } else {
                std::fs::read_to_string(&file).is_ok_and(|other| has_anchor(&other, fragment))
            };
            if !there {
                broken.push(format!("{}:{line}: {target}", page.path));
            }
        }
    }
    assert!(0 < seen, "the documentation has no link");
    assert!(
        broken.is_empty(),
        "these lead nowhere:\n{}",
        broken.join("\n")
    );
}

#[test]
fn an_anchor_is_found_as_github_makes_it() {
    let text = "# A page\n## What `it` never does: \"this\"\n<a id=\"nested--x\"></a>\n";
    assert!(has_anchor(text, "what-it-never-does-this"));
    assert!(has_anchor(text, "nested--x"));
    assert!(!has_anchor(text, "what-it-does"));
}
