//! The head of a program and its factors.

use num_bigint::BigInt;
use pacioli_circuits::ScenarioId;
use pacioli_rules::{Prices, Volatility};

use super::fault::Fault;
use crate::{
    digest::Digest,
    program::{
        layout::{
            CLAUSE_BYTES, FACTOR_BYTES, HEAD_BYTES, MAX_CLAUSES, MAX_DECIMALS, MAX_ROWS,
            MAX_SCENARIOS, ROW_BYTES, SCENARIO_BYTES, VERSION,
        },
        rates::{Tail, tail_bytes},
    },
};

/// Takes big-endian numbers from bytes whose length was checked.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    pub(super) fn take<const N: usize>(&mut self) -> [u8; N] {
        let (taken, rest) = self.0.split_first_chunk().expect("the length was checked");
        self.0 = rest;
        *taken
    }

    pub(super) fn byte(&mut self) -> u8 {
        u8::from_be_bytes(self.take())
    }

    pub(super) fn number(&mut self) -> u16 {
        u16::from_be_bytes(self.take())
    }
}

/// The sizes of a program's lists, and what its prices must be.
pub(super) struct Head {
    pub(super) scenarios: u16,
    pub(super) value_decimals: u8,
    pub(super) factors: u16,
    pub(super) rows: u16,
    pub(super) clauses: u16,
    names: [u8; 32],
    quote: [u8; 32],
    /// Whether the last scenario is the cover.
    pub(super) has_cover: bool,
    /// The stress that each of the last scenarios before the cover is the twin of.
    pub(super) twins: Vec<u16>,
}

impl Head {
    pub(super) fn read(program: &[u8]) -> Result<Self, Fault> {
        if program.len() < HEAD_BYTES {
            return Err(Fault::ProgramLength(program.len()));
        }
        let mut reader = Reader(program);
        let version = reader.byte();
        if version != VERSION {
            return Err(Fault::ProgramVersion(version));
        }
        let (scenarios, value_decimals) = (reader.number(), reader.byte());
        let [factors, rows, clauses, twins] = [(); 4].map(|()| reader.number());
        let cover = reader.byte();
        let (names, quote) = (reader.take(), reader.take());
        let sound = u32::from(twins) + u32::from(cover) < scenarios.into()
            && usize::from(scenarios) <= MAX_SCENARIOS
            && cover <= 1
            && usize::from(value_decimals) <= MAX_DECIMALS
            && (1..=MAX_ROWS).contains(&rows.into())
            && (1..=MAX_CLAUSES).contains(&clauses.into());
        if !sound {
            return Err(Fault::ProgramSizes {
                scenarios,
                twins,
                cover,
                value_decimals,
                rows,
                clauses,
            });
        }
        let count = usize::from(twins);
        let mut head = Self {
            scenarios,
            value_decimals,
            factors,
            rows,
            clauses,
            names,
            quote,
            has_cover: cover == 1,
            // The sizes of the lists follow from how many there are.
            twins: vec![0; count],
        };
        let lists = [(factors, FACTOR_BYTES), (rows, head.row_bytes()), (clauses, CLAUSE_BYTES)];
        let bytes = lists.iter().map(|&(count, size)| usize::from(count) * size).sum::<usize>();
        let rest = program.get(HEAD_BYTES + SCENARIO_BYTES * count + bytes..);
        if !rest.is_some_and(|rest| rest.is_empty() || tail_bytes(rest) == Some(rest.len())) {
            return Err(Fault::ProgramLength(program.len()));
        }
        head.twins = (0..count).map(|_| reader.number()).collect();
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

    /// How many scenarios are neither twins nor the cover. They come first.
    pub(super) fn own_scenarios(&self) -> usize {
        usize::from(self.scenarios) - self.twins.len() - usize::from(self.has_cover)
    }

    /// The number of the cover, if there is one.
    pub(super) fn cover(&self) -> Option<ScenarioId> {
        self.has_cover.then(|| ScenarioId::new(self.scenarios - 1))
    }

    /// What is behind the clauses of the program.
    pub(super) fn tail<'a>(&self, program: &'a [u8]) -> &'a [u8] {
        let rows = usize::from(self.rows) * self.row_bytes();
        let lists = usize::from(self.factors) * FACTOR_BYTES + rows;
        let end = HEAD_BYTES + SCENARIO_BYTES * self.twins.len() + lists;
        program.get(end + usize::from(self.clauses) * CLAUSE_BYTES..).unwrap_or_default()
    }

    pub(super) fn row_bytes(&self) -> usize {
        ROW_BYTES + 2 * (self.own_scenarios() - 1)
    }
}

/// The prices are those whose names and quote currency the head has.
pub(super) fn check_prices(prices: &Prices, head: &Head) -> Result<(), Fault> {
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
pub(super) type Factor = (BigInt, BigInt);

/// The next factor. `rates` are those that follow volatilities.
pub(super) fn read_factor(
    reader: &mut Reader<'_>,
    index: u16,
    rates: &[(u64, u64)],
) -> Result<Factor, Fault> {
    let numerator = i128::from_be_bytes(reader.take());
    let decimals = reader.byte();
    if usize::from(decimals) > MAX_DECIMALS {
        let follows = Tail::factor(rates, numerator as u128, decimals);
        let numerator = follows.ok_or(Fault::FactorDecimals(index.into(), decimals))?;
        return Ok((numerator, BigInt::from(10).pow(Volatility::DECIMALS)));
    }
    Ok((numerator.into(), BigInt::from(10).pow(decimals.into())))
}
