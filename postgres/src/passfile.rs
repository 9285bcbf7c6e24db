//! `.pgpass`: passwords by server, database and user, as `psql` reads them.

use std::{fs, io, path::Path};

use crate::error::AddressError;

/// What a password is for.
pub(crate) struct Login<'a> {
    /// The host's name, `localhost` for a socket.
    pub host: &'a str,
    /// The port.
    pub port: u16,
    /// The database.
    pub database: &'a str,
    /// The user.
    pub user: &'a str,
}

/// The first password in a file that is for this login; `None` also if there is no file.
///
/// # Errors
/// If others than its owner can read the file, or it cannot be read.
pub(crate) fn password(path: &Path, login: &Login<'_>) -> Result<Option<String>, AddressError> {
    let refuse = |error: String| AddressError::Passfile { file: path.display().to_string(), error };
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        found => found.map_err(|error| refuse(error.to_string()))?,
    };
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        return Err(refuse("others can read it; use `chmod 600`".to_owned()));
    }
    if !metadata.is_file() {
        return Err(refuse("not a file".to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|error| refuse(error.to_string()))?;
    Ok(text.lines().find_map(|line| password_in(line, login)))
}

/// The password of a line, if the line is for this login.
fn password_in(line: &str, login: &Login<'_>) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let port = login.port.to_string();
    let mut rest = line;
    for wanted in [login.host, &port, login.database, login.user] {
        let (field, after) = field(rest)?;
        if &rest[..rest.len() - after.len() - 1] != "*" && field != wanted {
            return None;
        }
        rest = after;
    }
    let password = field(rest).map_or_else(|| unescape(rest), |(password, _)| password);
    (!password.is_empty()).then_some(password)
}

/// The field up to the next colon that no backslash precedes, and the text after the colon.
fn field(text: &str) -> Option<(String, &str)> {
    let mut escaped = false;
    for (index, letter) in text.char_indices() {
        match letter {
            ':' if !escaped => return Some((unescape(&text[..index]), &text[index + 1..])),
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    None
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.extend(if letter == '\\' { letters.next() } else { Some(letter) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str) -> Option<String> {
        let login = Login { host: "db.example", port: 5433, database: "books", user: "reader" };
        text.lines().find_map(|line| password_in(line, &login))
    }

    #[test]
    fn the_first_line_that_fits_counts() {
        let text = "# db.example:5433:books:reader:no\nother:*:*:*:no\n\
                    db.example:5432:books:reader:no\ndb.example:*:books:reader:yes\n*:*:*:*:late\n";
        assert_eq!(find(text).as_deref(), Some("yes"));
        assert_eq!(find("*:*:*:*:late\n").as_deref(), Some("late"));
        assert_eq!(find("*:*:*:writer:no\n"), None);
    }

    #[test]
    fn colons_and_backslashes_are_escaped() {
        assert_eq!(find("*:*:*:reader:a\\:b\\\\c\n").as_deref(), Some("a:b\\c"));
        assert_eq!(find("db\\.example:5433:books:reader:x\n").as_deref(), Some("x"));
        assert_eq!(find("\\*:*:*:*:no\n"), None);
    }

    #[test]
    fn a_line_that_is_not_one_has_no_password() {
        for text in ["", ":", "*:*:*:*", "*:*:*:*:", "*:*:*:reader\\:x"] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let login = Login { host: "db", port: 1, database: "d", user: "u" };
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "*:*:*:*:secret\n").unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
        let error = password(file.path(), &login).unwrap_err().to_string();
        assert!(error.ends_with("others can read it; use `chmod 600`"), "{error}");
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(password(file.path(), &login).unwrap().as_deref(), Some("secret"));
        assert_eq!(password(Path::new("/nowhere/.pgpass"), &login).unwrap(), None);
    }
}
