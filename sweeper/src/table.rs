//! Aligned tables, and the tones in which a cell may be said.
//!
//! A table is readable without colour, and what a record holds can never steer the terminal: control characters are
//! replaced.

use std::fmt;

use comfy_table::{ContentArrangement, presets};

use crate::screen::Screen;

/// How a cell is said, where colour is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// All is well.
    Good,
    /// A person should know.
    Warn,
    /// A person should look.
    Bad,
    /// Not important.
    Dim,
}

/// The text of a cell, and its tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// `text`, said in `tone`. Nothing is shown as `-`.
    #[must_use]
    pub fn new(text: impl AsRef<str>, tone: Tone) -> Self {
        let text = clean(text.as_ref());
        if text.is_empty() {
            return Self {
                text: "-".to_owned(),
                tone: Tone::Dim,
            };
        }
        Self { text, tone }
    }

    /// What may be unknown, which is shown as nothing.
    #[must_use]
    pub fn maybe(value: Option<impl ToString>) -> Self {
        Self::from(value.map_or_else(String::new, |value| value.to_string()))
    }
}

impl<T: AsRef<str>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text, Tone::Plain)
    }
}

/// `text` without control characters, which could move the cursor or hide a line.
#[must_use]
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                character
            }
        })
        .collect()
}

/// A table without lines, its columns two spaces apart.
#[derive(Debug, Clone)]
pub struct Table {
    inner: comfy_table::Table,
}

impl Table {
    /// An empty table with `headers`; without any, it has no head.
    #[must_use]
    pub fn new(screen: &Screen, headers: &[&str]) -> Self {
        let mut inner = comfy_table::Table::new();
        inner.load_style(presets::NOTHING);
        inner.force_no_tty();
        if screen.color {
            inner.enforce_styling();
        }
        // Where another program reads, a line is a record, however long.
        inner.set_content_arrangement(ContentArrangement::Disabled);
        if let Some(width) = screen.width {
            inner.set_content_arrangement(ContentArrangement::Dynamic);
            inner.set_width(width);
        }
        if !headers.is_empty() {
            inner.set_header(headers.iter().map(|header| header.to_uppercase()));
        }
        Self { inner }
    }

    /// One more line.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.inner.add_row(cells.into_iter().map(styled));
    }

    /// One more line of a list of facts: what, and what it is.
    pub fn fact(&mut self, name: &str, value: impl Into<Cell>) {
        self.row([Cell::new(name, Tone::Dim), value.into()]);
    }

    /// The same of what may be unknown, which is shown as nothing.
    pub fn maybe(&mut self, name: &str, value: Option<impl ToString>) {
        self.fact(name, Cell::maybe(value));
    }

    /// Whether it has no line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }
}

fn styled(cell: Cell) -> comfy_table::Cell {
    use comfy_table::{Attribute, Color};
    let shown = comfy_table::Cell::new(cell.text);
    match cell.tone {
        Tone::Plain => shown,
        Tone::Good => shown.fg(Color::Green),
        Tone::Warn => shown.fg(Color::Yellow),
        Tone::Bad => shown.fg(Color::Red).add_attribute(Attribute::Bold),
        Tone::Dim => shown.add_attribute(Attribute::Dim),
    }
}

/// The lines, without the table's own left margin and without trailing spaces.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self
            .inner
            .lines()
            .map(|line| {
                let line = line.strip_prefix(' ').unwrap_or(&line);
                line.trim_end().to_owned()
            })
            .collect();
        f.write_str(&lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Screen = Screen {
        json: false,
        color: false,
        width: None,
        draws_progress: false,
    };

    #[test]
    fn columns_are_aligned_and_no_line_ends_in_spaces() {
        let mut table = Table::new(&PLAIN, &["name", "owner"]);
        table.row([Cell::from("pr-128"), Cell::from("ana")]);
        table.row([Cell::from("x"), Cell::from("")]);
        assert_eq!(table.to_string(), "NAME    OWNER\npr-128  ana\nx       -");
    }

    #[test]
    fn a_record_cannot_steer_the_terminal() {
        let mut table = Table::new(&PLAIN, &[]);
        table.fact("owner", "\u{1b}[2Jana\r");
        let shown = table.to_string();
        assert!(!shown.contains(['\u{1b}', '\r']), "{shown:?}");
        assert!(shown.contains("ana"));
    }

    #[test]
    fn colour_is_shown_only_where_it_is_wanted() {
        for color in [true, false] {
            let mut table = Table::new(&Screen { color, ..PLAIN }, &[]);
            table.row([Cell::new("stuck", Tone::Bad)]);
            assert_eq!(table.to_string().contains('\u{1b}'), color);
        }
    }
}
