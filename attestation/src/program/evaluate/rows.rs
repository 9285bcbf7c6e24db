//! The rows and clauses of a program, one after the other.

use num_bigint::BigInt;
use pacioli_circuits::{Instrument, Quantity, ScenarioId, Value, Values};
use pacioli_rules::{Decimal, Prices, div_floor};

use super::{
    evaluated::{Clause, Row},
    fault::Fault,
    head::{Factor, Head, Reader},
};
use crate::program::layout::{CAP_BOUND, COVERED, INSURANCE, MAX_DECIMALS, NO_PRICE, PLAIN};

/// Where the rows of classes are.
pub(super) struct Classes {
    /// How many rows come before the first one.
    pub(super) customers: usize,
    /// The current class.
    pub(super) class: u8,
    /// The first of customers' rows that its next row may repeat.
    pub(super) next: usize,
}

/// The rows up to here.
pub(super) struct Rows<'a> {
    pub(super) head: &'a Head,
    pub(super) prices: &'a Prices,
    pub(super) factors: &'a [Factor],
    pub(super) read: Vec<Row>,
    pub(super) instruments: Vec<Instrument>,
    /// Twice the closed scenarios, and one if the last has its equity alone.
    pub(super) closings: u32,
    /// The scenarios that slack closes.
    pub(super) constraints: Vec<u16>,
    pub(super) contingencies: u16,
    /// The plain and covered rows: all that there are between the first of them and the first
    /// closing row.
    pub(super) forms: Vec<usize>,
    pub(super) assets: u16,
    pub(super) markets: u16,
    /// The first row of the current asset or market.
    pub(super) first: Option<(Row, BigInt)>,
    /// Every row as it was read.
    pub(super) bytes: Vec<&'a [u8]>,
    /// Where the rows of classes are, from their first one on.
    pub(super) classes: Option<Classes>,
    /// How many assets there are whose volatility a rate follows.
    pub(super) followed: u16,
}

impl Rows<'_> {
    pub(super) fn take(&mut self, reader: &mut Reader<'_>, index: usize) -> Result<(), Fault> {
        let (role, group, price) = (reader.byte(), reader.number(), reader.number());
        let row = Row { role, class: 0, group, price, decimals: reader.byte() };
        let mut cap = [0; 16];
        cap[4..].copy_from_slice(&reader.take::<12>());
        let cap = u128::from_be_bytes(cap);
        if cap >= CAP_BOUND || (cap != 0 && (index == 0 || role >= PLAIN)) {
            return Err(Fault::RowCap(index, cap));
        }
        let mark = self.enter(row, index)?;
        let mut values = Values::from(vec![mark_value(row, &mark)]);
        for scenario in ScenarioId::all(self.head.own_scenarios()).skip(1) {
            let factor = reader.number();
            values.push(match &mark {
                Some(mark) => self.value(factor, mark, index, scenario)?,
                None if factor != 0 => {
                    return Err(Fault::RowFactor(index, scenario.index(), factor));
                }
                None => Value::ZERO,
            });
        }
        // As in their stresses: what the insurance fund holds is in rows of its class.
        for &of in &self.head.twins {
            values.push(values[ScenarioId::new(of)]);
        }
        if self.head.has_cover {
            // Plain and covered rows get theirs after all rows.
            values.push(Value::ZERO);
        }
        if let Some((own, value)) = closing(row) {
            values[own] = value;
        }
        let cap = Quantity::new(cap).filter(|&cap| cap != Quantity::ZERO);
        self.instruments.push(Instrument { cap, values });
        self.read.push(row);
        Ok(())
    }

    /// One unit of the row at mark, or of a contingency, if the row is in its order; `None`
    /// where all its values follow from its role.
    fn enter(&mut self, row: Row, index: usize) -> Result<Option<BigInt>, Fault> {
        let Row { role, group, price, decimals, .. } = row;
        // What is held stands before the rows of classes, forms and closings.
        let is_past = self.classes.is_some() || !self.forms.is_empty() || self.closings > 0;
        if is_past && role <= 7 {
            return Err(Fault::RowClass(index, 0));
        }
        let is_placed = match role {
            0 => index == 0,
            1..=9 | 11 => index > 0,
            10 => index > 0 && self.forms.is_empty() && self.closings == 0,
            PLAIN | COVERED => self.head.has_cover && self.closings == 0,
            _ => false,
        };
        if !is_placed {
            return Err(Fault::RowRole(index, role));
        }
        if role >= PLAIN {
            return self.stand(row, index);
        }
        if decimals > self.head.value_decimals {
            return Err(Fault::RowDecimals(index, decimals));
        }
        let numbered = match role {
            8 | 9 => {
                let next = 2 * u32::from(group) + u32::from(role == 9);
                let is_cover = self.head.cover() == Some(ScenarioId::new(group));
                next == self.closings && group < self.head.scenarios && !is_cover
            }
            10 => group == self.contingencies,
            11 => {
                let is_next = 2 * u32::from(group) == self.closings;
                let has_twin = self.head.twins.contains(&group);
                let is_own = usize::from(group) < self.head.own_scenarios();
                let is_cover = self.head.cover() == Some(ScenarioId::new(group));
                is_next && group > 0 && (is_cover || is_own && !has_twin)
            }
            1 | 2 if self.markets > 0 => false,
            1 if group == self.assets => return self.open(row, index).map(Some),
            1 | 2 => self.assets.checked_sub(1) == Some(group),
            3 if group == self.markets => return self.open(row, index).map(Some),
            3 | 4 => self.markets.checked_sub(1) == Some(group),
            _ => group == 0,
        };
        if !numbered {
            return Err(Fault::RowGroup(index, group));
        }
        if let (1..=4, Some((first, mark))) = (role, &self.first) {
            if price != first.price {
                return Err(Fault::RowPrice(index, price));
            }
            if decimals != first.decimals {
                return Err(Fault::RowDecimals(index, decimals));
            }
            return Ok(Some(mark.clone()));
        }
        if matches!(role, 8 | 9 | 11) {
            if decimals != self.head.value_decimals {
                return Err(Fault::RowDecimals(index, decimals));
            }
            self.closings += if role == 11 { 2 } else { 1 };
        }
        match role {
            10 => self.contingencies += 1,
            11 => self.constraints.push(group),
            _ => {}
        }
        if price != NO_PRICE {
            return Err(Fault::RowPrice(index, price));
        }
        if matches!(role, 6 | 7 | 10) { self.mark(row, index).map(Some) } else { Ok(None) }
    }

    /// The first row of the next asset or market.
    fn open(&mut self, row: Row, index: usize) -> Result<BigInt, Fault> {
        if row.role == 1 {
            self.assets += 1;
        } else {
            self.markets += 1;
        }
        let mark = self.mark(row, index)?;
        self.first = Some((row, mark.clone()));
        Ok(mark)
    }

    fn mark(&self, row: Row, index: usize) -> Result<BigInt, Fault> {
        let price = if row.price == NO_PRICE {
            Decimal::new(1, 0)
        } else {
            let price = self.prices.prices.values().nth(row.price.into());
            *price.ok_or(Fault::RowPrice(index, row.price))?
        };
        let shift = u32::from(self.head.value_decimals - row.decimals);
        let units = price.exact_units(shift).ok_or(Fault::PriceDigits(index, row.price))?;
        if units >= BigInt::from(1u128 << 64) {
            return Err(Fault::MarkBound(index, units));
        }
        Ok(units)
    }

    fn value(
        &self,
        factor: u16,
        mark: &BigInt,
        index: usize,
        scenario: ScenarioId,
    ) -> Result<Value, Fault> {
        let missing = Fault::RowFactor(index, scenario.index(), factor);
        let (numerator, divisor) = self.factors.get(usize::from(factor)).ok_or(missing)?;
        let units = div_floor(&(mark * numerator), divisor).0;
        let value = i128::try_from(units).ok().and_then(Value::new);
        value.ok_or(Fault::ValueBound(index, scenario.index()))
    }

    pub(super) fn clause(&self, reader: &mut Reader<'_>, index: usize) -> Result<Clause, Fault> {
        let (kind, subject) = (reader.byte(), reader.number());
        let mantissa = u128::from_be_bytes(reader.take());
        let clause = Clause { kind, subject, mantissa, scale: reader.byte() };
        // Scenarios, but for the twins.
        let scenarios = self.head.own_scenarios() as u16;
        let (subjects, has_number, most) = match kind {
            0 => (scenarios, true, MAX_DECIMALS),
            1 => (self.assets, false, 0),
            2 => (scenarios, true, 0),
            3 => (scenarios, false, 0),
            4 => (self.markets, false, 0),
            5..=7 => (1, true, 0),
            8 | 10 => (1, false, 0),
            // As many as there are sources.
            9 => (2, true, 0),
            11..=13 => (self.followed, true, 0),
            _ => return Err(Fault::ClauseForm(index)),
        };
        let is_open = !matches!(kind, 0 | 2 | 3) || !self.constraints.contains(&subject);
        let sound = subject < subjects
            && is_open
            && (kind != 3 || self.judges_fund(subject))
            // Coverage of nothing holds whatever is owed.
            && (kind != 0 || mantissa != 0)
            && (has_number || mantissa == 0)
            && usize::from(clause.scale) <= most;
        if sound { Ok(clause) } else { Err(Fault::ClauseForm(index)) }
    }

    /// Whether the table says what all but the insurance fund are owed in a scenario: where the
    /// fund is a class, in stresses with a twin alone.
    fn judges_fund(&self, scenario: u16) -> bool {
        let has_class = self.read.iter().any(|row| row.class == INSURANCE);
        !has_class || self.head.twins.contains(&scenario)
    }
}

/// What a row is worth at mark: its price with the sign of its role, and a contingency nothing.
fn mark_value(row: Row, mark: &Option<BigInt>) -> Value {
    let units = mark.as_ref().map_or(0, |mark| i128::try_from(mark).expect("below 2^64"));
    let value = Value::new(match row.role {
        2 | 4 | 7 => -units,
        10 => 0,
        _ => units,
    });
    value.expect("below 2^64")
}

/// The scenario that a row closes, and what one unit of it is worth there.
fn closing(row: Row) -> Option<(ScenarioId, Value)> {
    let units = match row.role {
        8 | 11 => -1,
        9 => 1,
        _ => return None,
    };
    Some((ScenarioId::new(row.group), Value::new(units)?))
}
