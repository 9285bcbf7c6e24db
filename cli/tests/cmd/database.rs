//! A snapshot that is the result of a query on PostgreSQL, on a server that the tests start.

use pacioli_postgres::testing::{PASSWORD, server};

use crate::venue::{Run, Venue};

/// The venue's book as a table, and a query for it.
const QUERY: &str = "SELECT account, instrument, quantity FROM book ORDER BY id;\n";

fn stress(venue: &Venue, snapshot: &str, query: &[&str]) -> Run {
    let args = ["stress", "--snapshot", snapshot, "--rules", "rules.toml", "--prices"];
    let mut command = venue.command(&[&args[..], &["prices.json", "--json"], query].concat());
    command.env("PGPASSWORD", PASSWORD).env_remove("HOME");
    Run::of(command.output().unwrap())
}

#[test]
fn a_book_in_a_database_is_the_book_in_a_file() {
    let Some(server) = server() else { return };
    let venue = Venue::new();
    venue.write("book.sql", QUERY);
    let text = venue.read("book.csv");
    let rows = text.lines().skip(1).map(|line| {
        let fields = line.split(',').map(|field| format!("'{field}'")).collect::<Vec<_>>();
        format!("({})", fields.join(","))
    });
    let rows = rows.collect::<Vec<_>>().join(",");
    server.execute(&format!(
        "CREATE TABLE book (id serial, account text, instrument text, quantity numeric(60, 30));
         INSERT INTO book (account, instrument, quantity) VALUES {rows}"
    ));
    let address = server.address();
    let from_file = stress(&venue, "book.csv", &[]);
    assert_eq!(from_file.code, 0, "{}", from_file.stderr);
    assert_eq!(stress(&venue, &address, &["--query", "book.sql"]).json(), from_file.json());

    // The same is proved.
    assert_eq!(venue.prove("from-file", &[]).code, 0);
    let mut args = venue.prove_args("from-database", &["--query", "book.sql"]);
    for arg in args.iter_mut().filter(|arg| **arg == "book.csv") {
        *arg = &address;
    }
    let proved = venue.command(&args).env("PGPASSWORD", PASSWORD).env_remove("HOME").output();
    let proved = Run::of(proved.unwrap());
    assert_eq!(proved.code, 0, "{}", proved.stderr);
    assert_eq!(venue.verify("from-database", &[]).code, 0);
    let quantities = |out| venue.attestation(out)["volumes"][0]["quantities"].clone();
    assert_eq!(quantities("from-database"), quantities("from-file"));

    // An error names the query, and the line of its result.
    venue.write("bad.sql", "SELECT 'alice' AS account, 'deposit BTX' AS instrument, 1 AS quantity");
    let run = stress(&venue, &address, &["--query", "bad.sql"]);
    assert!(
        run.stdout.contains("result of bad.sql: no price for `BTX` (line 2, column 3, "),
        "{}",
        run.stdout
    );
    venue.write("bad.sql", "SELECT account, quantity FROM book WHERE id = 1");
    let run = stress(&venue, &address, &["--query", "bad.sql"]);
    assert!(run.stdout.contains("result of bad.sql:1:1: unknown columns"), "{}", run.stdout);
    venue.write("bad.sql", "SELECT account FROM books");
    let run = stress(&venue, &address, &["--query", "bad.sql"]);
    assert_eq!(run.code, 2);
    let why = "/postgres: relation \\\"books\\\" does not exist (42P01), at character 21";
    assert!(run.stdout.contains("bad.sql: postgres://venue@"), "{}", run.stdout);
    assert!(run.stdout.contains(why), "{}", run.stdout);
}

#[test]
fn no_refusal_shows_the_password_of_an_address() {
    let venue = Venue::new();
    venue.write("book.sql", QUERY);
    for (address, query, why) in [
        ("postgres://u:s3cret@127.0.0.1:1/d", &[][..], "give its query with --query FILE"),
        (
            "postgres://u:s3cret@127.0.0.1:1/d",
            &["--query", "book.sql"],
            "postgres://u@127.0.0.1:1/d: ",
        ),
        ("postgres:/u:s3cret@127.0.0.1/d", &["--query", "book.sql"], "address is malformed"),
        ("postgrs://u:s3cret@127.0.0.1/d", &["--query", "book.sql"], "address is malformed"),
        ("postgres://u:s3/cret@127.0.0.1/d", &["--query", "book.sql"], "address is malformed"),
        ("postgres://u:s3?cret@127.0.0.1/d", &["--query", "book.sql"], "address is malformed"),
        ("postgres://u:s3cret@h/d?ssl=1", &["--query", "book.sql"], "option 1 of the database's"),
        ("book.csv", &["--query", "book.sql"], "--query is for a database"),
    ] {
        let run = stress(&venue, address, query);
        assert_eq!(run.code, 2, "{address}");
        assert!(run.stdout.contains(why), "{address}: {}", run.stdout);
        for secret in ["s3cret", "cret@", "u:s3"] {
            assert!(!run.stdout.contains(secret) && !run.stderr.contains(secret), "{address}");
        }
    }
}

#[test]
fn a_misplaced_address_is_not_echoed() {
    let venue = Venue::new();
    for args in [
        &["stress", "postgres://u:s3cret@h/d", "--json"][..],
        &["stress", "postgres://u:s3cret@h/d"],
        &["prove", "--snap=postgres://u:s3cret@h/d"],
        &[
            "stress",
            "--snapshot",
            "host=h password=s3cret",
            "--rules",
            "rules.toml",
            "--prices",
            "prices.json",
        ],
    ] {
        let run = venue.run(args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(!run.stdout.contains("s3cret") && !run.stderr.contains("s3cret"), "{args:?}");
        assert!(!run.stdout.is_empty() || run.stderr.contains("error: "), "{args:?}");
    }
}
