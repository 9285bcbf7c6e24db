//! What a query's result is read as, and which queries are refused.

use std::{io, time::Instant};

use pacioli_postgres::{
    Database,
    testing::{USER, server},
};

use super::{csv, database, environment, refusal, result};

#[test]
fn values_are_the_databases_own_digits() {
    let Some(server) = server() else { return };
    let query = "SELECT * FROM (VALUES
        (1, 'a', 0.1::numeric(38, 18), 9007199254740993),
        (2, 'b,\"c\"', 123456789012345678901234567890.12345678::numeric(78, 30), -1),
        (3, NULL, NULL, 0), (4, '', 'NaN', 7), (5, E'x\\n\\ty', 1e-20, NULL))
        AS t (row, account, amount, \"a,b\") ORDER BY row;\n";
    let expected = "row,account,amount,\"a,b\"\n1,a,0.1,9007199254740993\n\
                    2,\"b,\"\"c\"\"\",123456789012345678901234567890.12345678,-1\n3,,,0\n4,,NaN,7\n\
                    5,\"x\n\ty\",0.00000000000000000001,\n";
    assert_eq!(csv(&database(&server), query), expected);
}

#[test]
fn types_of_plain_text_are_taken_whatever_they_are_called() {
    let Some(server) = server() else { return };
    server.execute(
        "CREATE TYPE side AS ENUM ('long', 'short'); CREATE DOMAIN quantity AS numeric(20, 4);
         CREATE DOMAIN held AS quantity",
    );
    let query = "SELECT 'long'::side AS s, '1.5'::held AS q, 'x'::varchar(3) AS v, 'n'::name AS n,
        '6fa459ea-ee8a-3ca4-894e-db77e160355e'::uuid AS account";
    let expected = "s,q,v,n,account\nlong,1.5,x,n,6fa459ea-ee8a-3ca4-894e-db77e160355e\n";
    assert_eq!(csv(&database(&server), query), expected);
}

#[test]
fn columns_that_are_not_exact_or_no_text_are_all_named() {
    let Some(server) = server() else { return };
    let query = "SELECT 'a' AS account, 0.1::float8 AS amount, '\\x00'::bytea AS id, 1::money AS m,
        now() AS at, ARRAY[1] AS many";
    let refused = refusal(&database(&server), query);
    for (column, why) in [
        ("amount", "holds floating-point numbers, which are not exact"),
        ("id", "is of type bytea; write encode"),
        ("m", "is of type money"),
        ("at", "is of type timestamptz; cast it"),
        ("many", "is of type _int4; cast it"),
    ] {
        assert!(refused.contains(&format!("column `{column}`: {why}")), "{refused}");
    }
    assert!(!refused.contains("`account`"), "{refused}");
}

#[test]
fn a_query_sees_one_snapshot_and_changes_nothing() {
    let Some(server) = server() else { return };
    let database = database(&server);
    let query = "SELECT current_setting('transaction_isolation') AS i,
        current_setting('transaction_read_only') AS r";
    assert_eq!(csv(&database, query), "i,r\nrepeatable read,on\n");
    server.execute("CREATE TABLE kept (x text)");
    for query in ["INSERT INTO kept VALUES ('a') RETURNING x", "DELETE FROM kept RETURNING x"] {
        let refused = refusal(&database, query);
        assert!(refused.contains("in a read-only transaction (25006)"), "{refused}");
    }
}

#[test]
fn a_policy_that_hides_rows_stops_the_query() {
    let Some(server) = server() else { return };
    server.execute(
        "CREATE TABLE hidden (account text);
         INSERT INTO hidden VALUES ('anna'), ('ben');
         ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
         ALTER TABLE hidden FORCE ROW LEVEL SECURITY;
         CREATE POLICY most ON hidden USING (account <> 'ben');
         CREATE ROLE reader LOGIN PASSWORD 'read'; GRANT SELECT ON hidden TO reader",
    );
    let address = server.address().replace(&format!("{USER}@"), "reader:read@");
    let reader = Database::at(&address, &environment(&[])).unwrap();
    let query = "SELECT account FROM hidden";
    let error = refusal(&reader, query);
    assert!(error.contains("row-level security"), "{error}");
    assert_eq!(csv(&database(&server), query), "account\nanna\nben\n");
}

#[test]
fn a_row_that_is_too_long_is_not_held() {
    let Some(server) = server() else { return };
    let long = "SELECT repeat('a', 1048577) AS account";
    let error = result(&database(&server), long).unwrap().unwrap_err();
    assert!(error.contains("row 1 of the result is longer than"), "{error}");
}

#[test]
fn a_query_is_one_command_that_returns_columns() {
    let Some(server) = server() else { return };
    let database = database(&server);
    for (query, why) in [
        ("SELECT 1; SELECT 2", "cannot insert multiple commands into a prepared statement"),
        (
            "SELECT 1) TO PROGRAM 'true'; --",
            "syntax error at or near \")\" (42601), at character 9",
        ),
        ("SELECT 1; -- all", "the query must be one SELECT"),
        ("SELECT $1::text", "the query has parameters"),
        ("CREATE TABLE more (x int)", "the query returns no columns"),
        ("", "the query returns no columns"),
        ("SELECT x FROM nowhere", "relation \"nowhere\" does not exist (42P01), at character 15"),
        ("TABLE pg_class; \\q", "syntax error"),
    ] {
        let refused = refusal(&database, query);
        assert!(refused.contains(why), "{query}: {refused}");
    }
}

#[test]
fn a_failure_in_the_middle_is_told_after_the_rows_before_it() {
    let Some(server) = server() else { return };
    let query = "SELECT i AS x, 1 / (3 - i) AS y FROM generate_series(1, 5) AS i";
    let error = result(&database(&server), query).unwrap().unwrap_err();
    assert!(error.ends_with("division by zero (22012)"), "{error}");
    assert!(error.starts_with("postgres://venue@"), "{error}");
}

#[test]
fn whoever_has_seen_enough_does_not_wait_for_the_rest() {
    let Some(server) = server() else { return };
    let query = "SELECT generate_series(1, 2000000000) AS x";
    let start = Instant::now();
    let first = database(&server).query(query, |rows| {
        let mut lines = String::new();
        rows.read_line(&mut lines).and_then(|_| rows.read_line(&mut lines)).map(|_| lines)
    });
    assert_eq!(first.unwrap().unwrap(), "x\n1\n");
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

/// The memory of this process at its largest so far, in bytes, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
}

#[test]
fn a_result_is_not_held_in_memory() {
    let Some(server) = server() else { return };
    let before = peak();
    let query = "SELECT generate_series(1, 20000) AS i, repeat('x', 1000) AS x";
    let length = database(&server).query(query, |rows| io::copy(rows, &mut io::sink()));
    let length = length.unwrap().unwrap();
    assert!(length > 20_000_000, "{length}");
    if let (Some(before), Some(after)) = (before, peak()) {
        assert!(after - before < 8 << 20, "{before} bytes before, {after} after");
    }
}
