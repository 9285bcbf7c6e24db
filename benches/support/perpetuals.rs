//! A made-up venue of perpetuals, the same every time: most accounts near their margin, longs and
//! shorts matched.
//!
//! - An account's collateral is lognormal (median 2,000 USD, sigma 1.5): in seven of ten USDC, else
//!   BTC or ETH.
//! - Seven of ten take a direction in one to three markets, at leverages from 1 to the venue's,
//!   evenly by their logarithm. Others are hedged: a tenth hold coins and are short most of them, a
//!   fifth are long one market and short another for the same value.
//! - Since a position was entered its market has moved: by a normal of 4 %. An account that is
//!   below maintenance by then was liquidated, and is drawn again; but one draw in fifty stays,
//!   with an equity down to minus 2 % of its positions.
//! - In each market one maker of leverage 2 takes what is left between longs and shorts.

use std::fmt::Write;

use rand_chacha::ChaCha20Rng;
use rand_core::{RngCore, SeedableRng};

/// Accounts besides the makers.
const ACCOUNTS: usize = 6_000;
/// Units of a position's quantity in one.
const UNITS: f64 = 1e4;
/// Every asset with its price and its part of the positions.
const ASSETS: [(&str, f64, f64); 8] = [
    ("BTC", 91_250.5, 0.42),
    ("ETH", 3_120.25, 0.24),
    ("SOL", 142.4, 0.1),
    ("BNB", 905.1, 0.06),
    ("XRP", 2.21, 0.06),
    ("DOGE", 0.1534, 0.05),
    ("LINK", 13.07, 0.04),
    ("AVAX", 14.85, 0.03),
];

/// The scenario of initial margin, which its rules have the rates for.
pub const INITIAL: &str =
    "\n[[scenarios]]\nname = \"initial\"\nkind = \"margin\"\nmargin = \"initial\"\n";

/// Prices of its assets.
pub fn prices() -> String {
    let prices = ASSETS.map(|(name, price, _)| format!("\"{name}\": \"{price}\""));
    format!(
        "{{ \"as_of\": \"2026-11-21T00:00:00Z\", \"quote\": \"USD\", \"method\": \"made up\", \
         \"prices\": {{ \"USDC\": \"1\", {} }} }}",
        prices.join(", ")
    )
}

/// Its rules, with no stress: initial margin is what the largest leverage leaves, maintenance half.
pub fn rules(leverage: u32) -> String {
    let mut rules = format!(
        "name = \"perpetuals-{leverage}\"\nsource = \"made up\"\ndate = \"2026-11-27\"\n\
         exactness = \"exact\"\nquote = \"USD\"\nquote_decimals = 6\n\n\
         [[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n\n\
         [[scenarios]]\nname = \"maintenance\"\nkind = \"margin\"\nmargin = \"maintenance\"\n\n\
         [assets.USDC]\ndecimals = 6\nshocked = false\nmaintenance = \"1\"\ninitial = \"1\"\n\n\
         [assets.BTC]\nalso = [\"ETH\"]\ndecimals = 8\nmaintenance = \"0.95\"\ninitial = \"0.9\"\n"
    );
    for (name, ..) in ASSETS {
        let rate = maintenance(leverage);
        write!(rules, "\n[markets.{name}-PERP]\nunderlying = \"{name}\"\ndecimals = 4\n")
            .and_then(|()| {
                writeln!(
                    rules,
                    "tiers = [{{ maintenance = \"{rate}\", initial = \"{}\" }}]",
                    2.0 * rate
                )
            })
            .expect("a string takes all");
    }
    rules + "\n[policy]\nmin_coverage = \"1\"\nopen_interest_matched = true\n"
}

fn maintenance(leverage: u32) -> f64 {
    1.0 / f64::from(2 * leverage)
}

/// Its accounts, as CSV.
pub fn accounts(leverage: u32) -> String {
    let mut dice = Dice(ChaCha20Rng::seed_from_u64(u64::from(leverage)));
    let mut csv = "account,instrument,quantity\n".to_owned();
    let mut net = [0i64; ASSETS.len()];
    for name in 0..ACCOUNTS {
        let account = loop {
            let account = Account::drawn(leverage, &mut dice);
            let late = dice.part() < 0.02;
            if account.equity()
                >= account.gross() * if late { -0.02 } else { maintenance(leverage) }
            {
                break account;
            }
        };
        account.positions.iter().for_each(|one| net[one.market] += one.units);
        account.write(name, &mut csv);
    }
    for (market, net) in net.into_iter().enumerate().filter(|(_, net)| *net != 0) {
        let maker = Position { market, units: -net, entry: ASSETS[market].1 };
        let collateral = ("USDC", maker.worth().abs() / 2.0);
        Account { collateral, positions: vec![maker] }.write(ACCOUNTS + market, &mut csv);
    }
    csv
}

/// A quantity of a market, negative if short, and the price that it was entered at.
struct Position {
    market: usize,
    units: i64,
    entry: f64,
}

impl Position {
    /// For so much value, negative if short.
    fn drawn(market: usize, value: f64, dice: &mut Dice) -> Self {
        let price = ASSETS[market].1;
        let entry = price / (1.0 + 0.04 * dice.normal()).max(0.5);
        Self { market, units: (value / price * UNITS).round() as i64, entry }
    }

    fn at(&self, price: f64) -> f64 {
        self.units as f64 / UNITS * price
    }

    fn worth(&self) -> f64 {
        self.at(ASSETS[self.market].1)
    }
}

struct Account {
    /// An asset and its value.
    collateral: (&'static str, f64),
    positions: Vec<Position>,
}

impl Account {
    fn drawn(leverage: u32, dice: &mut Dice) -> Self {
        let value = 2_000.0 * (1.5 * dice.normal()).exp();
        let coin = usize::from(dice.part() < 0.4);
        let lever = f64::from(leverage).powf(dice.part());
        let kind = dice.part();
        if kind < 0.1 {
            let short = -value * (0.8 + 0.2 * dice.part());
            let positions = vec![Position::drawn(coin, short, dice)];
            return Self { collateral: (ASSETS[coin].0, value), positions };
        }
        let collateral = if dice.part() < 0.7 { "USDC" } else { ASSETS[coin].0 };
        let positions = if kind < 0.3 {
            let (long, short) = (dice.market(), dice.market());
            let half = value * lever / 2.0;
            [(long, half), (short, -half)].map(|(m, value)| Position::drawn(m, value, dice)).into()
        } else {
            let count = 1 + dice.below(3);
            let each = value * lever / count as f64;
            let mut position = || {
                let side = if dice.part() < 0.5 { each } else { -each };
                Position::drawn(dice.market(), side, dice)
            };
            (0..count).map(|_| position()).collect()
        };
        Self { collateral: (collateral, value), positions }
    }

    fn gross(&self) -> f64 {
        self.positions.iter().map(|one| one.worth().abs()).sum()
    }

    fn equity(&self) -> f64 {
        let gains = self.positions.iter().map(|one| one.worth() - one.at(one.entry));
        self.collateral.1 + gains.sum::<f64>()
    }

    fn write(&self, name: usize, csv: &mut String) {
        let mut line = |instrument: &str, quantity: f64, decimals: usize| {
            if quantity >= 0.5 / 10f64.powi(decimals as i32) {
                writeln!(csv, "{name},{instrument},{quantity:.decimals$}")
                    .expect("a string takes all");
            }
        };
        let (asset, value) = self.collateral;
        let coin = ASSETS.iter().find(|(name, ..)| *name == asset);
        match coin {
            Some((_, price, _)) => line(&format!("deposit {asset}"), value / price, 8),
            None => line(&format!("deposit {asset}"), value, 6),
        }
        let mut units = [0i64; ASSETS.len()];
        self.positions.iter().for_each(|one| units[one.market] += one.units);
        for ((market, ..), units) in ASSETS.iter().zip(units) {
            let side = if units > 0 { "long" } else { "short" };
            line(&format!("{side} {market}-PERP"), units.unsigned_abs() as f64 / UNITS, 4);
        }
        let paid: f64 = self.positions.iter().map(|one| one.at(one.entry)).sum();
        line(if paid > 0.0 { "quote debit" } else { "quote credit" }, paid.abs(), 6);
    }
}

struct Dice(ChaCha20Rng);

impl Dice {
    /// Evenly from 0 to 1.
    fn part(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound
    }

    /// Normal, by twelve evens.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.part()).sum::<f64>() - 6.0
    }

    /// A market, the large ones more often.
    fn market(&mut self) -> usize {
        let mut left = self.part();
        let past = |(_, _, part): &(_, _, f64)| {
            left -= part;
            left < 0.0
        };
        ASSETS.iter().position(past).unwrap_or(0)
    }
}
