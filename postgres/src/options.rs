//! The text of an address as options by name:
//! `postgres://USER:PASSWORD@HOST:PORT/DATABASE?OPTION=...`.

use std::{str::FromStr, time::Duration};

use percent_encoding::percent_decode_str;
use postgres::Config;

use crate::error::AddressError;

/// What an address begins with, in any case of letters.
const SCHEMES: [&str; 2] = ["postgres:", "postgresql:"];

/// Options that the client takes as they are.
const OF_THE_CLIENT: [&str; 17] = [
    "host",
    "hostaddr",
    "port",
    "user",
    "password",
    "dbname",
    "options",
    "application_name",
    "connect_timeout",
    "tcp_user_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "target_session_attrs",
    "load_balance_hosts",
    "channel_binding",
];

/// Options that are read here.
const OURS: [&str; 5] = ["passfile", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/// How long a server may take until it has let this user in, where nothing else is said.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Whether a text is meant as an address and as no file, well formed or not, and even if of
/// something else: it may hold a password, so that it is not to be shown.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let begins = |scheme: &str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    text.contains("://") || text.contains("password=") || SCHEMES.into_iter().any(begins)
}

/// An option by its name, with its value.
pub(crate) type GivenOption = (&'static str, String);

/// All that an address says, as options, decoded.
pub(crate) fn options_of(text: &str) -> Result<Vec<GivenOption>, AddressError> {
    let (scheme, rest) = text.split_once("://").ok_or(AddressError::Form)?;
    if !SCHEMES.iter().any(|known| known[..known.len() - 1].eq_ignore_ascii_case(scheme)) {
        return Err(AddressError::Form);
    }
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (server, database) = rest.split_once('/').unwrap_or((rest, ""));
    let (login, hosts) = server.split_once('@').unwrap_or(("", server));
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    // A password with a plain `/`, `?` or `@` in it would become part of another field, and be
    // shown.
    if hosts.contains('@') || database.contains(['@', '/', ':']) || query.contains('@') {
        return Err(AddressError::Form);
    }
    let mut options = Vec::new();
    for (option, text) in [("user", user), ("password", password), ("dbname", database)] {
        add(&mut options, option, text)?;
    }
    add_hosts(&mut options, hosts)?;
    for (index, text) in query.split('&').filter(|text| !text.is_empty()).enumerate() {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let known = OF_THE_CLIENT.into_iter().chain(OURS).find(|known| *known == name);
        let option = known.ok_or_else(|| AddressError::Option {
            index: index + 1,
            known: OF_THE_CLIENT.into_iter().chain(OURS).collect::<Vec<_>>().join(", "),
        })?;
        if options.iter().any(|(given, _)| *given == option) {
            return Err(AddressError::Twice(option));
        }
        add(&mut options, option, value)?;
    }
    Ok(options)
}

/// Adds the hosts of an address, `HOST:PORT,HOST:PORT`, and their ports where one has any.
fn add_hosts(options: &mut Vec<GivenOption>, text: &str) -> Result<(), AddressError> {
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for text in text.split(',') {
        let (host, port) = match text.strip_prefix('[') {
            Some(bracketed) => {
                let (host, after) = bracketed.split_once(']').ok_or(AddressError::Form)?;
                (host, after.strip_prefix(':').unwrap_or(after))
            }
            None => text.split_once(':').unwrap_or((text, "")),
        };
        hosts.push(host);
        ports.push(port);
    }
    add(options, "host", &hosts.join(","))?;
    let has_ports = ports.iter().any(|port| !port.is_empty());
    let text = if has_ports { ports.join(",") } else { String::new() };
    // What stands in the place of a port may be a password.
    add(options, "port", &text).map_err(|_| AddressError::Form)
}

/// Adds an option, if there is something in it and the client takes it.
fn add(
    options: &mut Vec<GivenOption>,
    option: &'static str,
    text: &str,
) -> Result<(), AddressError> {
    let value = percent_decode_str(text).decode_utf8();
    let value = value.map_err(|_| AddressError::Value(option))?.into_owned();
    if !value.is_empty() {
        check(option, &value)?;
        options.push((option, value));
    }
    Ok(())
}

/// Fails if the client would not take this value.
pub(crate) fn check(option: &'static str, value: &str) -> Result<(), AddressError> {
    configure(&[(option, value.to_owned())]).map(drop)
}

/// The client's configuration of these options.
pub(crate) fn configure(options: &[GivenOption]) -> Result<Config, AddressError> {
    let mut text = String::new();
    let mut first = None;
    let of_the_client = options.iter().filter(|(option, _)| OF_THE_CLIENT.contains(option));
    for (option, value) in of_the_client {
        first = first.or(Some(*option));
        let value = value.replace('\\', "\\\\").replace('\'', "\\'");
        text += &format!("{option}='{value}' ");
    }
    let config = Config::from_str(&text);
    let mut config = config.map_err(|_| first.map_or(AddressError::Form, AddressError::Value))?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_never_taken_for_a_file() {
        for text in [
            "postgres://h",
            "PostgreSQL:h",
            "postgres:/u:p@h",
            "mysql://u:p@h/d",
            "host=h password=p",
        ] {
            assert!(is_address(text), "{text}");
        }
        for text in ["book.csv", "postgres.csv", "postgres/book.csv", "a:b", ""] {
            assert!(!is_address(text), "{text}");
        }
    }

    #[test]
    fn a_value_reaches_the_client_as_it_is() {
        for value in ["a b", "it's", "back\\slash", "' host='other", "\u{e9}"] {
            let config = configure(&[("password", value.to_owned())]).unwrap();
            assert_eq!(config.get_password(), Some(value.as_bytes()));
            assert!(config.get_hosts().is_empty());
        }
    }
}
