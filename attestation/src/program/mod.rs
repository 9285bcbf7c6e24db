//! Rules as a contract reads them: what rules and the names of the priced assets come to.
//!
//! A contract cannot read TOML. It knows the hash of a [`Program`] beside that of the rules, and
//! makes the instrument table again from the program and the prices of the day. docs/program.md has
//! the layout; anyone can make the same bytes from the rules.

mod clauses;
mod error;
mod evaluate;
mod layout;
mod rates;

pub use error::ProgramError;
pub use evaluate::{Clause, Evaluated, Fault, evaluate};
pub use layout::{
    CAP_BOUND, CLAUSE_BYTES, FACTOR_BYTES, HEAD_BYTES, INSURANCE, MAX_CLAUSES, MAX_DECIMALS,
    MAX_ROWS, MAX_SCENARIOS, NO_PRICE, ROLE_BITS, ROW_BYTES, SCENARIO_BYTES, VERSION,
};

use std::collections::BTreeMap;

use pacioli_circuits::ScenarioId;
use pacioli_rules::{Class, Compiled, Factor, Prices, Role, Row, Rules, ScenarioKind, Tier};

use self::{
    clauses::clauses,
    layout::{COVERED, PLAIN},
    rates::Following,
};
use crate::digest::Digest;

/// A rules program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    bytes: Vec<u8>,
    clauses: Vec<String>,
}

impl Program {
    /// The program of rules and the names of `prices`. `compiled` has to be what both compile to.
    ///
    /// # Errors
    /// If the rules say something that a contract cannot recompute. What was made is evaluated
    /// against `prices`, and comes to the values of `compiled` exactly.
    pub fn of(rules: &Rules, compiled: &Compiled, prices: &Prices) -> Result<Self, ProgramError> {
        if let Some(credit) = compiled.credit_scenario() {
            return Err(ProgramError::Credit(compiled.scenario(credit).name.clone()));
        }
        if let Some(key) = ends_at_values(rules) {
            return Err(ProgramError::Values(key));
        }
        let scaled = rules.markets.iter().find(|(_, market)| market.open_interest.is_some());
        if let Some((market, _)) = scaled {
            return Err(ProgramError::OpenInterest(market.clone()));
        }
        if let Some(option) = compiled.options.keys().next() {
            return Err(ProgramError::Options(option.clone()));
        }
        let mut factors = Factors::default();
        let mut following = Following::new(compiled);
        let rows = compiled.rows.iter().enumerate();
        let rows = rows.map(|(index, row)| {
            let place = Place { rules, compiled, prices, index };
            pack_row(&mut factors, &mut following, &place, row)
        });
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        order_tiers(&mut following, &factors, compiled, &rows);
        let rows = rows.concat();
        let clauses = clauses(rules.policy(), compiled)?;
        if clauses.is_empty() {
            return Err(ProgramError::NoClause);
        }
        let names: Vec<u8> =
            prices.prices.keys().flat_map(|name| Digest::of(name.as_bytes()).0).collect();

        let limit = |what, count: usize, limit: usize| {
            let error = ProgramError::TooMany { what, count, limit };
            if count > limit { Err(error) } else { Ok(count) }
        };
        let scenarios = limit("scenarios", compiled.scenarios.len(), MAX_SCENARIOS)?;
        let decimals = limit("value decimals", compiled.value_decimals as usize, MAX_DECIMALS)?;
        let mut bytes = vec![VERSION];
        bytes.extend((scenarios as u16).to_be_bytes());
        bytes.push(decimals as u8);
        for (what, count, most) in [
            ("different factors", factors.list.len() / FACTOR_BYTES, usize::from(u16::MAX)),
            ("rows", compiled.rows.len(), MAX_ROWS),
            ("clauses", clauses.len(), MAX_CLAUSES),
        ] {
            bytes.extend((limit(what, count, most)? as u16).to_be_bytes());
        }
        limit("prices", prices.prices.len(), usize::from(NO_PRICE))?;
        let twins = compiled.scenarios.iter().filter_map(|scenario| match scenario.kind {
            ScenarioKind::Twin { of } => Some(of.number()),
            _ => None,
        });
        let twins: Vec<u16> = twins.collect();
        bytes.extend((twins.len() as u16).to_be_bytes());
        bytes.push(u8::from(compiled.cover_scenario().is_some()));
        bytes.extend(Digest::of(&names).0);
        bytes.extend(Digest::of(rules.quote.as_bytes()).0);
        bytes.extend(twins.into_iter().flat_map(u16::to_be_bytes));
        bytes.extend(factors.list);
        bytes.extend(rows);
        let (names, packed): (Vec<_>, Vec<_>) = clauses.into_iter().unzip();
        bytes.extend(packed.concat());
        bytes.extend(following.to_bytes()?);

        let program = Self { bytes, clauses: names };
        program.check(compiled, prices)?;
        Ok(program)
    }

    /// The bytes that are sent to a contract.
    pub fn to_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The hash that is registered.
    pub fn hash(&self) -> Digest {
        Digest::of(&self.bytes)
    }

    /// The names of the policy's clauses, in the order of a verdict's bits.
    pub fn clause_names(&self) -> &[String] {
        &self.clauses
    }

    /// For each rate that follows a volatility, the number of its steps at those of the prices; `None`
    /// if the prices lack one. A contract is sent them beside the prices.
    pub fn steps(&self, prices: &Prices) -> Option<Vec<u64>> {
        evaluate::steps(&self.bytes, prices)
    }

    /// A contract would compute exactly the table that was compiled.
    fn check(&self, compiled: &Compiled, prices: &Prices) -> Result<(), ProgramError> {
        let evaluated = evaluate(&self.bytes, prices)?;
        let rows = evaluated.table.instruments().iter().zip(compiled.table.instruments());
        for (index, (got, expected)) in rows.enumerate() {
            let differs =
                |&scenario: &ScenarioId| got.values.get(scenario) != expected.values.get(scenario);
            if let Some(scenario) = compiled.table.scenario_ids().find(differs) {
                return Err(ProgramError::Worth {
                    instrument: compiled.rows[index].name.clone(),
                    scenario: compiled.scenario(scenario).name.clone(),
                });
            }
        }
        Ok(())
    }
}

/// The key of the first list of tiers that end at values.
fn ends_at_values(rules: &Rules) -> Option<String> {
    let default = rules.asset_default.iter().map(|rule| ("asset_default".to_owned(), rule));
    let assets = rules.assets.iter().map(|(name, rule)| (format!("assets.{name}"), rule));
    let assets = default.chain(assets);
    let assets = assets.map(|(key, rule)| (key, rule.tiers.as_deref().unwrap_or_default()));
    let markets = rules.markets.iter();
    let markets = markets.map(|(name, rule)| (format!("markets.{name}"), rule.tiers.as_slice()));
    let at_values = |tiers: &[Tier]| tiers.iter().any(|tier| tier.up_to_value.is_some());
    assets.chain(markets).find(|(_, tiers)| at_values(tiers)).map(|(key, _)| format!("{key}.tiers"))
}

/// The factors of all rows, each once and in its shortest form.
#[derive(Default)]
struct Factors {
    numbers: BTreeMap<[u8; FACTOR_BYTES], u16>,
    list: Vec<u8>,
}

impl Factors {
    /// The number of a factor, or `None` where it has no place. One past the last number is refused
    /// with the count.
    fn number(&mut self, factor: &Factor) -> Option<u16> {
        let (mut numerator, mut scale) = (factor.numerator.clone(), factor.scale);
        let zero = num_bigint::BigInt::ZERO;
        while scale > 0 && &numerator % 10 == zero {
            (numerator, scale) = (numerator / 10, scale - 1);
        }
        let numerator = i128::try_from(&numerator).ok()?;
        let decimals =
            u8::try_from(scale).ok().filter(|&scale| usize::from(scale) <= MAX_DECIMALS)?;
        let mut packed = [decimals; FACTOR_BYTES];
        packed[..16].copy_from_slice(&numerator.to_be_bytes());
        Some(self.packed(packed))
    }

    /// The number of a factor as it is packed.
    fn packed(&mut self, packed: [u8; FACTOR_BYTES]) -> u16 {
        let next = self.numbers.len() as u16;
        *self.numbers.entry(packed).or_insert_with(|| {
            self.list.extend(packed);
            next
        })
    }

    /// Whether the factor with this number follows a volatility.
    fn follows(&self, number: u16) -> bool {
        let decimals = self.list.get(usize::from(number) * FACTOR_BYTES + FACTOR_BYTES - 1);
        decimals.is_some_and(|&decimals| usize::from(decimals) > MAX_DECIMALS)
    }
}

/// What a role is called in the layout, and the number of its asset, market, contingency or scenario,
/// or of the row that it stands for.
fn role(role: Role) -> (u8, u16) {
    match role {
        Role::Empty => (0, 0),
        Role::Deposit { asset, .. } => (1, asset),
        Role::Borrow { asset } => (2, asset),
        Role::Long { market, .. } => (3, market),
        Role::Short { market, .. } => (4, market),
        Role::Headroom => (5, 0),
        Role::QuoteCredit => (6, 0),
        Role::QuoteDebit => (7, 0),
        Role::Equity { scenario } => (8, scenario.number()),
        Role::Shortfall { scenario } => (9, scenario.number()),
        Role::Contingency { number } => (10, number),
        Role::Slack { scenario } => (11, scenario.number()),
        Role::Uncredited { asset } => (12, asset),
        Role::Plain { of } => (PLAIN, of),
        Role::Covered { of } => (COVERED, of),
    }
}

/// What a class is called in the layout.
fn class(class: Class) -> u8 {
    match class {
        Class::Customer => 0,
        Class::House => 1,
        Class::Insurance => INSURANCE,
        Class::Pool => 3,
    }
}

/// A row's number, and what it is of.
struct Place<'a> {
    rules: &'a Rules,
    compiled: &'a Compiled,
    prices: &'a Prices,
    index: usize,
}

/// Where a tier's factor follows a volatility, or that of the one before does, what the rules ask of
/// their order depends on the day.
fn order_tiers(
    following: &mut Following,
    factors: &Factors,
    compiled: &Compiled,
    rows: &[Vec<u8>],
) {
    let side = |row: &Row| match row.role {
        Role::Deposit { asset, .. } => Some((0, asset)),
        Role::Long { market, .. } => Some((1, market)),
        Role::Short { market, .. } => Some((2, market)),
        _ => None,
    };
    let mut before: Option<((i32, u16), &Vec<u8>)> = None;
    let customers = compiled.rows.iter().zip(rows);
    for (row, bytes) in customers.filter(|(row, _)| row.class == Class::Customer) {
        // Headroom stands between tiers.
        let Some(side) = side(row) else { continue };
        if let Some((_, earlier)) = before.filter(|(other, _)| *other == side) {
            let pairs = earlier[ROW_BYTES..].chunks(2).zip(bytes[ROW_BYTES..].chunks(2));
            for (earlier, later) in pairs {
                let [earlier, later] =
                    [earlier, later].map(|one| u16::from_be_bytes([one[0], one[1]]));
                if factors.follows(earlier) || factors.follows(later) {
                    following.order(earlier, later);
                }
            }
        }
        before = Some((side, bytes));
    }
}

fn pack_row(
    factors: &mut Factors,
    following: &mut Following,
    place: &Place<'_>,
    row: &Row,
) -> Result<Vec<u8>, ProgramError> {
    let &Place { rules, compiled, prices, index } = place;
    let instrument = || row.name.clone();
    if let Some(&scenario) = row.worth.of_underlying.first() {
        let scenario = compiled.scenario(scenario).name.clone();
        return Err(ProgramError::TwoPrices { instrument: instrument(), scenario });
    }
    let price = match &row.worth.price {
        // The quote currency is worth 1, listed or not.
        Some(name) if *name != compiled.quote => {
            let number = prices.prices.keys().position(|listed| listed == name);
            let missing =
                || ProgramError::NoPrice { instrument: instrument(), price: name.clone() };
            number.ok_or_else(missing)? as u16
        }
        _ => NO_PRICE,
    };
    let (role, group) = role(row.role);
    let cap = compiled.table.instruments()[index].cap.map_or(0, |cap| cap.units());
    let mut bytes = vec![class(row.class) << ROLE_BITS | role];
    bytes.extend(group.to_be_bytes());
    bytes.extend(price.to_be_bytes());
    // At most the value decimals, which are checked.
    bytes.push(row.decimals as u8);
    bytes.extend(&cap.to_be_bytes()[4..]);
    // What the role fixes has no factors, mark never has one, and a row's worth has none for twins and
    // the cover.
    let factored = matches!(role, 1..=4 | 6 | 7 | 10);
    for (factor, scenario) in row.worth.factors.iter().zip(&compiled.scenarios).skip(1) {
        if !factored {
            bytes.extend([0; 2]);
            continue;
        }
        if let Some(packed) = following.factor(rules, compiled, row.role, scenario.kind)? {
            bytes.extend(factors.packed(packed).to_be_bytes());
            continue;
        }
        let number = factors.number(factor).ok_or_else(|| ProgramError::Factor {
            instrument: instrument(),
            scenario: scenario.name.clone(),
            numerator: factor.numerator.to_string(),
            scale: factor.scale,
        })?;
        bytes.extend(number.to_be_bytes());
    }
    Ok(bytes)
}
