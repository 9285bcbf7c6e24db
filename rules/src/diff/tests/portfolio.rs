//! What portfolio margin, options and classes add.

use super::*;

const MORE: &str = r#"
[[scenarios]]
name = "scan-down"
kind = "constraint"
contingency = "scan"
default_move = "-0.15"
vol_move = "0.25"
weight = "0.3"
only = ["BTC", "BTC-PERP"]

[[scenarios]]
name = "spread"
kind = "constraint"
contingency = "gap"
rates = { "long BTC-PERP" = "-0.02", "short BTC-PERP" = "-0.03" }

[options.BTC-C]
underlying = "BTC"
strike = "100000"
expiry = "2026-12-25T08:00:00Z"
side = "call"
decimals = 1

[option_margins.BTC.maintenance]
long = "0.55"
call = { base = "0.075", floor = "0.051" }
put = { base = "0.076", floor = "0.052", premium = "0.077" }

[option_margins.BTC.initial]
long = "0.45"
call = { base = "0.151", floor = "0.111" }
put = { base = "0.152", floor = "0.112" }

[classes.insurance]
assets = ["USDC", "USDT"]
markets = []

[classes.pool]
assets = ["USDT"]

[contingencies.scan]
maintenance = "1.01"
initial = "1.2"

[contingencies.gap]
maintenance = "1.02"
initial = "1.3"

[policy]
"#;

/// The rules with all of that. Where the fund is a class, it meets no bad debt at mark.
fn with_more() -> String {
    RULES.replace("[policy]", MORE).replace("mark = \"insurance\", ", "")
}

/// What is said of these rules with one text replaced by another.
#[track_caller]
fn says(from: &str, to: &str, expected: &[&str]) {
    says_of(&with_more(), from, to, expected);
}

#[track_caller]
fn says_of(rules: &str, from: &str, to: &str, expected: &[&str]) {
    assert_eq!(rules.matches(from).count(), 1, "{from}");
    let [before, after] = [rules.to_owned(), rules.replace(from, to)]
        .map(|rules| Rules::parse(&rules).unwrap_or_else(|error| panic!("{to}: {error}")));
    let said: Vec<_> = diff(&before, &after).iter().map(ToString::to_string).collect();
    assert_eq!(said, expected, "{to}");
}

#[test]
fn constraints_are_told_by_what_is_lost() {
    let scan = "scenario scan-down:";
    says(
        "\"-0.15\"",
        "\"-0.2\"",
        &[&format!("{scan} the default move goes from -0.15 to -0.2 (stricter)")],
    );
    says(
        "\"0.25\"",
        "\"0.2\"",
        &[&format!("{scan} the move of volatilities goes from 0.25 to 0.2 (looser)")],
    );
    says(
        "vol_move = \"0.25\"\n",
        "",
        &[&format!("{scan} the move of volatilities goes from 0.25 to none (looser)")],
    );
    says("weight = \"0.3\"\n", "", &[&format!("{scan} the weight rises from 0.3 to 1 (stricter)")]);
    says("\"0.3\"\n", "\"0.30\"\n", &[]);
    let about = "is about BTC, USDC instead of BTC, BTC-PERP";
    says("[\"BTC\", \"BTC-PERP\"]", "[\"USDC\", \"BTC\"]", &[&format!("{scan} {about}")]);
    says("[\"BTC\", \"BTC-PERP\"]", "[\"BTC-PERP\", \"BTC\"]", &[]);
    let about = "is about everything instead of BTC, BTC-PERP";
    says("only = [\"BTC\", \"BTC-PERP\"]\n", "", &[&format!("{scan} {about}")]);
    let spread = "scenario spread:";
    says(
        "\"-0.02\"",
        "\"-0.04\"",
        &[&format!("{spread} the rate of long BTC-PERP falls from -0.02 to -0.04 (stricter)")],
    );
    says(
        ", \"short BTC-PERP\" = \"-0.03\"",
        "",
        &[&format!("{spread} the rate of short BTC-PERP rises from -0.03 to 0 (looser)")],
    );
    says(" }\n\n[options", ", \"borrow BTC\" = \"0\" }\n\n[options", &[]);
    let rates = "rates = { \"long BTC-PERP\" = \"-0.02\", \"short BTC-PERP\" = \"-0.03\" }";
    let moves = "default_move = \"-0.1\"";
    says(rates, moves, &[&format!("{spread} takes moves instead of rates")]);
    let scanned = "default_move = \"-0.15\"\nvol_move = \"0.25\"\nweight = \"0.3\"\n\
                   only = [\"BTC\", \"BTC-PERP\"]";
    says(scanned, rates, &[&format!("{scan} takes rates instead of moves")]);
}

#[test]
fn expiries_are_told_one_by_one() {
    let scan = "scenario scan-down, expiry 2026-12-25T08:00:00Z:";
    let entry = |fields: &str| {
        format!("vol_move = \"0.25\"\nexpiries = {{ \"2026-12-25T08:00:00Z\" = {{ {fields} }} }}")
    };
    let both = "vol_move = \"0.6\", discount = \"0.94\"";
    says(
        "vol_move = \"0.25\"",
        &entry(both),
        &[
            &format!("{scan} now has an entry of its own"),
            &format!("{scan} the move of volatilities is now 0.6"),
            &format!("{scan} the discount is now 0.94"),
        ],
    );
    let rules = with_more().replace("vol_move = \"0.25\"", &entry(both));
    let rules_say = |to: &str, expected: &[&str]| says_of(&rules, &entry(both), to, expected);
    rules_say(
        &entry("move = \"-0.1\", vol_move = \"0.60\", discount = \"0.9\", weight = \"1.3\""),
        &[
            &format!("{scan} the move is now -0.1"),
            &format!("{scan} the discount falls from 0.94 to 0.9"),
            &format!("{scan} the weight is now 1.3"),
        ],
    );
    rules_say(
        "vol_move = \"0.25\"",
        &[
            &format!("{scan} no longer has an entry of its own"),
            &format!("{scan} the move of volatilities, which was 0.6, is gone"),
            &format!("{scan} the discount, which was 0.94, is gone"),
        ],
    );
}

#[test]
fn deltas_and_whose_price_rates_are_of_are_told() {
    let spread = "scenario spread:";
    let rates = "rates = { \"long BTC-PERP\" = \"-0.02\", \"short BTC-PERP\" = \"-0.03\" }";
    let of = |of: &str| format!("{rates}\nrates_of = \"{of}\"");
    says(rates, &of("price"), &[]);
    let text = "rates are of the underlying's price instead of the own";
    says(rates, &of("underlying"), &[&format!("{spread} {text}")]);
    let delta = |underlying: &str, net: &str, gross: &str| {
        format!("delta = {{ underlying = \"{underlying}\", net = \"{net}\", gross = \"{gross}\" }}")
    };
    let before = delta("BTC", "0.015", "0.005");
    says(rates, &before, &[&format!("{spread} takes a delta instead of rates")]);
    let rules = with_more().replace(rates, &before);
    let rules_say = |to: &str, expected: &[&str]| says_of(&rules, &before, to, expected);
    rules_say(&delta("BTC", "0.0150", "0.005"), &[]);
    rules_say(
        &delta("BTC", "0.02", "0.004"),
        &[
            &format!("{spread} the net rate of a delta goes from 0.015 to 0.02 (stricter)"),
            &format!("{spread} the gross rate of a delta falls from 0.005 to 0.004 (looser)"),
        ],
    );
    rules_say(
        &delta("USDC", "-0.015", "0.005"),
        &[
            &format!("{spread} is of the delta of USDC instead of BTC"),
            &format!("{spread} the net rate of a delta goes from 0.015 to -0.015"),
        ],
    );
    rules_say(rates, &[&format!("{spread} takes rates instead of a delta")]);
    rules_say("default_move = \"0\"", &[&format!("{spread} takes moves instead of a delta")]);
}

#[test]
fn a_constraint_says_what_it_bounds() {
    let one = "[[scenarios]]\nname = \"spread\"";
    let more = format!(
        "[[scenarios]]\nname = \"up\"\nkind = \"constraint\"\ncontingency = \"scan\"\n\
         default_move = \"0.1\"\n\n{one}"
    );
    says(one, &more, &["scenario up: is new, a constraint of scan (stricter)"]);
    let rules = with_more().replace("\"scan\"\ndefault", "\"gap\"\ndefault");
    let gap =
        rules.replace("[contingencies.scan]\nmaintenance = \"1.01\"\ninitial = \"1.2\"\n", "");
    let scan =
        gap.replace("[contingencies.gap]", "[contingencies.scan]").replace("\"gap\"", "\"scan\"");
    let said: Vec<_> = diff(&Rules::parse(&gap).unwrap(), &Rules::parse(&scan).unwrap())
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        said,
        [
            "scenario scan-down: changes from a constraint of gap to a constraint of scan",
            "scenario spread: changes from a constraint of gap to a constraint of scan",
            "contingency gap: is gone (looser)",
            "contingency scan: is new (stricter)",
        ]
    );
}

#[test]
fn credit_says_which_borrows_count() {
    let credit = "[[scenarios]]\nname = \"credit\"\nkind = \"credit\"\nmargin = \"initial\"\n\n";
    let scenario = format!("{credit}[options.BTC-C]");
    says("[options.BTC-C]", &scenario, &["scenario credit: is new, a credit by initial margin"]);
    let rules = with_more().replace("[options.BTC-C]", &scenario);
    let switched = "[policy]\n\nper_asset_credit = true\n";
    let text = "policy: borrows are now credited against deposits (looser)";
    let rules = rules.replace("per_asset = [\"BTC\", \"USDC\"]", "per_asset = \"all\"");
    says_of(&rules, "[policy]\n", switched, &[text]);
}

#[test]
fn contingencies_count_more_or_less() {
    let text = "contingency scan: the count in maintenance margin rises from 1.01 to 2 (stricter)";
    says("\"1.01\"", "\"2\"", &[text]);
    let text = "contingency gap: the count in initial margin falls from 1.3 to 1 (looser)";
    says("\"1.3\"", "\"1\"", &[text]);
}

#[test]
fn options_come_go_and_change() {
    let margins = r#"
[option_margins.USDC]
maintenance = { long = "0", call = { base = "0", floor = "0" }, put = { base = "0", floor = "0" } }
initial = { long = "0", call = { base = "0", floor = "0" }, put = { base = "0", floor = "0" } }

[policy]"#;
    let rules = with_more().replace("[policy]", margins);
    let follows = ["BTC-C: follows USDC instead of BTC"];
    says_of(&rules, "\"BTC\"\nstrike", "\"USDC\"\nstrike", &follows);
    says("\"100000\"", "\"110000\"", &["BTC-C: the strike rises from 100000 to 110000"]);
    let expiry = "BTC-C: the expiry changes from 2026-12-25T08:00:00Z to 2027-12-25T08:00:00Z";
    says("2026-12-25", "2027-12-25", &[expiry]);
    says("\"call\"", "\"put\"", &["BTC-C: changes from a call to a put"]);
    says("decimals = 1\n", "decimals = 0\n", &["BTC-C: decimals of a quantity change from 1 to 0"]);
    says(
        "options.BTC-C]",
        "options.BTC-D]",
        &["BTC-C: is no longer an option (stricter)", "BTC-D: is a new option (looser)"],
    );
}

#[test]
fn margins_of_options_are_told_part_by_part() {
    let on = "options on BTC:";
    for (from, to, text) in [
        ("\"0.55\"", "\"0.5\"", "maintenance weight of longs falls from 0.55 to 0.5 (stricter)"),
        ("\"0.45\"", "\"0.5\"", "initial weight of longs rises from 0.45 to 0.5 (looser)"),
        (
            "\"0.075\"",
            "\"0.1\"",
            "maintenance base of short calls rises from 0.075 to 0.1 (stricter)",
        ),
        ("\"0.112\"", "\"0.1\"", "initial floor of short puts falls from 0.112 to 0.1 (looser)"),
        (
            ", premium = \"0.077\"",
            "",
            "maintenance premium of short puts falls from 0.077 to 0 (looser)",
        ),
    ] {
        says(from, to, &[&format!("{on} {text}")]);
    }
    let other = "[option_margins.ETH.initial]\nlong = \"0\"\ncall = { base = \"0\", floor = \"0\" }\n\
                 put = { base = \"0\", floor = \"0\" }\n\n[classes.insurance]";
    says("[classes.insurance]", other, &["options on ETH: initial margin is now set"]);
}

#[test]
fn classes_may_hold_more_or_less() {
    let fund = "class insurance: may hold";
    for (from, to, text) in [
        ("[\"USDC\", \"USDT\"]\nmarkets", "[\"USDT\", \"USDC\"]\nmarkets", None),
        (
            "[\"USDC\", \"USDT\"]\nmarkets",
            "[\"USDC\"]\nmarkets",
            Some("USDC where it might hold USDC, USDT (stricter)"),
        ),
        ("markets = []\n", "", Some("every market where it might hold no market (looser)")),
        (
            "[\"USDC\", \"USDT\"]\nmarkets",
            "[\"BTC\"]\nmarkets",
            Some("BTC where it might hold USDC, USDT"),
        ),
    ] {
        let expected = text.map(|text| format!("{fund} {text}"));
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        says(from, to, &expected);
    }
    says("[classes.pool]", "[classes.house]", &["class house: is new", "class pool: is gone"]);
}
