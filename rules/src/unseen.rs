//! Characters that nobody sees: the one list of them.

/// Whether a character shows nothing wherever it stands: a control, one that Unicode lets be ignored
/// (joiners, marks of direction, fillers, variation selectors, tags), or a blank pattern of dots. The
/// list is fixed, so that every reader has the same; the web page has it in `web/src/rules/names.ts`.
pub fn is_ignorable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character is not seen as one: it [is ignorable](is_ignorable), separates lines, is a blank
/// that is no space, or has no meaning in the Unicode of this program.
pub fn is_unseen(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    // What `Debug` would escape behind a letter, where an accent is left as it is.
    is_ignorable(c) || ['a', c].iter().collect::<String>().escape_debug().count() > 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_known_and_what_is_seen_is_not() {
        for c in ['\0', '\n', '\u{7f}', '\u{ad}', '\u{34f}', '\u{2060}', '\u{feff}', '\u{fe0f}'] {
            assert!(is_ignorable(c) && is_unseen(c), "{c:?}");
        }
        for c in '\u{e0000}'..='\u{e0fff}' {
            assert!(is_ignorable(c) && is_unseen(c), "{c:?}");
        }
        for c in ['\u{a0}', '\u{2028}', '\u{3000}', '\u{e000}', '\u{fffb}'] {
            assert!(is_unseen(c) && !is_ignorable(c), "{c:?}");
        }
        for c in " a0:ö\u{301}हि取ע₿🏦".chars() {
            assert!(!is_unseen(c) && !is_ignorable(c), "{c:?}");
        }
    }
}
