//! Which server is reached, as whom, and that no password is shown.

use std::{fs, os::unix::fs::PermissionsExt};

use pacioli_postgres::{
    Database, Environment,
    testing::{PASSWORD, USER, server},
};

use super::{csv, environment, result};

/// The password as an address has it.
const ENCODED: &str = "s3cret%2F%3F%3A%40%25%20word";

const WHO: &str = "SELECT current_user AS u, current_database() AS d";

fn who(address: &str, env: &Environment) -> String {
    csv(&Database::at(address, env).unwrap(), WHO)
}

#[test]
fn the_environment_says_what_the_address_does_not() {
    let Some(server) = server() else { return };
    let expected = "u,d\nvenue,postgres\n";
    let (socket, port) = (server.socket().display().to_string(), server.port().to_string());
    let all = [
        ("PGHOST", &*socket),
        ("PGPORT", &port),
        ("PGUSER", USER),
        ("PGDATABASE", "postgres"),
        ("PGPASSWORD", PASSWORD),
    ];
    assert_eq!(who("postgres://", &environment(&all)), expected);
    let address = format!("postgresql://{USER}:{ENCODED}@localhost:{port}/postgres");
    let wrong = [("PGHOST", "nowhere.invalid"), ("PGPORT", "1"), ("PGPASSWORD", "wrong")];
    assert_eq!(who(&address, &environment(&wrong)), expected);
    let address = format!("postgres:///postgres?host={socket}&port={port}&user={USER}");
    assert_eq!(who(&address, &environment(&[("PGPASSWORD", PASSWORD)])), expected);
}

#[test]
fn the_password_may_be_in_a_file() {
    let Some(server) = server() else { return };
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".pgpass");
    let escaped = PASSWORD.replace(':', "\\:");
    fs::write(&file, format!("localhost:{}:postgres:{USER}:{escaped}\n", server.port())).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let home = home.path().display().to_string();
    let expected = "u,d\nvenue,postgres\n";
    assert_eq!(who(&server.address(), &environment(&[("HOME", &home)])), expected);
    let file = file.display().to_string();
    assert_eq!(who(&server.address(), &environment(&[("PGPASSFILE", &file)])), expected);
    let tcp = format!("postgres://{USER}@127.0.0.1:{}/postgres", server.port());
    let database = Database::at(&tcp, &environment(&[("HOME", &home)])).unwrap();
    assert!(result(&database, WHO).is_err());
}

#[test]
fn no_message_shows_a_password() {
    let Some(server) = server() else { return };
    let address = format!("postgres://{USER}:wr0ng@127.0.0.1:{}/postgres", server.port());
    let database = Database::at(&address, &Environment::default()).unwrap();
    let shown = format!("postgres://{USER}@127.0.0.1:{}/postgres", server.port());
    assert_eq!(database.to_string(), shown);
    let error = result(&database, WHO).unwrap_err();
    let reason = "password authentication failed for user \"venue\" (28P01)";
    assert_eq!(error.to_string(), format!("{shown}: {reason}"));
    for text in [format!("{database:?}"), format!("{error:?}")] {
        assert!(!text.contains("wr0ng"), "{text}");
    }
}

#[test]
fn a_password_in_a_file_goes_to_no_other_server() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join(".pgpass");
    fs::write(&file, "a:*:*:*:one\nb:*:*:*:two\nc:*:*:*:two\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let home = environment(&[("HOME", &home.path().display().to_string())]);
    for hosts in ["a,b", "b,a", "a,d", "d,a"] {
        let error = Database::at(&format!("postgres://u@{hosts}/d"), &home).unwrap_err();
        assert!(error.to_string().contains("different passwords"), "{hosts}: {error}");
    }
    for hosts in ["a", "b,c", "d,e", "a:1,a:2"] {
        Database::at(&format!("postgres://u@{hosts}/d"), &home).unwrap();
    }
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    for mode in ["disable", "require"] {
        let address = format!("postgres://u@127.0.0.1:{port}/d?connect_timeout=1&sslmode={mode}");
        let database = Database::at(&address, &Environment::default()).unwrap();
        let error = result(&database, WHO).unwrap_err().to_string();
        assert!(error.ends_with("the server has not let us in after 1 seconds"), "{error}");
    }
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let database = Database::at("postgres://a:s3cret@127.0.0.1:1/b", &Environment::default());
    let error = result(&database.unwrap(), WHO).unwrap_err().to_string();
    assert!(
        error.starts_with("postgres://a@127.0.0.1:1/b: error connecting to server: "),
        "{error}"
    );
}
