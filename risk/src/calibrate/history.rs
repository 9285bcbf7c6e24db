//! Price history: one close, and optionally one volume, for each asset and UTC day.
//!
//! CSV with the columns `time,asset,price` or `time,asset,open,high,low,close`, each with `volume`
//! (in units of the asset) at the end or without. A time is a day, `2026-01-01`, or a UTC time,
//! `2026-01-01T04:00:00Z`. Of several prices in a day the last is its close, and their volumes add
//! up. Rows are in any order; no day of an asset is missing between its first and its last.

use std::collections::{BTreeMap, btree_map::Entry};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use pacioli_rules::{Decimal, strict};
use thiserror::Error;

use super::fixed::Fixed;
use crate::cells::{self, CellFault, Cells, CellsError};

/// The days of every asset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub(super) assets: BTreeMap<String, Vec<Day>>,
}

/// One day of one asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: Date,
    pub(super) close: Decimal,
    pub(super) volume: Option<Fixed>,
}

/// Why a price history is refused.
#[derive(Debug, Error)]
pub enum HistoryError {
    /// The table is malformed.
    #[error(transparent)]
    Cells(#[from] CellsError),
    /// Days are missing.
    #[error("{file}:{line}:1: {asset}: the day after {before} is missing, the next is {after}")]
    Gap {
        /// The file's name.
        file: String,
        /// The line of the first price after the gap.
        line: u64,
        /// The asset.
        asset: String,
        /// The last day before the gap.
        before: Date,
        /// The first day after it.
        after: Date,
    },
    /// Two files have the same asset.
    #[error("duplicate {asset}: it is in two of the files")]
    TwoFiles {
        /// The asset.
        asset: String,
    },
}

const COLUMNS: &str = "`time,asset,price` or `time,asset,open,high,low,close`, with `volume` at the \
                       end or without";

/// A row's price, its line, and its volume.
type Row = (Decimal, u64, Option<Decimal>);

impl History {
    /// Reads one file; `file` is its name in errors.
    ///
    /// # Errors
    /// If the file is not as in this module's description.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, HistoryError> {
        let mut cells = Cells::open(bytes, file)?;
        let (candle, volume) = match cells.fields()[..] {
            ["time", "asset", "price"] => (false, None),
            ["time", "asset", "price", "volume"] => (false, Some(3)),
            ["time", "asset", "open", "high", "low", "close"] => (true, None),
            ["time", "asset", "open", "high", "low", "close", "volume"] => (true, Some(6)),
            _ => return Err(cells.wrong_header(COLUMNS).into()),
        };
        let mut rows: BTreeMap<String, BTreeMap<Timestamp, Row>> = BTreeMap::new();
        while cells.advance()? {
            let time = cells.cell(0, time)?;
            let asset = cells.cell(1, cells::asset)?;
            let price = if candle { close(&cells)? } else { price(&cells, 2, "price")? };
            let volume =
                volume.map(|column| cells.cell(column, |text| cells::volume("volume", text)));
            let row = (price, cells.line(), volume.transpose()?);
            match rows.entry(asset.clone()).or_default().entry(time) {
                Entry::Vacant(place) => place.insert(row),
                Entry::Occupied(taken) => {
                    let (what, first) = (format!("{asset} at {time}"), taken.get().1);
                    return Err(cells.refuse(0, CellFault::Duplicate { what, first }).into());
                }
            };
        }
        let assets = rows.into_iter().map(|(asset, rows)| {
            let days = days(file, &asset, &rows)?;
            Ok((asset, days))
        });
        Ok(Self { assets: assets.collect::<Result<_, HistoryError>>()? })
    }

    /// Takes in the assets of another file.
    ///
    /// # Errors
    /// If both have the same asset.
    pub fn join(&mut self, other: Self) -> Result<(), HistoryError> {
        for (asset, days) in other.assets {
            if self.assets.contains_key(&asset) {
                return Err(HistoryError::TwoFiles { asset });
            }
            self.assets.insert(asset, days);
        }
        Ok(())
    }
}

fn time(text: &str) -> Result<Timestamp, CellFault> {
    let day = || {
        let date: Date = text.parse().ok().filter(|date: &Date| date.to_string() == text)?;
        date.to_zoned(TimeZone::UTC).ok().map(|midnight| midnight.timestamp())
    };
    let expected = "a day such as `2026-11-21` or a UTC time such as `2026-11-21T00:00:00Z`";
    strict::read_utc_time(text)
        .or_else(day)
        .ok_or_else(|| CellFault::Time { got: text.to_owned(), expected })
}

fn price(cells: &Cells<'_>, column: usize, name: &'static str) -> Result<Decimal, CellsError> {
    cells.cell(column, |text| cells::price(name, text))
}

/// The close of a candle whose four prices can be those of one day.
fn close(cells: &Cells<'_>) -> Result<Decimal, CellsError> {
    let [open, high, low, close] = [
        price(cells, 2, "open")?,
        price(cells, 3, "high")?,
        price(cells, 4, "low")?,
        price(cells, 5, "close")?,
    ];
    let inside = |price: &Decimal| *price >= low && *price <= high;
    for (column, name, value) in [(2, "open", open), (5, "close", close)] {
        if !inside(&value) {
            let fault = CellFault::Range { column: name, value, range: "between low and high" };
            return Err(cells.refuse(column, fault));
        }
    }
    Ok(close)
}

fn days(
    file: &str,
    asset: &str,
    rows: &BTreeMap<Timestamp, Row>,
) -> Result<Vec<Day>, HistoryError> {
    let mut days: Vec<Day> = Vec::new();
    for (time, (close, line, volume)) in rows {
        let date = TimeZone::UTC.to_datetime(*time).date();
        let volume = volume.as_ref().map(Fixed::of);
        match days.last_mut() {
            Some(day) if day.date == date => {
                day.close = *close;
                day.volume = day.volume.as_ref().zip(volume).map(|(a, b)| a + &b);
            }
            Some(Day { date: before, .. }) if before.tomorrow().ok() != Some(date) => {
                let (file, asset) = (file.to_owned(), asset.to_owned());
                let (line, before) = (*line, *before);
                return Err(HistoryError::Gap { file, line, asset, before, after: date });
            }
            _ => days.push(Day { date, close: *close, volume }),
        }
    }
    Ok(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<History, String> {
        History::parse(text.as_bytes(), "h.csv").map_err(|error| error.to_string())
    }

    #[test]
    fn the_last_price_of_a_day_is_its_close_and_volumes_add_up() {
        let history = parse(
            "time,asset,price,volume\n2026-01-01T23:00:00Z,BTC,3,1\n2026-01-01,BTC,2,0.5\n\
             2026-01-02,BTC,4,7\n",
        )
        .unwrap();
        let days = &history.assets["BTC"];
        let closes: Vec<_> = days.iter().map(|day| day.close.to_string()).collect();
        assert_eq!(closes, ["3", "4"]);
        assert_eq!(days[0].volume, Some(Fixed::of(&"1.5".parse().unwrap())));
    }

    #[test]
    fn a_candle_counts_with_its_close() {
        let text = "time,asset,open,high,low,close\n2026-01-01,BTC,2,4,1,3\n";
        assert_eq!(parse(text).unwrap().assets["BTC"][0].close.to_string(), "3");
        let error = parse(&text.replace("2,4,1,3", "5,4,1,3")).unwrap_err();
        assert_eq!(error, "h.csv:2:3: open: 5 is not between low and high");
        let error = parse(&text.replace("2,4,1,3", "2,4,1,0.5")).unwrap_err();
        assert_eq!(error, "h.csv:2:6: close: 0.5 is not between low and high");
    }

    #[test]
    fn each_malformed_row_has_its_own_error() {
        let head = "time,asset,price,volume\n";
        for (rows, expected) in [
            ("2026-1-1,BTC,1,1\n", "h.csv:2:1: time: `2026-1-1` is not a day such as"),
            ("2026-01-01,B TC,1,1\n", "h.csv:2:2: asset: invalid name `B TC`"),
            ("2026-01-01,BTC,0,1\n", "h.csv:2:3: price: 0 is not above zero"),
            ("2026-01-01,BTC,1,-1\n", "h.csv:2:4: volume: -1 is not zero or more"),
            ("2026-01-01,BTC,1,\n", "h.csv:2:4: volume: a number is missing"),
            (
                "2026-01-01,BTC,1,1\n2026-01-01T00:00:00Z,BTC,1,1\n",
                "h.csv:3:1: duplicate BTC at 2026-01-01T00:00:00Z: also on line 2",
            ),
            (
                "2026-01-01,BTC,1,1\n2026-01-03,BTC,1,1\n",
                "h.csv:3:1: BTC: the day after 2026-01-01 is missing, the next is 2026-01-03",
            ),
        ] {
            let error = parse(&format!("{head}{rows}")).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
        let error = parse("date,asset,price\n").unwrap_err();
        assert!(
            error.starts_with("h.csv:1:1: unknown columns `date,asset,price`: expected"),
            "{error}"
        );
    }

    #[test]
    fn an_asset_stands_in_one_file() {
        let one = parse("time,asset,price\n2026-01-01,BTC,1\n").unwrap();
        let error = one.clone().join(one).unwrap_err().to_string();
        assert_eq!(error, "duplicate BTC: it is in two of the files");
    }
}
