//! `portfolio` against Derive's PMRM: never less, and never more than the preset says.

use num_rational::BigRational;

use super::{
    black::exponential,
    book::{
        Listed, MONEY_DECIMALS, Market, Portfolio, SPOT_DECIMALS, VALUE_DECIMALS, Valued, absolute,
        amount, changed, number, portfolios, zero,
    },
};

const RULES: &str = include_str!("../../rules/portfolio.toml");
const NAMES: [&str; 2] = ["ETH-PERP", "WETH"];

/// Spot, perpetual and forward; the venue's marks of options are not discounted.
fn markets() -> Vec<Market> {
    [
        ("3000", "3001.5", "3012.25"),
        ("0", "0", "0"),
        ("10000000", "9900000", "10000000"),
        ("2345.67", "2322.3", "2340"),
    ]
    .map(|(spot, perpetual, forward)| Market {
        underlying: "ETH",
        spot,
        others: vec![("ETH-PERP", perpetual), ("WETH", spot)],
        rate: "0",
        expiries: vec![("25DEC26", "2026-12-25T08:00:00Z", 30, forward)],
        smile: vec![("2000", "0.81"), ("2800", "0.7"), ("3200", "0.68"), ("4500", "0.792")],
    })
    .to_vec()
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

fn percent(n: i64) -> BigRational {
    BigRational::new(n.into(), 100.into())
}

struct Priced {
    spot: BigRational,
    perpetual: BigRational,
    options: Vec<Listed>,
    marks: Vec<BigRational>,
    /// The spot shock and the quotes in it.
    scenarios: Vec<(BigRational, Vec<BigRational>)>,
    /// Quotes at 5 % up and down.
    forward: [Vec<BigRational>; 2],
    /// 0.95 e^(-t (rate + 12 %)) with a rate of 0, 30 days to expiry.
    discount: BigRational,
    /// 1 + 1.2 t.
    basis: BigRational,
}

impl Priced {
    fn new(market: &Market) -> Self {
        let (options, one) = (market.options(), number("1"));
        let quotes = |spot: i64, vol: i64| -> Vec<_> {
            let (forward, vol) = (&one + percent(spot), &one + percent(vol));
            options.iter().map(|option| option.mark(&forward, &vol)).collect()
        };
        let years = BigRational::new(30.into(), 365.into());
        Self {
            spot: number(market.spot),
            perpetual: market.price("ETH-PERP"),
            marks: quotes(0, 0),
            scenarios: grid().into_iter().map(|(s, v)| (percent(s), quotes(s, v))).collect(),
            forward: [quotes(5, 0), quotes(-5, 0)],
            discount: number("0.95") * exponential(&-(&years * number("0.12"))),
            basis: number("1") + number("1.2") * years,
            options,
        }
    }

    fn worth(&self, portfolio: &Portfolio, quoted: &[BigRational]) -> BigRational {
        portfolio.held(&self.options).zip(quoted).map(|((_, n), quote)| n * quote).sum()
    }

    /// What the options gain in each scenario.
    fn gains(&self, portfolio: &Portfolio, worth: &BigRational) -> Vec<BigRational> {
        self.scenarios.iter().map(|(_, quoted)| self.worth(portfolio, quoted) - worth).collect()
    }

    /// Per strike, shorts without a long; and shorts with one.
    fn naked(&self, portfolio: &Portfolio) -> (BigRational, BigRational) {
        let held: Vec<_> = portfolio.held(&self.options).map(|(_, quantity)| quantity).collect();
        held.chunks(2).fold((zero(), zero()), |(naked, covered), pair| {
            let shorts: BigRational = pair.iter().map(|n| (-n).max(zero())).sum();
            let longs: BigRational = pair.iter().map(|n| n.clone().max(zero())).sum();
            let matched = shorts.clone().min(longs);
            (naked + shorts - &matched, covered + matched)
        })
    }

    /// What is left after the margin, and the most that the preset may ask beyond it.
    fn left(&self, portfolio: &Portfolio, times: &BigRational) -> (BigRational, BigRational) {
        let worth = self.worth(portfolio, &self.marks);
        let gains = self.gains(portfolio, &worth);
        let perpetual = amount(portfolio.perpetual, SPOT_DECIMALS);
        let base = amount(portfolio.base, SPOT_DECIMALS);

        let discounted = |x: BigRational| if x > zero() { x * &self.discount } else { x };
        let scenario = |((shock, _), gain): (&(BigRational, _), &BigRational)| {
            let moved = (&perpetual * &self.perpetual + &base * &self.spot) * shock;
            discounted(&worth + gain) - &worth + moved
        };
        let scan = self.scenarios.iter().zip(&gains).map(scenario).min().unwrap();
        let forward = self.forward.each_ref().map(|quoted| self.worth(portfolio, quoted) - &worth);
        let forward = forward.into_iter().min().unwrap().min(zero());
        let (naked, covered) = self.naked(portfolio);
        let fixed = number("0.03") * (absolute(perpetual.clone()) + &base) * &self.spot
            + number("0.02") * naked * &self.spot;
        let span = scan.min(&forward * &self.basis) - fixed;
        let mark = amount(portfolio.cash + portfolio.entry, MONEY_DECIMALS)
            + &worth
            + &perpetual * &self.perpetual
            + base * &self.spot;

        let furthest = gains.into_iter().map(absolute).max().unwrap();
        let worth = worth.max(zero());
        let one = number("1");
        let most = (&one - &self.discount) * furthest.clone().max(worth.clone())
            // The discount and 1 + 1.2 t are rounded to six digits.
            + number("0.000001") * (furthest + worth - forward)
            + number("0.02") * covered * &self.spot
            + absolute(perpetual) * (number("0.0304") * &self.perpetual - number("0.03") * &self.spot);
        (span * times + mark, most * times)
    }
}

/// By how much the preset asks for more: in thousandths of the venue's requirement, and in millionths
/// of the underlyings at spot.
#[derive(Debug, Default)]
struct Excess {
    of_requirement: Vec<i64>,
    of_notional: Vec<i64>,
}

fn difference(rules: &str, excesses: &mut Excess) -> Option<String> {
    for (seed, market) in markets().iter().enumerate() {
        let priced = Priced::new(market);
        let held = portfolios(200 + seed as u64, market, NAMES, priced.options.len());
        let valued = Valued::new(rules, market, NAMES, &held);
        for (index, portfolio) in held.iter().enumerate() {
            for (name, times) in [("maintenance", "1"), ("initial", "1.25")] {
                let (left, most) = priced.left(portfolio, &number(times));
                let excess = &left - valued.left(index, name);
                // Two contingencies, each rounded up to a hundred units of value.
                let rounding = portfolio.rounding() * number("5") + amount(300, VALUE_DECIMALS);
                if excess < zero() || excess > most + rounding {
                    return Some(format!("{} {name} {portfolio:?}: {excess}", market.spot));
                }
                let part = |whole: BigRational, parts: &str| -> i64 {
                    (&excess / whole * number(parts)).round().to_integer().try_into().unwrap()
                };
                let mark = valued.left(index, "mark");
                if mark > left {
                    excesses.of_requirement.push(part(mark - left, "1000"));
                }
                let notional = portfolio.gross() * &priced.spot;
                if notional > zero() {
                    excesses.of_notional.push(part(notional, "1000000"));
                }
            }
        }
    }
    None
}

#[test]
fn it_is_never_less_than_derives_margin_and_no_more_than_it_says() {
    let mut excess = Excess::default();
    assert_eq!(difference(RULES, &mut excess), None);
    // Half of the portfolios are asked for at most 4 % more, nine of ten for at most 15.3 %, and none
    // for more than 1.99 % of what it holds at spot.
    let Excess { mut of_requirement, mut of_notional } = excess;
    of_requirement.sort_unstable();
    of_notional.sort_unstable();
    let [median, most] =
        [&of_requirement[of_requirement.len() / 2], of_notional.last().unwrap()].map(|n| *n);
    let tenth = of_requirement[of_requirement.len() * 9 / 10];
    assert_eq!((median, tenth, most), (40, 153, 19_898));
}

#[test]
fn any_smaller_number_is_seen() {
    for (from, to) in [
        ("vol_move = \"0.6\"", "vol_move = \"0.59\""),
        ("default_move = \"-0.2\"", "default_move = \"-0.19\""),
        ("weight = \"1.098631\"", "weight = \"0.98\""),
        ("floor = \"0.02\"", "floor = \"0.0199\""),
        ("maintenance = \"0.97\"", "maintenance = \"0.9701\""),
        ("maintenance = \"0.0304\"", "maintenance = \"0.0296\""),
        (
            "[contingencies.scan]\nmaintenance = \"1\"\ninitial = \"1.25\"",
            "[contingencies.scan]\nmaintenance = \"1\"\ninitial = \"1.24\"",
        ),
        ("0.059324", "0.05"),
        ("weight = \"0.940676\"", "weight = \"0.99\""),
    ] {
        let seen = difference(&changed(RULES, from, to), &mut Excess::default());
        assert!(seen.is_some(), "{to}");
    }
}
