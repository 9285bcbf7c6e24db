//! Rates that follow volatility: the tables and clauses that they come to, with which the account
//! holder's page is compared.

use pacioli_attestation::{ATTESTATION_VERSION, Attestation, Clause, VolumeProof};
use pacioli_circuits::{Total, Totals};
use pacioli_rules::{Compiled, Prices, Rules, compile, diff::diff, testing::bless};
use serde_json::{Value, json};

mod changes;

use self::changes::{CHANGES, Change, SAME};
use crate::evidence;

const RULES: &str = include_str!("../../../../rules/tests/books/volatility_rates/rules.toml");
const PRICES: &str = include_str!("../../../../rules/tests/books/volatility_rates/prices.json");

fn replaced(text: &str, [from, to]: Change) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// The rules and their table at these prices.
fn compiled([rules, prices]: [Change; 2]) -> Result<(Rules, Compiled), String> {
    let rules = Rules::parse(&replaced(RULES, rules)).map_err(|error| error.to_string())?;
    let prices = Prices::parse(&replaced(PRICES, prices)).map_err(|error| error.to_string())?;
    let compiled = compile(&rules, &prices).map_err(|error| error.to_string())?;
    Ok((rules, compiled))
}

/// The clauses about volatilities, of a snapshot of the beginning of 2026.
fn clauses(rules: &Rules, compiled: &Compiled) -> Vec<Clause> {
    let totals = Totals(vec![Total::default(); compiled.rows.len()]);
    let figures = pacioli_attestation::figures(compiled, &totals).unwrap();
    let clauses = evidence::clauses(rules.policy(), compiled, &figures, None);
    clauses.into_iter().filter(|clause| clause.name.starts_with("volatility")).collect()
}

fn said(change: [Change; 2]) -> Value {
    let Ok((rules, compiled)) = compiled(change) else { return Value::Null };
    let rows = compiled.rows.iter().zip(compiled.table.instruments());
    let rows: Value = rows
        .filter(|(row, _)| !row.name.contains(':') && !row.name.starts_with("headroom"))
        .map(|(row, one)| {
            let values = one.values.iter().map(|value| value.units().to_string());
            json!([row.name, values.collect::<Vec<_>>()])
        })
        .collect();
    let clauses: Value = clauses(&rules, &compiled)
        .into_iter()
        .map(|clause| json!([clause.name, clause.holds, clause.detail]))
        .collect();
    json!({ "rows": rows, "clauses": clauses })
}

#[test]
fn every_change_comes_to_what_is_listed() {
    let listed = CHANGES.iter().map(|&change| {
        let [[from, to], [price_from, price_to]] = change;
        let said = said(change);
        // One line each.
        json!({ "from": from, "to": to, "price_from": price_from, "price_to": price_to, "said": said })
            .to_string()
    });
    let listed = format!("[\n{}\n]\n", listed.collect::<Vec<_>>().join(",\n"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/test/native/volatility.json");
    bless(path, listed);
}

/// Digest and context of an attestation with volatilities, which the page computes as well.
#[test]
fn an_attestation_is_bound_to_its_volatilities() {
    let attestation = |prices: &str| {
        let volume = VolumeProof { counts: vec![1], quantities: vec![2], proof: vec![3; 32] };
        Attestation {
            version: ATTESTATION_VERSION.to_owned(),
            header: evidence::header(),
            rules: RULES.to_owned(),
            prices: Prices::parse(prices).unwrap(),
            reserves: None,
            volumes: vec![volume],
        }
    };
    let own = attestation(PRICES);
    let bytes = own.to_bytes();
    assert_eq!(Attestation::parse(&bytes).unwrap().prices, own.prices);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/test/native");
    bless(format!("{folder}/volatility.attestation.json"), bytes);
    let said = json!({
        "digest": own.digest().to_string(),
        "context": own.context().0.to_string(),
    });
    bless(format!("{folder}/volatility.says.json"), format!("{said}\n"));
    let other = attestation(&PRICES.replacen("0.655", "0.656", 1));
    assert_ne!(own.context().0, other.context().0);
}

/// What a row is worth in maintenance and initial.
fn worth(change: [Change; 2], name: &str) -> [i128; 2] {
    let (_, compiled) = compiled(change).unwrap();
    let row = compiled.table.get(compiled.find(name).unwrap()).unwrap();
    let values: Vec<_> = row.values.iter().map(|value| value.units()).collect();
    [values[1], values[2]]
}

/// By hand: at 65.5 % a year, a day's 2 deviations are 0.0685..., 4 are 0.1371..., and 3 of 4 days are
/// 0.2057...; at 62 % half a day's 3 are 0.0688..., at 85 % and 90 % a day's 2.5 and 5 are 0.1112...
/// and 0.2355...
#[test]
fn the_table_is_what_a_hand_computes() {
    let worth = |name| worth([SAME, SAME], name);
    assert_eq!(worth("deposit BTC tier 1"), [18_600_000, 16_000_000]);
    assert_eq!(worth("deposit BTC tier 2"), [17_200_000, 15_880_000]);
    assert_eq!(worth("borrow BTC"), [-21_400_000, -24_000_000]);
    assert_eq!(worth("long ETH-PERP tier 1"), [9_500_000, 8_880_000]);
    assert_eq!(worth("short ETH-PERP tier 1"), [-10_500_000, -11_120_000]);
    assert_eq!(worth("long ETH-PERP tier 2"), [9_310_000, 7_640_000]);
    assert_eq!(worth("short ETH-PERP tier 2"), [-10_690_000, -12_360_000]);
}

/// Nothing that a volatility does makes anything count for more: no row is worth more at a larger one.
#[test]
fn a_larger_volatility_never_flatters_an_account() {
    let at = |annual: &'static str| -> Vec<[i128; 2]> {
        let change = [["\"0.655\"", annual], ["\"0.85\"", annual]];
        let prices = change.iter().fold(PRICES.to_owned(), |text, one| replaced(&text, *one));
        let rules = Rules::parse(RULES).unwrap();
        let compiled = compile(&rules, &Prices::parse(&prices).unwrap()).unwrap();
        let rows = compiled.table.instruments().iter();
        let values = |values: &pacioli_circuits::Values| -> Vec<_> {
            values.iter().map(|value| value.units()).collect()
        };
        rows.map(|row| values(&row.values)).map(|row| [row[1], row[2]]).collect()
    };
    let all = ["\"0\"", "\"0.63\"", "\"0.9\"", "\"1.5\"", "\"7\"", "\"1000\""].map(at);
    for pair in all.windows(2) {
        for (less, more) in pair[0].iter().flatten().zip(pair[1].iter().flatten()) {
            assert!(more <= less, "{more} {less}");
        }
    }
    assert_ne!(all[0], all[5]);
}

#[test]
fn refusals_name_what_is_wrong() {
    let tier = "assets.BTC.tiers[1].maintenance";
    for (change, expected) in [
        (
            [SAME, ["\"BTC\": [", "\"btc\": ["]],
            "assets.BTC.tiers[0].maintenance: BTC: the prices have no volatility in \
             `volatilities.BTC` (did you mean `btc`?)"
                .to_owned(),
        ),
        (
            [["window = \"30d\"", "window = \"7d\""], SAME],
            "markets.ETH-PERP.tiers[0].initial: ETH-PERP: the prices have no realised volatility \
             over 7d in `volatilities.ETH`"
                .to_owned(),
        ),
        (
            [["multiple = \"4\"", "multiple = \"1\""], SAME],
            format!("{tier}: weight 0.95 after 0.93: a larger deposit cannot have a larger weight"),
        ),
        (
            [["ceiling = \"1\", step", "ceiling = \"0.1\", step"], SAME],
            "assets.BTC.tiers[1].initial.ceiling: 0.1 is below floor, 0.2".to_owned(),
        ),
        (
            [["step = \"0.0005\"", "step = \"0.0000000000000000001\""], SAME],
            "markets.ETH-PERP.tiers[1].maintenance.step: 0.0000000000000000001 has more than 18 \
             decimals"
                .to_owned(),
        ),
        (
            [SAME, ["\"0.655\"", "\"-0.1\""]],
            "volatilities.BTC[2]: annual: -0.1 is not a volatility: from 0 to 1000, of at most 18 \
             decimals; 62 % a year is 0.62"
                .to_owned(),
        ),
        (
            [SAME, ["venue B", "venue A"]],
            "volatilities.BTC[1]: realised volatility over 30d of venue A stands there twice"
                .to_owned(),
        ),
        (
            [SAME, ["\"window\": \"30d\"", "\"tenor\": \"30d\""]],
            "volatilities.BTC[0]: a realised volatility has a `window` above 0s, and no other \
             length of time"
                .to_owned(),
        ),
    ] {
        assert_eq!(compiled(change).unwrap_err(), expected);
    }
    let one = |number: usize| {
        format!(
            r#"{{ "kind": "implied", "annual": "0.1", "tenor": "{number}s", "source": "A",
                "as_of": "2026-01-01T00:00:00Z" }},"#
        )
    };
    let many = (1..99).map(one).collect::<String>();
    let with = |more: &str| Prices::parse(&PRICES.replacen("\"BTC\": [", more, 1));
    assert_eq!(
        with(&format!("\"BTC\": [{}", &many[one(1).len()..])).unwrap().volatilities["BTC"].len(),
        100
    );
    let error = with(&format!("\"BTC\": [{many}")).unwrap_err().to_string();
    assert_eq!(error, "volatilities.BTC: 101 are more than the 100 that an asset may have");
    let flat = "[policy]\nvolatility = { band = \"0.1\" }\n";
    let small = pacioli_rules::testing::RULES.replacen("[policy]\n", flat, 1);
    let error = Rules::parse(&small).unwrap_err().to_string();
    assert_eq!(
        error,
        "policy.volatility: does not belong here: no weight or margin of these rules follows a \
         volatility"
    );
    let contingency = "[contingencies.scan]\nmaintenance = { multiple = \"1\", horizon = \"1d\", \
                       floor = \"0\", ceiling = \"1\", step = \"0.1\" }\n[policy]";
    let error = Rules::parse(&RULES.replacen("[policy]", contingency, 1)).unwrap_err().to_string();
    assert!(error.contains("only weights and margin rates of assets and markets may"), "{error}");
}

/// The clauses of a change, each with whether it holds.
fn standing(change: [Change; 2]) -> Vec<(String, bool)> {
    let (rules, compiled) = compiled(change).unwrap();
    clauses(&rules, &compiled).into_iter().map(|clause| (clause.name, clause.holds)).collect()
}

#[track_caller]
fn fails(change: [Change; 2], names: &[&str]) {
    let failing = standing(change).into_iter().filter(|(_, holds)| !holds).map(|(name, _)| name);
    assert_eq!(failing.collect::<Vec<_>>(), names);
}

#[test]
fn a_stale_or_understated_volatility_makes_a_clause_fail() {
    let all = standing([SAME, SAME]);
    let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "volatility.max_age.BTC",
        "volatility.max_age.ETH",
        "volatility.least_sources.BTC",
        "volatility.least_sources.ETH",
        "volatility.band.BTC",
        "volatility.band.ETH",
    ];
    assert_eq!(names, expected);
    fails([SAME, SAME], &[]);
    // The one that a rate follows is a second too old.
    let stale =
        |time: &'static str| [SAME, ["\"venue C\", \"as_of\": \"2026-01-01T00:00:00Z", time]];
    fails(stale("\"venue C\", \"as_of\": \"2025-12-31T00:00:00Z"), &[]);
    fails(stale("\"venue C\", \"as_of\": \"2025-12-30T23:59:59Z"), &["volatility.max_age.BTC"]);
    fails(stale("\"venue C\", \"as_of\": \"2026-01-02T00:00:01Z"), &["volatility.max_age.BTC"]);
    // The rules take venue A's 0.62; venue C says more, and is believed up to a tenth.
    fails([SAME, ["\"0.655\"", "\"0.6888\""]], &[]);
    fails([SAME, ["\"0.655\"", "\"0.6889\""]], &["volatility.band.BTC"]);
    // What is too old says nothing, neither against a volatility nor for it.
    let old = [
        "\"0.655\", \"tenor\": \"7d\", \"source\": \"venue C\", \"as_of\": \"2026-01-01",
        "\"0.61\", \"tenor\": \"7d\", \"source\": \"venue C\", \"as_of\": \"2025-01-01",
    ];
    fails([SAME, old], &[]);
    let alone =
        [["max_age = \"1d\", least_sources = 1", "max_age = \"11h\", least_sources = 2"], old];
    fails(alone, &["volatility.least_sources.BTC", "volatility.band.BTC"]);
}

/// Of all that is stated what a rate takes counts, so that a venue keeps no clause by what its rates
/// never follow, and breaks none by that.
#[test]
fn what_a_rate_does_not_take_counts_neither_for_it_nor_against_it() {
    let two = ["least_sources = 1", "least_sources = 2"];
    // One rate takes realised volatilities of ETH over 30 days: of them venue B's is one of two.
    let of_b = ["\"0.85\", \"window\": \"30d\"", "\"0.85\", \"window\": \"31d\""];
    // One names its source, and rests on that alone; what others say of the same is for the band.
    fails([two, SAME], &["volatility.least_sources.BTC"]);
    fails(
        [two, of_b],
        &["volatility.least_sources.BTC", "volatility.least_sources.ETH", "volatility.band.ETH"],
    );
    // What is left of another kind and length of time does not stand in for it.
    fails([SAME, of_b], &["volatility.band.ETH"]);
    let high = [
        "\"0.9\", \"tenor\": \"7d\", \"source\": \"venue B\"",
        "\"9\", \"tenor\": \"7d\", \"source\": \"venue C\"",
    ];
    fails([SAME, high], &[]);
    // The same of a rate that names its source: realised volatilities of BTC alone are compared.
    let realised = ["source = \"venue A\"", "kind = \"realised\", source = \"venue A\""];
    fails([realised, ["\"0.655\"", "\"6.55\""]], &[]);
    fails([realised, ["\"0.6\"", "\"0.6888\""]], &[]);
    fails([realised, ["\"0.6\"", "\"0.6889\""]], &["volatility.band.BTC"]);
}

#[test]
fn a_policy_that_asks_nothing_of_volatilities_says_so() {
    let told = |to: &'static str| {
        let from = "volatility = { max_age = \"1d\", least_sources = 1, band = \"0.1\" }";
        let (rules, compiled) = compiled([[from, to], SAME]).unwrap();
        let totals = Totals(vec![Total::default(); compiled.rows.len()]);
        let figures = pacioli_attestation::figures(&compiled, &totals).unwrap();
        let all = pacioli_attestation::unasked(rules.policy(), &compiled, &figures);
        all.into_iter().filter(|one| one.contains("volatilities")).collect::<Vec<_>>()
    };
    let all = [
        "how old volatilities are",
        "how many sources state volatilities",
        "whether volatilities are understated",
    ];
    assert_eq!(told(""), all);
    assert_eq!(told("volatility = { band = \"0.1\" }"), all[..2]);
    assert!(told("volatility = { max_age = \"1d\", least_sources = 2, band = \"0\" }").is_empty());
}

/// One name for two is one source, and nobody else says what it is.
#[test]
fn a_source_does_not_stand_for_another() {
    let prices = PRICES.replace("30d\", \"source\": \"venue B\"", "31d\", \"source\": \"venue A\"");
    let prices = prices.replace("venue B", "venue A").replace("venue C", "venue A");
    let rules = RULES.replace("least_sources = 1", "least_sources = 2");
    let rules = Rules::parse(&rules).unwrap();
    let compiled = compile(&rules, &Prices::parse(&prices).unwrap()).unwrap();
    let failing: Vec<_> = clauses(&rules, &compiled)
        .into_iter()
        .filter(|clause| !clause.holds)
        .map(|clause| clause.name)
        .collect();
    let expected = ["least_sources.BTC", "least_sources.ETH", "band.BTC", "band.ETH"]
        .map(|name| format!("volatility.{name}"));
    assert_eq!(failing, expected);
}

#[test]
fn a_changed_function_is_a_difference() {
    let before = Rules::parse(RULES).unwrap();
    for (change, expected) in [
        (
            ["multiple = \"2.5\"", "multiple = \"3\""],
            "ETH-PERP: initial margin of positions up to 10 changes from what follows volatility \
             (2.5 times realised volatility over 30d in 1d, from 0.06 to 0.5 in steps of 0.001) to \
             what follows volatility (3 times realised volatility over 30d in 1d, from 0.06 to 0.5 \
             in steps of 0.001) (stricter)",
        ),
        (
            ["floor = \"0.2\", ceiling = \"1\"", "floor = \"0.1\", ceiling = \"1\""],
            "BTC: initial weight of deposits above 2 changes from what follows volatility (3 times \
             volatility in 4d, from 0.2 to 1 in steps of 0.001) to what follows volatility (3 times \
             volatility in 4d, from 0.1 to 1 in steps of 0.001) (looser)",
        ),
        (
            [
                "borrow_initial = \"1.2\"",
                "borrow_initial = { multiple = \"2\", horizon = \"1d\", floor = \"0.1\", ceiling = \"1\", step = \"0.1\" }",
            ],
            "BTC: initial weight of borrows changes from 1.2 to what follows volatility (2 times \
             volatility in 1d, from 0.1 to 1 in steps of 0.1)",
        ),
        (
            ["band = \"0.1\"", "band = \"0.2\""],
            "policy: the limit of how far a volatility may be below another source's rises from 0.1 \
             to 0.2 (looser)",
        ),
        (
            ["least_sources = 1", "least_sources = 3"],
            "policy: the least number of sources of a volatility rises from 1 to 3 (stricter)",
        ),
        (
            ["max_age = \"1d\", ", ""],
            "policy: volatilities need no longer be at most 1d away from the snapshot (looser)",
        ),
    ] {
        let after = Rules::parse(&replaced(RULES, change)).unwrap();
        let changes: Vec<_> = diff(&before, &after).iter().map(ToString::to_string).collect();
        assert_eq!(changes, [expected]);
    }
    assert!(diff(&before, &Rules::parse(RULES).unwrap()).is_empty());
}

#[test]
fn rules_that_follow_volatility_have_one_program_for_all_days() {
    use pacioli_attestation::program::Program;
    let (rules, compiled) = compiled([SAME, SAME]).unwrap();
    let mut prices = Prices::parse(PRICES).unwrap();
    let program = Program::of(&rules, &compiled, &prices).unwrap();
    let steps = program.steps(&prices).unwrap();
    assert!(!steps.is_empty() && steps.iter().any(|&steps| steps > 0));
    prices.volatilities.values_mut().flatten().for_each(|one| one.annual = "0".parse().unwrap());
    let other = pacioli_rules::compile(&rules, &prices).unwrap();
    assert_ne!(other.table, compiled.table);
    assert_eq!(Program::of(&rules, &other, &prices).unwrap(), program);
    assert!(program.steps(&prices).unwrap().iter().all(|&steps| steps == 0));
    prices.volatilities.clear();
    assert_eq!(program.steps(&prices), None);
}
