//! Every clause of a policy at its limit, and one unit beside it.

use jiff::Timestamp;
use pacioli_attestation::{
    AssetLeftOut, Backing, By, Clause, Evidence, Figures, Header, Reserves, backing,
    evaluate_policy, figures,
};
use pacioli_circuits::{Total, Totals};
use pacioli_rules::{
    Amount, Compiled, Prices, Rules, compile,
    testing::{PRICES, RULES},
};

use crate::evidence;

/// The small book's rules with another policy.
fn rules(policy: &str) -> Rules {
    let (head, _) = RULES.split_once("[policy]").unwrap();
    Rules::parse(&format!("{head}[policy]\n{policy}")).unwrap()
}

fn compiled(rules: &Rules) -> Compiled {
    let prices = Prices::parse(PRICES).unwrap();
    compile(rules, &prices).unwrap()
}

/// Figures of totals that are nothing but these, in smallest units.
fn figures_of(compiled: &Compiled, rows: &[(&str, u128)]) -> Figures {
    let mut totals = Totals(vec![Total::default(); compiled.rows.len()]);
    for (name, quantity) in rows {
        totals.0[compiled.find(name).unwrap().row()] = Total { count: 1, quantity: *quantity };
    }
    figures(compiled, &totals).unwrap()
}

fn reserves(entries: &[(&str, &str, &str)]) -> Reserves {
    let entry = |(asset, amount, purpose): &(&str, &str, &str)| {
        format!(
            r#"{{ "asset": "{asset}", "amount": "{amount}", "chain": "{purpose}", "address": "a",
                  "evidence": "e", "purpose": "{purpose}" }}"#
        )
    };
    let entries: Vec<_> = entries.iter().map(entry).collect();
    let entries = entries.join(", ");
    let text = format!(r#"{{ "as_of": "2026-01-01T00:00:00Z", "reserves": [{entries}] }}"#);
    Reserves::parse(&text).unwrap()
}

/// The one clause of a policy on these totals and reserves.
fn backed(policy: &str, totals: &[(&str, u128)], held: &[(&str, &str, &str)]) -> Clause {
    let rules = rules(policy);
    let compiled = compiled(&rules);
    let figures = figures_of(&compiled, totals);
    let clauses = evidence::clauses(rules.policy(), &compiled, &figures, Some(&reserves(held)));
    let [clause] = &clauses[..] else { panic!("{clauses:?}") };
    clause.clone()
}

/// The one clause of a policy on what the publisher says.
fn said(policy: &str, change: impl FnOnce(&mut Header, &mut Timestamp, &mut Reserves)) -> Clause {
    let rules = rules(policy);
    let compiled = compiled(&rules);
    let figures = figures_of(&compiled, &[]);
    let (mut header, mut reserves) = (evidence::header(), reserves(&[]));
    let mut prices_as_of = header.as_of;
    change(&mut header, &mut prices_as_of, &mut reserves);
    let evidence = Evidence {
        compiled: &compiled,
        figures: &figures,
        reserves: Some(&reserves),
        header: &header,
        prices_as_of,
        block_hashes: &[],
        refused: &Default::default(),
    };
    let clauses = evaluate_policy(rules.policy(), &evidence);
    let [clause] = &clauses[..] else { panic!("{clauses:?}") };
    clause.clone()
}

#[track_caller]
fn is(clause: &Clause, name: &str, holds: bool, by: By, detail: &str) {
    let found = (clause.name.as_str(), clause.holds, clause.by, clause.detail.as_str());
    assert_eq!(found, (name, holds, by, detail));
}

#[test]
fn coverage_in_a_stress_is_of_reserves_at_its_prices() {
    // 1 BTC is worth 12,000 in the crash; 12,000 over 0.8 is 15,000.
    let policy = "coverage = { crash = \"0.8\" }";
    let btc = [("BTC", "1", "customers"), ("BTC", "9", "insurance")];
    let clause = |units| backed(policy, &[("equity:crash", units), ("equity:mark", 7)], &btc);
    let at = clause(15_000_000_000);
    let detail = "reserves for customers are worth 12000 USD and 15000 USD is owed: coverage 0.8 \
                  rounded down, at least 0.8 required";
    is(&at, "coverage.crash", true, By::Publisher, detail);
    let beside = clause(15_000_000_001);
    assert!(!beside.holds && beside.detail.contains("coverage 0.7999 rounded down"), "{beside:?}");
    let nothing = clause(0);
    assert!(nothing.holds && nothing.detail.contains(": nothing is owed,"), "{nothing:?}");
}

#[test]
fn the_insurance_clause_counts_all_reserves_at_the_prices_of_the_scenario() {
    let policy = "bad_debt = { crash = \"insurance\" }";
    let held = [("BTC", "1", "customers"), ("USDC", "500", "insurance")];
    let clause = |units| backed(policy, &[("equity:crash", units)], &held);
    let detail = "all reserves are worth 12500 USD and 12500 USD is owed: 0 USD is left for the \
                  insurance fund";
    is(&clause(12_500_000_000), "bad_debt.crash", true, By::Publisher, detail);
    let detail = "all reserves are worth 12500 USD and 12500.000001 USD is owed: 0.000001 USD is \
                  missing";
    is(&clause(12_500_000_001), "bad_debt.crash", false, By::Publisher, detail);
    let mark = "bad_debt = { mark = \"insurance\" }";
    let held = [("USDC", "5", "customers"), ("USD", "1.5", "insurance")];
    let clause = |units| backed(mark, &[("equity:mark", units)], &held);
    assert!(clause(6_500_000).holds);
    assert!(!clause(6_500_001).holds);
}

#[test]
fn an_amount_of_bad_debt_is_proved_and_rests_on_no_reserves() {
    let clause = |units| {
        backed("bad_debt = { maintenance = \"5.5\" }", &[("shortfall:maintenance", units)], &[])
    };
    let detail = "bad debt is 5.5 USD in 1 account, and the limit is 5.5 USD";
    is(&clause(5_500_000), "bad_debt.maintenance", true, By::Proved, detail);
    assert!(!clause(5_500_001).holds);
}

#[test]
fn matched_open_interest_is_proved() {
    let clause = |long| {
        let totals = [("long ETH-PERP tier 1", long), ("short ETH-PERP tier 2", 5)];
        backed("open_interest_matched = true", &totals, &[])
    };
    let name = "open_interest_matched.ETH-PERP";
    is(&clause(5), name, true, By::Proved, "long 0.05, short 0.05");
    assert!(!clause(4).holds && !clause(6).holds);
}

#[test]
fn prices_are_of_about_the_time_of_the_snapshot() {
    let policy = "max_distance = { prices = \"15m\" }";
    let clause = |as_of: &str| said(policy, |_, prices, _| *prices = as_of.parse().unwrap());
    let name = "max_distance.prices";
    let detail = "prices of 2026-01-01T00:15:00Z are 15m away from the snapshot, and at most 15m \
                  is allowed";
    is(&clause("2026-01-01T00:15:00Z"), name, true, By::Publisher, detail);
    let detail = "prices of 2026-01-01T00:15:01Z are 901s away from the snapshot, and at most 15m \
                  is allowed";
    is(&clause("2026-01-01T00:15:01Z"), name, false, By::Publisher, detail);
    assert!(clause("2025-12-31T23:45:00Z").holds, "before it");
    assert!(!clause("2025-12-31T23:44:59Z").holds);
    assert!(!clause("2026-01-01T00:15:00.001Z").holds);
    assert!(!clause("2019-01-01T00:00:00Z").holds);
}

#[test]
fn reserves_are_of_about_the_time_of_the_snapshot() {
    let policy = "max_distance = { reserves = \"1d\" }";
    let clause = |as_of: &str| said(policy, |_, _, held| held.as_of = as_of.parse().unwrap());
    let name = "max_distance.reserves";
    let detail =
        "reserves of 2026-01-02T00:00:00Z are 1d away from the snapshot, and at most 1d is allowed";
    is(&clause("2026-01-02T00:00:00Z"), name, true, By::Publisher, detail);
    assert!(!clause("2026-01-02T00:00:01Z").holds);
    assert!(!clause("2025-12-30T23:59:59Z").holds);
    let rules = rules(policy);
    let compiled = compiled(&rules);
    let none = evidence::clauses(rules.policy(), &compiled, &figures_of(&compiled, &[]), None);
    is(&none[0], name, false, By::Publisher, "there are no reserves");
}

#[test]
fn no_more_accounts_are_left_out_than_allowed() {
    let clause = |count| {
        said("left_out = { accounts = 2 }", |header, _, _| header.accounts_left_out = count)
    };
    let name = "left_out.accounts";
    is(&clause(2), name, true, By::Publisher, "2 accounts left out, and at most 2 allowed");
    is(&clause(3), name, false, By::Publisher, "3 accounts left out, and at most 2 allowed");
    assert_eq!(clause(1).detail, "1 account left out, and at most 2 allowed");
}

#[test]
fn no_more_of_an_asset_is_left_out_than_allowed() {
    let clause = |assets: &str, excluded: &[(&str, &str, &str)]| {
        said(&format!("left_out = {{ assets = {{ {assets} }} }}"), |header, _, _| {
            let exclusion = |(asset, deposits, borrows): &(&str, &str, &str)| AssetLeftOut {
                asset: (*asset).to_owned(),
                lines: 1,
                accounts: 1,
                deposits: deposits.parse().unwrap(),
                borrows: borrows.parse().unwrap(),
            };
            header.left_out = excluded.iter().map(exclusion).collect();
        })
    };
    let (name, spam) = ("left_out.assets", "SPAM = \"5.5\"");
    is(&clause("", &[]), name, true, By::Publisher, "no asset left out");
    let detail = "deposits of 1 SPAM and borrows of 0 SPAM left out, and none of it is allowed";
    is(&clause("", &[("SPAM", "1", "0")]), name, false, By::Publisher, detail);
    assert!(!clause("", &[("SPAM", "0", "0")]).holds, "none is not some");
    let detail = "1 asset left out, no more of it than is allowed";
    is(&clause(spam, &[("SPAM", "5.5", "5.5")]), name, true, By::Publisher, detail);
    let detail = "deposits of 5.51 SPAM and borrows of 0 SPAM left out, and at most 5.5 SPAM of \
                  either is allowed";
    is(&clause(spam, &[("SPAM", "5.51", "0")]), name, false, By::Publisher, detail);
    assert!(!clause(spam, &[("SPAM", "0", "5.51")]).holds, "loans count too");
    assert!(!clause(spam, &[("SPAM", "1", "1"), ("OTHER", "1", "0")]).holds);
}

#[test]
fn no_more_is_rounded_than_allowed() {
    let clause = |bound| {
        said("left_out = { rounding = \"0.5\" }", |header, _, _| {
            header.rounding.bound = Amount::new(bound, 6);
        })
    };
    let detail = "rounding changed 0.5 USD at most, and 0.5 USD is allowed";
    is(&clause(500_000u32), "left_out.rounding", true, By::Publisher, detail);
    assert!(!clause(500_001u32).holds);
}

/// Whatever the policy allows, and in whatever case a source writes the asset.
#[test]
fn what_was_refused_a_price_may_not_be_left_out() {
    let rules = rules("left_out = { assets = { SPAM = \"100\" } }");
    let compiled = compiled(&rules);
    let figures = figures_of(&compiled, &[]);
    let mut header = evidence::header();
    header.left_out.push(AssetLeftOut {
        asset: "SPAM".to_owned(),
        lines: 1,
        accounts: 1,
        deposits: "7".parse().unwrap(),
        borrows: "0".parse().unwrap(),
    });
    let clauses = |header: &Header, refused: &str| {
        let refused = [(refused.to_owned(), "the sources lie apart".to_owned())].into();
        let prices_as_of = header.as_of;
        let (compiled, figures) = (&compiled, &figures);
        let evidence = Evidence {
            compiled,
            figures,
            reserves: None,
            header,
            prices_as_of,
            block_hashes: &[],
            refused: &refused,
        };
        evaluate_policy(rules.policy(), &evidence)
    };
    for spelt in ["SPAM", "Spam"] {
        let [assets, refused] = &clauses(&header, spelt)[..] else { panic!("two clauses") };
        assert!(assets.holds, "the policy allows it");
        let detail = "deposits of 7 SPAM and borrows of 0 SPAM left out, whose price was refused: the \
                      sources lie apart";
        is(refused, "left_out.refused.SPAM", false, By::Publisher, detail);
    }
    assert_eq!(clauses(&header, "OTHER").len(), 1);
    header.left_out.clear();
    assert_eq!(clauses(&header, "SPAM").len(), 1, "nobody holds it, so nothing is left out");
}

#[test]
fn clauses_stand_in_one_order() {
    let rules = rules(
        "open_interest_matched = true\nper_asset = [\"USDC\", \"BTC\"]\nmin_coverage = \"1\"\n\
         coverage = { crash = \"1\" }\nbad_debt = { maintenance = \"1\", crash = \"insurance\" }\n\
         left_out = { rounding = \"1\", assets = {}, accounts = 1 }\n\
         max_distance = { reserves = \"1s\", prices = \"1s\" }",
    );
    let compiled = compiled(&rules);
    let figures = figures_of(&compiled, &[]);
    let clauses = evidence::clauses(rules.policy(), &compiled, &figures, None);
    let names: Vec<_> = clauses.iter().map(|clause| clause.name.as_str()).collect();
    let expected = [
        "min_coverage",
        "coverage.crash",
        "per_asset.USDC",
        "per_asset.BTC",
        "bad_debt.crash",
        "bad_debt.maintenance",
        "open_interest_matched.ETH-PERP",
        "max_distance.prices",
        "max_distance.reserves",
        "left_out.accounts",
        "left_out.assets",
        "left_out.rounding",
    ];
    assert_eq!(names, expected);
    let letters: String = clauses.iter().map(|clause| clause.by.letter()).collect();
    assert_eq!(letters, "WWWWWPPWWWWW");
    assert_eq!(serde_json::to_value(&clauses[5]).unwrap()["by"], "P");
}

/// A reader may ask for what the publisher's rules do not have.
#[test]
fn a_readers_clause_about_what_is_not_there_does_not_hold() {
    let own = rules("min_coverage = \"1\"");
    let compiled = compiled(&own);
    let mut policy = own.policy().clone();
    policy.coverage.insert("dip".to_owned(), "1".parse().unwrap());
    policy.bad_debt.insert("dip".to_owned(), pacioli_rules::BadDebtLimit::Insurance);
    policy.per_asset = Some(pacioli_rules::PerAsset::Only(vec!["DOGE".to_owned()]));
    let clauses = evidence::clauses(&policy, &compiled, &figures_of(&compiled, &[]), None);
    let failing: Vec<_> = clauses.iter().filter(|clause| !clause.holds).collect();
    let said: Vec<_> = failing.iter().map(|one| format!("{}: {}", one.name, one.detail)).collect();
    let dip = "there is no scenario `dip` that reserves are valued in";
    let doge = "per_asset.DOGE: there is no price of the asset";
    assert_eq!(said, [&format!("coverage.dip: {dip}"), doge, &format!("bad_debt.dip: {dip}")]);
}

#[test]
fn what_stands_behind_the_book_is_told_in_mark_and_every_stress() {
    let rules = rules("min_coverage = \"1\"");
    let compiled = compiled(&rules);
    let totals = [("equity:mark", 30_000_000_000), ("equity:crash", 20_000_000_000)];
    let figures = figures_of(&compiled, &[&totals[..], &[("shortfall:crash", 7)]].concat());
    let held = reserves(&[("BTC", "1", "customers"), ("USDC", "9000", "insurance")]);
    let lines = |held: Option<&Reserves>| -> Vec<String> {
        let line = |one: &Backing| {
            let fund = one.fund.as_ref().unwrap();
            let coverage = one.coverage.as_ref().unwrap();
            let Backing { scenario, reserves, insurance_reserves, owed, bad_debt, .. } = one;
            format!(
                "{scenario} {reserves} {insurance_reserves} {owed} {coverage} {bad_debt} {fund}"
            )
        };
        backing(&compiled, &figures, held).iter().map(line).collect()
    };
    let expected =
        ["mark 20000 9000 30000 0.6666 0 -1000", "crash 12000 9000 20000 0.6 0.000007 1000"];
    assert_eq!(lines(Some(&held)), expected, "no margin scenario");
    assert_eq!(lines(None)[1], "crash 0 0 20000 0 0.000007 -20000");
    let nothing = backing(&compiled, &figures_of(&compiled, &[]), Some(&held));
    assert_eq!(nothing[0].coverage, None, "nothing is owed");
}
