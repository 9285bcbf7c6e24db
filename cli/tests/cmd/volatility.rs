//! Rates that follow volatility, from feeds to a verdict.

use crate::venue::{Run, Venue};

const AT: &str = "2026-01-01T00:00:00Z";

/// Ten days of two sources: BTC goes up and down 2 %, or 3 %; USDC stays.
fn feed() -> String {
    let mut feed = "source,asset,time,price\n".to_owned();
    for day in 0..=10 {
        let date =
            if day == 10 { "2026-01-01".to_owned() } else { format!("2025-12-{}", 22 + day) };
        for (source, high) in [("venue A", "102000"), ("venue B", "103000")] {
            let price = if day % 2 == 1 { high } else { "100000" };
            feed += &format!("{source},BTC,{date}T00:00:00Z,{price}\n");
            feed += &format!("{source},USDC,{date}T00:00:00Z,1\n");
        }
    }
    feed
}

const IMPLIED: &str = "source,asset,time,volatility,tenor
venue C,BTC,2025-12-31T23:55:00Z,0.65,7d
venue C,BTC,2025-12-31T12:00:00Z,0.9,7d
venue C,BTC,2025-12-31T12:00:00Z,0.9,30d
";

fn aggregate(venue: &Venue, more: &[&str]) -> Run {
    let args = ["prices", "aggregate", "feed.csv", "--quote", "USD", "--out", "prices.json"];
    venue.run(&[&args[..], &["--at", AT, "--volatility", "10d"], more].concat())
}

/// The weights of BTC follow volatility.
fn venue() -> Venue {
    let venue = Venue::new();
    venue.write("feed.csv", feed());
    venue.write("implied.csv", IMPLIED);
    let edit = |from: &str, to: &str| venue.edit("rules.toml", from, to);
    let margin =
        "[[scenarios]]\nname = \"maintenance\"\nkind = \"margin\"\nmargin = \"maintenance\"\n";
    edit("[assets.USDC]\n", &format!("{margin}\n[assets.USDC]\nmaintenance = \"1\"\n"));
    let rate = "{ multiple = \"3\", horizon = \"1d\", floor = \"0.05\", ceiling = \"0.9\", step = \"0.01\" }";
    let rates = format!("[assets.BTC]\nmaintenance = {rate}\nborrow_maintenance = {rate}\n");
    edit("[assets.BTC]\n", &rates);
    edit("tiers = [{}]", "tiers = [{ maintenance = \"0.1\" }]");
    let policy = "[policy]\nvolatility = { max_age = \"1d\", least_sources = 2, band = \"0.1\" }\n";
    edit("[policy]\n", policy);
    venue
}

#[test]
fn volatilities_are_made_from_feeds_and_rates_follow_them() {
    let venue = venue();
    let run = aggregate(&venue, &["--implied", "implied.csv"]);
    assert_eq!((run.code, run.warnings().as_str()), (0, ""), "{}", run.stdout);
    // 5 moves of 2 % up, 5 of 2/102 down: the root of 36.5 times the sum of squares.
    let words: Vec<_> = run.stdout.split_whitespace().collect();
    let words = words.join(" ");
    assert!(words.contains("realised, venue A 0.378372 yes"), "{words}");
    assert!(run.stdout.contains("(1 statement of implied volatility too old)"), "{}", run.stdout);
    let prices = venue.read("prices.json");
    assert!(prices.contains("\"window\": \"10d\""), "{prices}");
    assert!(prices.contains("\"tenor\": \"7d\"") && !prices.contains("30d\""), "{prices}");
    assert!(prices.contains("implied.csv 0x") && prices.contains("over each 1d"), "{prices}");
    let run = venue.run(&["rules", "check", "rules.toml", "--prices", "prices.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rates = run.stdout.split_once("2 rates that follow volatility\n").unwrap().1;
    assert!(rates.contains("assets.BTC.maintenance"), "{rates}");
    assert!(rates.contains("implied volatility for 7d of venue C"), "{rates}");
    let json =
        venue.run(&["rules", "check", "rules.toml", "--prices", "prices.json", "--json"]).json();
    // 3 * 0.65 * sqrt(1 / 365) = 0.10206..., up to a percent.
    assert_eq!(
        (&json["rates"][0]["rate"], &json["rates"][0]["value"]),
        (&"0.11".into(), &"0.89".into())
    );
    assert_eq!(json["rates"][1]["value"], "1.11");
    assert_eq!(json["rates"][0]["name"], "BTC");
    assert_eq!(json["rates"].as_array().unwrap().len(), 2);
}

#[test]
fn a_source_with_a_gap_has_no_volatility_and_too_few_are_refused() {
    let venue = venue();
    let whole = feed();
    let gap = whole.replacen("venue B,BTC,2025-12-27T00:00:00Z,103000\n", "", 1);
    assert_ne!(gap, whole);
    venue.write("feed.csv", gap);
    let run = aggregate(&venue, &[]);
    assert_eq!(run.code, 1);
    let start =
        "NOT WRITTEN: too few sources of a volatility of BTC (without: --without-volatility BTC)\n";
    assert!(run.stdout.starts_with(start), "{}", run.stdout);
    assert!(run.stdout.contains("no, no price of about 2025-12-27T00:00:00Z"), "{}", run.stdout);
    assert!(!venue.read("prices.json").contains("volatilities"), "the old file stays");
    assert_eq!(aggregate(&venue, &["--without-volatility", "BTC"]).code, 0);
    let run = venue.run(&["rules", "check", "rules.toml", "--prices", "prices.json"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("the prices have no volatility in `volatilities.BTC`"),
        "{}",
        run.stderr
    );
    let (head, row) = IMPLIED.split_once('\n').unwrap();
    venue.write("implied.csv", format!("{head}\n{row}{row}"));
    let run = aggregate(&venue, &["--implied", "implied.csv"]);
    let twice = "implied.csv:5: a source says this twice of one time: also at implied.csv:2";
    assert!(run.code == 2 && run.stderr.contains(twice), "{}", run.stderr);
    let run = aggregate(&venue, &["--volatility-every", "3d"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("the window of volatility must be a whole number"),
        "{}",
        run.stderr
    );
    let run = aggregate(&venue, &["--without-volatility", "usdc"]);
    assert!(
        run.stderr.contains("no source has a price of `usdc` (did you mean `USDC`?)"),
        "{}",
        run.stderr
    );
}

/// Proved and verified; then the same book under a file in which one source says less than another, and
/// one in which all are stale.
#[test]
fn a_proof_under_such_rates_verifies_and_a_stale_or_understated_volatility_fails_a_clause() {
    let venue = venue();
    for key in ["\nmaintenance", "borrow_maintenance"] {
        let taken = format!("{key} = {{ source = \"venue A\", multiple");
        venue.edit("rules.toml", &format!("{key} = {{ multiple"), &taken);
    }
    // A rate that names its source has one, and no policy makes it two.
    venue.edit("rules.toml", "least_sources = 2", "least_sources = 1");
    let run = aggregate(&venue, &[]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let failing = |name: &str| -> Vec<String> {
        let run = venue.verify(name, &["--json"]);
        let json = run.json();
        assert_eq!((run.code == 0, &json["holds"]), (json["holds"] == true, &json["holds"]));
        let clauses = json["policy"].as_array().unwrap().iter();
        let failing = clauses.filter(|clause| clause["holds"] == false);
        failing.map(|clause| clause["name"].as_str().unwrap().to_owned()).collect()
    };
    // Venue A says 0.378, venue B 0.564.
    let run = venue.run(&venue.prove_args("first", &[]));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(failing("first"), ["volatility.band.BTC"]);
    assert_eq!(venue.verify("first", &[]).code, 1);
    venue.write("feed.csv", feed().replace(",103000", ",102000"));
    assert_eq!(aggregate(&venue, &[]).code, 0);
    let run = venue.run(&venue.prove_args("second", &[]));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(failing("second"), [""; 0]);
    assert_eq!(venue.verify("second", &[]).code, 0);
    let stale = venue.read("prices.json");
    let (head, stated) = stale.split_once("\"volatilities\"").unwrap();
    let stated = stated.replace(AT, "2025-12-30T00:00:00Z");
    venue.write("prices.json", format!("{head}\"volatilities\"{stated}"));
    let run = venue.run(&venue.prove_args("third", &[]));
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let expected =
        ["max_age", "least_sources", "band"].map(|what| format!("volatility.{what}.BTC"));
    assert_eq!(failing("third"), expected);
}

/// Other volatilities are other prices: what held of volatilities and margins is not known there, and
/// nothing but these needs any.
#[test]
fn at_other_volatilities_clauses_stand_as_in_the_proof() {
    let venue = venue();
    venue.edit("rules.toml", "[policy]\n", "[policy]\nleft_out = { accounts = 0 }\n");
    venue.edit("rules.toml", "bad_debt = { ", "bad_debt = { maintenance = \"1000000\", ");
    assert_eq!(aggregate(&venue, &["--implied", "implied.csv"]).code, 0);
    assert_eq!(venue.prove("out", &[]).code, 0);
    let standing = |file: &str| -> Vec<(String, String)> {
        let args = ["reprice", "out/attestation.json", "--accept-insecure-setup", "--prices", file];
        let run = venue.run(&[&args[..], &["--json"]].concat());
        let json = run.json();
        let clauses = json["policy"].as_array().unwrap().iter();
        let told = clauses.map(|one| {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            (text("name"), text("standing"))
        });
        told.filter(|(name, _)| name.starts_with("volatility") || name.ends_with("maintenance"))
            .collect()
    };
    let all = |file: &str, standing: &[(String, String)], expected: &str| {
        assert_eq!(standing.len(), 4, "{file}: {standing:?}");
        assert!(standing.iter().all(|(_, one)| one == expected), "{file}: {standing:?}");
    };
    all("prices.json", &standing("prices.json"), "holds");
    let own = venue.read("prices.json");
    let (without, _) = own.split_once(",\n  \"volatilities\"").unwrap();
    for (file, text) in [
        ("higher.json", own.replace("0.65", "0.66")),
        ("older.json", own.replace("2025-12-31T23:55:00Z", "2025-12-31T23:54:00Z")),
        ("none.json", format!("{without}\n}}")),
    ] {
        assert_ne!(text, own);
        venue.write(file, text);
        all(file, &standing(file), "held");
    }
}
