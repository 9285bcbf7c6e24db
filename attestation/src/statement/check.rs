//! Checking a statement against an attestation that was verified.

use num_bigint::{BigInt, BigUint, Sign};
use pacioli_circuits::{Account, Line, Owner, Quantity, ScenarioId, reference, seal};
use pacioli_rules::{Amount, Class, Compiled, SignedAmount};
use thiserror::Error;

use super::Statement;
use crate::{
    digest::Digest,
    encoding::{EncodingError, parse_point, parse_value, value_bytes},
    opening::{Opened, OpenedError, OpeningError},
    verify::Verified,
    volume::VolumeId,
};

/// What a checked statement says.
#[derive(Clone, Debug)]
pub struct CheckedStatement {
    /// The class the account is booked under.
    pub class: Class,
    /// The account's lines over integers, in order.
    pub lines: Vec<Line>,
    /// One for each scenario but constraints and `cover`, in order.
    pub balances: Vec<ScenarioBalance>,
}

/// The account's equity or shortfall in one scenario: what its closing lines say, and what its plain
/// and covered lines are worth there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioBalance {
    /// The scenario.
    pub scenario: String,
    /// Its equity.
    pub equity: Amount,
    /// Its shortfall.
    pub shortfall: Amount,
}

/// Why a statement is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StatementError {
    /// It belongs to another attestation.
    #[error(
        "the statement belongs to the attestation {claimed}, but the one given is {given}: one of \
         the two is not the file that was meant"
    )]
    Attestation {
        /// The attestation it names.
        claimed: Digest,
        /// The attestation given.
        given: Digest,
    },
    /// It is somebody else's.
    #[error("the statement is for the account `{}`, not for `{}`", .got.escape_debug(), .expected.escape_debug())]
    Account {
        /// The id of the one who checks.
        expected: String,
        /// The id in the statement.
        got: String,
    },
    /// The attestation has no such volume.
    #[error("there is no volume {volume}; the attestation has {count}")]
    Volume {
        /// The volume it names.
        volume: VolumeId,
        /// Volumes there are.
        count: usize,
    },
    /// Nothing in a switched-off page is counted or balanced, and there are no pages behind them.
    #[error("page {page} is not one of the {count} pages that are counted")]
    Page {
        /// The page it names.
        page: usize,
        /// Pages that are counted.
        count: usize,
    },
    /// An account never leaves its page.
    #[error("{lines} lines from slot {slot} do not fit on a page of {page_size} slots")]
    Slot {
        /// The slot of the first line.
        slot: usize,
        /// Lines of the statement.
        lines: usize,
        /// Slots of a page.
        page_size: usize,
    },
    /// Scenarios are named as in the rules.
    #[error("the statement's scenarios are not those of the attestation's rules")]
    Scenarios,
    /// An account holds something.
    #[error("the statement has no line")]
    NoLine,
    /// The rules have no such instrument.
    #[error("line {line}: there is no instrument `{}`", .name.escape_debug())]
    Instrument {
        /// The line, from 0.
        line: usize,
        /// The name.
        name: String,
    },
    /// A quantity with too many decimals, one that is too large, or an empty slot given as a line.
    #[error(
        "line {line}: `{quantity}` is not a valid quantity of this instrument: it has too many decimals, \
         or is not below 2^90 units"
    )]
    Quantity {
        /// The line, from 0.
        line: usize,
        /// The quantity as written.
        quantity: String,
    },
    /// A worth is not quantity times value.
    #[error("line {line}: the stated worth is wrong")]
    Worth {
        /// The line, from 0.
        line: usize,
    },
    /// All lines of an account are of one class.
    #[error("line {line} is of the class `{class}`, but the lines before it are of `{first}`")]
    Class {
        /// The line, from 0.
        line: usize,
        /// Its class.
        class: Class,
        /// The class of the first line.
        first: Class,
    },
    /// The lines break a rule of accounts.
    #[error("the lines are not an account: {0}")]
    Lines(#[from] reference::AccountError),
    /// A word of the page is not below r, or the opening is not a point.
    #[error("slot {slot} of the page: {error}")]
    PageValue {
        /// The slot.
        slot: usize,
        /// What is wrong.
        error: EncodingError,
    },
    /// The opening is not a point, or does not hold.
    #[error("the opening of the page is refused: {0}")]
    Opening(#[from] OpeningError),
    /// The attestation's proof does not have its shape's form.
    #[error(transparent)]
    Proof(#[from] OpenedError),
    /// The page holds something else in the line's slot.
    #[error("line {line} is not what the book holds in its slot")]
    Line {
        /// The line, from 0.
        line: usize,
    },
}

/// Checks a statement against a verified attestation, under the key that it was verified with. `id`
/// is the id of the one who checks; without it the statement's own is taken.
///
/// What it shows: these very lines, under this very id, are among the lines that the attestation's
/// totals count, and they balance in every scenario. Whether they are all that the holder has is
/// for the holder to compare.
///
/// # Errors
/// If something does not hold: the first such thing.
pub fn check(
    statement: &Statement,
    verified: &Verified,
    id: Option<&str>,
) -> Result<CheckedStatement, StatementError> {
    let Statement { account, volume, page, slot, lines, .. } = statement;
    if statement.attestation != verified.digest {
        let (claimed, given) = (statement.attestation, verified.digest);
        return Err(StatementError::Attestation { claimed, given });
    }
    if let Some(expected) = id.filter(|id| id != account) {
        let (expected, got) = (expected.to_owned(), account.clone());
        return Err(StatementError::Account { expected, got });
    }
    let proved = verified.attestation.volume(*volume).ok_or_else(|| StatementError::Volume {
        volume: *volume,
        count: verified.attestation.volumes.len(),
    })?;
    let key = verified.key();
    let shape = key.shape();
    if *page >= shape.pages() {
        return Err(StatementError::Page { page: *page, count: shape.pages() });
    }
    let page_size = shape.page_size();
    if slot.checked_add(lines.len()).is_none_or(|end| end > page_size) {
        let (slot, lines) = (*slot, lines.len());
        return Err(StatementError::Slot { slot, lines, page_size });
    }
    let held = read_lines(statement, &verified.compiled)?;
    reference::check_account(&verified.compiled.table, &held)?;
    check_headroom(&verified.compiled, &held)?;
    let class = class_of(&verified.compiled, &held)?;

    let context = verified.attestation.context().word(*volume);
    let opened = Opened::of(&shape, context, &proved.proof)?;
    let values = statement.page_values.iter().enumerate().map(|(slot, word)| {
        parse_value(word).map_err(|error| StatementError::PageValue { slot, error })
    });
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let opening = parse_point(&statement.opening).map_err(OpeningError::from)?;
    key.opening().check_page(opened.commitment, *page, &values, opening)?;

    let (owner, nonce) = (Owner::new(account), statement.nonce.nonce());
    let context = value_bytes(&context);
    let end = held.lines.len() - 1;
    for (index, &line) in held.lines.iter().enumerate() {
        let seal = seal(&context, &owner, &nonce, index as u16, line);
        let (instrument, quantity) = (line.instrument.row(), line.quantity.units());
        let expected = opened.value(seal, instrument, quantity, index == end);
        if values[slot + index] != expected {
            return Err(StatementError::Line { line: index });
        }
    }
    let balances = balances(&held, &verified.compiled);
    Ok(CheckedStatement { class, lines: held.lines, balances })
}

/// The lines over integers, every one compared with what is written beside it.
fn read_lines(statement: &Statement, compiled: &Compiled) -> Result<Account, StatementError> {
    let names = compiled.scenarios.iter().map(|scenario| &scenario.name);
    if !names.eq(&statement.scenarios) {
        return Err(StatementError::Scenarios);
    }
    if statement.lines.is_empty() {
        return Err(StatementError::NoLine);
    }
    let mut lines = Vec::with_capacity(statement.lines.len());
    for (index, written) in statement.lines.iter().enumerate() {
        let name = &written.instrument;
        // The empty slot has no name, and is not an instrument to hold.
        let instrument = compiled.find(name).filter(|_| !name.is_empty());
        let instrument = instrument
            .ok_or_else(|| StatementError::Instrument { line: index, name: name.clone() })?;
        let decimals = compiled.rows[instrument.row()].decimals;
        let quantity = whole_units(&written.quantity, decimals).ok_or_else(|| {
            StatementError::Quantity { line: index, quantity: written.quantity.to_string() }
        })?;
        let line = Line { instrument, quantity };
        let values =
            compiled.scenarios_by_id().map(|(s, _)| compiled.counts_for(instrument.row(), s));
        let worth =
            values.map(|value| SignedAmount::of(&line, value, compiled.value_decimals).to_string());
        if !worth.eq(written.worth.iter().map(SignedAmount::to_string)) {
            return Err(StatementError::Worth { line: index });
        }
        lines.push(line);
    }
    Ok(Account { lines })
}

/// A capped line is followed by its own headroom. For the cap any line of the right quantity would
/// do, but no honest book has another there.
fn check_headroom(compiled: &Compiled, account: &Account) -> Result<(), StatementError> {
    let row = |line: &Line| line.instrument.row();
    let capped = |line: &Line| compiled.table.instruments()[row(line)].cap.is_some();
    let astray = account.lines.iter().enumerate().position(|(index, line)| {
        capped(line) && account.lines.get(index + 1).map(row) != Some(row(line) + 1)
    });
    match astray {
        Some(line) => Err(reference::AccountError::Headroom { line }.into()),
        None => Ok(()),
    }
}

/// The class of all that is held; closing and contingency lines have none.
fn class_of(compiled: &Compiled, account: &Account) -> Result<Class, StatementError> {
    let mut first = None;
    for (line, held) in account.lines.iter().enumerate() {
        let row = &compiled.rows[held.instrument.row()];
        if row.role.is_shared() {
            continue;
        }
        let first = *first.get_or_insert(row.class);
        if row.class != first {
            return Err(StatementError::Class { line, class: row.class, first });
        }
    }
    Ok(first.unwrap_or_default())
}

/// The amount in units of `10^-decimals`, where it is a whole number of them below 2^90.
fn whole_units(amount: &Amount, decimals: u32) -> Option<Quantity> {
    let ten = BigUint::from(10u32);
    let units = if amount.decimals <= decimals {
        &amount.units * ten.pow(decimals - amount.decimals)
    } else {
        let divisor = ten.pow(amount.decimals - decimals);
        let units = &amount.units / &divisor;
        (&units * divisor == amount.units).then_some(units)?
    };
    Quantity::new(u128::try_from(units).ok()?)
}

fn balances(account: &Account, compiled: &Compiled) -> Vec<ScenarioBalance> {
    let closing = |row: usize| {
        let line = account.lines.iter().find(|line| line.instrument.row() == row);
        let units = line.map_or(0, |line| line.quantity.units());
        Amount::new(units, compiled.value_decimals)
    };
    let stands_for = |line: &Line| compiled.rows[line.instrument.row()].role.stands_for().is_some();
    let is_closed = !account.lines.iter().any(stands_for);
    let scenarios = compiled.scenarios_by_id();
    let balances = scenarios.filter_map(|(id, scenario)| {
        let [equity, shortfall] = scenario.balance()?.map(|row| closing(row.row()));
        let name = scenario.name.clone();
        if is_closed {
            return Some(ScenarioBalance { scenario: name, equity, shortfall });
        }
        let worth = outside(account, compiled, id) + BigInt::from(equity.units)
            - BigInt::from(shortfall.units);
        let [more, less] = match worth.into_parts() {
            (Sign::Minus, size) => [BigUint::ZERO, size],
            (_, size) => [size, BigUint::ZERO],
        };
        let [equity, shortfall] = [more, less].map(|units| Amount::new(units, equity.decimals));
        Some(ScenarioBalance { scenario: name, equity, shortfall })
    });
    balances.collect()
}

/// What an account's plain and covered lines are worth in a scenario: at the values of the rows that
/// they stand for, which no closing line holds.
fn outside(account: &Account, compiled: &Compiled, scenario: ScenarioId) -> BigInt {
    let lines = account.lines.iter().filter_map(|line| {
        let row = line.instrument.row();
        compiled.rows[row].role.stands_for()?;
        Some(BigInt::from(compiled.counts_for(row, scenario)) * line.quantity.units())
    });
    lines.sum()
}

#[cfg(test)]
mod tests {
    use pacioli_rules::{Prices, Rules, compile};

    use super::*;

    #[test]
    fn an_account_is_of_one_class() {
        let classes = "[classes.insurance]\n[policy]";
        let rules = include_str!("../../../rules/tests/books/small_book/rules.toml")
            .replace("[policy]", classes);
        let rules = rules.replace("mark = \"insurance\", ", "");
        let prices =
            Prices::parse(include_str!("../../../rules/tests/books/small_book/prices.json"))
                .unwrap();
        let compiled = compile(&Rules::parse(&rules).unwrap(), &prices).unwrap();
        let account = |names: &[&str]| Account {
            lines: names
                .iter()
                .map(|name| Line {
                    instrument: compiled.find(name).unwrap(),
                    quantity: Quantity::ZERO,
                })
                .collect(),
        };
        let class = |names| class_of(&compiled, &account(names));
        assert_eq!(class(&["deposit USDC", "equity:mark"]), Ok(Class::Customer));
        let fund = ["insurance deposit USDC", "insurance quote debit", "shortfall:mark"];
        assert_eq!(class(&fund), Ok(Class::Insurance));
        assert_eq!(class(&["equity:mark"]), Ok(Class::Customer));
        let error =
            StatementError::Class { line: 2, class: Class::Insurance, first: Class::Customer };
        let mixed = ["deposit USDC", "quote debit", "insurance deposit USDC", "equity:mark"];
        assert_eq!(class(&mixed), Err(error));
    }
}
