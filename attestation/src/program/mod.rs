//! Rules as a contract reads them: what rules and the names of the priced assets come to.
//!
//! A contract cannot read TOML. It knows the hash of a [`Program`] beside that of the rules, and
//! makes the instrument table again from the program and the prices of the day. docs/program.md has
//! the layout; anyone can make the same bytes from the rules.

mod clauses;
mod evaluate;
mod layout;

pub use evaluate::{Clause, Evaluated, Fault, evaluate};
pub use layout::{
    CAP_BOUND, CLAUSE_BYTES, FACTOR_BYTES, HEAD_BYTES, INSURANCE, MAX_CLAUSES, MAX_DECIMALS,
    MAX_ROWS, MAX_SCENARIOS, NO_PRICE, ROLE_BITS, ROW_BYTES, VERSION,
};

use std::collections::BTreeMap;

use pacioli_rules::{
    Class, Compiled, Decimal, Factor, Prices, Role, Row, Rules, ScenarioKind, Tier,
};
use thiserror::Error;

use self::clauses::clauses;
use crate::digest::Digest;

/// A rules program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    bytes: Vec<u8>,
    clauses: Vec<String>,
}

/// Why rules that compile do not make a program. A key is given only if one is at fault.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ProgramError {
    /// More of something than the layout has room for.
    #[error("{count} {what}: a contract takes at most {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A factor of a row is finer or larger than the layout has room for.
    #[error(
        "`{instrument}`: the factor {numerator} / 10^{scale} of `{scenario}` is finer or larger \
         than a contract takes; write the rate or the move with fewer digits"
    )]
    Factor {
        /// The instrument.
        instrument: String,
        /// The scenario.
        scenario: String,
        /// The factor's numerator.
        numerator: String,
        /// Its decimals.
        scale: u32,
    },
    /// The table has a row whose price is not among the prices.
    #[error("`{instrument}` is valued from the price of `{price}`, which is not in the prices")]
    NoPrice {
        /// The instrument.
        instrument: String,
        /// The name of the price.
        price: String,
    },
    /// The row's value is not a product of a price and a factor, so a contract cannot recompute it.
    #[error(
        "`{instrument}` is worth something else in `{scenario}` than a price times a factor: a \
         contract cannot recompute such an instrument; leave it out of rules that are registered"
    )]
    Worth {
        /// The instrument.
        instrument: String,
        /// The scenario.
        scenario: String,
    },
    /// A row has one price, and this one's worth follows from two.
    #[error(
        "`{instrument}` is valued from the price of its underlying in `{scenario}`, and elsewhere \
         from its own: a contract knows one price a row; leave one of the two out of rules that are \
         registered"
    )]
    TwoPrices {
        /// The instrument.
        instrument: String,
        /// The first such scenario.
        scenario: String,
    },
    /// A contract would take a scenario of this kind for a margin scenario, and give no credit or
    /// too much of it.
    #[error(
        "`{0}` is a credit scenario, which a contract does not know yet; leave it out of rules that \
         are registered"
    )]
    Credit(String),
    /// The table has options, whose values follow from volatilities.
    #[error(
        "options: the values of `{0}` and of every option follow from volatilities, which a contract \
         cannot recompute; leave options out of rules that are registered"
    )]
    Options(String),
    /// Tiers end at values. A program has quantities, which would be those of one day's prices.
    #[error(
        "{0}: the tiers end at values, so that how much is in each follows from the price, and a \
         contract has fixed quantities; write `up_to` in rules that are registered"
    )]
    Values(String),
    /// Initial rates follow open interest, which is not part of the prices that a contract takes.
    #[error(
        "markets.{0}.open_interest: a contract takes no open interest, by which initial rates would \
         rise; leave it out of rules that are registered"
    )]
    OpenInterest(String),
    /// A policy without a clause would hold whatever is owed.
    #[error("policy: no clause applies to this table, so the policy would hold whatever is owed")]
    NoClause,
    /// A clause is about an asset or scenario that the table has not.
    #[error(
        "policy.{0}: the table has no such asset or scenario; price it, or leave it out of the policy"
    )]
    Subject(String),
    /// A contract compares no amounts of what was left out.
    #[error(
        "policy.left_out.{0}: a contract sees how many accounts were left out and whether any asset \
         was, and no more; leave it out of rules that are registered"
    )]
    LeftOut(&'static str),
    /// A number of the policy has no place in the layout.
    #[error("policy.{clause}: {number} is finer or larger than a contract takes")]
    Number {
        /// The clause.
        clause: String,
        /// The number.
        number: Decimal,
    },
    /// The contract would refuse the program, or these prices.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Program {
    /// The program of rules and the names of `prices`. `compiled` has to be what both compile to.
    ///
    /// # Errors
    /// If the rules say something that a contract cannot recompute. What was made is evaluated
    /// against `prices`, and comes to the values of `compiled` exactly.
    pub fn of(rules: &Rules, compiled: &Compiled, prices: &Prices) -> Result<Self, ProgramError> {
        if let Some(credit) = compiled.credit_scenario() {
            return Err(ProgramError::Credit(compiled.scenarios[credit].name.clone()));
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
        let rows = compiled.rows.iter().enumerate();
        let rows = rows.map(|(index, row)| pack_row(&mut factors, compiled, prices, index, row));
        let rows = rows.collect::<Result<Vec<_>, _>>()?.concat();
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
        let mut bytes = vec![VERSION, scenarios as u8, decimals as u8];
        for (what, count, most) in [
            ("different factors", factors.list.len() / FACTOR_BYTES, usize::from(u16::MAX)),
            ("rows", compiled.rows.len(), MAX_ROWS),
            ("clauses", clauses.len(), MAX_CLAUSES),
        ] {
            bytes.extend((limit(what, count, most)? as u16).to_be_bytes());
        }
        limit("prices", prices.prices.len(), usize::from(NO_PRICE))?;
        let twins = compiled.scenarios.iter().filter_map(|scenario| match scenario.kind {
            // At most as many as scenarios, which are counted above.
            ScenarioKind::Twin { of } => Some(of as u8),
            _ => None,
        });
        let twins: Vec<u8> = twins.collect();
        bytes.push(twins.len() as u8);
        bytes.extend(Digest::of(&names).0);
        bytes.extend(Digest::of(rules.quote.as_bytes()).0);
        bytes.extend(twins);
        bytes.extend(factors.list);
        bytes.extend(rows);
        let (names, packed): (Vec<_>, Vec<_>) = clauses.into_iter().unzip();
        bytes.extend(packed.concat());

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

    /// A contract would compute exactly the table that was compiled.
    fn check(&self, compiled: &Compiled, prices: &Prices) -> Result<(), ProgramError> {
        let evaluated = evaluate(&self.bytes, prices)?;
        let rows = evaluated.table.instruments().iter().zip(compiled.table.instruments());
        for (index, (got, expected)) in rows.enumerate() {
            let mut values = got.values.iter().zip(&expected.values);
            if let Some(scenario) = values.position(|(got, expected)| got != expected) {
                return Err(ProgramError::Worth {
                    instrument: compiled.rows[index].name.clone(),
                    scenario: compiled.scenarios[scenario].name.clone(),
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
        let next = self.numbers.len() as u16;
        let number = *self.numbers.entry(packed).or_insert_with(|| {
            self.list.extend(packed);
            next
        });
        Some(number)
    }
}

/// What a role is called in the layout, and its asset's, market's, contingency's or scenario's
/// number.
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
        Role::Equity { scenario } => (8, scenario),
        Role::Shortfall { scenario } => (9, scenario),
        Role::Contingency { number } => (10, number),
        Role::Slack { scenario } => (11, scenario),
        Role::Uncredited { asset } => (12, asset),
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

fn pack_row(
    factors: &mut Factors,
    compiled: &Compiled,
    prices: &Prices,
    index: usize,
    row: &Row,
) -> Result<Vec<u8>, ProgramError> {
    let instrument = || row.name.clone();
    if let Some(&scenario) = row.worth.of_underlying.first() {
        let scenario = compiled.scenarios[scenario].name.clone();
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
    // What the role fixes has no factors, mark never has one, and a row's worth has none for twins.
    let factored = matches!(role, 1..=4 | 6 | 7 | 10);
    for (factor, scenario) in row.worth.factors.iter().zip(&compiled.scenarios).skip(1) {
        if !factored {
            bytes.extend([0; 2]);
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
