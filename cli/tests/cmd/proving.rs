//! Runs of `prove`: what they write, chains of them, and runs that are cut off.

use std::{
    collections::BTreeSet,
    fmt::Write,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use pacioli_attestation::Digest;
use serde_json::{Value, json};

use crate::venue::{Run, Venue, proved, setup};

/// The proof of volume 0 as hexadecimal digits.
fn proof(attestation: &Value) -> String {
    attestation["volumes"][0]["proof"].as_str().unwrap().to_owned()
}

#[test]
fn a_run_writes_one_file_and_prints_its_digest() {
    let venue = Venue::new();
    let run = venue.prove("out", &["--venue", "Somewhere", "--as-of", "2026-01-02T00:00:00Z"]);
    let digest = Digest::of(venue.read("out/attestation.json").as_bytes());
    assert_eq!((run.code, run.warnings().as_str()), (0, ""));
    assert_eq!(
        run.stdout,
        format!(
            "out/attestation.json\n  digest    {digest}\n  accounts  4 in 18 lines, 1 volume of \
             2^11 rows\n  left out  0 accounts, 0 lines in 0 assets without a price\n  rounded   0 \
             lines, by less than 0 USD together\n  setup     INSECURE: everyone knows tau, proofs \
             made with this setup prove nothing\n"
        )
    );
    let header = &venue.attestation("out")["header"];
    assert_eq!(header["venue"], "Somewhere");
    assert_eq!(header["as_of"], "2026-01-02T00:00:00Z");
    assert_eq!((&header["sequence"], &header["previous"]), (&json!(0), &Value::Null));
    let names = std::fs::read_dir(venue.path("out")).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["attestation.json", "private"]);

    let json = venue.prove("again", &["--json"]).json();
    assert_eq!(json["attestation"], "again/attestation.json");
    let digest = Digest::of(venue.read("again/attestation.json").as_bytes());
    assert_eq!(json["digest"], digest.to_string());
    assert_eq!(json["header"], venue.attestation("again")["header"]);

    let run = venue.prove("other", &["--as-of", "yesterday"]);
    let error = "`yesterday` is not a UTC time such as `2026-11-21T00:00:00Z`";
    assert_eq!(run.refusal(2), error);
    let run = venue.prove("out", &[]);
    assert_eq!(run.refusal(2), "out already holds an attestation; give another --out");
    let run = venue.prove("book.csv", &[]);
    assert_eq!(run.refusal(2), "cannot make book.csv: File exists (os error 17)");
}

#[test]
fn two_runs_share_their_words_and_none_of_their_commitments() {
    let venue = Venue::new();
    assert_eq!(venue.prove("second", &[]).code, 0);
    let (first, second) = (proved().attestation("first"), venue.attestation("second"));
    for part in ["version", "header", "rules", "prices", "reserves"] {
        assert_eq!(first[part], second[part], "{part}");
    }
    for part in ["counts", "quantities"] {
        assert_eq!(first["volumes"][0][part], second["volumes"][0][part], "{part}");
    }
    let words = |proof: String| -> Vec<String> {
        let digits = proof.as_bytes()[2..].chunks_exact(64);
        digits.map(|word| String::from_utf8(word.to_vec()).unwrap()).collect()
    };
    let (first, second) = (words(proof(&first)), words(proof(&second)));
    // The fixed columns are the circuit's own, but are opened at another point each time.
    assert_eq!(first.len(), second.len());
    let first: BTreeSet<_> = first.iter().collect();
    assert!(second.iter().all(|word| !first.contains(word)));
}

#[test]
fn attestations_form_a_chain() {
    let venue = Venue::new();
    venue.write("0.json", proved().read("first/attestation.json"));
    let next = |previous: &str, out: &str, day: u32| {
        let as_of = format!("2026-01-0{day}T00:00:00Z");
        assert_eq!(venue.prove(out, &["--previous", previous, "--as-of", &as_of]).code, 0);
    };
    next("0.json", "1", 2);
    next("1/attestation.json", "2", 3);
    let header = venue.attestation("2")["header"].clone();
    let digest = |file: &str| Digest::of(venue.read(file).as_bytes()).to_string();
    assert_eq!(header["sequence"], 2);
    assert_eq!(header["previous"], digest("1/attestation.json"));
    let follows = |out: &str, previous: &str| venue.verify(out, &["--previous", previous]);
    assert_eq!(follows("1", "0.json").code, 0);
    assert_eq!(follows("2", "1/attestation.json").code, 0);

    let named = digest("1/attestation.json");
    let error = |before| format!("the attestation is not chained to {before}: it names {named}");
    let (zero, itself) = (error(digest("0.json")), error(digest("2/attestation.json")));
    assert_eq!(follows("2", "0.json").refusal(1), zero);
    assert_eq!(follows("2", "2/attestation.json").refusal(1), itself);
    let error = "prices.json: this is prices, not an attestation: give another file";
    assert_eq!(follows("2", "prices.json").refusal(2), error);

    // A number that does not follow, and one that nothing follows: files anyone can write.
    let renumbered = |from: &str, number: &str| {
        let text = venue.read("1/attestation.json");
        let from = format!("\"sequence\": {from}");
        assert!(text.contains(&from));
        venue.write("x.json", text.replace(&from, &format!("\"sequence\": {number}")));
    };
    renumbered("1", "7");
    next("x.json", "8", 4);
    assert_eq!(venue.attestation("8")["header"]["sequence"], 8);
    renumbered("1", "18446744073709551615");
    let later = ["--previous", "x.json", "--as-of", "2026-01-04T00:00:00Z"];
    let run = venue.prove("9", &later);
    let error =
        "cannot extend the chain: the previous sequence number is already 18446744073709551615";
    assert_eq!(run.refusal(2), error);
}

#[test]
fn what_has_no_price_or_too_many_digits_is_left_out_by_name_and_rounded_when_asked() {
    let venue = Venue::new();
    let rows = "eve,deposit DOGE,5\nfay,deposit DOGE,7\nfay,deposit BTC,0.000000001\n";
    venue.write("book.csv", venue.read("book.csv") + rows);
    assert_eq!(
        venue.prove("out", &[]).refusal(2),
        "book.csv: refused in 2 places:\n  no price for `DOGE` (line 12, column 3, account `eve`): add \
         prices, or --leave-out DOGE\n  line 14, column 3, account `fay`: 0.000000001 has more than the \
         8 decimals of `deposit BTC`; see --round"
    );
    assert_eq!(
        venue.prove("out", &["--leave-out", "DOGE"]).refusal(2),
        "book.csv: line 14, column 3, account `fay`: 0.000000001 has more than the 8 decimals of \
         `deposit BTC`; see --round"
    );
    let run = venue.prove("out", &["--leave-out", "DOGE", "--round"]);
    assert_eq!(run.code, 0);
    let left_out = "  left out  1 account, 2 lines in 1 asset without a price\n            DOGE: \
                    12 deposited, 0 borrowed, in 2 accounts\n";
    assert!(run.stdout.contains(left_out), "{}", run.stdout);
    assert!(run.stdout.contains("rounded   1 line, by less than 0.001 USD"), "{}", run.stdout);
    let run = venue.verify("out", &[]);
    assert_eq!(run.code, 1, "the customers' reserves were exact: {}", run.stdout);
    let left_out = "  left out     1 account, 2 lines in 1 asset without a price (W)\n               \
                    DOGE: 12 deposited, 0 borrowed, in 2 lines of 2 accounts\n  rounded      1 \
                    line, by less than 0.001 USD together (W)\n";
    assert!(run.stdout.contains(left_out), "{}", run.stdout);
}

#[test]
fn nothing_is_left_out_but_what_nobody_can_value_and_somebody_holds() {
    let venue = Venue::new();
    let rows = "eve,deposit DOGE,5\nfay,borrow SHIB,7\nfay,deposit DOGE,1\nfay,deposit usdc,1\n";
    venue.write("book.csv", venue.read("book.csv") + rows);
    assert_eq!(
        venue.prove("out", &[]).refusal(2),
        "book.csv: no price for `DOGE` (line 12, column 3, account `eve`), `SHIB` (line 13, column 3, \
         account `fay`), `usdc` (line 15, column 3, account `fay`) (did you mean `USDC`?): add prices, \
         or --leave-out DOGE,SHIB; `usdc` cannot be left out: it differs from `USDC` only by the case \
         of its letters"
    );
    venue.edit("book.csv", "fay,deposit usdc,1\n", "");
    let refused = |names: &str, more: &[&str]| {
        let more = [&["--leave-out", names], more].concat();
        venue.prove("out", &more).refusal(2).to_owned()
    };
    let error = refused("DOGE", &[]);
    assert!(error.starts_with("book.csv: no price for `SHIB` (line 13"), "{error}");
    for (name, why) in [
        ("USD", "`USD` is the quote currency, and worth 1: it cannot be left out"),
        ("BTC", "`BTC` has a price: it cannot be left out"),
        ("ETH", "`ETH` has a price: it cannot be left out"),
        ("Btc", "`Btc` cannot be left out: it differs from `BTC` only by the case of its letters"),
    ] {
        assert_eq!(refused(&format!("DOGE,SHIB,{name}"), &[]), format!("--leave-out: {why}"));
    }
    let error = "--leave-out: nobody holds `PEPE`: nothing was left out";
    assert_eq!(refused("DOGE,SHIB", &["--leave-out", "PEPE"]), error);
    assert!(!venue.path("out").exists(), "nothing is written");
    // A rule without a price: a mistake in the prices.
    venue.edit("prices.json", ", \"USDC\": \"1\"", "");
    let error = "--leave-out: `USDC` has a rule: it cannot be left out; add its price";
    assert_eq!(refused("DOGE,SHIB,USDC", &[]), error);
}

#[test]
fn a_setup_of_another_size_makes_another_circuit() {
    let venue = Venue::new();
    let args = venue.prove_args("out", &["--json"]);
    let args: Vec<_> =
        args.iter().map(|&arg| if arg == setup(11) { setup(12) } else { arg }).collect();
    assert_eq!(venue.run(&args).json()["header"]["k"], 12);
    assert_eq!(venue.verify("out", &["--setup", setup(12)]).code, 0);
    let run = venue.verify("out", &["--setup", setup(11)]);
    let error = "the setup given does not fit: the circuit has 2^12 rows, the setup is for 2^11";
    assert_eq!(run.refusal(2), error);
}

/// A book of several volumes, which takes a few seconds.
fn long_book(venue: &Venue) {
    let mut rows = String::from("account,instrument,quantity\n");
    for account in 0..12_000 {
        writeln!(rows, "{account},deposit USDC,{account}").unwrap();
    }
    venue.write("book.csv", rows);
}

#[test]
fn a_run_that_is_killed_leaves_no_attestation_and_can_be_started_again() {
    let venue = Venue::new();
    long_book(&venue);
    let mut run = venue.command(&venue.prove_args("out", &["--quiet"]));
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !venue.path("out").exists() {
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(300));
    assert!(run.try_wait().unwrap().is_none(), "the run is still at work");
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(!venue.path("out/attestation.json").exists());
    assert_eq!(venue.prove("out", &["--quiet"]).code, 0);
    assert!(venue.attestation("out")["volumes"].as_array().unwrap().len() > 1);
    let run = venue.verify("out", &[]);
    assert!(run.stdout.starts_with("DOES NOT HOLD: the proofs verify"), "{}", run.stderr);
}

#[test]
fn a_long_run_tells_of_itself_on_stderr_and_a_quiet_one_does_not() {
    let venue = Venue::new();
    long_book(&venue);
    let run = |out: &str, more: &[&str]| {
        let started = Instant::now();
        let run = Run::of(venue.command(&venue.prove_args(out, more)).output().unwrap());
        assert_eq!(run.code, 0);
        let named = format!("{out}/attestation.json\n  digest");
        assert!(run.stdout.starts_with(&named), "{}", run.stdout);
        (run.stderr, started.elapsed())
    };
    let (told, elapsed) = run("out", &[]);
    // What takes less than two seconds tells nothing, and some machine may be that fast.
    if !told.is_empty() || elapsed > Duration::from_secs(3) {
        // On a busy machine what comes before takes long enough to be told of, too.
        let proving = |line: &str| line.starts_with("proving ") && line.contains(" s so far");
        assert!(told.lines().any(proving) && !told.contains('\x1b'), "{told}");
    }
    assert_eq!(run("again", &["--quiet"]).0, "");
}

/// Names as venues spell them, from the snapshot to the report.
#[test]
fn names_are_those_of_the_venue() {
    let venue = Venue::new();
    let rename = |text: String| {
        text.replace("BTC-PERP", "BTC/USD:BTC")
            .replace("[markets.BTC/USD:BTC]", "[markets.\"BTC/USD:BTC\"]")
    };
    for file in ["rules.toml", "book.csv"] {
        venue.write(file, rename(venue.read(file)));
    }
    for (file, from) in [("rules.toml", "[assets.USDC]"), ("prices.json", "\"USDC\"")] {
        venue.edit(
            file,
            from,
            &from.replace("USDC", "@107").replace("[assets.@107]", "[assets.\"@107\"]"),
        );
    }
    for file in ["book.csv", "reserves.json"] {
        venue.write(file, venue.read(file).replace("USDC", "@107"));
    }
    let run = venue.prove("out", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = venue.verify("out", &["--require", "per_asset=@107"]);
    assert!(
        run.stdout.contains("DOES NOT HOLD  per_asset.@107: reserves of 50,000 @107"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("open_interest_matched.BTC/USD:BTC: long 1, short 1"),
        "{}",
        run.stdout
    );
}
