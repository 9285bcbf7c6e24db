//! Text that comes from files, as a terminal is shown it.
//!
//! A file that is not ours may hold what moves a cursor, turns the direction of writing, or ends a
//! line and begins another that reads like a verdict. No such character reaches a terminal raw. Line
//! feeds are the one that reports need themselves, so they stand in nothing that comes from a file:
//! [`shown`] is for each such text in a report, tables call it on every cell; errors, which quote what
//! they refuse, begin no line but the first at its start.

use std::{borrow::Cow, fmt::Write};

use pacioli_rules::is_unseen;

/// A text from a file, in one line of a report.
pub fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c == '\\' || is_unseen(c))
}

/// The beginning of a text that may have any length, such as one that somebody wrote on a chain.
pub fn beginning(text: &str) -> String {
    const MOST: usize = 120;
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", shown(&words[..end])),
        None => shown(&words).into_owned(),
    }
}

/// A whole report, whose line feeds are its own.
pub fn report(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c != '\n' && is_unseen(c))
}

/// An error and what it quotes.
pub fn error(text: &str) -> String {
    report(text.trim_end()).replace('\n', "\n  ")
}

/// A JSON document: the same document, without characters that are not shown.
pub fn json(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| c != '\n' && is_unseen(c);
    if !text.contains(hidden) {
        return text.into();
    }
    let mut document = String::with_capacity(text.len());
    for c in text.chars() {
        if !hidden(c) {
            document.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(document, "\\u{unit:04x}").expect("a string takes all");
        }
    }
    document.into()
}

fn escaped(text: &str, hides: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hides) {
        return text.into();
    }
    let show = |c: char| if hides(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(show).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Controls, marks of direction, joiners, separators, tags and what nobody has assigned.
    const HIDDEN: [(u32, u32); 19] = [
        (0x00, 0x1f),
        (0x7f, 0x9f),
        (0xad, 0xad),
        (0x34f, 0x34f),
        (0x61c, 0x61c),
        (0x3164, 0x3164),
        (0x180e, 0x180e),
        (0x200b, 0x200f),
        (0x2028, 0x202e),
        (0x2060, 0x206f),
        (0xd7fc, 0xd7ff),
        (0xe000, 0xe000),
        (0xfeff, 0xfeff),
        (0xfff0, 0xfffb),
        (0x1bca0, 0x1bca3),
        (0x1d173, 0x1d17a),
        (0xe0001, 0xe0001),
        (0xe0020, 0xe007f),
        (0xe0100, 0xe01ef),
    ];

    #[test]
    fn what_is_not_seen_is_escaped() {
        for c in HIDDEN.into_iter().flat_map(|(from, to)| from..=to).filter_map(char::from_u32) {
            let text = format!("a{c}b");
            let expected = format!("a{}b", c.escape_default());
            assert_eq!(shown(&text), expected);
            assert_eq!(report(&text), if c == '\n' { text.clone() } else { expected });
            let document = serde_json::to_string_pretty(&text).unwrap();
            let written = json(&document);
            assert!(written.chars().all(|c| !is_unseen(c)), "{written}");
            assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }

    #[test]
    fn what_is_seen_stays_as_it_is() {
        for text in ["Börse e\u{301}", "हिन्दी", "取引所", "עברית", "\"it's\" <100 %>", "₿ 🏦", ""]
        {
            assert_eq!(shown(text), text);
            assert_eq!(report(text), text);
            assert_eq!(json(text), text);
        }
        assert_eq!(shown("a\\n"), "a\\\\n", "an escape is told from what was written so");
        assert_eq!(report("a\\n"), "a\\n");
    }

    #[test]
    fn what_somebody_wrote_on_a_chain_takes_one_line_and_no_more() {
        assert_eq!(beginning("a price\nwas  wrong "), "a price was wrong");
        assert_eq!(beginning("\u{202e}x"), "\\u{202e}x");
        let long = beginning(&format!("{}{}", "é".repeat(200), " ".repeat(1_000)));
        assert_eq!((long.chars().count(), long.ends_with("é...")), (123, true));
    }

    #[test]
    fn no_line_of_an_error_but_its_first_begins_at_the_start() {
        let text = "unknown field `x\r\nHOLDS: all is well\n\u{202e}y`\n";
        let expected = "unknown field `x\\r\n  HOLDS: all is well\n  \\u{202e}y`";
        assert_eq!(error(text), expected);
    }
}
