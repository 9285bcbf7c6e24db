mod portfolio;

use super::*;

const RULES: &str = r#"
name = "a"
source = "b"
date = "2026-01-01"
exactness = "exact"
quote = "USD"
value_decimals = 12
quote_decimals = 6
asset_default = { decimals = 2, maintenance = "0.5", initial = "0.4", borrow = false }

[[scenarios]]
name = "mark"
kind = "mark"

[[scenarios]]
name = "maintenance"
kind = "margin"
margin = "maintenance"

[[scenarios]]
name = "initial"
kind = "margin"
margin = "initial"

[[scenarios]]
name = "crash"
kind = "stress"
default_move = "-0.5"
moves = { BTC = "-0.4" }

[assets.BTC]
decimals = 3
tiers = [{ up_to = "5", maintenance = "0.95", initial = "0.9" }, { maintenance = "0.8", initial = "0.7" }]
borrow_maintenance = "1.05"
borrow_initial = "1.1"

[assets.USDC]
also = ["USDT"]
decimals = 2
shocked = false
maintenance = "1"
initial = "1"

[markets.BTC-PERP]
underlying = "BTC"
decimals = 2
tiers = [{ up_to = "10", maintenance = "0.05", initial = "0.1" }, { maintenance = "0.1", initial = "0.2" }]

[policy]
min_coverage = "1"
per_asset = ["BTC", "USDC"]
bad_debt = { mark = "insurance", crash = "5000" }
open_interest_matched = true
"#;

/// What is said of the rules with one text replaced by another.
fn said(from: &str, to: &str) -> Vec<String> {
    assert_eq!(RULES.matches(from).count(), 1, "{from}");
    let [before, after] = [RULES.to_owned(), RULES.replace(from, to)]
        .map(|rules| Rules::parse(&rules).unwrap_or_else(|error| panic!("{to}: {error}")));
    diff(&before, &after).iter().map(ToString::to_string).collect()
}

#[track_caller]
fn says(from: &str, to: &str, expected: &[&str]) {
    assert_eq!(said(from, to), expected, "{to}");
}

#[test]
fn numbers_are_compared_by_value() {
    says("maintenance = \"0.95\"", "maintenance = \"0.950\"", &[]);
    says("up_to = \"5\"", "up_to = \"5.00\"", &[]);
    says("shocked = false\n", "shocked = false\nborrow = true\n", &[]);
}

#[test]
fn what_rules_are_called_is_neither_stricter_nor_looser() {
    says("name = \"a\"", "name = \"c\"", &["rules: the name changes from `a` to `c`"]);
    says("\"b\"", "\"c\"", &["rules: the source changes from `b` to `c`"]);
    says("-01-01", "-01-02", &["rules: the date changes from `2026-01-01` to `2026-01-02`"]);
    says("\"exact\"", "\"so\"", &["rules: the exactness changes from `exact` to `so`"]);
    says("\"USD\"", "\"EUR\"", &["rules: the quote currency changes from `USD` to `EUR`"]);
    says("= 12", "= 13", &["rules: the value decimals change from 12 to 13"]);
    says("= 6\n", "= 7\n", &["rules: the quote decimals change from 6 to 7"]);
}

#[test]
fn a_smaller_weight_and_a_larger_margin_are_stricter() {
    let expected = "BTC: maintenance weight of deposits up to 5 falls from 0.95 to 0.9 (stricter)";
    says("maintenance = \"0.95\"", "maintenance = \"0.9\"", &[expected]);
    let expected = "BTC: initial weight of deposits above 5 rises from 0.7 to 0.75 (looser)";
    says("\"0.7\"", "\"0.75\"", &[expected]);
    let expected = "BTC-PERP: maintenance margin of positions up to 10 rises from 0.05 to 0.06 \
                    (stricter)";
    says("\"0.05\"", "\"0.06\"", &[expected]);
    let expected = "BTC-PERP: initial margin of positions above 10 falls from 0.2 to 0.15 (looser)";
    says("\"0.2\"", "\"0.15\"", &[expected]);
    let one = "BTC: maintenance weight of borrows rises from 1.05 to 1.2 (stricter)";
    says("\"1.05\"", "\"1.2\"", &[one]);
    let one = "BTC: initial weight of borrows falls from 1.1 to 1 (looser)";
    says("borrow_initial = \"1.1\"\n", "", &[one]);
}

#[test]
fn moved_bounds_are_told_by_the_sizes_they_touch() {
    says(
        "up_to = \"5\"",
        "up_to = \"7\"",
        &[
            "BTC: maintenance weight of deposits from 5 to 7 rises from 0.8 to 0.95 (looser)",
            "BTC: initial weight of deposits from 5 to 7 rises from 0.7 to 0.9 (looser)",
        ],
    );
    let tiers = "tiers = [{ up_to = \"5\", maintenance = \"0.95\", initial = \"0.9\" }, ";
    let cut = format!("{tiers}{{ up_to = \"9\", maintenance = \"0.8\", initial = \"0.7\" }}, ");
    says(tiers, &cut, &["BTC: the tiers of the weight of deposits are cut otherwise"]);
}

#[test]
fn bounds_in_values_are_told_as_values() {
    let sized = "up_to = \"5\"";
    let first = "maintenance = \"0.95\", initial = \"0.9\"";
    let was = "0.95 up to 5, 0.8 above";
    says(
        sized,
        "up_to_value = \"50000\"",
        &[
            "BTC: the tiers of the weight of deposits end at values instead of quantities: which \
             asks for more is a question of the price",
            &format!(
                "BTC: maintenance weight of deposits was {was}; is now 0.95 up to a value of 50000, 0.8 above"
            ),
            "BTC: initial weight of deposits was 0.9 up to 5, 0.7 above; is now 0.9 up to a value of \
             50000, 0.7 above",
        ],
    );
    let in_values = RULES.replace(sized, "up_to_value = \"50000\"");
    let told = |from: &str, to: &str| -> Vec<String> {
        assert_eq!(in_values.matches(from).count(), 1, "{from}");
        let [before, after] = [in_values.clone(), in_values.replace(from, to)]
            .map(|rules| Rules::parse(&rules).unwrap());
        diff(&before, &after).iter().map(ToString::to_string).collect()
    };
    assert_eq!(told("\"50000\"", "\"50000.0\""), Vec::<String>::new());
    let of = "weight of deposits";
    assert_eq!(
        told("\"50000\"", "\"70000\""),
        [
            format!(
                "BTC: maintenance {of} from a value of 50000 to 70000 rises from 0.8 to 0.95 (looser)"
            ),
            format!(
                "BTC: initial {of} from a value of 50000 to 70000 rises from 0.7 to 0.9 (looser)"
            ),
        ]
    );
    let less = first.replace("0.95", "0.85");
    let expected =
        format!("BTC: maintenance {of} up to a value of 50000 falls from 0.95 to 0.85 (stricter)");
    assert_eq!(told(first, &less), [expected]);
    let expected =
        format!("BTC: maintenance {of} above a value of 50000 falls from 0.8 to 0.75 (stricter)");
    assert_eq!(told("\"0.8\"", "\"0.75\""), [expected]);
}

#[test]
fn bounds_in_amounts_of_an_asset_are_told_as_such() {
    let rates = "maintenance = \"0.05\", initial = \"0.1\"";
    says(
        "tiers = [{ up_to = \"10\"",
        "tiers_in = \"BTC\"\ntiers = [{ up_to_value = \"10\"",
        &[
            "BTC-PERP: the tiers of the margin of positions end at amounts of BTC instead of quantities: \
             which asks for more is a question of the price",
            "BTC-PERP: maintenance margin of positions was 0.05 up to 10, 0.1 above; is now 0.05 up to a \
             value of 10, 0.1 above",
            "BTC-PERP: initial margin of positions was 0.1 up to 10, 0.2 above; is now 0.1 up to a value of \
             10, 0.2 above",
        ],
    );
    let amounts = "tiers_in = \"BTC\"\ntiers = [{ up_to_value = \"10\"";
    let amounts = RULES.replace("tiers = [{ up_to = \"10\"", amounts);
    let more = Rules::parse(&amounts.replace(rates, &rates.replace("0.05", "0.06"))).unwrap();
    let told = diff(&Rules::parse(&amounts).unwrap(), &more);
    let told: Vec<_> = told.iter().map(ToString::to_string).collect();
    let of = "maintenance margin of positions up to a value of 10";
    assert_eq!(told, [format!("BTC-PERP: {of} rises from 0.05 to 0.06 (stricter)")]);
}

#[test]
fn margin_that_rises_with_open_interest_is_stricter() {
    let market = "underlying = \"BTC\"\n";
    let scaled = |caps: &str| format!("{market}open_interest = {{ {caps} }}\n");
    let caps = scaled("lower = \"10\", upper = \"20\"");
    let new = "BTC-PERP: initial margin now rises with open interest, from 10 to 20 (stricter)";
    says(market, &caps, &[new]);
    let before = Rules::parse(&RULES.replace(market, &caps)).unwrap();
    let told = |text: &str| -> Vec<String> {
        let after = Rules::parse(&RULES.replace(market, text)).unwrap();
        diff(&before, &after).iter().map(ToString::to_string).collect()
    };
    let gone = "BTC-PERP: initial margin no longer rises with open interest (looser)";
    assert_eq!(told(market), [gone]);
    let rises = "BTC-PERP: the open interest up to which initial margin is as in the tiers rises from \
                 10 to 11 (looser)";
    let all = "BTC-PERP: the open interest from which initial margin is all falls from 20 to 19 \
               (stricter)";
    assert_eq!(told(&scaled("lower = \"11\", upper = \"19\"")), [rises, all]);
    assert_eq!(told(&scaled("lower = \"10.0\", upper = \"20\"")), Vec::<String>::new());
}

#[test]
fn scenarios_come_go_and_change() {
    let crash = "[[scenarios]]\nname = \"crash\"";
    let more =
        format!("[[scenarios]]\nname = \"x\"\nkind = \"stress\"\ndefault_move = \"0\"\n{crash}");
    says(crash, &more, &["scenario x: is new, a stress (stricter)"]);
    let [a, b] = ["name = \"initial\"\nkind", "name = \"early\"\nkind"];
    says(
        a,
        b,
        &[
            "scenario initial: is gone (looser)",
            "scenario early: is new, an initial margin (stricter)",
        ],
    );
    let expected = "scenario initial: changes from an initial margin to a maintenance margin";
    says("margin = \"initial\"", "margin = \"maintenance\"", &[expected]);
    let expected = "scenario crash: the default move goes from -0.5 to -0.6 (stricter)";
    says("\"-0.5\"", "\"-0.6\"", &[expected]);
    says("\"-0.5\"", "\"0.6\"", &["scenario crash: the default move goes from -0.5 to 0.6"]);
    let expected = "scenario crash: the move of BTC goes from -0.4 to -0.3 (looser)";
    says("\"-0.4\"", "\"-0.3\"", &[expected]);
    let expected = "scenario crash: the move of BTC, no longer its own, goes from -0.4 to -0.5 \
                    (stricter)";
    says("moves = { BTC = \"-0.4\" }", "", &[expected]);
    let expected = "scenario crash: the move of ETH, now its own, stays -0.5";
    says("{ BTC = \"-0.4\" }", "{ BTC = \"-0.4\", ETH = \"-0.5\" }", &[expected]);
    let expected =
        "scenario crash: the move of USDC, now its own, goes from none to -0.1 (stricter)";
    says("{ BTC = \"-0.4\" }", "{ BTC = \"-0.4\", USDC = \"-0.1\" }", &[expected]);
    let swapped = RULES
        .replace("name = \"maintenance\"\nkind = \"margin\"\nmargin = \"maintenance\"", "@")
        .replace("name = \"initial\"\nkind = \"margin\"\nmargin = \"initial\"", "#")
        .replace('@', "name = \"initial\"\nkind = \"margin\"\nmargin = \"initial\"")
        .replace('#', "name = \"maintenance\"\nkind = \"margin\"\nmargin = \"maintenance\"");
    says(RULES, &swapped, &["rules: the scenarios stand in another order"]);
}

#[test]
fn assets_and_markets_come_go_and_change() {
    says(
        "asset_default = {",
        "#",
        &["assets without a rule of their own: may no longer be held (stricter)"],
    );
    let expected = "assets without a rule of their own: maintenance weight of deposits falls from \
                    0.5 to 0.45 (stricter)";
    says("\"0.5\"", "\"0.45\"", &[expected]);
    says(
        "initial = \"0.4\", borrow = false",
        "initial = \"0.4\"",
        &["assets without a rule of their own: can now be borrowed (looser)"],
    );
    says("decimals = 3", "decimals = 4", &["BTC: decimals of a quantity change from 3 to 4"]);
    says(
        "shocked = false",
        "shocked = true",
        &["USDC: default moves now apply (stricter)", "USDT: default moves now apply (stricter)"],
    );
    // What has no rule of its own any more falls under the default.
    says(
        "also = [\"USDT\"]\n",
        "",
        &[
            "USDT: no longer has a rule of its own",
            "USDT: default moves now apply (stricter)",
            "USDT: maintenance weight of deposits falls from 1 to 0.5 (stricter)",
            "USDT: initial weight of deposits falls from 1 to 0.4 (stricter)",
            "USDT: can no longer be borrowed (stricter)",
            "USDC: the rule, which also held for USDT, now also holds for nothing",
        ],
    );
    says("underlying = \"BTC\"", "underlying = \"ETH\"", &["BTC-PERP: follows ETH instead of BTC"]);
    says(
        "markets.BTC-PERP",
        "markets.BTC2-PERP",
        &["BTC-PERP: is no longer a market (stricter)", "BTC2-PERP: is a new market (looser)"],
    );
}

#[test]
fn an_asset_without_any_rule_cannot_be_held() {
    let rules = RULES.replace("asset_default", "#");
    let [before, after] = [rules.clone(), rules.replace("also = [\"USDT\"]", "also = [\"DAI\"]")]
        .map(|rules| Rules::parse(&rules).unwrap());
    let said: Vec<_> = diff(&before, &after).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "DAI: may now be held (looser)",
            "USDT: may no longer be held (stricter)",
            "USDC: the rule, which also held for USDT, now also holds for DAI",
        ]
    );
}

#[test]
fn the_policy_is_told_clause_by_clause() {
    let coverage = "min_coverage = \"1\"\n";
    says(coverage, "", &["policy: a coverage of 1 is no longer required (looser)"]);
    says(
        coverage,
        "min_coverage = \"1.1\"\n",
        &["policy: the coverage rises from 1 to 1.1 (stricter)"],
    );
    let assets = "per_asset = [\"BTC\", \"USDC\"]\n";
    let reserves = "policy: reserves asset by asset change from those of BTC, USDC to those of";
    says(assets, "per_asset = \"all\"\n", &[&format!("{reserves} every asset (stricter)")]);
    says(assets, "per_asset = [\"BTC\"]\n", &[&format!("{reserves} BTC (looser)")]);
    says(assets, "per_asset = [\"USDT\"]\n", &[&format!("{reserves} USDT")]);
    says(assets, "", &[&format!("{reserves} no asset (looser)")]);
    let limit = "policy: the limit of bad debt in crash";
    says("\"5000\"", "\"4999\"", &[&format!("{limit} falls from 5000 to 4999 (stricter)")]);
    says(
        "\"5000\"",
        "\"insurance\"",
        &[&format!("{limit} changes from 5000 to the insurance fund")],
    );
    says(", crash = \"5000\"", "", &[&format!("{limit} changes from 5000 to none (looser)")]);
    let expected = "policy: open interest need no longer match (looser)";
    says("_matched = true", "_matched = false", &[expected]);
}

#[test]
fn the_same_the_other_way_round_has_the_opposite_effect() {
    let [before, after] = [RULES.to_owned(), RULES.replace("\"0.95\"", "\"0.91\"")]
        .map(|rules| Rules::parse(&rules).unwrap());
    assert_eq!(diff(&before, &after)[0].effect, Effect::Stricter);
    assert_eq!(diff(&after, &before)[0].effect, Effect::Looser);
    assert_eq!(diff(&before, &before), []);
}

#[test]
fn the_policys_newer_clauses_are_told() {
    let policy = "open_interest_matched = true\n";
    let with = |more: &str| RULES.replace(policy, &format!("{policy}{more}\n"));
    let told = |before: &str, after: &str, expected: &[&str]| {
        let [before, after] = [before, after].map(|more| Rules::parse(&with(more)).unwrap());
        let said: Vec<_> = diff(&before, &after).iter().map(ToString::to_string).collect();
        let expected: Vec<_> = expected.iter().map(|text| format!("policy: {text}")).collect();
        assert_eq!(said, expected);
    };
    let crash = "coverage = { crash = \"0.9\" }";
    told("", crash, &["a coverage of 0.9 is now required in crash (stricter)"]);
    told(crash, "", &["a coverage of 0.9 is no longer required in crash (looser)"]);
    let more = "coverage = { crash = \"0.95\" }";
    told(crash, more, &["the coverage in crash rises from 0.9 to 0.95 (stricter)"]);
    let (hour, day) = ("max_distance = { prices = \"1h\" }", "max_distance = { prices = \"1d\" }");
    told("", hour, &["prices have to be at most 1h away from the snapshot now (stricter)"]);
    told(hour, "", &["prices need no longer be at most 1h away from the snapshot (looser)"]);
    let goes = "how far prices may be from the snapshot goes from";
    told(hour, day, &[&format!("{goes} 1h to 1d (looser)")]);
    told(day, hour, &[&format!("{goes} 1d to 1h (stricter)")]);
    told(hour, "max_distance = { prices = \"60m\" }", &[]);
    let drand = "drawn = { from = \"drand:quicknet\", missed_days = 2 }";
    let block = "drawn = { from = \"eip155:1\" }";
    told("", drand, &["the snapshot's time now has to be drawn from drand:quicknet (stricter)"]);
    told(block, "", &["the snapshot's time need not be drawn from eip155:1 now (looser)"]);
    let other = "the snapshot's time is drawn from eip155:1 and no longer from drand:quicknet";
    told(drand, block, &[other, "the limit of missed days goes from 2 to 0 (stricter)"]);
    let reserves = "max_distance = { prices = \"1h\", reserves = \"2d\" }";
    let now = "reserves have to be at most 2d away from the snapshot now (stricter)";
    told(hour, reserves, &[now]);
    let most = |text: &str| format!("left_out = {{ {text} }}");
    let accounts = |most: u64| format!("left_out = {{ accounts = {most} }}");
    told("", &accounts(3), &["the limit of accounts left out is now 3 (stricter)"]);
    told(&accounts(3), "", &["the limit of accounts left out, which was 3, is gone (looser)"]);
    let fewer = "the limit of accounts left out falls from 3 to 2 (stricter)";
    told(&accounts(3), &accounts(2), &[fewer]);
    let (none, spam) = (most("assets = {}"), most("assets = { SPAM = \"5\" }"));
    told("", &none, &["no asset may be left out now (stricter)"]);
    told("", &spam, &["no asset but up to 5 SPAM may be left out now (stricter)"]);
    told(&spam, "", &["any amount of any asset may be left out now (looser)"]);
    told(&none, &spam, &["up to 5 SPAM may be left out now (looser)"]);
    told(&spam, &none, &["SPAM may no longer be left out (stricter)"]);
    let six = most("assets = { SPAM = \"6\" }");
    told(&spam, &six, &["the limit of SPAM left out rises from 5 to 6 (looser)"]);
    let (one, two) = (most("rounding = \"1\""), most("rounding = \"2\""));
    told("", &one, &["the limit of rounding is now 1 (stricter)"]);
    told(&one, &two, &["the limit of rounding rises from 1 to 2 (looser)"]);
}
