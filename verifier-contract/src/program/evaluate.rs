//! What `InstrumentTable.compile` does, over integers without bounds: the specification of the
//! contract, and what a program is tried with before anyone registers it.
//!
//! Checks stand in the contract's order, so that both refuse the same bytes for the same reason.

use alloy_primitives::keccak256;
use num_bigint::BigInt;
use pacioli_circuits::{Instrument, InstrumentTable, Quantity, Value};
use pacioli_prover::{
    decimal::{Decimal, div_floor},
    prices::Prices,
};
use thiserror::Error;

use super::layout::{
    CAP_BOUND, CLAUSE_BYTES, FACTOR_BYTES, HEAD_BYTES, MAX_CLAUSES, MAX_DECIMALS, MAX_ROWS,
    NO_PRICE, ROW_BYTES, VERSION,
};

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
}

/// What a row of a program is, by the numbers of docs/chain.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Deposit, borrow and so on.
    pub role: u8,
    /// The number of the asset, market or scenario.
    pub group: u16,
    /// The number of the price, or [`NO_PRICE`].
    pub price: u16,
    /// Digits of its quantity.
    pub decimals: u8,
}

/// A clause of a program, by the numbers of docs/chain.md.
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
        "the program has {scenarios} scenarios, {value_decimals} value decimals, {rows} rows and \
         {clauses} clauses: a contract takes 1 to 255, at most {MAX_DECIMALS}, 1 to {MAX_ROWS} \
         and 1 to {MAX_CLAUSES}"
    )]
    ProgramSizes {
        /// Scenarios.
        scenarios: u8,
        /// Value decimals.
        value_decimals: u8,
        /// Rows.
        rows: u16,
        /// Clauses.
        clauses: u16,
    },
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
    /// An asset, market or scenario number out of order.
    #[error("row {0} has the number {1}, which does not belong there")]
    RowGroup(usize, u16),
    /// No such price, or not the group's.
    #[error("row {0} has the price {1}, which does not belong there")]
    RowPrice(usize, u16),
    /// Not the decimals of its group, or more than a value's.
    #[error("row {0} has {1} decimals, which do not belong there")]
    RowDecimals(usize, u8),
    /// A cap out of bounds.
    #[error("row {0} has the cap {1}: a cap is below 2^90, and the empty slot has none")]
    RowCap(usize, u128),
    /// No such factor.
    #[error("row {0} has the factor {2} in scenario {1}, and there is no such factor")]
    RowFactor(usize, usize, u16),
    /// A value that its role does not have.
    #[error("row {0} is not worth in scenario {1} what its role says")]
    RowValue(usize, usize),
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
    let mut reader = Reader(&program[HEAD_BYTES..]);
    let factors = (0..head.factors).map(|index| read_factor(&mut reader, index));
    let factors = factors.collect::<Result<Vec<_>, _>>()?;
    let mut rows = Rows {
        head: &head,
        prices,
        factors: &factors,
        read: Vec::new(),
        instruments: Vec::new(),
        closings: 0,
        assets: 0,
        markets: 0,
        first: None,
    };
    for index in 0..usize::from(head.rows) {
        rows.take(&mut reader, index)?;
    }
    if rows.closings != 2 * u32::from(head.scenarios) {
        return Err(Fault::NotClosed(rows.closings as usize / 2));
    }
    let clauses = (0..usize::from(head.clauses)).map(|index| rows.clause(&mut reader, index));
    let clauses = clauses.collect::<Result<_, _>>()?;
    let Rows { assets, markets, read, instruments, .. } = rows;
    let table = InstrumentTable::new(head.scenarios.into(), instruments)
        .expect("row 0 is empty, caps are not 0, and rows are not more than a table has");
    Ok(Evaluated {
        table,
        value_decimals: head.value_decimals,
        rows: read,
        clauses,
        assets,
        markets,
    })
}

/// Takes big-endian numbers from bytes whose length was checked.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
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
        let head = Self {
            scenarios: reader.byte(),
            value_decimals: reader.byte(),
            factors: reader.number(),
            rows: reader.number(),
            clauses: reader.number(),
            names: reader.take(),
            quote: reader.take(),
        };
        let Self { scenarios, value_decimals, factors, rows, clauses, .. } = head;
        let sound = scenarios != 0
            && usize::from(value_decimals) <= MAX_DECIMALS
            && (1..=MAX_ROWS).contains(&rows.into())
            && (1..=MAX_CLAUSES).contains(&clauses.into());
        if !sound {
            return Err(Fault::ProgramSizes { scenarios, value_decimals, rows, clauses });
        }
        let row = ROW_BYTES + 2 * usize::from(scenarios);
        let lists = [(factors, FACTOR_BYTES), (rows, row), (clauses, CLAUSE_BYTES)];
        let bytes = lists.iter().map(|&(count, size)| usize::from(count) * size).sum::<usize>();
        if program.len() != HEAD_BYTES + bytes {
            return Err(Fault::ProgramLength(program.len()));
        }
        Ok(head)
    }
}

fn check_prices(prices: &Prices, head: &Head) -> Result<(), Fault> {
    if keccak256(&prices.quote) != head.quote {
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
    let names: Vec<u8> = prices.prices.keys().flat_map(keccak256).collect();
    if keccak256(names) == head.names { Ok(()) } else { Err(Fault::PriceNames) }
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
    assets: u16,
    markets: u16,
    /// The first row of the current asset or market.
    first: Option<(Row, BigInt)>,
}

impl Rows<'_> {
    fn take(&mut self, reader: &mut Reader<'_>, index: usize) -> Result<(), Fault> {
        let (role, group, price) = (reader.byte(), reader.number(), reader.number());
        let row = Row { role, group, price, decimals: reader.byte() };
        let mut cap = [0; 16];
        cap[4..].copy_from_slice(&reader.take::<12>());
        let cap = u128::from_be_bytes(cap);
        if cap >= CAP_BOUND || (index == 0 && cap != 0) {
            return Err(Fault::RowCap(index, cap));
        }
        let mark = self.enter(row, index)?;
        let values = (0..usize::from(self.head.scenarios))
            .map(|scenario| self.value(reader.number(), &mark, [index, scenario]));
        let values = values.collect::<Result<Vec<_>, _>>()?;
        check_values(row, &mark, &values, index)?;
        let cap = Quantity::new(cap).filter(|&cap| cap != Quantity::ZERO);
        self.instruments.push(Instrument { cap, values });
        self.read.push(row);
        Ok(())
    }

    /// One unit of the row at mark, where the row stands in its order.
    fn enter(&mut self, row: Row, index: usize) -> Result<BigInt, Fault> {
        let Row { role, group, price, decimals } = row;
        if role > 9 || (role == 0) != (index == 0) {
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
            1 | 2 if self.markets > 0 => false,
            1 if group == self.assets => return self.open(row, index),
            1 | 2 => self.assets.checked_sub(1) == Some(group),
            3 if group == self.markets => return self.open(row, index),
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
            return Ok(mark.clone());
        }
        if matches!(role, 8 | 9) {
            if decimals != self.head.value_decimals {
                return Err(Fault::RowDecimals(index, decimals));
            }
            self.closings += 1;
        }
        if price != NO_PRICE {
            return Err(Fault::RowPrice(index, price));
        }
        if matches!(role, 6 | 7) { self.mark(row, index) } else { Ok(1.into()) }
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
        let scenarios = u16::from(self.head.scenarios);
        let (subjects, has_number, most) = match kind {
            0 => (1, true, MAX_DECIMALS),
            1 => (self.assets, false, 0),
            2 => (scenarios, true, 0),
            3 => (scenarios, false, 0),
            4 => (self.markets, false, 0),
            _ => return Err(Fault::ClauseForm(index)),
        };
        let sound = subject < subjects
            && (has_number || mantissa == 0)
            && usize::from(clause.scale) <= most;
        if sound { Ok(clause) } else { Err(Fault::ClauseForm(index)) }
    }
}

/// What a row's role says of its values.
fn check_values(row: Row, mark: &BigInt, values: &[Value], index: usize) -> Result<(), Fault> {
    let is = |scenario: usize, units: BigInt| {
        let fits = BigInt::from(values[scenario].units()) == units;
        if fits { Ok(()) } else { Err(Fault::RowValue(index, scenario)) }
    };
    match row.role {
        1 | 3 | 6 => is(0, mark.clone()),
        2 | 4 | 7 => is(0, -mark),
        role => (0..values.len()).try_for_each(|scenario| {
            let own = usize::from(row.group) == scenario;
            let units = match role {
                8 if own => -1,
                9 if own => 1,
                _ => 0,
            };
            is(scenario, units.into())
        }),
    }
}
