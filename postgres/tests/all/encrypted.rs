//! Servers that encrypt, and whom they must be.

use std::{fs, path::Path, process::Command};

use pacioli_postgres::{Database, testing::PASSWORD, testing::private_server};

use super::{environment, result};

const ENCRYPTED: &str = "SELECT ssl::text AS ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

/// Runs openssl in a folder; `false` if there is none.
fn openssl(folder: &Path, arguments: &str) -> bool {
    let command = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output();
    let Ok(output) = command else { return false };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    true
}

/// Makes `ca.crt`, and under it `server.crt` for the name `localhost`; and `self.crt`, which is
/// another's.
fn certificates(folder: &Path) -> bool {
    fs::write(folder.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    [
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca \
         -keyout ca.key -out ca.crt",
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=other \
         -keyout other.key -out other.crt",
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
         -keyout server.key -out server.csr",
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
         -extfile names -out server.crt",
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
         -addext subjectAltName=DNS:localhost -keyout self.key -out self.crt",
    ]
    .iter()
    .all(|arguments| openssl(folder, arguments))
}

#[test]
fn sslmode_says_whom_the_server_must_be() {
    let Some(server) = private_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let query = |host: &str, options: &str, query: &str| {
        let address = format!("postgres://venue@{host}:{}/postgres?{options}", server.port());
        let database = Database::at(&address, &environment(&[("PGPASSWORD", PASSWORD)])).unwrap();
        result(&database, query).map_err(|error| error.to_string()).map(Result::unwrap)
    };
    let connect = |host: &str, options: &str| query(host, options, ENCRYPTED);
    let (plain, tls) = ("ssl\nfalse\n", "ssl\ntrue\n");
    assert_eq!(connect("localhost", "").as_deref(), Ok(plain));
    assert_eq!(connect("localhost", "sslmode=prefer").as_deref(), Ok(plain));
    let refused = connect("localhost", "sslmode=require").unwrap_err();
    assert!(refused.ends_with("server does not support TLS"), "{refused}");

    // Not every server is built with TLS.
    let library = query("localhost", "", "SELECT current_setting('ssl_library') AS x");
    if library.as_deref() == Ok("x\n\n") || !certificates(folder.path()) {
        return;
    }
    let file = |name: &str| folder.path().join(name).display().to_string();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    server.encrypt(&read("server.crt"), &read("server.key"));
    for (host, options, found) in [
        ("localhost", String::new(), Ok(tls)),
        ("localhost", "sslmode=disable".to_owned(), Ok(plain)),
        ("127.0.0.1", "sslmode=require".to_owned(), Ok(tls)),
        ("127.0.0.1", format!("sslmode=require&sslrootcert={}", file("ca.crt")), Ok(tls)),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={}", file("ca.crt")), Ok(tls)),
        ("localhost", format!("sslmode=verify-full&sslrootcert={}", file("ca.crt")), Ok(tls)),
        ("localhost", format!("sslmode=verify-full&sslrootcert={}", file("server.crt")), Ok(tls)),
        (
            "127.0.0.1",
            format!("sslmode=verify-full&sslrootcert={}", file("ca.crt")),
            Err("certificate not valid for name \"127.0.0.1\""),
        ),
        (
            "127.0.0.1",
            format!("sslmode=verify-full&sslrootcert={}", file("server.crt")),
            Err("certificate not valid for name"),
        ),
        (
            "localhost",
            format!("sslmode=require&sslrootcert={}", file("other.crt")),
            Err("invalid peer certificate: "),
        ),
        (
            "localhost",
            format!("sslmode=verify-ca&sslrootcert={}", file("other.crt")),
            Err("invalid peer certificate: "),
        ),
        (
            "localhost",
            format!("sslmode=verify-full&sslrootcert={}", file("other.crt")),
            Err("invalid peer certificate: "),
        ),
        ("localhost", "sslmode=verify-full".to_owned(), Err("invalid peer certificate: ")),
    ] {
        match (connect(host, &options), found) {
            (Ok(got), Ok(expected)) => assert_eq!(got, expected, "{host} {options}"),
            (Err(got), Err(why)) => assert!(got.contains(why), "{host} {options}: {got}"),
            (got, _) => panic!("{host} {options}: {got:?}"),
        }
    }

    // A certificate that is its own authority, as PostgreSQL's manual makes one.
    server.encrypt(&read("self.crt"), &read("self.key"));
    let own = format!("sslrootcert={}", file("self.crt"));
    let full = connect("localhost", &format!("sslmode=verify-full&{own}"));
    assert_eq!(full.as_deref(), Ok(tls));
    assert!(connect("127.0.0.1", &format!("sslmode=verify-full&{own}")).is_err());
    assert_eq!(connect("127.0.0.1", &format!("sslmode=verify-ca&{own}")).as_deref(), Ok(tls));
}

#[test]
fn a_server_elsewhere_must_encrypt_and_prove_its_name_unless_told_otherwise() {
    let Some(server) = private_server() else { return };
    // This machine by an address that is not its loopback's. Where there is none, nothing is tried.
    let Some(address) = server.address_elsewhere() else { return };
    let connect = |options: &str| {
        let address = format!("postgres://venue@{address}:{}/postgres{options}", server.port());
        let database = Database::at(&address, &environment(&[("PGPASSWORD", PASSWORD)])).unwrap();
        result(&database, "SELECT 1 AS x").map_err(|error| error.to_string()).map(Result::unwrap)
    };
    let refused = connect("").unwrap_err();
    assert!(
        refused.contains("server does not support TLS; a server on another machine"),
        "{refused}"
    );
    assert_eq!(connect("?sslmode=disable").as_deref(), Ok("x\n1\n"));
    assert_eq!(connect("?sslmode=prefer").as_deref(), Ok("x\n1\n"));
}
