//! Arguments of two parts, written `A=B`.

/// The two parts of `A=B`, split at the last `=`; `form` says what is expected.
///
/// # Errors
/// If there is no `=`, or nothing on one side of it.
pub(super) fn pair<'a>(text: &'a str, form: &str) -> Result<(&'a str, &'a str), String> {
    match text.rsplit_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.is_empty() => Ok((name, value)),
        _ => Err(form.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_two_parts() {
        assert_eq!(pair("A=B", "A=B"), Ok(("A", "B")));
        assert_eq!(pair("a=b=c", "A=B"), Ok(("a=b", "c")));
        for wrong in ["", "A", "=B", " =B", "A=", "="] {
            assert_eq!(pair(wrong, "A=B"), Err("A=B".to_owned()), "{wrong}");
        }
    }
}
