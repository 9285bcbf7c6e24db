//! `coin-linear` against Deribit's futures, in coins.

use pacioli_rules::{Margin, Rules};

use crate::presets::{
    book::{Portfolio, PriceList, mutated, prices, table, worth},
    coin::Position,
    dice::{Dice, PORTFOLIOS},
    number::{Number, ceil, decimal, floor, read, whole},
};

const PRESET: &str = include_str!("../../../presets/coin-linear.toml");

/// A contract, its increase of the rate for each coin in 1e-6, and the sizes in coins up to which the
/// preset is within its bound and never asks for too little.
struct Market {
    name: &'static str,
    coin: &'static str,
    increase: u64,
    within_bound: u64,
    conservative: u64,
}

const MARKETS: [Market; 2] = [
    Market {
        name: "BTC-PERPETUAL",
        coin: "BTC",
        increase: 50,
        within_bound: 1_000,
        conservative: 18_000,
    },
    Market {
        name: "ETH-PERPETUAL",
        coin: "ETH",
        increase: 4,
        within_bound: 12_500,
        conservative: 225_000,
    },
];

impl Market {
    fn dollars(&self) -> String {
        format!("{}.USD", self.name)
    }

    /// The requirement of a position of so many coins, in coins: 2 % and 1 %, and the increase.
    fn margin(&self, size: &Number, initial: bool) -> Number {
        size * (decimal(if initial { 2 } else { 1 }, 2) + size * decimal(self.increase, 6))
    }
}

/// What an account holds of one coin: its balance, which may be a debt, and a position.
struct Account {
    market: &'static Market,
    balance: Number,
    position: Position,
}

impl Account {
    fn lines(&self) -> Portfolio {
        let side = if self.balance < whole(0) { "borrow" } else { "deposit" };
        let mut balance = self.balance.clone();
        if balance < whole(0) {
            balance = -balance;
        }
        let mut lines = vec![(format!("{side} {}", self.market.coin), balance)];
        lines.extend(self.position.lines(self.market.name, &self.market.dollars(), 12));
        lines
    }

    /// Equity less margin by the venue's formula, in USD at the index.
    fn venue(&self, index: &Number, mark: &Number, initial: bool) -> [Number; 2] {
        let margin = self.market.margin(&(&self.position.dollars / mark), initial);
        let equity = &self.balance + self.position.gain(mark);
        [(equity - &margin) * index, margin * index]
    }
}

/// Prices, among them what a dollar of each contract is worth where its mark is not the index.
fn priced(dice: &mut Dice) -> PriceList {
    let mut prices = PriceList::new();
    for market in &MARKETS {
        let (units, decimals) = dice.price(30, 4);
        prices.insert(market.coin.to_owned(), decimal(units, decimals).max(decimal(1, 4)));
        if dice.coin() {
            let basis = u64::try_from(dice.bits(44)).unwrap();
            prices.insert(market.dollars(), decimal(90_000_000_000_000 + basis, 14));
        }
    }
    prices
}

fn account(dice: &mut Dice, rules: &Rules, prices: &PriceList) -> Account {
    let market = &MARKETS[usize::from(dice.coin())];
    let mark = mark(market, prices);
    let cents = |coins: Number| u128::try_from((coins * &mark * whole(100)).to_integer()).unwrap();
    let tiers = &rules.markets[&market.dollars()].tiers;
    let ends = tiers.iter().filter_map(|tier| Some(cents(read(&tier.up_to_value?.to_string()))));
    let ends: Vec<_> = ends.collect();
    let dollars = decimal(dice.quantity(&ends, cents(whole(market.conservative))), 2);
    // Between half of the mark and five and a half times it.
    let entry = ceil(&(mark * decimal(50 + dice.below(500), 2)), 6);
    let position = Position { long: dice.coin(), dollars, entry };
    let balance = decimal(dice.quantity(&[], 1 << 36), 8);
    let balance = if dice.below(4) == 0 { -balance } else { balance };
    Account { market, balance, position }
}

fn mark(market: &Market, prices: &PriceList) -> Number {
    let dollar = prices.get(&market.dollars()).cloned().unwrap_or_else(|| whole(1));
    &prices[market.coin] / dollar
}

/// The preset asks for what the venue asks for or more, but for a unit of coins, and within the bound
/// for at most 1 % of it more.
fn compare(rules: &Rules) -> Result<(), String> {
    let mut dice = Dice::new(31);
    for _ in 0..20 {
        let prices = priced(&mut dice);
        let accounts: Vec<_> =
            (0..PORTFOLIOS / 20).map(|_| account(&mut dice, rules, &prices)).collect();
        let portfolios: Vec<_> = accounts.iter().map(Account::lines).collect();
        let table = table(rules, &prices);
        for (scenario, initial) in [("maintenance", false), ("initial", true)] {
            let worth = worth(&table, &portfolios, scenario);
            for (account, worth) in accounts.iter().zip(&worth) {
                let Account { market, position, .. } = account;
                let (index, mark) = (&prices[market.coin], mark(market, &prices));
                let [venue, margin] = account.venue(index, &mark, initial);
                let unit = index * decimal(1, 12);
                // Nine cents for the ends, of which a dollar is worth at most 1.1 USD, and a unit of
                // value for each cent.
                let most =
                    margin * decimal(1, 2) + decimal(2, 3) + &position.dollars * decimal(1, 14);
                let is_within = &position.dollars / &mark <= whole(market.within_bound);
                if worth - &venue >= unit || is_within && &venue - worth > most {
                    return Err(format!("{scenario}: {worth}, not {venue}: {position:?}"));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn never_asks_for_less_than_the_venue_and_for_little_more() {
    compare(&Rules::parse(PRESET).unwrap()).unwrap();
}

#[test]
fn another_rate_or_another_end_is_noticed() {
    let lower = "up_to_value = \"2\", maintenance = \"0.0101\"";
    let lower = mutated(PRESET, lower, "up_to_value = \"2\", maintenance = \"0.0099\"");
    assert!(compare(&lower).unwrap_err().starts_with("maintenance"));
    let higher = PRESET.replace("initial = \"0.0205\"", "initial = \"0.021\"");
    assert!(compare(&Rules::parse(&higher).unwrap()).unwrap_err().starts_with("initial"));
    assert!(compare(&mutated(PRESET, "tiers_in = \"ETH\"", "")).is_err());
    assert!(compare(&mutated(PRESET, "up_to_value = \"3500\"", "up_to_value = \"3600\"")).is_err());
}

#[test]
fn the_venues_examples() {
    let [btc, _] = &MARKETS;
    for (size, initial, margin) in [
        (0, true, "0"),
        (25, true, "0.53125"),
        (350, true, "13.125"),
        (25, false, "0.28125"),
        (350, false, "9.625"),
    ] {
        assert_eq!(btc.margin(&whole(size), initial), read(margin), "{size}");
        // An account with that much, entered at the mark, has nothing to spare under the preset, and
        // lacks less than 1 % of the margin.
        let prices = prices(&[("BTC", "100000"), ("ETH", "1")]);
        let rules = Rules::parse(PRESET).unwrap();
        for long in [true, false] {
            let dollars = whole(size) * whole(100_000);
            let position = Position { long, dollars, entry: whole(100_000) };
            let account = Account { market: btc, balance: read(margin), position };
            let scenario = if initial { "initial" } else { "maintenance" };
            let [worth] = &worth(&table(&rules, &prices), &[account.lines()], scenario)[..] else {
                panic!("one account")
            };
            assert!(*worth <= whole(0) && *worth >= -read(margin) * whole(1_000), "{worth}");
        }
    }
}

#[test]
fn each_rate_is_the_slope_of_a_chord_of_the_formula() {
    let rules = Rules::parse(PRESET).unwrap();
    for market in &MARKETS {
        let rule = &rules.markets[&market.dollars()];
        assert_eq!(rule.tiers_in.as_deref(), Some(market.coin));
        for (initial, margin) in [(false, Margin::Maintenance), (true, Margin::Initial)] {
            let mut before = whole(0);
            for tier in &rule.tiers {
                let rate = match margin {
                    Margin::Maintenance => &tier.maintenance,
                    Margin::Initial => &tier.initial,
                };
                let rate = read(&rate.as_ref().unwrap().to_string());
                let Some(end) = tier.up_to_value.map(|end| read(&end.to_string())) else {
                    assert_eq!(rate, whole(1));
                    continue;
                };
                let rise = market.margin(&end, initial) - market.margin(&before, initial);
                assert_eq!(rate, rise / (&end - &before), "{} up to {end}", market.name);
                before = end;
            }
            assert_eq!(before, whole(market.within_bound));
        }
    }
}

#[test]
fn the_chords_are_within_the_stated_bound_and_no_better_one() {
    let rules = Rules::parse(PRESET).unwrap();
    let prices = prices(&[("BTC", "10000"), ("ETH", "10000")]);
    let table = table(&rules, &prices);
    for market in &MARKETS {
        let sizes: Vec<_> = (1..=1_000u64)
            .map(|step| whole(step * step) * whole(market.within_bound) / whole(1_000_000))
            .map(|size| floor(&size, 6))
            .collect();
        let long = |size: &Number| {
            let dollars = size * whole(10_000);
            Position { long: true, dollars, entry: whole(10_000) }
                .lines(market.name, &market.dollars(), 12)
                .into()
        };
        let portfolios: Vec<_> = sizes.iter().map(long).collect();
        let worth = worth(&table, &portfolios, "maintenance");
        let excess = sizes
            .iter()
            .zip(worth)
            .map(|(size, worth)| -worth / whole(10_000) / market.margin(size, false) - whole(1));
        let worst = excess.max().unwrap();
        assert!(worst > decimal(9, 3) && worst <= decimal(1, 2), "{}: {worst}", market.name);
    }
}
