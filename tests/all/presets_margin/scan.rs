//! `scan` against Paradex's portfolio margin: equal but for rounding.

use std::{collections::BTreeMap, sync::LazyLock};

use num_rational::BigRational;
use pacioli_rules::Rules;

use super::{
    black::power,
    book::{
        Listed, MONEY_DECIMALS, Market, Portfolio, SPOT_DECIMALS, VALUE_DECIMALS, Valued, absolute,
        amount, changed, digits, number, portfolios, zero,
    },
};

const RULES: &str = include_str!("../../../presets/scan.toml");
const NAMES: [&str; 2] = ["BTC-PERP", ""];
/// Expiry as options are named by it, its time, and its days.
const EXPIRIES: [(&str, &str, u32); 2] =
    [("11DEC26", "2026-12-11T08:00:00Z", 16), ("29JAN27", "2027-01-29T08:00:00Z", 65)];
const SMILE: [(&str, &str); 5] = [
    ("40000", "0.71"),
    ("80000", "0.58"),
    ("100000", "0.55"),
    ("120000", "0.5612"),
    ("200000", "0.66"),
];
/// The options of which 12.5 % is less than the fee, at the prices of the first market.
const CAPPED: [&str; 4] =
    ["BTC-11DEC26-40000-P", "BTC-11DEC26-200000-C", "BTC-29JAN27-40000-P", "BTC-29JAN27-200000-C"];

fn markets() -> [Market; 4] {
    [
        ("100000", "100050", ["100350.25", "101250"]),
        ("0", "0", ["0", "0"]),
        ("10000000", "9900000", ["10000001", "9900000"]),
        ("61234.57", "61230.1", ["61000", "61900.5"]),
    ]
    .map(|(spot, perpetual, forwards)| Market {
        underlying: "BTC",
        spot,
        others: vec![("BTC-PERP", perpetual)],
        rate: "0.03",
        expiries: EXPIRIES.iter().zip(forwards).map(|(&(c, t, d), f)| (c, t, d, f)).collect(),
        smile: SMILE.to_vec(),
    })
}

/// Spot shock, volatility shock and weight, in percent: the table of BTC.
fn table() -> Vec<(i64, i64, &'static str)> {
    let mut rows = vec![(16, 40, "1"), (-16, 40, "1")];
    for spot in [12, 8, 4, 0, -4, -8, -12] {
        rows.extend([(spot, 40, "1"), (spot, -22, "1")]);
    }
    rows.extend([(-66, 40, "0.18"), (-33, 40, "0.36"), (50, 40, "0.24"), (100, 40, "0.12")]);
    rows.extend([(200, 40, "0.06"), (300, 40, "0.04"), (400, 40, "0.03"), (500, 40, "0.024")]);
    assert_eq!(rows.len(), 24);
    rows
}

fn percent(n: i64) -> BigRational {
    BigRational::new(n.into(), 100.into())
}

/// A volatility shock so many days before expiry: no shock up is below 40 %.
fn vol_move(percents: i64, days: u32) -> BigRational {
    let exponent = if days < 30 { "0.30" } else { "0.13" };
    let days = number(&days.max(1).to_string());
    let shock = percent(percents) * power(&(number("30") / days), &number(exponent));
    if percents > 0 { shock.max(number("0.4")) } else { shock }
}

/// A market with what its options are quoted at, now and in each scenario.
struct Priced {
    spot: BigRational,
    perpetual: BigRational,
    options: Vec<Listed>,
    marks: Vec<BigRational>,
    scenarios: Vec<(BigRational, BigRational, Vec<BigRational>)>,
    /// To spot: forwards move with it.
    deltas: Vec<BigRational>,
}

impl Priced {
    fn new(market: &Market) -> Self {
        let (spot, options, one) = (number(market.spot), market.options(), number("1"));
        let days = |index: usize| market.expiries[index / (2 * SMILE.len())].2;
        let quotes = |moved: i64, vol: i64| -> Vec<_> {
            let forward = &one + percent(moved);
            let vols = EXPIRIES.map(|(_, _, days)| (days, &one + vol_move(vol, days)));
            let vol = |index| &vols.iter().find(|(d, _)| *d == days(index)).unwrap().1;
            let quoted = options.iter().enumerate();
            quoted.map(|(index, option)| option.mark(&forward, vol(index))).collect()
        };
        let scenario = |(moved, vol, weight): (i64, i64, &str)| {
            (percent(moved), number(weight), quotes(moved, vol))
        };
        let to_spot = |option: &Listed| match spot == zero() {
            true => zero(),
            false => option.terms.delta(option.right) * &option.terms.forward / &spot,
        };
        Self {
            perpetual: market.price("BTC-PERP"),
            marks: options.iter().map(|option| option.mark(&one, &one)).collect(),
            scenarios: table().into_iter().map(scenario).collect(),
            deltas: options.iter().map(to_spot).collect(),
            spot,
            options,
        }
    }

    fn margin(&self, portfolio: &Portfolio) -> Margin {
        let perpetual = amount(portfolio.perpetual, SPOT_DECIMALS);
        let held: Vec<_> = portfolio.held(&self.options).collect();
        let quantities = || held.iter().map(|(_, quantity)| quantity);
        let worth = |quotes: &[BigRational]| -> BigRational {
            quantities().zip(quotes).map(|(n, quote)| n * quote).sum()
        };
        let now = worth(&self.marks);
        let loss = |(moved, weight, quotes): &(BigRational, BigRational, Vec<_>)| {
            (&now - worth(quotes) - &perpetual * &self.perpetual * moved) * weight
        };
        let scan = self.scenarios.iter().map(loss).fold(zero(), BigRational::max);
        let deltas = quantities().zip(&self.deltas).map(|(n, delta)| n * delta);
        let deltas: Vec<_> = deltas.chain([perpetual.clone()]).collect();
        let net = absolute(deltas.iter().sum());
        let gross: BigRational = deltas.into_iter().map(absolute).sum();
        // Longs pay.
        let funding = (number("0.000113") * &perpetual * &self.spot).max(zero());
        let fees = held.iter().zip(&self.marks).map(|((option, n), mark)| {
            let is_capped = CAPPED.contains(&&*option.name);
            let fee =
                if is_capped { number("0.125") * mark } else { number("0.000125") * &self.spot };
            absolute(n.clone()) * fee
        });
        let of_options: BigRational = fees.sum();
        Margin {
            value: amount(portfolio.cash + portfolio.entry, MONEY_DECIMALS)
                + &perpetual * &self.perpetual
                + now,
            scan,
            unhedged: number("0.02") * &net * &self.spot,
            hedged: number("0.01") * (gross - net) / number("2") * &self.spot,
            fees: of_options + number("0.00045") * absolute(perpetual) * &self.perpetual,
            funding,
        }
    }
}

/// What the requirement of one portfolio consists of.
struct Margin {
    value: BigRational,
    scan: BigRational,
    unhedged: BigRational,
    hedged: BigRational,
    funding: BigRational,
    fees: BigRational,
}

impl Margin {
    fn delta(&self) -> BigRational {
        &self.unhedged + &self.hedged
    }

    /// What is left after maintenance and after initial margin.
    fn left(&self) -> [BigRational; 2] {
        let net = self.scan.clone().max(self.delta());
        let left = &self.value - &self.funding - &self.fees;
        [&left - &net / number("2"), left - net]
    }
}

/// What the preset may differ by, either way. A row's value is rounded by one unit in each of three
/// contingencies, and marks twice in the scan. Numbers of the day have 18 digits, a delta has 12, of
/// which 2 % count. Four contingencies are rounded to ten units.
fn rounding(portfolio: &Portfolio, market: &Market) -> BigRational {
    let digits = amount(2, 14) + amount(4, 18);
    let strikes = if market.spot == "0" { number("200000") } else { zero() };
    portfolio.rounding() * number("5")
        + portfolio.gross() * (number(market.spot) + strikes) * digits
        + amount(40, VALUE_DECIMALS)
}

/// A market, portfolios, and what Paradex leaves them.
struct Case {
    market: Market,
    held: Vec<Portfolio>,
    margins: Vec<Margin>,
}

impl Case {
    fn new(seed: u64, market: Market) -> Self {
        let priced = Priced::new(&market);
        let held = portfolios(100 + seed, &market, NAMES, priced.options.len());
        let margins = held.iter().map(|portfolio| priced.margin(portfolio)).collect();
        Self { market, held, margins }
    }

    /// The first portfolio for which rules say another requirement.
    fn difference(&self, rules: &str) -> Option<String> {
        let valued = Valued::new(rules, &self.market, NAMES, &self.held);
        self.held.iter().zip(&self.margins).enumerate().find_map(|(index, (portfolio, margin))| {
            let most = rounding(portfolio, &self.market);
            margin.left().iter().zip(["maintenance", "initial"]).find_map(|(left, name)| {
                let error = left - valued.left(index, name);
                let place = format!("{} {name} {portfolio:?}", self.market.spot);
                (absolute(error.clone()) > most).then(|| format!("{place}: {error}, not {most}"))
            })
        })
    }
}

static CASES: LazyLock<Vec<Case>> =
    LazyLock::new(|| (0..).zip(markets()).map(|(seed, market)| Case::new(seed, market)).collect());

#[test]
fn it_is_paradexs_margin() {
    for case in CASES.iter() {
        assert_eq!(case.difference(RULES), None);
    }
}

/// Every part of the formula decides for some portfolio, so that the test above can see it.
#[test]
fn every_part_of_the_margin_decides_somewhere() {
    let margins = || CASES.iter().flat_map(|case| &case.margins);
    let some = |what: &dyn Fn(&Margin) -> bool| margins().any(what);
    assert!(some(&|m| m.scan > m.delta()), "scan");
    assert!(some(&|m| m.scan < m.delta() && m.scan > m.unhedged), "hedged delta");
    assert!(some(&|m| m.scan < m.unhedged), "net delta");
    assert!(some(&|m| m.funding > zero()) && some(&|m| m.funding == zero()), "funding");
}

/// Random portfolios need not find the one line of two dozen that is wrong.
#[test]
fn every_scenario_is_the_venues_with_the_numbers_of_the_day() {
    let mut expected: Vec<_> = table()
        .into_iter()
        .map(|(moved, vol, weight)| {
            let vols = EXPIRIES.map(|(_, _, days)| digits(&vol_move(vol, days), true));
            [digits(&percent(moved), false), weight.to_owned(), vols.join(" ")].join(" ")
        })
        .collect();
    let scenarios = Rules::parse(RULES).unwrap().scenarios.clone();
    let moving = scenarios.iter().filter(|s| s.contingency.is_some() && s.default_move.is_some());
    let mut scan: Vec<_> = moving
        .map(|scenario| {
            assert_eq!(scenario.contingency.as_deref(), Some("scan"));
            let weight = scenario.weight.map_or("1".to_owned(), |weight| weight.to_string());
            let vols = EXPIRIES.map(|(_, time, _)| {
                let moves = &scenario.expiries[&time.parse().unwrap()];
                assert_eq!((moves.forward, moves.discount, moves.weight), (None, None, None));
                moves.vol_move.unwrap().to_string()
            });
            [scenario.default_move.unwrap().to_string(), weight, vols.join(" ")].join(" ")
        })
        .collect();
    scan.sort();
    expected.sort();
    assert_eq!(scan, expected);
}

/// At the prices of the first market.
#[test]
fn the_fee_is_capped_where_that_is_less() {
    let market = &markets()[0];
    let (one, spot) = (number("1"), number(market.spot));
    let scenarios = Rules::parse(RULES).unwrap().scenarios.clone();
    let mut rates: BTreeMap<_, _> = ["fees", "option-fees"]
        .map(|name| (name, scenarios.iter().find(|s| s.name == name).unwrap().rates.clone()))
        .into();
    let mut take = |name, side: &str, of: &str| {
        let rate = rates.get_mut(name).unwrap().remove(&format!("{side} {of}"));
        rate.map(|rate| rate.to_string())
    };
    for option in market.options() {
        let (cap, fee) = (number("0.125") * option.mark(&one, &one), number("0.000125") * &spot);
        let (name, rate) =
            if cap < fee { ("fees", "-0.125") } else { ("option-fees", "-0.000125") };
        for side in ["long", "short"] {
            assert_eq!(take(name, side, &option.name).as_deref(), Some(rate), "{}", option.name);
        }
        assert_eq!(cap < fee, CAPPED.contains(&&*option.name));
    }
    for side in ["long", "short"] {
        assert_eq!(take("fees", side, "BTC-PERP").as_deref(), Some("-0.00045"));
    }
    assert!(rates.values().all(BTreeMap::is_empty));
}

#[test]
fn any_other_number_is_seen() {
    for (from, to) in [
        ("net = \"-0.015\", gross = \"0.005\"", "net = \"-0.0149\", gross = \"0.0049\""),
        ("net = \"0.015\", gross = \"0.005\"", "net = \"0.0151\", gross = \"0.0051\""),
        ("gross = \"0.005\"", "gross = \"0.0049\""),
        ("0.000113", "0.000112"),
        ("\"short BTC-PERP\" = \"-0.00045\"", "\"short BTC-PERP\" = \"-0.00044\""),
        ("\"long BTC-29JAN27-40000-P\" = \"-0.125\"", "\"long BTC-29JAN27-40000-P\" = \"-0.12\""),
        (
            "\"long BTC-29JAN27-80000-C\" = \"-0.000125\"",
            "\"long BTC-29JAN27-80000-C\" = \"-0.000126\"",
        ),
        ("scan = { maintenance = \"0.5\"", "scan = { maintenance = \"0.4999\""),
        (
            "scan = { maintenance = \"0.5\", initial = \"1\"",
            "scan = { maintenance = \"0.5\", initial = \"1.01\"",
        ),
        ("\nfunding = { maintenance = \"1\"", "\nfunding = { maintenance = \"0.5\""),
        (
            "\nfees = { maintenance = \"1\", initial = \"1\"",
            "\nfees = { maintenance = \"1\", initial = \"0\"",
        ),
        ("option-fees = { maintenance = \"1\"", "option-fees = { maintenance = \"0.5\""),
        ("long = \"1\"", "long = \"0.9999\""),
    ] {
        assert!(CASES[0].difference(&changed(RULES, from, to)).is_some(), "{to}");
    }
}
