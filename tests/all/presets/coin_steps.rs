//! `coin-steps` against BitMEX and `coin-tiered` against OKX, in coins: a rate for the whole position by
//! its size, which is a risk limit or a tier with a market of its own.

use pacioli_rules::Rules;

use crate::presets::{
    book::{Portfolio, PriceList, mutants, prices, table, worth},
    coin::Position,
    dice::{Dice, PORTFOLIOS},
    number::{Number, ceil, decimal, floor, read, whole},
};

const BITMEX: &str = include_str!("../../../presets/coin-steps.toml");
const OKX: &str = include_str!("../../../presets/coin-tiered.toml");

/// A contract and how its venue margins it.
struct Contract {
    name: &'static str,
    coin: &'static str,
    /// Decimals of the coins in the preset, and of prices.
    decimals: u32,
    price_decimals: u32,
    /// The end of each step, and its maintenance and initial rate in 1/1,000.
    steps: &'static [(u64, [u64; 2])],
    sized: Sized,
}

/// What steps end at, and rates are parts of.
enum Sized {
    /// The coins of the position at its entry.
    Entry,
    /// Contracts of so many dollars, at the mark.
    Contracts(u64),
}

const XBTUSD: Contract = Contract {
    name: "XBTUSD",
    coin: "BTC",
    decimals: 11,
    price_decimals: 2,
    // At each step both rates are raised by the base maintenance rate, 0.50 %.
    steps: &[(200, [5, 10]), (350, [10, 15]), (500, [15, 20]), (650, [20, 25])],
    sized: Sized::Entry,
};

const BTCUSD: Contract = Contract {
    name: "BTCUSD",
    coin: "BTC",
    decimals: 12,
    price_decimals: 4,
    steps: &[
        (500, [4, 8]),
        (3_000, [5, 10]),
        (12_000, [10, 15]),
        (24_000, [15, 20]),
        (36_000, [20, 25]),
        (48_000, [25, 30]),
    ],
    sized: Sized::Contracts(100),
};

const ADAUSD: Contract = Contract {
    name: "ADAUSD",
    coin: "ADA",
    decimals: 8,
    price_decimals: 8,
    steps: &[
        (500, [10, 13]),
        (1_500, [15, 20]),
        (3_000, [20, 50]),
        (6_000, [25, 55]),
        (9_000, [30, 60]),
        (12_000, [35, 65]),
    ],
    sized: Sized::Contracts(10),
};

impl Contract {
    /// The size by which the venue chooses a step.
    fn size(&self, position: &Position) -> Number {
        match self.sized {
            Sized::Entry => &position.dollars / &position.entry,
            Sized::Contracts(face) => &position.dollars / whole(face),
        }
    }

    /// The step of a position.
    fn step(&self, position: &Position) -> usize {
        let size = self.size(position);
        self.steps.iter().position(|(end, _)| size <= whole(*end)).unwrap()
    }

    /// The requirement in coins: the rate of one step on the whole position.
    fn margin(&self, position: &Position, mark: &Number, initial: bool) -> Number {
        let rate = decimal(self.steps[self.step(position)].1[usize::from(initial)], 3);
        let coins = match self.sized {
            Sized::Entry => &position.dollars / &position.entry,
            Sized::Contracts(_) => &position.dollars / mark,
        };
        rate * coins
    }

    /// The lines of a position whose snapshot says that it is in this step.
    fn lines(&self, position: &Position, step: usize) -> Portfolio {
        let Self { name, .. } = self;
        let [coins, dollars] = match self.sized {
            Sized::Entry => [format!("{name}.{}", self.steps[step].0), format!("{name}.USD")],
            Sized::Contracts(_) => [(*name).to_owned(), format!("{name}.USD.{}", step + 1)],
        };
        position.lines(&coins, &dollars, self.decimals).into()
    }

    /// A position of at most the last step, often at an end or beside it.
    fn position(&self, dice: &mut Dice, mark: &Number) -> Position {
        let decimals = self.price_decimals;
        let entry = ceil(&(mark * decimal(50 + dice.below(500), 2)), decimals);
        let each = match self.sized {
            Sized::Entry => entry.clone(),
            Sized::Contracts(face) => whole(face),
        };
        let dollars = |end: &(u64, _)| u128::try_from((whole(end.0) * &each).to_integer()).unwrap();
        let ends: Vec<_> = self.steps.iter().map(dollars).collect();
        let most = *ends.last().unwrap();
        let dollars = whole(dice.quantity(&ends, most));
        Position { long: dice.coin(), dollars, entry }
    }
}

fn priced(dice: &mut Dice, contracts: &[Contract]) -> PriceList {
    let mut prices = PriceList::new();
    for contract in contracts {
        let decimals = contract.price_decimals;
        let (units, _) = dice.price(30, decimals);
        prices.insert(contract.coin.to_owned(), decimal(units, decimals).max(decimal(1, decimals)));
    }
    prices
}

/// The preset asks for what the venue asks for, but for less than a unit of coins and its margin that the
/// account gains.
fn compare(rules: &Rules, contracts: &'static [Contract], seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    for _ in 0..10 {
        let prices = priced(&mut dice, contracts);
        let account = |dice: &mut Dice| {
            let contract = &contracts[dice.below(contracts.len() as u64) as usize];
            let position = contract.position(dice, &prices[contract.coin]);
            let balance = decimal(dice.quantity(&[], 1 << 32), 6);
            (contract, position, balance)
        };
        let accounts: Vec<_> = (0..PORTFOLIOS / 10).map(|_| account(&mut dice)).collect();
        let lines = |(contract, position, balance): &(&Contract, Position, Number)| {
            let mut lines = contract.lines(position, contract.step(position));
            lines.push((format!("deposit {}", contract.coin), balance.clone()));
            lines
        };
        let portfolios: Vec<_> = accounts.iter().map(lines).collect();
        let table = table(rules, &prices);
        for (scenario, initial) in [("maintenance", false), ("initial", true)] {
            let worth = worth(&table, &portfolios, scenario);
            for ((contract, position, balance), worth) in accounts.iter().zip(&worth) {
                let mark = &prices[contract.coin];
                let equity = balance + position.gain(mark);
                let venue = (equity - contract.margin(position, mark, initial)) * mark;
                let above = worth - &venue;
                if above < whole(0) || above >= mark * decimal(107, contract.decimals + 2) {
                    return Err(format!("{scenario}: {worth}, not {venue}: {position:?}"));
                }
            }
        }
    }
    Ok(())
}

const VENUES: [(&str, &[Contract], u64); 2] =
    [(BITMEX, &[XBTUSD], 32), (OKX, &[BTCUSD, ADAUSD], 33)];

#[test]
fn asks_for_what_the_venue_asks_for() {
    for (preset, contracts, seed) in VENUES {
        compare(&Rules::parse(preset).unwrap(), contracts, seed).unwrap();
    }
}

#[test]
fn every_other_rate_and_end_is_noticed() {
    for (preset, contracts, seed) in VENUES {
        for (key, other) in [("maintenance", 1), ("initial", 1), ("up_to", 100)] {
            let change = |number: &Number| match key {
                "up_to" => number - whole(other),
                _ => number + decimal(other, 4),
            };
            // Weights of deposits and rates of 1 cannot rise, and are refused; the coins of OKX's
            // contracts have none.
            for (what, rules) in mutants(preset, key, change) {
                assert!(compare(&rules, contracts, seed).is_err(), "{what}");
            }
        }
    }
}

#[test]
fn bitmexs_examples() {
    // A position worth 180 XBT has to have 0.90; one of 230 is a step above the base.
    for (coins, maintenance, initial) in [(180, "0.9", "1.8"), (230, "2.3", "3.45")] {
        let position =
            Position { long: true, dollars: whole(coins * 50_000), entry: whole(50_000) };
        assert_eq!(XBTUSD.margin(&position, &whole(1), false), read(maintenance));
        assert_eq!(XBTUSD.margin(&position, &whole(1), true), read(initial));
    }
    // For 100 XBT of contracts 1 XBT is initial margin.
    let position = Position { long: true, dollars: whole(100_000), entry: whole(1_000) };
    assert_eq!(XBTUSD.margin(&position, &whole(1), true), whole(1));
    // 100 contracts bought at 100 and sold at 200 gain 100 * (1 / 100 - 1 / 200) XBT.
    let position = Position { long: true, dollars: whole(100), entry: whole(100) };
    assert_eq!(position.gain(&whole(200)), read("0.5"));
}

#[test]
fn okxs_examples() {
    // 100 contracts at 10,000 USD are 1 BTC, for which 0.1 is asked at a leverage of 10.
    let position = Position { long: true, dollars: whole(10_000), entry: whole(10_000) };
    let at = |mark: &Number| &position.dollars / mark;
    assert_eq!(at(&whole(10_000)) / whole(10), read("0.1"));
    // In the first tier 40 USD have to be kept at any price, at 9,131.818182 USD 0.00438 BTC.
    let mark = read("9131.818182");
    let margin = BTCUSD.margin(&position, &mark, false);
    assert_eq!((&margin * &mark, floor(&margin, 6)), (whole(40), read("0.00438")));
    assert_eq!(BTCUSD.step(&Position { dollars: whole(50_000), ..position.clone() }), 0);
    assert_eq!(BTCUSD.step(&Position { dollars: whole(50_100), ..position }), 1);
}

/// A position in the wrong step is asked for less only if it is above the end of that by no more than the
/// requirement jumps there, and then by no more than the jump. On two lines it may be asked for less than
/// that: that is why a holder should object.
#[test]
fn the_wrong_step_asks_for_less_by_the_jump_at_most_and_a_split_position_too() {
    for (preset, contracts, seed) in VENUES {
        let rules = Rules::parse(preset).unwrap();
        let mut dice = Dice::new(seed);
        let prices = prices(&[("BTC", "50000.5"), ("ADA", "0.5")]);
        let table = table(&rules, &prices);
        for contract in contracts {
            let mark = &prices[contract.coin];
            let positions: Vec<_> = (0..20).map(|_| contract.position(&mut dice, mark)).collect();
            let steps = 0..contract.steps.len();
            let said: Vec<_> = steps
                .map(|step| {
                    let lines = positions.iter().map(|one| contract.lines(one, step));
                    worth(&table, &lines.collect::<Vec<_>>(), "maintenance")
                })
                .collect();
            for (index, position) in positions.iter().enumerate() {
                let right = contract.step(position);
                let (_, [rate, _]) = contract.steps[right];
                for (step, (end, [less, _])) in contract.steps.iter().enumerate() {
                    // In what steps end at: a coin at its entry, or so many dollars.
                    let each = match contract.sized {
                        Sized::Entry => mark.clone(),
                        Sized::Contracts(face) => whole(face),
                    };
                    let jump = decimal(rate - rate.min(*less), 3) * whole(*end);
                    let over = contract.size(position) - whole(*end);
                    let above = &said[step][index] - &said[right][index];
                    let slack = &each * decimal(1, 9);
                    assert!(above <= &each * &jump + slack, "{step}: {position:?}");
                    // Above the end by more than the jump, or below it, it is never asked for less.
                    let by_jump = over * (whole(1) - decimal(rate, 3)) <= jump;
                    assert!(above <= whole(0) || step < right && by_jump, "{step}: {position:?}");
                }
            }
            let ends = [contract.steps[0].0, contract.steps[1].0];
            let each = ceil(mark, 0);
            let dollars = |size: u64| match contract.sized {
                Sized::Entry => whole(size) * &each,
                Sized::Contracts(face) => whole(size * face),
            };
            let of = |size| Position { long: true, dollars: dollars(size), entry: each.clone() };
            let whole_one = contract.lines(&of(ends[1]), 1);
            let [first, rest] = [ends[0], ends[1] - ends[0]].map(&of);
            let mut split = contract.lines(&first, 0);
            for (name, quantity) in contract.lines(&rest, 1) {
                match split.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known += quantity,
                    None => split.push((name, quantity)),
                }
            }
            let [right, less] = &worth(&table, &[whole_one, split], "maintenance")[..] else {
                panic!("two")
            };
            assert!(less > right, "{}", contract.name);
        }
    }
}
