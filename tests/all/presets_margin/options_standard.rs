//! `options-standard` against Deribit's, Aevo's and Paradex's formulas.

use num_rational::BigRational;

use super::{
    black::Right,
    book::{
        Listed, MONEY_DECIMALS, Market, Portfolio, Valued, amount, changed, number, portfolios,
        zero,
    },
};

const RULES: &str = include_str!("../../../presets/options-standard.toml");

/// Spot at usual, worthless and the highest prices, and far below every strike.
fn markets() -> Vec<Market> {
    [
        ("100000", "100850.25", "102300.5"),
        ("0", "0", "0"),
        ("10000000", "10000000", "10000000"),
        ("31234.57", "31300", "31500.01"),
    ]
    .map(|(spot, near, far)| Market {
        underlying: "BTC",
        spot,
        others: Vec::new(),
        rate: "0.03",
        expiries: vec![
            ("25DEC26", "2026-12-25T08:00:00Z", 30, near),
            ("26MAR27", "2027-03-26T08:00:00Z", 121, far),
        ],
        smile: vec![("60000", "0.62"), ("100000", "0.55"), ("140000", "0.581")],
    })
    .to_vec()
}

#[derive(Clone, Copy, PartialEq)]
enum Venue {
    Deribit,
    Aevo,
    Paradex,
}

/// The venue's rates stand behind its name in comments; Deribit's are the preset's own.
fn rules(venue: &str) -> String {
    if venue == "Deribit" {
        return RULES.to_owned();
    }
    let (before, rest) = RULES.split_once("[option_margins.BTC.maintenance]").unwrap();
    let (_, after) = rest.split_once("[policy]").unwrap();
    let own = RULES.lines().filter_map(|line| line.strip_prefix(&format!("#{venue}")));
    let own: Vec<_> = own.map(str::trim).collect();
    assert!(own.len() > 8, "{venue}");
    format!("{before}{}\n[policy]{after}", own.join("\n"))
}

/// What one option asks of its holder beyond nothing, by the venue's formula: what a short has to
/// keep, its value included, or what of a long's value does not count.
fn requirement(
    venue: Venue,
    initial: bool,
    option: &Listed,
    spot: &BigRational,
    mark: &BigRational,
    long: bool,
) -> BigRational {
    let part = |rate: &str| number(rate) * spot;
    if long {
        let (premium, of_spot) = if initial { ("1", "0.2") } else { ("0.5", "0.1") };
        return match venue {
            Venue::Deribit | Venue::Aevo => mark.clone(),
            Venue::Paradex => (number(premium) * mark).min(part(of_spot)),
        };
    }
    let otm = match option.right {
        Right::Call => &option.terms.strike - spot,
        Right::Put => spot - &option.terms.strike,
    };
    let otm = otm.max(zero());
    match venue {
        // In the underlying: max(0.15 - otm / S, 0.1) + mark, 0.075 + mark, for puts
        // max(0.075, 0.075 mark) + mark; a put's initial is no less than its maintenance.
        Venue::Deribit | Venue::Aevo => {
            let rate = if venue == Venue::Deribit { "0.075" } else { "0.1" };
            let maintenance = match option.right {
                Right::Call => part(rate) + mark,
                Right::Put => part(rate).max(number(rate) * mark) + mark,
            };
            let opened = (part("0.15") - otm).max(part("0.1")) + mark;
            match (initial, option.right) {
                (false, _) => maintenance,
                (true, Right::Call) => opened,
                (true, Right::Put) => opened.max(maintenance),
            }
        }
        Venue::Paradex => {
            let (base, floor) = if initial { ("0.15", "0.1") } else { ("0.075", "0.05") };
            (part(base) - otm).max(part(floor)) + mark
        }
    }
}

/// The first difference between the rules and the venue that rounding does not explain.
fn difference(rules: &str, venue: Venue) -> Option<String> {
    for (seed, market) in markets().iter().enumerate() {
        let (options, spot) = (market.options(), number(market.spot));
        let one = number("1");
        let marks: Vec<_> = options.iter().map(|option| option.mark(&one, &one)).collect();
        let held = portfolios(seed as u64, market, ["", ""], options.len());
        let valued = Valued::new(rules, market, ["", ""], &held);
        for (index, portfolio) in held.iter().enumerate() {
            for initial in [false, true] {
                let left = left(venue, initial, portfolio, (&options, &marks), &spot);
                let name = if initial { "initial" } else { "maintenance" };
                let excess = left - valued.left(index, name);
                let most = portfolio.rounding() + benefit(venue, initial, portfolio, &marks, &spot);
                if excess < zero() || excess > most {
                    return Some(format!("{} {name} {portfolio:?}: {excess}", market.spot));
                }
            }
        }
    }
    None
}

/// What is left after the requirements, by the venue.
fn left(
    venue: Venue,
    initial: bool,
    portfolio: &Portfolio,
    (options, marks): (&[Listed], &[BigRational]),
    spot: &BigRational,
) -> BigRational {
    let mut left = amount(portfolio.cash + portfolio.entry, MONEY_DECIMALS);
    for ((option, quantity), mark) in portfolio.held(options).zip(marks) {
        let long = quantity > zero();
        let required = requirement(venue, initial, option, spot, mark, long);
        left += if long { quantity * (mark - required) } else { quantity * required };
    }
    left
}

/// What Paradex counts of longs and the preset does not.
fn benefit(
    venue: Venue,
    initial: bool,
    portfolio: &Portfolio,
    marks: &[BigRational],
    spot: &BigRational,
) -> BigRational {
    if venue != Venue::Paradex {
        return zero();
    }
    let (premium, of_spot) = if initial { ("1", "0.2") } else { ("0.5", "0.1") };
    let longs = portfolio.options.iter().zip(marks).filter(|(units, _)| **units > 0);
    let beyond = |mark: &BigRational| (number(premium) * mark - number(of_spot) * spot).max(zero());
    longs.map(|(&units, mark)| amount(units, super::book::OPTION_DECIMALS) * beyond(mark)).sum()
}

#[test]
fn it_is_deribits_standard_margin_to_rounding() {
    assert_eq!(difference(&rules("Deribit"), Venue::Deribit), None);
}

#[test]
fn with_the_rates_in_its_comments_it_is_aevos_and_no_less_than_paradexs() {
    assert_eq!(difference(&rules("Aevo"), Venue::Aevo), None);
    assert_eq!(difference(&rules("Paradex"), Venue::Paradex), None);
}

#[test]
fn any_other_rate_is_seen() {
    let premium = "floor = \"0.075\", premium = \"0.075\"";
    for (from, to) in [
        (premium, "floor = \"0.075\", premium = \"0.0751\""),
        (premium, "floor = \"0.075\", premium = \"0.0749\""),
        ("base = \"0.15\"", "base = \"0.1499\""),
        ("floor = \"0.1\"", "floor = \"0.1001\""),
        ("long = \"0\"", "long = \"0.000001\""),
    ] {
        assert!(difference(&changed(RULES, from, to), Venue::Deribit).is_some(), "{to}");
    }
    for venue in [Venue::Aevo, Venue::Paradex] {
        assert!(difference(RULES, venue).is_some());
    }
}
