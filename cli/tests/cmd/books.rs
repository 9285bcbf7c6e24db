//! Books as they come: what is said of all rows at once, what is warned of, and what is kept.

use crate::venue::{Venue, setup};

const BALANCES: &str = "account,asset,amount\n";

/// What is written on stderr in lines that warn. On a slow machine a run shows its progress there.
fn warnings(stderr: &str) -> Vec<&str> {
    stderr.lines().filter_map(|line| line.strip_prefix("warning: ")).collect()
}

#[test]
fn all_bad_rows_are_told_in_one_run_and_nothing_is_checked() {
    let venue = Venue::new();
    venue.write("book.csv", format!("{BALANCES}a,BTC,1\na,BTC,2\nb,BTC,1'000\nc,USDC,1\n"));
    let refusal = venue.prove("out", &[]);
    let expected = "refused in 2 places:\n  book.csv:3:2: duplicate `BTC` of account `a`: also on \
                    line 2; add them up\n  book.csv:4:3: amount: `1'000` is not a decimal number; \
                    write a point before the decimals and nothing between thousands";
    assert_eq!(refusal.refusal(2), expected);
    venue.write("book.csv", format!("{BALANCES}a,BTC,1\nb,btc,1\nc,ETH,1\nd,USD,1\ne,BTC,1\n"));
    let expected = "book.csv: refused in 3 places:\n  no price for `btc` (line 3, column 3, account \
                    `b`) (did you mean `BTC`?); `btc` cannot be left out: it differs from `BTC` only \
                    by the case of its letters\n  line 4, column 3, account `c`: `ETH` has a price but \
                    no rule: add `[assets.ETH]` to the rules\n  line 5, column 3, account `d`: `USD` is \
                    the quote currency and has no rule: add `[assets.USD]` to the rules";
    for command in ["prove", "stress"] {
        let run = match command {
            "prove" => venue.prove("out", &[]),
            _ => venue.run(&[
                "stress",
                "--snapshot",
                "book.csv",
                "--rules",
                "rules.toml",
                "--prices",
                "prices.json",
            ]),
        };
        assert_eq!(run.refusal(2), expected, "{command}");
    }
    let json = venue.run(&venue.prove_args("out", &["--json"]));
    assert_eq!(json.code, 2);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["error"].as_str().unwrap().lines().count(), 4);
}

#[test]
fn one_address_in_two_spellings_is_warned_of_before_proving() {
    let venue = Venue::new();
    let address = "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    let small = address.to_lowercase();
    let rows = format!("0x{address},BTC,1\nb,BTC,1\n0x{small},USDC,-50000\n1.58292E+18,BTC,1\n");
    venue.write("book.csv", format!("{BALANCES}{rows}"));
    let expected = [
        "book.csv: 1 pair of account ids differ only by the case of letters, `0x` or zeros in front, \
         on lines 2 and 4: each id is an account of its own; if one is meant, write it in one way",
        "book.csv: 1 account id looks like a number that a spreadsheet or a data frame wrote anew, \
         such as 1.58292E+18 or 1024.0, on line 5: export ids as text",
    ];
    let run = venue.prove("out", &["--quiet"]);
    assert_eq!((run.code, warnings(&run.stderr)), (0, expected.to_vec()), "{}", run.stderr);
    let run = venue.prove("json", &["--json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["warnings"], serde_json::json!(expected));
    assert_eq!(json["header"]["accounts"], 4);
}

#[test]
fn reserves_that_count_nothing_are_named_and_listed() {
    let venue = Venue::new();
    let entry = |asset: &str| {
        format!(
            "{{ \"asset\": \"{asset}\", \"amount\": \"1\", \"chain\": \"c\", \"address\": \"{asset}\", \
             \"evidence\": \"e\", \"purpose\": \"insurance\" }},\n    {{ \"asset\": \"BTC\""
        )
    };
    let more = format!("{}, \"amount\": \"2.5\"", entry("USDC-TRC20"));
    venue.edit("reserves.json", "{ \"asset\": \"BTC\", \"amount\": \"2.5\"", &more);
    let run = venue.prove("out", &["--quiet"]);
    let expected = "reserves.json: reserves[0]: `USDC-TRC20` is no asset of these rules and prices (did \
                    you mean `USDC`?) and counts nothing";
    assert_eq!((run.code, warnings(&run.stderr)), (0, vec![expected]), "{}", run.stderr);
    let text = venue.verify("out", &[]).stdout;
    let listed = "  - USDC-TRC20 1 for insurance: USDC-TRC20 on c\n      COUNTS NOTHING: it is no \
                  asset of these rules and prices\n";
    assert!(text.contains(listed), "{text}");
    assert_eq!(text.matches("COUNTS NOTHING").count(), 1, "{text}");
    let json = venue.verify("out", &["--json"]).json();
    assert_eq!(json["reserves"]["counts_nothing"], serde_json::json!([0]));
}

#[test]
fn an_account_of_zeros_and_an_id_of_128_bytes_are_in_the_book_in_every_shape() {
    let venue = Venue::new();
    let long = format!("0x{}:{}", "0123456789abcdef".repeat(4), "s".repeat(61));
    assert_eq!(long.len(), 128);
    for (out, book) in [
        ("wide", format!("account,BTC,USDC\n{long},1,0\nzero,0,0.00\nempty,,\n")),
        ("balances", format!("{BALANCES}{long},BTC,1\nzero,BTC,0\nempty,USDC,0\n")),
    ] {
        venue.write("book.csv", &book);
        let json = venue.prove(out, &["--json"]).json();
        assert_eq!(json["header"]["accounts"], 3, "{out}");
        assert_eq!(json["header"]["accounts_left_out"], 0, "{out}");
        for id in [&*long, "zero", "empty"] {
            let file = format!("{out}.statement.json");
            let run = ["statements", "export", "--run", out, "--setup", setup(11)];
            let run = venue.run(&[&run[..], &["--account", id, "--out", &file]].concat());
            assert_eq!(run.code, 0, "{}", run.stderr);
            let attestation = format!("{out}/attestation.json");
            let run = ["check", &file, "--attestation", &attestation, "--accept-insecure-setup"];
            let run = venue.run(&[&run[..], &["--id", id]].concat());
            assert_eq!(run.code, 0, "{}", run.stderr);
        }
    }
}

#[test]
fn times_of_inputs_have_any_spelling_and_are_written_in_the_shortest() {
    let venue = Venue::new();
    for file in ["prices.json", "reserves.json"] {
        venue.edit(file, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z");
    }
    let run = venue.prove("out", &["--as-of", "2026-01-01 00:00Z"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let attestation = venue.attestation("out");
    for time in [
        &attestation["header"]["as_of"],
        &attestation["prices"]["as_of"],
        &attestation["reserves"]["as_of"],
    ] {
        assert_eq!(time, "2026-01-01T00:00:00Z");
    }
    assert_eq!(venue.verify("out", &[]).code, 0);
}
