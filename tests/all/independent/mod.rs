//! What a book of balances is worth in each scenario, worked out a second time.
//!
//! An oracle for whole runs: it shares no code with the readers, the rules compiler or the circuit,
//! knows no instruments, closing lines or pages, and adds up plain integers. It reads a folder with
//! `book.csv` (`account,asset,amount`, a negative amount being a borrow), `prices.json` and
//! `scenarios.json`. Being a test's tool, it panics on files that it does not understand.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
};

use num_bigint::BigInt;
use serde_json::Value;

/// An exact positive fraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratio {
    /// Above the bar, not negative.
    pub above: BigInt,
    /// Below the bar, positive.
    pub below: BigInt,
}

/// The assets among a snapshot's instruments that have no price, each as often as it stands there.
pub fn unpriced(instruments: &[String], is_priced: impl Fn(&str) -> bool) -> Vec<String> {
    let sides = instruments.iter().filter_map(|name| name.split_once(' '));
    let assets = sides.filter(|(side, _)| ["deposit", "borrow"].contains(side));
    assets.filter(|(_, asset)| !is_priced(asset)).map(|(_, asset)| asset.to_owned()).collect()
}

/// One number for each asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PerAsset<T> {
    /// For assets that are not listed.
    pub default: T,
    /// For these assets.
    pub listed: BTreeMap<String, T>,
}

/// A slice of a deposit with a weight of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Most that the tier takes, in the asset's smallest unit; `None` for all the rest. What no
    /// tier takes is worth nothing.
    pub cap: Option<BigInt>,
    /// What counts of the value.
    pub weight: Ratio,
}

/// What becomes of the prices. `mark` is the scenario where every factor is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Factor on the price of deposits; their value is rounded down.
    pub deposit: PerAsset<Ratio>,
    /// Factor on the price of borrows; what they cost is rounded up.
    pub borrow: PerAsset<Ratio>,
    /// Weights by size, for the assets that have any.
    pub tiers: BTreeMap<String, Vec<Tier>>,
}

/// What the book is valued with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assumptions {
    /// Digits after the point of a quantity: deposits are rounded up to them, borrows down.
    pub quantity_decimals: PerAsset<u32>,
    /// Digits after the point of a value; no asset has more quantity decimals.
    pub value_decimals: u32,
    /// What to value the book in.
    pub scenarios: Vec<Scenario>,
}

/// What the book is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Lines in a priced asset.
    pub lines: usize,
    /// Accounts with such a line.
    pub accounts: usize,
    /// Assets that are held and priced.
    pub assets: BTreeSet<String>,
    /// Assets without a price, and how many lines hold each.
    pub excluded: BTreeMap<String, usize>,
    /// Priced assets whose price has more digits than the value of one unit can show.
    pub inexact: BTreeSet<String>,
    /// Priced lines that were rounded to the asset's decimals.
    pub rounded_lines: usize,
    /// One for each scenario, in order.
    pub scenarios: Vec<ScenarioFigures>,
}

/// What the book is worth in one scenario, in units of `10^-value_decimals`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioFigures {
    /// The scenario's name.
    pub name: String,
    /// The sum of the equities above zero.
    pub owed: BigInt,
    /// The sum of the equities below zero, without the sign.
    pub bad_debt: BigInt,
    /// Accounts with equity above zero.
    pub positive: usize,
    /// Accounts with equity below zero.
    pub short: usize,
}

impl Ratio {
    /// The decimal number `text`.
    pub fn parse(text: &str) -> Self {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let above = format!("{whole}{fraction}").parse().expect("a decimal number");
        Self { above, below: ten_to(fraction.len() as u32) }
    }

    /// No change.
    pub fn one() -> Self {
        Self::parse("1")
    }

    fn times(&self, other: &Self) -> Self {
        Self { above: &self.above * &other.above, below: &self.below * &other.below }
    }

    fn floor(&self) -> BigInt {
        &self.above / &self.below
    }

    fn ceil(&self) -> BigInt {
        (&self.above + &self.below - 1) / &self.below
    }
}

impl<T> PerAsset<T> {
    /// The same for every asset.
    pub fn all(default: T) -> Self {
        Self { default, listed: BTreeMap::new() }
    }

    /// What goes for one asset.
    pub fn of(&self, asset: &str) -> &T {
        self.listed.get(asset).unwrap_or(&self.default)
    }
}

impl Scenario {
    /// Prices as they are.
    pub fn mark() -> Self {
        Self::priced("mark", PerAsset::all(Ratio::one()))
    }

    /// One factor for deposits and borrows alike, no weights.
    pub fn priced(name: &str, factors: PerAsset<Ratio>) -> Self {
        let (deposit, borrow) = (factors.clone(), factors);
        Self { name: name.to_owned(), deposit, borrow, tiers: BTreeMap::new() }
    }

    /// The crash `name` of the folder's `scenarios.json`: each asset moves as listed or as `*`, but
    /// those of `unmoved` stay where they are unless listed.
    pub fn crash(folder: &Path, name: &str, unmoved: &[&str]) -> Self {
        let moves = read_json(&folder.join("scenarios.json"))[name]["moves"].clone();
        let moves = moves.as_object().expect("moves of the scenario");
        // The shortest decimal that reads back as the number is the one that was written.
        let factor = |price_move: &Value| {
            let text = price_move.to_string();
            let fall = Ratio::parse(&text);
            Ratio { above: &fall.below + &fall.above, below: fall.below }
        };
        let mut factors = PerAsset::all(factor(&moves["*"]));
        factors.listed.extend(unmoved.iter().map(|asset| (asset.to_string(), Ratio::one())));
        factors.listed.extend(moves.iter().map(|(asset, by)| (asset.clone(), factor(by))));
        Self::priced(name, factors)
    }
}

/// The folder of a real book: what `PACIOLI_REAL_BOOK` names, else `../shared/data` beside the
/// workspace; `None` where no `book.csv` is there.
pub fn real_book() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = std::env::var_os("PACIOLI_REAL_BOOK").map_or_else(beside, PathBuf::from);
    folder.join("book.csv").is_file().then_some(folder)
}

/// What the book in `folder` is worth.
pub fn figures(folder: &Path, assumptions: &Assumptions) -> Figures {
    let prices = read_json(&folder.join("prices.json"));
    let prices = prices["prices"].as_object().expect("prices");
    let mut figures = Figures {
        lines: 0,
        accounts: 0,
        assets: BTreeSet::new(),
        excluded: BTreeMap::new(),
        inexact: BTreeSet::new(),
        rounded_lines: 0,
        scenarios: Vec::new(),
    };
    let mut equities: HashMap<String, Vec<BigInt>> = HashMap::new();
    let book = fs::read_to_string(folder.join("book.csv")).expect("book.csv");
    let mut rows = book.lines();
    assert_eq!(rows.next(), Some("account,asset,amount"));
    for row in rows {
        let [account, asset, amount] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("three columns in `{row}`");
        };
        let Some(price) = prices.get(asset) else {
            *figures.excluded.entry(asset.to_owned()).or_default() += 1;
            continue;
        };
        let price = Ratio::parse(price.as_str().expect("a price in quotes"));
        let decimals = *assumptions.quantity_decimals.of(asset);
        let value_of_one = Ratio {
            above: price.above * ten_to(assumptions.value_decimals - decimals),
            below: price.below,
        };
        let (is_loan, amount) = match amount.strip_prefix('-') {
            Some(amount) => (true, amount),
            None => (false, amount),
        };
        let amount =
            Ratio::parse(amount).times(&Ratio { above: ten_to(decimals), below: 1.into() });
        figures.lines += 1;
        figures.rounded_lines += usize::from(amount.floor() != amount.ceil());
        figures.assets.insert(asset.to_owned());
        if value_of_one.floor() != value_of_one.ceil() {
            figures.inexact.insert(asset.to_owned());
        }
        let equities = equities
            .entry(account.to_owned())
            .or_insert_with(|| vec![BigInt::ZERO; assumptions.scenarios.len()]);
        for (equity, scenario) in equities.iter_mut().zip(&assumptions.scenarios) {
            if is_loan {
                let cost = value_of_one.times(scenario.borrow.of(asset)).ceil();
                *equity -= amount.floor() * cost;
            } else {
                let value = value_of_one.times(scenario.deposit.of(asset));
                *equity += deposit_value(amount.ceil(), &value, scenario.tiers.get(asset));
            }
        }
    }
    figures.accounts = equities.len();
    for (index, scenario) in assumptions.scenarios.iter().enumerate() {
        let equities = || equities.values().map(|equities| &equities[index]);
        let (above, below) = (
            equities().filter(|&equity| *equity > BigInt::ZERO),
            equities().filter(|&equity| *equity < BigInt::ZERO),
        );
        figures.scenarios.push(ScenarioFigures {
            name: scenario.name.clone(),
            positive: above.clone().count(),
            short: below.clone().count(),
            owed: above.sum(),
            bad_debt: -below.sum::<BigInt>(),
        });
    }
    figures
}

/// What `units` of a deposit are worth, one unit being worth `value` before weights.
fn deposit_value(units: BigInt, value: &Ratio, tiers: Option<&Vec<Tier>>) -> BigInt {
    let Some(tiers) = tiers else { return units * value.floor() };
    let (mut left, mut total) = (units, BigInt::ZERO);
    for tier in tiers {
        let taken = match &tier.cap {
            Some(cap) => left.clone().min(cap.clone()),
            None => left.clone(),
        };
        total += &taken * value.times(&tier.weight).floor();
        left -= taken;
    }
    total
}

fn ten_to(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a readable file");
    serde_json::from_str(&text).expect("a JSON document")
}
