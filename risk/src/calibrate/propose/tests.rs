use pacioli_rules::diff::diff;
use proptest::prelude::*;

use super::*;

const RULES: &str = r#"# The rules of a test.
name = "test"
source = "made up"
date = "2020-01-01"
exactness = "exact"
quote = "USD"

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

[assets.BTC]
decimals = 8
tiers = [
    { up_to = "5", maintenance = "0.95", initial = "0.9" }, # the small ones
    { maintenance = "0.9", initial = "0.85" },
]

[assets.USDC]
also = ["USDT"]
decimals = 6
maintenance = "1" # a dollar
initial = "1"
borrow = false

[assets.XYZ]
decimals = 2
maintenance = "0.5"
initial = "0.4"

[markets.BTC-PERP]
underlying = "BTC"
decimals = 4

[[markets.BTC-PERP.tiers]]
up_to = "10"
maintenance = "0.01"
initial = "0.02"

[[markets.BTC-PERP.tiers]]
maintenance = "0.02"
initial = "0.05"

[policy]
min_coverage = "1"
"#;

/// 81 days that go up to `high` and back to 100, with one volume.
fn saw(asset: &str, high: &str, volume: &str) -> String {
    let mut date: jiff::civil::Date = "2025-01-01".parse().unwrap();
    let rows = (0..81).map(|day| {
        let price = if day % 2 == 0 { "100" } else { high };
        let row = format!("{date},{asset},{price},{volume}\n");
        date = date.tomorrow().unwrap();
        row
    });
    rows.collect()
}

fn history(rows: &[String]) -> History {
    let text = format!("time,asset,price,volume\n{}", rows.concat());
    History::parse(text.as_bytes(), "h.csv").unwrap()
}

fn btc() -> Proposal {
    propose(RULES, &history(&[saw("BTC", "110", "1000")]), &Settings::default()).unwrap()
}

#[test]
fn figures_follow_from_moves_and_sizes() {
    let proposal = btc();
    let figures: Vec<String> = proposal
        .items
        .iter()
        .flat_map(|item| {
            item.figures.iter().map(|figure| {
                let old = figure.old.map_or_else(|| "-".to_owned(), |old| old.to_string());
                let Figure { margin, from, new, .. } = figure;
                format!("{} {margin} from {from}: {old} -> {new}", item.subject)
            })
        })
        .collect();
    // The volatility of the saw, 0.0956 a day, says 0.2235 in a day and 0.316 in two; a day takes
    // 100. At 5 that is 0.2235 sqrt(1 + 0.05/3) = 0.2253; the next tier goes to 20.
    assert_eq!(
        figures,
        [
            "deposit BTC maintenance from 0: 0.95 -> 0.774",
            "deposit BTC initial from 0: 0.9 -> 0.682",
            "deposit BTC maintenance from 5: 0.9 -> 0.767",
            "deposit BTC initial from 5: 0.85 -> 0.677",
            "borrow BTC maintenance from 0: 1 -> 1.258",
            "borrow BTC initial from 0: 1 -> 1.342",
            "BTC-PERP maintenance from 0: 0.01 -> 0.228",
            "BTC-PERP initial from 0: 0.02 -> 0.319",
            "BTC-PERP maintenance from 10: 0.02 -> 0.242",
            "BTC-PERP initial from 10: 0.05 -> 0.329",
        ]
    );
    let kept: Vec<_> = proposal.kept.iter().map(|kept| kept.key.as_str()).collect();
    assert_eq!(kept, ["assets.USDC", "assets.XYZ"]);
    assert_eq!(
        proposal.items[0].reasons,
        ["BTC: 81 days to 2025-03-22; volatility of a year 182.6 % realised, 182.4 % weighted; \
             shortfall in 1 d 9.1 % down, 10.0 % up, 22.4 % by volatility; about 1000 a day traded"]
    );
}

#[test]
fn only_figures_change_in_the_file() {
    let text = btc().text;
    let [before, after] = [RULES, &text].map(|text| text.lines().collect::<Vec<_>>());
    let added = after.len() - before.len();
    assert_eq!(added, 2, "the two weights of loans: {text}");
    assert!(text.contains("initial = \"0.682\" }, # the small ones"), "{text}");
    assert!(text.starts_with("# The rules of a test.\nname = \"test (proposal)\"\n"), "{text}");
    assert!(text.contains(
        "\n[assets.USDC]\nalso = [\"USDT\"]\ndecimals = 6\nmaintenance = \"1\" # a dollar\n"
    ));
    // It cannot be taken for the rules in force, and says what is different.
    let changes = diff(&Rules::parse(RULES).unwrap(), &Rules::parse(&text).unwrap());
    let said: Vec<_> = changes.iter().map(ToString::to_string).collect();
    assert!(said.contains(&"rules: the name changes from `test` to `test (proposal)`".to_owned()));
    let margin = "BTC-PERP: maintenance margin of positions up to 10 rises from 0.01 to 0.228 \
                  (stricter)";
    assert!(said.contains(&margin.to_owned()), "{said:#?}");
}

#[test]
fn a_rule_without_tiers_gets_those_that_volume_suggests() {
    let rows = [saw("XYZ", "102", "60000")];
    let proposal = propose(RULES, &history(&rows), &Settings::default()).unwrap();
    let tiers = proposal.rules.assets["XYZ"].tiers.as_ref().unwrap();
    let bounds: Vec<_> = tiers.iter().map(|tier| tier.up_to.map(|end| end.to_string())).collect();
    assert_eq!(bounds, [Some("6000".to_owned()), Some("20000".to_owned()), None]);
    assert!(proposal.rules.assets["XYZ"].maintenance.is_none());
}

#[test]
fn tiers_that_end_at_values_are_measured_at_the_last_price() {
    // The last price is 100.
    let in_values = RULES.replace("{ up_to = \"5\"", "{ up_to_value = \"500\"");
    let in_values = in_values.replace("\nup_to = \"10\"", "\nup_to_value = \"1000\"");
    let rows = [saw("BTC", "110", "1000")];
    let [sizes, values] = [RULES, &in_values]
        .map(|rules| propose(rules, &history(&rows), &Settings::default()).unwrap());
    let rates = |tiers: &[Tier]| -> Vec<_> {
        tiers.iter().map(|tier| (tier.maintenance.clone(), tier.initial.clone())).collect()
    };
    let of = |proposal: &Proposal| {
        let btc = proposal.rules.assets["BTC"].tiers.as_deref().unwrap();
        (rates(btc), rates(&proposal.rules.markets["BTC-PERP"].tiers))
    };
    assert_eq!(of(&values), of(&sizes));
    let first = &values.rules.assets["BTC"].tiers.as_ref().unwrap()[0];
    assert_eq!((first.up_to, first.up_to_value.unwrap().to_string()), (None, "500".to_owned()));
    let from: Vec<_> = values.items[0].figures.iter().map(|one| one.from.to_string()).collect();
    assert_eq!(from, ["0", "0", "500", "500"]);
    assert!(values.items[0].figures.iter().all(|one| one.in_value));
    assert!(!sizes.items.iter().flat_map(|item| &item.figures).any(|one| one.in_value));
    // A hundredth of the volume's value is a hundredth of the volume.
    let thin = propose(RULES, &history(&[saw("BTC", "110", "10")]), &Settings::default()).unwrap();
    assert_ne!(of(&thin), of(&sizes));
}

/// Coin-margined contracts: the coins have no margin, and the dollars one that ends at coins.
#[test]
fn the_two_markets_of_coin_margined_contracts_are_kept() {
    let markets = "[markets.XBTUSD]\nunderlying = \"BTC\"\ndecimals = 8\n\
                   tiers = [{ maintenance = \"0\", initial = \"0\" }]\n\
                   [markets.\"XBTUSD.USD\"]\nunderlying = \"USD\"\ndecimals = 0\ntiers_in = \"BTC\"\n\
                   tiers = [{ up_to_value = \"5\", maintenance = \"0.01\", initial = \"0.02\" }, \
                   { maintenance = \"0.02\", initial = \"0.04\" }]\n[policy]";
    let rules = RULES.replace("[policy]", markets);
    let rows = [saw("BTC", "110", "1000")];
    let proposal = propose(&rules, &history(&rows), &Settings::default()).unwrap();
    let kept: Vec<_> = proposal.kept.iter().map(|kept| (&*kept.key, kept.why)).collect();
    assert!(kept.contains(&("markets.XBTUSD", "no margin of its own")), "{kept:?}");
    let dollars = ("markets.XBTUSD.USD", "tiers that end at amounts of an asset");
    assert!(kept.contains(&dollars), "{kept:?}");
    let before = Rules::parse(&rules).unwrap();
    assert_eq!(proposal.rules.markets["XBTUSD"], before.markets["XBTUSD"]);
    assert_eq!(proposal.rules.markets["XBTUSD.USD"], before.markets["XBTUSD.USD"]);
}

#[test]
fn one_rule_for_several_assets_follows_the_worst_of_them() {
    let both = [saw("USDC", "101", "1000"), saw("USDT", "105", "9000000")];
    let proposal = propose(RULES, &history(&both), &Settings::default()).unwrap();
    let worse = propose(RULES, &history(&both[1..]), &Settings::default()).unwrap();
    let weight = |proposal: &Proposal| {
        proposal.rules.assets["USDC"].maintenance.as_ref().unwrap().fixed().unwrap()
    };
    assert_eq!(weight(&proposal).to_string(), "0.868");
    assert_eq!(weight(&worse), weight(&proposal));
    assert_eq!(worse.items[0].reasons[0], "USDC: no history");
    assert!(proposal.rules.assets["USDC"].tiers.is_none(), "sizes of two have no common unit");
    assert!(proposal.items.iter().all(|item| item.subject != "borrow USDC"));
}

#[test]
fn a_wild_asset_counts_for_nothing_and_never_for_less() {
    let rows = [saw("BTC", "1000", "0.001")];
    let proposal = propose(RULES, &history(&rows), &Settings::default()).unwrap();
    let btc = proposal.rules.assets["BTC"].tiers.as_ref().unwrap();
    assert!(
        btc.iter().all(|tier| tier.maintenance.as_ref().unwrap().fixed().unwrap().mantissa() == 0)
    );
    let market = &proposal.rules.markets["BTC-PERP"].tiers;
    assert!(market.iter().all(|tier| tier.maintenance.as_ref().unwrap().to_string() == "1.000"));
}

#[test]
fn what_no_rule_is_about_is_named_and_alone_refused() {
    let rows = [saw("BTC", "110", "1000"), saw("DOGE", "110", "1000")];
    let proposal = propose(RULES, &history(&rows), &Settings::default()).unwrap();
    assert!(
        proposal.kept.iter().any(|kept| kept.key == "DOGE" && kept.why == "no rule of its own")
    );
    let error = propose(RULES, &history(&rows[1..]), &Settings::default()).unwrap_err();
    assert_eq!(error.to_string(), "no rule applies to any asset of the history");
}

/// A number would take the place of a function: what follows volatility stays, and is listed.
#[test]
fn rates_that_follow_volatility_stay_and_are_listed() {
    let rate =
        r#"{ multiple = "3", horizon = "1d", floor = "0.05", ceiling = "1", step = "0.01" }"#;
    let rules = RULES.replacen("maintenance = \"0.95\"", &format!("maintenance = {rate}"), 1);
    let rules = rules.replacen("{ maintenance = \"0.9\"", "{ maintenance = \"0\"", 1);
    let rows = [saw("BTC", "110", "1000")];
    let proposal = propose(&rules, &history(&rows), &Settings::default()).unwrap();
    let kept = proposal.kept.iter().find(|kept| kept.key == "assets.BTC").unwrap();
    assert_eq!(kept.why, "its rates follow volatility day by day");
    assert_eq!(proposal.rules.assets["BTC"], Rules::parse(&rules).unwrap().assets["BTC"]);
    assert!(proposal.items.iter().all(|item| item.subject == "BTC-PERP"));
}

#[test]
fn margins_of_options_and_contingencies_stay_and_are_listed() {
    let more = r#"
[[scenarios]]
name = "scan"
kind = "constraint"
contingency = "scan"
default_move = "-0.1"

[contingencies.scan]
maintenance = "1"
initial = "1"

[option_margins.BTC.maintenance]
long = "0"
call = { base = "0.1", floor = "0.1" }
put = { base = "0.1", floor = "0.1" }

[policy]
"#;
    let rules = RULES.replace("[policy]", more);
    let proposal = propose(&rules, &history(&[saw("BTC", "110", "1000")]), &Settings::default());
    let proposal = proposal.unwrap();
    let kept: Vec<_> = proposal.kept.iter().map(|kept| kept.key.as_str()).collect();
    let expected = ["assets.USDC", "assets.XYZ", "option_margins.BTC", "contingencies.scan"];
    assert_eq!(kept, expected);
    let before = Rules::parse(&rules).unwrap();
    assert_eq!(proposal.rules.option_margins, before.option_margins);
    assert_eq!(proposal.rules.contingencies, before.contingencies);
}

#[test]
fn settings_that_mean_nothing_are_refused() {
    let fine = Settings::default();
    let half = Decimal::new(5, 1);
    let minus = Decimal::new(-5, 1);
    for (settings, expected) in [
        (Settings { horizon: 0, ..fine }, "the horizon must be between 1 and 365 days"),
        (Settings { horizon: 3, ..fine }, "the initial horizon must be between the horizon"),
        (Settings { initial_horizon: 366, ..fine }, "the initial horizon must be between"),
        (Settings { window: 0, ..fine }, "the window must be at least one day"),
        (Settings { lambda: minus, ..fine }, "lambda must be above 0 and at most 1"),
        (Settings { participation: Decimal::new(11, 1), ..fine }, "the participation must be"),
    ] {
        let error = propose(RULES, &History::default(), &settings).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let settings = Settings { lambda: half, participation: half, ..fine };
    let rows = [saw("BTC", "110", "1000")];
    assert!(propose(RULES, &history(&rows), &settings).is_ok());
    let rows = [saw("BTC", "110", "0")];
    let error = propose(RULES, &history(&rows), &fine).unwrap_err().to_string();
    assert_eq!(error, "BTC: no volume in the window");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the history, the proposal is rules that can be used: weights fall, margins rise.
    #[test]
    fn every_proposal_is_accepted(
        closes in prop::collection::vec(1i128..1_000_000_000, 62..90),
        volume in 1u64..1_000_000_000_000,
    ) {
        let mut date: jiff::civil::Date = "2025-01-01".parse().unwrap();
        let rows = closes.iter().flat_map(|close| {
            let rows = ["BTC", "XYZ"].map(|asset| {
                format!("{date},{asset},{},0.{volume:012}\n", Decimal::new(*close, 4))
            });
            date = date.tomorrow().unwrap();
            rows
        });
        let proposal = propose(RULES, &history(&[rows.collect()]), &Settings::default()).unwrap();
        for figure in proposal.items.iter().flat_map(|item| &item.figures) {
            prop_assert!(!figure.new.is_negative());
        }
        for item in &proposal.items {
            for pair in item.figures.chunks(2) {
                let [maintenance, initial] = [0, 1].map(|index: usize| pair[index].new);
                let order = initial.cmp(&maintenance);
                let weight = item.subject.starts_with("deposit ");
                prop_assert!(if weight { order.is_le() } else { order.is_ge() }, "{item:?}");
            }
        }
    }
}
