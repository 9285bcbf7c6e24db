//! `portfolio` against Derive's PMRM: equal but for rounding.

use std::{collections::BTreeSet, sync::LazyLock};

use num_rational::BigRational;
use pacioli_rules::{Decimal, Rules, Scenario};

use super::{
    black::{exponential, power},
    book::{
        Listed, MONEY_DECIMALS, Market, OPTION_DECIMALS, Portfolio, SPOT_DECIMALS, VALUE_DECIMALS,
        Valued, absolute, amount, changed, digits, number, portfolios, zero,
    },
};

pub(super) const RULES: &str = include_str!("../../../presets/portfolio.toml");
pub(super) const NAMES: [&str; 2] = ["ETH-PERP", "WETH"];
/// Expiry as options are named by it, its time, its days, and the interest rate of the venue's feed.
const EXPIRIES: [(&str, &str, u32, &str); 2] = [
    ("18DEC26", "2026-12-18T08:00:00Z", 23, "0.04"),
    ("26MAR27", "2027-03-26T08:00:00Z", 121, "0.042"),
];
const SMILE: [(&str, &str); 3] = [("2400", "0.74"), ("3000", "0.68"), ("3600", "0.702")];

/// What the venue's feeds say beside prices.
struct Feeds {
    /// The price of the stablecoin.
    stable: &'static str,
    /// Confidence in spot and perpetual, and in each expiry.
    spot_confidence: &'static str,
    confidence: [&'static str; 2],
}

const USUAL: Feeds = Feeds { stable: "1", spot_confidence: "0.97", confidence: ["0.55", "0.9"] };

/// Spot, perpetual, base asset and forwards; the venue's marks of options are not discounted.
pub(super) fn market(
    spot: &'static str,
    others: [&'static str; 2],
    forwards: [&'static str; 2],
) -> Market {
    let expiry = |(index, (code, time, days, _))| (code, time, days, forwards[index]);
    Market {
        underlying: "ETH",
        spot,
        others: NAMES.into_iter().zip(others).collect(),
        rate: "0",
        expiries: EXPIRIES.into_iter().enumerate().map(expiry).collect(),
        smile: SMILE.to_vec(),
    }
}

fn markets() -> [Market; 4] {
    [
        market("3000", ["2961.5", "3000"], ["3008.25", "3041"]),
        market("0", ["0", "0"], ["0", "0"]),
        market("10000000", ["10100000", "10000000"], ["9990000", "10000001"]),
        market("2345.67", ["2346.3", "2345.67"], ["2340", "2300.5"]),
    ]
}

fn percent(n: i64) -> BigRational {
    BigRational::new(n.into(), 100.into())
}

/// Spot and volatility shocks in percent.
fn grid() -> Vec<(i64, i64)> {
    let mut rows = vec![(20, 60), (-20, 60)];
    for spot in [15, 10, 5, 0, -5, -10, -15] {
        rows.extend([(spot, 60), (spot, 0), (spot, -30)]);
    }
    assert_eq!(rows.len(), 23);
    rows
}

/// The numbers of the day of one expiry.
struct Day {
    /// What volatility shocks are multiplied by.
    vol: BigRational,
    discount: BigRational,
    /// What the loss of a moved forward is multiplied by.
    basis: BigRational,
}

impl Day {
    fn of((_, _, days, rate): (&str, &str, u32, &str)) -> Self {
        let (days, one) = (number(&days.to_string()), number("1"));
        let years = &days / number("365");
        let exponent = if days <= number("30") { "0.3" } else { "0.13" };
        Self {
            vol: power(&(number("30") / days.max(one.clone())), &number(exponent)),
            discount: number("0.95") * exponential(&-(&years * (number(rate) + number("0.12")))),
            basis: one + number("1.2") * years,
        }
    }
}

/// One expiry and what its options are quoted at: now, in every scenario, and with the forward moved.
struct Expiry {
    day: Day,
    marks: Vec<BigRational>,
    scenarios: Vec<Vec<BigRational>>,
    moved: [Vec<BigRational>; 2],
}

impl Expiry {
    fn new(day: Day, options: &[Listed]) -> Self {
        let one = number("1");
        let quotes = |spot: i64, vol: i64| -> Vec<_> {
            let forward = &one + percent(spot);
            let vol = (&one + percent(vol) * &day.vol).max(zero());
            options.iter().map(|option| option.mark(&forward, &vol)).collect()
        };
        Self {
            marks: quotes(0, 0),
            scenarios: grid().into_iter().map(|(spot, vol)| quotes(spot, vol)).collect(),
            moved: [quotes(5, 0), quotes(-5, 0)],
            day,
        }
    }
}

fn worth(held: &[i128], quotes: &[BigRational]) -> BigRational {
    held.iter().zip(quotes).map(|(n, quote)| amount(*n, OPTION_DECIMALS) * quote).sum()
}

/// What the requirement of one portfolio consists of.
struct Margin {
    mark: BigRational,
    /// The least gain in the scenarios, and what each expiry is worth there.
    scan: BigRational,
    worst: Vec<BigRational>,
    /// What the options lose where forwards move, and how: up, down or not at all.
    forward: BigRational,
    moved: Vec<Option<usize>>,
    /// By size.
    fixed: BigRational,
    unsure: BigRational,
    naked: BigRational,
    shorts: BigRational,
}

struct Priced {
    spot: BigRational,
    perpetual: BigRational,
    expiries: Vec<Expiry>,
}

impl Priced {
    fn new(market: &Market) -> Self {
        let options = market.options();
        let by_expiry = options.chunks(options.len() / EXPIRIES.len());
        let expiry = |(terms, options)| Expiry::new(Day::of(terms), options);
        Self {
            spot: number(market.spot),
            perpetual: market.price("ETH-PERP"),
            expiries: EXPIRIES.into_iter().zip(by_expiry).map(expiry).collect(),
        }
    }

    fn margin(&self, portfolio: &Portfolio, feeds: &Feeds) -> Margin {
        let held: Vec<_> = portfolio.options.chunks(2 * SMILE.len()).collect();
        let perpetual = amount(portfolio.perpetual, SPOT_DECIMALS);
        let base = amount(portfolio.base, SPOT_DECIMALS);
        let base_worth = &base * &self.spot / number(feeds.stable);
        let each = || held.iter().zip(&self.expiries);
        let marks: Vec<_> = each().map(|(held, expiry)| worth(held, &expiry.marks)).collect();

        let scenario = |(index, (spot, _)): (usize, (i64, i64))| {
            let then: Vec<_> = each().map(|(held, e)| worth(held, &e.scenarios[index])).collect();
            let gains =
                then.iter().zip(&marks).zip(&self.expiries).map(|((then, mark), expiry)| {
                    if *then > zero() { then * &expiry.day.discount - mark } else { then - mark }
                });
            let options: BigRational = gains.sum();
            let moved = (&perpetual * &self.perpetual + &base_worth) * percent(spot);
            (options + moved, then)
        };
        let (scan, worst) = grid().into_iter().enumerate().map(scenario).min().unwrap();

        let forward = each().zip(&marks).map(|((held, expiry), mark)| {
            let gains = expiry.moved.iter().map(|quotes| worth(held, quotes) - mark);
            let (least, which) = gains.zip(0..).min().unwrap();
            let least_of_all = least.clone().min(zero()) * &expiry.day.basis;
            (least_of_all, (least < zero()).then_some(which))
        });
        let (forward, moved): (Vec<_>, Vec<_>) = forward.unzip();

        let strikes = portfolio.options.chunks(2);
        let naked = strikes.map(|pair| (-pair[0] - pair[1]).max(0)).sum();
        let naked = amount(naked, OPTION_DECIMALS);
        let shorts = amount(portfolio.options.iter().map(|n| (-n).max(0)).sum(), OPTION_DECIMALS);

        // Below 0.55, whatever an oracle is unsure of; each expiry at most as sure as spot.
        let unsure = |confidence: &BigRational, quantity: BigRational| {
            let is_unsure = *confidence < number("0.55");
            if is_unsure { (number("1") - confidence) * quantity * &self.spot } else { zero() }
        };
        let of_spot = number(feeds.spot_confidence);
        let of_options = held.iter().zip(feeds.confidence).map(|(held, confidence)| {
            let all = amount(held.iter().map(|n| n.abs()).sum(), OPTION_DECIMALS);
            unsure(&number(confidence).min(of_spot.clone()), all)
        });
        let of_options: BigRational = of_options.sum();
        Margin {
            mark: amount(portfolio.cash + portfolio.entry, MONEY_DECIMALS)
                + marks.iter().sum::<BigRational>()
                + &perpetual * &self.perpetual
                + base_worth,
            scan,
            worst,
            forward: forward.into_iter().sum(),
            moved,
            fixed: number("0.03") * (absolute(perpetual.clone()) + &base) * &self.spot
                + number("0.02") * &naked * &self.spot,
            unsure: unsure(&of_spot, absolute(perpetual) + base) + of_options,
            naked,
            shorts,
        }
    }
}

impl Margin {
    /// What is left after maintenance and after initial margin.
    fn left(&self, feeds: &Feeds) -> [BigRational; 2] {
        let span = self.scan.clone().min(self.forward.clone()) - &self.fixed;
        let depeg = (number("0.99") - number(feeds.stable)).max(zero());
        let times = number("1.25") + number("4") * depeg;
        [&self.mark + &span, &self.mark + span * times - &self.unsure]
    }
}

/// What the preset may differ by, either way. A row's value is rounded by one unit in each of at most
/// two contingencies and a weight; marks are rounded twice in the scan, once times 1.4; and 1.25 times
/// these, or 1.37, are asked for. Numbers of the day have 18 digits. Nine contingencies are rounded to
/// 100 units.
fn rounding(portfolio: &Portfolio, spot: &BigRational) -> BigRational {
    let digits = portfolio.gross() * (spot + number("3600")) * amount(5, 18);
    portfolio.rounding() * number("6") + digits + amount(9 * 137, VALUE_DECIMALS)
}

/// A market, portfolios, and what Derive leaves them.
struct Case {
    market: Market,
    held: Vec<Portfolio>,
    margins: Vec<Margin>,
}

impl Case {
    fn new(seed: u64, market: Market, feeds: &Feeds) -> Self {
        let priced = Priced::new(&market);
        let held = portfolios(300 + seed, &market, NAMES, 2 * SMILE.len() * EXPIRIES.len());
        let margins = held.iter().map(|portfolio| priced.margin(portfolio, feeds)).collect();
        Self { market, held, margins }
    }

    /// The first portfolio for which rules say another requirement.
    fn difference(&self, rules: &str, feeds: &Feeds) -> Option<String> {
        let valued = Valued::new(rules, &self.market, NAMES, &self.held);
        let spot = number(self.market.spot);
        self.held.iter().zip(&self.margins).enumerate().find_map(|(index, (portfolio, margin))| {
            let most = rounding(portfolio, &spot);
            margin.left(feeds).iter().zip(["maintenance", "initial"]).find_map(|(left, name)| {
                let error = left - valued.left(index, name);
                let place = format!("{spot} {name} {portfolio:?}");
                (absolute(error.clone()) > most).then(|| format!("{place}: {error}, not {most}"))
            })
        })
    }
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    (0..).zip(markets()).map(|(seed, market)| Case::new(seed, market, &USUAL)).collect()
});

#[test]
fn it_is_derives_margin() {
    for case in CASES.iter() {
        assert_eq!(case.difference(RULES, &USUAL), None);
    }
}

/// Every part of the formula decides for some portfolio, so that the test above can see it.
#[test]
fn every_part_of_the_margin_decides_somewhere() {
    let margins = || CASES.iter().flat_map(|case| &case.margins);
    let some = |what: &dyn Fn(&Margin) -> bool| margins().any(what);
    let by_scan = |margin: &Margin| margin.scan < margin.forward;
    for signs in [[1, 1], [1, -1], [-1, 1], [-1, -1]] {
        let worth = |m: &Margin| m.worst.iter().zip(signs).all(|(x, s)| x * amount(s, 0) > zero());
        assert!(some(&|m| by_scan(m) && worth(m)), "{signs:?}");
    }
    for first in [None, Some(0), Some(1)] {
        for second in [None, Some(0), Some(1)] {
            let by_forward = |m: &Margin| m.forward < m.scan && m.moved == [first, second];
            assert_eq!(some(&by_forward), (first, second) != (None, None), "{first:?} {second:?}");
        }
    }
    assert!(some(&|m| m.naked > zero() && m.naked == m.shorts), "none covered");
    assert!(some(&|m| m.naked == zero() && m.shorts > zero()), "all covered");
    assert!(some(&|m| m.naked > zero() && m.naked < m.shorts), "some covered");
}

/// What a constraint of the scan moves: the default, and of each expiry move, volatility, discount and
/// weight.
fn said(scenario: &Scenario) -> String {
    let text = |number: Option<Decimal>| number.map_or("-".to_owned(), |n| n.to_string());
    let expiry = |(_, time, _, _): &(&str, &str, u32, &str)| {
        let moves = scenario.expiries.get(&time.parse().unwrap());
        moves.map_or("- - - -".to_owned(), |m| {
            [m.forward, m.vol_move, m.discount, m.weight].map(text).join(" ")
        })
    };
    format!("{} | {}", text(scenario.default_move), EXPIRIES.each_ref().map(expiry).join(" | "))
}

/// Random portfolios need not find the one line of a hundred that is wrong.
#[test]
fn every_scenario_is_the_venues_with_the_numbers_of_the_day() {
    let days = EXPIRIES.map(Day::of);
    let mut expected = BTreeSet::new();
    for (spot, vol) in grid() {
        for discounted in [[false, false], [true, false], [false, true], [true, true]] {
            let expiry = |(day, discounted): (&Day, bool)| {
                let vol = percent(vol) * &day.vol;
                let vol_move = if vol == zero() { "-".to_owned() } else { digits(&vol, true) };
                let discount = digits(&day.discount, false);
                format!("- {vol_move} {} -", if discounted { &discount } else { "-" })
            };
            let expiries: Vec<_> = days.iter().zip(discounted).map(expiry).collect();
            expected.insert(format!(
                "{} | {}",
                digits(&percent(spot), false),
                expiries.join(" | ")
            ));
        }
    }
    for first in ["-", "0.05", "-0.05"] {
        for second in ["-", "0.05", "-0.05"] {
            let expiry = |(day, relative): (&Day, &str)| match relative {
                "-" => "- - - -".to_owned(),
                _ => format!("{relative} - - {}", digits(&day.basis, true)),
            };
            let expiries: Vec<_> = days.iter().zip([first, second]).map(expiry).collect();
            expected.insert(format!("0 | {}", expiries.join(" | ")));
        }
    }
    // In which nothing moves, and nothing is asked for.
    assert!(expected.remove("0 | - - - - | - - - -"));
    assert_eq!(expected.len(), 23 * 4 - 1 + 8);

    let scenarios = Rules::parse(RULES).unwrap().scenarios.clone();
    let scan: Vec<_> =
        scenarios.iter().filter(|s| s.contingency.as_deref() == Some("scan")).map(said).collect();
    assert_eq!(scan.len(), expected.len());
    assert_eq!(scan.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn any_other_number_is_seen() {
    for (from, to) in [
        ("maintenance = \"0.97\"", "maintenance = \"0.9701\""),
        ("initial = \"0.9625\"", "initial = \"0.9624\""),
        ("\"long ETH-PERP\" = \"-0.03\"", "\"long ETH-PERP\" = \"-0.0299\""),
        ("\"short ETH-PERP\" = \"-0.03\"", "\"short ETH-PERP\" = \"-0.0301\""),
        ("scan = { maintenance = \"1\"", "scan = { maintenance = \"0.99\""),
        (
            "scan = { maintenance = \"1\", initial = \"1.25\"",
            "scan = { maintenance = \"1\", initial = \"1.24\"",
        ),
        (
            "perpetual = { maintenance = \"1\", initial = \"1.25\"",
            "perpetual = { maintenance = \"1\", initial = \"1.26\"",
        ),
        (
            "naked-26MAR27-3000 = { maintenance = \"1\", initial = \"1.25\"",
            "naked-26MAR27-3000 = { maintenance = \"1\", initial = \"1.24\"",
        ),
        ("rates_of = \"underlying\", rates = { \"long ETH-PERP\"", "rates = { \"long ETH-PERP\""),
        ("long = \"1\"", "long = \"0.9999\""),
    ] {
        assert!(CASES[0].difference(&changed(RULES, from, to), &USUAL).is_some(), "{to}");
    }
    for Listed { name, .. } in CASES[0].market.options() {
        let rates = |rate| format!("\"long {name}\" = \"{rate}\", \"short {name}\" = \"-{rate}\"");
        let rules = changed(RULES, &rates("0.02"), &rates("0.0199"));
        assert!(CASES[0].difference(&rules, &USUAL).is_some(), "{name}");
    }
}

/// The head of the file says which numbers a stablecoin below 0.99 and unsure oracles change.
#[test]
fn a_day_of_doubt_can_be_said() {
    let feeds = Feeds { stable: "0.96", spot_confidence: "0.5", confidence: ["0.4", "0.9"] };
    let case = Case::new(9, market("2400", ["2390", "2500"], ["2408", "2441"]), &feeds);
    let rules = changed(RULES, "initial = \"1.25\"", "initial = \"1.37\"");
    let rules = changed(&rules, "maintenance = \"0.97\"", "maintenance = \"0.9712\"");
    let rules = changed(&rules, "initial = \"0.9625\"", "initial = \"0.960544\"");
    let both = |name: &str| {
        let rate = if name.contains("18DEC26") { "-0.6" } else { "-0.5" };
        format!("\"long {name}\" = \"{rate}\", \"short {name}\" = \"{rate}\", ")
    };
    let options = case.market.options();
    let names = options.iter().map(|option| &*option.name).chain(["ETH-PERP"]);
    let rates: String = names.map(both).collect();
    let unsure = format!(
        "  {{ name = \"unsure\", kind = \"constraint\", contingency = \"unsure\", rates_of = \"underlying\", \
         rates = {{ {rates}\"deposit WETH\" = \"-0.48\" }} }},\n]\n"
    );
    let rules = rules.replacen("]\n", &unsure, 1);
    let both = "[contingencies]\nunsure = { maintenance = \"0\", initial = \"1\" }\n";
    let rules = changed(&rules, "[contingencies]\n", both);
    assert_eq!(case.difference(&rules, &feeds), None);
    assert!(case.difference(RULES, &feeds).is_some());
    assert!(case.difference(&changed(&rules, "-0.48", "-0.479"), &feeds).is_some());
}
