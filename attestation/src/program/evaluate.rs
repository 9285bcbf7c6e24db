//! What `InstrumentTable.compile` does, over integers without bounds: the specification of the
//! contract, and what a program is tried with before anyone registers it.
//!
//! Checks stand in the contract's order, so that both refuse the same bytes for the same reason.

mod class;

use num_bigint::BigInt;
use pacioli_circuits::{Instrument, InstrumentTable, Quantity, Value};
use pacioli_rules::{Decimal, Prices, div_floor};
use thiserror::Error;

use self::class::Classes;
use super::layout::{
    CAP_BOUND, CLAUSE_BYTES, FACTOR_BYTES, HEAD_BYTES, INSURANCE, MAX_CLAUSES, MAX_DECIMALS,
    MAX_ROWS, NO_PRICE, ROLE_BITS, ROW_BYTES, VERSION,
};
use crate::digest::Digest;

/// What a program and prices come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    /// The instrument table.
    pub table: InstrumentTable,
    /// Digits of the quote currency in one unit of value.
    pub value_decimals: u8,
    /// What each row is.
    pub rows: Vec<Row>,
    /// What the policy demands.
    pub clauses: Vec<Clause>,
    /// How many assets there are.
    pub assets: u16,
    /// How many markets there are.
    pub markets: u16,
    /// The number of the stress that each twin is of. The twins are the last scenarios.
    pub twins: Vec<u8>,
}

/// What a row of a program is, by the numbers of docs/program.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Deposit, borrow and so on.
    pub role: u8,
    /// Whose accounts hold it.
    pub class: u8,
    /// The number of the asset, market, contingency or scenario.
    pub group: u16,
    /// The number of the price, or [`NO_PRICE`].
    pub price: u16,
    /// Digits of its quantity.
    pub decimals: u8,
}

/// A clause of a program, by the numbers of docs/program.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Coverage, bad debt and so on.
    pub kind: u8,
    /// The number of the asset, scenario or market.
    pub subject: u16,
    /// A number over `10^scale`, or units of value.
    pub mantissa: u128,
    /// Digits behind the point.
    pub scale: u8,
}

/// Why a contract refuses a program or prices: the errors of `InstrumentTable.sol`, by its names.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Fault {
    /// A version this code does not know.
    #[error("the program is of version {0}; this code knows {VERSION}")]
    ProgramVersion(u8),
    /// Not the length of its lists.
    #[error("the program has {0} bytes, which is not the length of its lists")]
    ProgramLength(usize),
    /// More or less of something than a program has.
    #[error(
        "the program has {scenarios} scenarios, {twins} of them twins, {value_decimals} value \
         decimals, {rows} rows and {clauses} clauses: a contract takes 1 to 255, fewer than that, \
         at most {MAX_DECIMALS}, 1 to {MAX_ROWS} and 1 to {MAX_CLAUSES}"
    )]
    ProgramSizes {
        /// Scenarios, twins included.
        scenarios: u8,
        /// Twins.
        twins: u8,
        /// Value decimals.
        value_decimals: u8,
        /// Rows.
        rows: u16,
        /// Clauses.
        clauses: u16,
    },
    /// A twin of no scenario that is none itself, or out of order.
    #[error("twin {0} is of scenario {1}, which does not belong there")]
    TwinOf(usize, u8),
    /// A factor with too many decimals.
    #[error("factor {0} has {1} decimals; a contract takes at most {MAX_DECIMALS}")]
    FactorDecimals(usize, u8),
    /// The prices are in another currency.
    #[error("the prices are in another currency than the rules")]
    QuoteCurrency,
    /// The quote currency has another price than 1.
    #[error("price {0} is that of the quote currency, and not 1")]
    QuotePrice(usize),
    /// A price with too many decimals.
    #[error("price {0} has {1} digits after the point; a contract takes at most {MAX_DECIMALS}")]
    PriceScale(usize, u32),
    /// The prices are of other assets.
    #[error("the prices are of other assets, or in another order, than the program's")]
    PriceNames,
    /// A price that is no whole number of units of value.
    #[error("row {0}: price {1} is no whole number of units of value")]
    PriceDigits(usize, u16),
    /// One unit is worth too much at mark.
    #[error("row {0} is worth {1} units of value at mark, which is not below 2^64")]
    MarkBound(usize, BigInt),
    /// One unit is worth too much.
    #[error("row {0} is not worth below 2^64 units of value in scenario {1}")]
    ValueBound(usize, usize),
    /// A role out of place.
    #[error("row {0} has the role {1}, which does not belong there")]
    RowRole(usize, u8),
    /// An asset, market, contingency or scenario number out of order.
    #[error("row {0} has the number {1}, which does not belong there")]
    RowGroup(usize, u16),
    /// No such price, or not the group's.
    #[error("row {0} has the price {1}, which does not belong there")]
    RowPrice(usize, u16),
    /// Not the decimals of its group, or more than a value's.
    #[error("row {0} has {1} decimals, which do not belong there")]
    RowDecimals(usize, u8),
    /// A row of a class that is none of customers', or out of order.
    #[error("row {0} of class {1} is none of customers' rows over again, in their order")]
    RowClass(usize, u8),
    /// A cap out of bounds.
    #[error("row {0} has the cap {1}: a cap is below 2^90, and the empty slot has none")]
    RowCap(usize, u128),
    /// No such factor, or one where the role fixes the values.
    #[error("row {0} has the factor {2} in scenario {1}, which does not belong there")]
    RowFactor(usize, usize, u16),
    /// A scenario without closing rows.
    #[error("the table ends before scenario {0} is closed")]
    NotClosed(usize),
    /// A clause that is none.
    #[error("clause {0} is of no kind, or about nothing there is")]
    ClauseForm(usize),
}

/// Evaluates a program with the prices of a day.
///
/// # Errors
/// Where a contract would refuse either.
pub fn evaluate(program: &[u8], prices: &Prices) -> Result<Evaluated, Fault> {
    let head = Head::read(program)?;
    check_prices(prices, &head)?;
    let mut reader = Reader(&program[HEAD_BYTES + head.twins.len()..]);
    let factors = (0..head.factors).map(|index| read_factor(&mut reader, index));
    let factors = factors.collect::<Result<Vec<_>, _>>()?;
    let mut rows = Rows {
        head: &head,
        prices,
        factors: &factors,
        read: Vec::new(),
        instruments: Vec::new(),
        closings: 0,
        constraints: Vec::new(),
        contingencies: 0,
        assets: 0,
        markets: 0,
        first: None,
        bytes: Vec::new(),
        classes: None,
    };
    for index in 0..usize::from(head.rows) {
        let bytes = reader.bytes(head.row_bytes());
        rows.bytes.push(bytes);
        match bytes[0] >> ROLE_BITS {
            0 => rows.take(&mut Reader(bytes), index)?,
            class => rows.repeat(class, index)?,
        }
    }
    if rows.closings != 2 * u32::from(head.scenarios) {
        return Err(Fault::NotClosed(rows.closings as usize / 2));
    }
    let clauses = (0..usize::from(head.clauses)).map(|index| rows.clause(&mut reader, index));
    let clauses = clauses.collect::<Result<_, _>>()?;
    let Rows { assets, markets, read, instruments, .. } = rows;
    let table = InstrumentTable::new(head.scenarios.into(), instruments)
        .expect("row 0 is empty, caps are not 0, and rows are not more than a table has");
    let twins = head.twins.clone();
    Ok(Evaluated {
        table,
        value_decimals: head.value_decimals,
        rows: read,
        clauses,
        assets,
        markets,
        twins,
    })
}

/// Takes big-endian numbers from bytes whose length was checked.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (taken, rest) = self.0.split_first_chunk().expect("the length was checked");
        self.0 = rest;
        *taken
    }

    fn byte(&mut self) -> u8 {
        u8::from_be_bytes(self.take())
    }

    fn number(&mut self) -> u16 {
        u16::from_be_bytes(self.take())
    }
}

struct Head {
    scenarios: u8,
    value_decimals: u8,
    factors: u16,
    rows: u16,
    clauses: u16,
    names: [u8; 32],
    quote: [u8; 32],
    /// The stress that each of the last scenarios is the twin of.
    twins: Vec<u8>,
}

impl Head {
    fn read(program: &[u8]) -> Result<Self, Fault> {
        if program.len() < HEAD_BYTES {
            return Err(Fault::ProgramLength(program.len()));
        }
        let mut reader = Reader(program);
        let version = reader.byte();
        if version != VERSION {
            return Err(Fault::ProgramVersion(version));
        }
        let [scenarios, value_decimals] = reader.take();
        let [factors, rows, clauses] = [(); 3].map(|()| reader.number());
        let twins = reader.byte();
        let (names, quote) = (reader.take(), reader.take());
        let sound = twins < scenarios
            && usize::from(value_decimals) <= MAX_DECIMALS
            && (1..=MAX_ROWS).contains(&rows.into())
            && (1..=MAX_CLAUSES).contains(&clauses.into());
        if !sound {
            let sizes = Fault::ProgramSizes { scenarios, twins, value_decimals, rows, clauses };
            return Err(sizes);
        }
        let count = twins.into();
        let twins = Vec::new();
        let mut head =
            Self { scenarios, value_decimals, factors, rows, clauses, names, quote, twins };
        let row_bytes = ROW_BYTES + 2 * (usize::from(scenarios) - count - 1);
        let lists = [(factors, FACTOR_BYTES), (rows, row_bytes), (clauses, CLAUSE_BYTES)];
        let bytes = lists.iter().map(|&(count, size)| usize::from(count) * size).sum::<usize>();
        if program.len() != HEAD_BYTES + count + bytes {
            return Err(Fault::ProgramLength(program.len()));
        }
        head.twins = reader.bytes(count).to_vec();
        head.check_twins()?;
        Ok(head)
    }

    /// Each twin is of a scenario that is neither mark nor a twin, and of a later one than the twin
    /// before.
    fn check_twins(&self) -> Result<(), Fault> {
        let mut before = 0;
        for (index, &of) in self.twins.iter().enumerate() {
            if of <= before || usize::from(of) >= self.own_scenarios() {
                return Err(Fault::TwinOf(index, of));
            }
            before = of;
        }
        Ok(())
    }

    /// How many scenarios are no twins. They come first.
    fn own_scenarios(&self) -> usize {
        usize::from(self.scenarios) - self.twins.len()
    }

    fn row_bytes(&self) -> usize {
        ROW_BYTES + 2 * (self.own_scenarios() - 1)
    }
}

fn check_prices(prices: &Prices, head: &Head) -> Result<(), Fault> {
    if Digest::of(prices.quote.as_bytes()).0 != head.quote {
        return Err(Fault::QuoteCurrency);
    }
    for (index, (name, price)) in prices.prices.iter().enumerate() {
        if price.scale() as usize > MAX_DECIMALS {
            return Err(Fault::PriceScale(index, price.scale()));
        }
        if *name == prices.quote && price.exact_units(0) != Some(1.into()) {
            return Err(Fault::QuotePrice(index));
        }
    }
    let names: Vec<u8> =
        prices.prices.keys().flat_map(|name| Digest::of(name.as_bytes()).0).collect();
    if Digest::of(&names).0 == head.names { Ok(()) } else { Err(Fault::PriceNames) }
}

/// A numerator and the divisor.
type Factor = (BigInt, BigInt);

fn read_factor(reader: &mut Reader<'_>, index: u16) -> Result<Factor, Fault> {
    let numerator = i128::from_be_bytes(reader.take());
    let decimals = reader.byte();
    if usize::from(decimals) > MAX_DECIMALS {
        return Err(Fault::FactorDecimals(index.into(), decimals));
    }
    Ok((numerator.into(), BigInt::from(10).pow(decimals.into())))
}

/// The rows up to here.
struct Rows<'a> {
    head: &'a Head,
    prices: &'a Prices,
    factors: &'a [Factor],
    read: Vec<Row>,
    instruments: Vec<Instrument>,
    /// Twice the closed scenarios, and one if the last has its equity alone.
    closings: u32,
    /// The scenarios that slack closes.
    constraints: Vec<u16>,
    contingencies: u16,
    assets: u16,
    markets: u16,
    /// The first row of the current asset or market.
    first: Option<(Row, BigInt)>,
    /// Every row as it was read.
    bytes: Vec<&'a [u8]>,
    /// Where the rows of classes stand, from their first one on.
    classes: Option<Classes>,
}

impl Rows<'_> {
    fn take(&mut self, reader: &mut Reader<'_>, index: usize) -> Result<(), Fault> {
        let (role, group, price) = (reader.byte(), reader.number(), reader.number());
        let row = Row { role, class: 0, group, price, decimals: reader.byte() };
        let mut cap = [0; 16];
        cap[4..].copy_from_slice(&reader.take::<12>());
        let cap = u128::from_be_bytes(cap);
        if cap >= CAP_BOUND || (index == 0 && cap != 0) {
            return Err(Fault::RowCap(index, cap));
        }
        let mark = self.enter(row, index)?;
        let mut values = vec![mark_value(row, &mark)];
        for scenario in 1..self.head.own_scenarios() {
            let factor = reader.number();
            values.push(match &mark {
                Some(mark) => self.value(factor, mark, [index, scenario])?,
                None if factor != 0 => return Err(Fault::RowFactor(index, scenario, factor)),
                None => Value::ZERO,
            });
        }
        // As in their stresses: what the insurance fund holds stands in rows of its class.
        let in_twins: Vec<_> = self.head.twins.iter().map(|&of| values[usize::from(of)]).collect();
        values.extend(in_twins);
        if let Some((own, value)) = closing(row) {
            values[own] = value;
        }
        let cap = Quantity::new(cap).filter(|&cap| cap != Quantity::ZERO);
        self.instruments.push(Instrument { cap, values });
        self.read.push(row);
        Ok(())
    }

    /// One unit of the row at mark, or of a contingency, where the row stands in its order; `None`
    /// where all its values follow from its role.
    fn enter(&mut self, row: Row, index: usize) -> Result<Option<BigInt>, Fault> {
        let Row { role, group, price, decimals, .. } = row;
        if self.classes.is_some() && role <= 7 {
            return Err(Fault::RowClass(index, 0));
        }
        if role > 11 || (role == 0) != (index == 0) {
            return Err(Fault::RowRole(index, role));
        }
        if decimals > self.head.value_decimals {
            return Err(Fault::RowDecimals(index, decimals));
        }
        let numbered = match role {
            8 | 9 => {
                let next = 2 * u32::from(group) + u32::from(role == 9);
                next == self.closings && group < self.head.scenarios.into()
            }
            10 => group == self.contingencies,
            11 => {
                let is_next = 2 * u32::from(group) == self.closings;
                let has_twin = self.head.twins.iter().any(|&of| u16::from(of) == group);
                is_next && group > 0 && usize::from(group) < self.head.own_scenarios() && !has_twin
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
        [index, scenario]: [usize; 2],
    ) -> Result<Value, Fault> {
        let missing = Fault::RowFactor(index, scenario, factor);
        let (numerator, divisor) = self.factors.get(usize::from(factor)).ok_or(missing)?;
        let units = div_floor(&(mark * numerator), divisor).0;
        let value = i128::try_from(units).ok().and_then(Value::new);
        value.ok_or(Fault::ValueBound(index, scenario))
    }

    fn clause(&self, reader: &mut Reader<'_>, index: usize) -> Result<Clause, Fault> {
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
            8 => (1, false, 0),
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

    /// Whether the table says what all but the insurance fund are owed in a scenario: where the fund
    /// is a class, in stresses with a twin alone.
    fn judges_fund(&self, scenario: u16) -> bool {
        let has_class = self.read.iter().any(|row| row.class == INSURANCE);
        !has_class || self.head.twins.iter().any(|&of| u16::from(of) == scenario)
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
fn closing(row: Row) -> Option<(usize, Value)> {
    let units = match row.role {
        8 | 11 => -1,
        9 => 1,
        _ => return None,
    };
    Some((row.group.into(), Value::new(units)?))
}
