//! The moves of one asset before a position in it is closed.

use jiff::civil::Date;
use pacioli_rules::Decimal;

use super::{
    error::CalibrateError,
    fixed::Fixed,
    history::Day,
    proposal::{Measured, MeasuredMoves},
    settings::Settings,
};

/// Fewest daily moves a proposal can rest on: below it the tail has hardly a day.
pub const FEWEST_MOVES: usize = 60;

/// The tail of expected shortfall, 2.5 %, as one in so many.
const TAIL: usize = 40;

/// Expected shortfall at 97.5 % of a normal distribution, in standard deviations, rounded up.
const NORMAL_SHORTFALL: Decimal = Decimal::new(2338, 3);

/// Decimals of a move that is shown.
const SHOWN: u32 = 6;

/// The risk of one asset, from its history. Moves are fractions of the price.
#[derive(Clone, Debug)]
pub(super) struct Risk {
    pub(super) days: usize,
    pub(super) last: Date,
    /// The price on that day.
    pub(super) close: Fixed,
    /// Standard deviation of a day's move over the window, about zero.
    pub(super) realised: Fixed,
    /// The same, exponentially weighted.
    pub(super) weighted: Fixed,
    /// Mean volume of a day over the window.
    pub(super) volume: Option<Fixed>,
    pub(super) maintenance: Moves,
    pub(super) initial: Moves,
}

/// The moves over one horizon that margins cover.
#[derive(Clone, Debug)]
pub(super) struct Moves {
    /// Days.
    pub(super) horizon: u32,
    /// Mean of the worst 2.5 % of falls and of rises over the horizon, in the whole history.
    pub(super) history: [Fixed; 2],
    /// The move by a normal distribution of the larger volatility.
    pub(super) normal: Fixed,
}

/// The direction of a price move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Down,
    Up,
    /// The worse of both: tiers of a market are the same for longs and shorts.
    Either,
}

impl Moves {
    /// The move of a position without size.
    pub(super) fn move_of(&self, way: Way) -> Fixed {
        let [down, up] = &self.history;
        let history = match way {
            Way::Down => down,
            Way::Up => up,
            Way::Either => down.max(up),
        };
        history.max(&self.normal).clone()
    }
}

impl Risk {
    pub(super) fn of(asset: &str, days: &[Day], set: &Settings) -> Result<Self, CalibrateError> {
        let longest = set.horizon.max(set.initial_horizon) as usize;
        let needed = FEWEST_MOVES + longest;
        let Some(last) = days.last().filter(|_| days.len() >= needed) else {
            let (asset, got) = (asset.to_owned(), days.len());
            return Err(CalibrateError::ShortHistory { asset, got, needed });
        };
        let squares: Vec<Fixed> = moves(days, 1).iter().map(|one| one.times(one)).collect();
        let window = &squares[squares.len().saturating_sub(set.window)..];
        let realised = mean(window).root();
        let lambda = Fixed::of(&set.lambda);
        let rest = &Fixed::whole(1) - &lambda;
        let weighted = squares.iter().fold(mean(&squares), |variance, square| {
            &lambda.times(&variance) + &rest.times(square)
        });
        let weighted = weighted.root();
        let recent = &days[days.len().saturating_sub(set.window)..];
        let volumes: Option<Vec<Fixed>> = recent.iter().map(|day| day.volume.clone()).collect();
        let volume = volumes.map(|volumes| mean(&volumes));
        if volume.as_ref().is_some_and(|volume| !volume.is_positive()) {
            return Err(CalibrateError::NoVolume { asset: asset.to_owned() });
        }
        let over = |horizon: u32| {
            let moves = moves(days, horizon as usize);
            let falls: Vec<Fixed> = moves.iter().map(Fixed::negated).collect();
            let volatility = realised.clone().max(weighted.clone());
            let days = Fixed::whole(horizon).root();
            Moves {
                horizon,
                history: [shortfall(falls), shortfall(moves)],
                normal: volatility.times(&days).times(&Fixed::of(&NORMAL_SHORTFALL)),
            }
        };
        Ok(Self {
            days: days.len(),
            last: last.date,
            close: Fixed::of(&last.close),
            maintenance: over(set.horizon),
            initial: over(set.initial_horizon),
            realised,
            weighted,
            volume,
        })
    }
}

impl Risk {
    /// The same with the volume at the last price, for tiers that end at values: what a size asks
    /// for is a matter of size over volume, whatever both are counted in.
    pub(super) fn in_value(&self) -> Self {
        let volume = self.volume.as_ref().map(|volume| volume.times(&self.close));
        Self { volume, ..self.clone() }
    }

    /// The measurements in numbers.
    pub(super) fn measured(&self, participation: &Decimal) -> Measured {
        let moves = |Moves { horizon, history: [down, up], normal }: &Moves| MeasuredMoves {
            horizon: *horizon,
            fall: down.ceil(SHOWN),
            rise: up.ceil(SHOWN),
            by_volatility: normal.ceil(SHOWN),
        };
        let a_day = self.volume.as_ref().map(|volume| volume.times(&Fixed::of(participation)));
        Measured {
            days: self.days,
            last: self.last,
            realised: self.realised.ceil(SHOWN),
            weighted: self.weighted.ceil(SHOWN),
            moves: [moves(&self.maintenance), moves(&self.initial)],
            a_day: a_day.filter(Fixed::is_positive).map(|a_day| a_day.amount()),
        }
    }

    /// The measurements in text.
    pub(super) fn reason(&self) -> String {
        let percent = |number: &Fixed| {
            let hundred = number.times(&Fixed::whole(100));
            hundred.ceil(1).map_or_else(|| "too large".to_owned(), |one| format!("{one} %"))
        };
        let year = |daily: &Fixed| percent(&daily.times(&Fixed::whole(365).root()));
        let Moves { horizon, history: [down, up], normal } = &self.maintenance;
        let volume = match self.volume.as_ref().and_then(|volume| volume.ceil(0)) {
            Some(volume) => format!("about {volume} a day traded"),
            None => "no volume, so size does not count".to_owned(),
        };
        format!(
            "{days} days to {last}; volatility of a year {realised} realised, {weighted} weighted; \
             shortfall in {horizon} d {down} down, {up} up, {normal} by volatility; {volume}",
            days = self.days,
            last = self.last,
            realised = year(&self.realised),
            weighted = year(&self.weighted),
            down = percent(down),
            up = percent(up),
            normal = percent(normal),
        )
    }
}

/// Every move over `horizon` days, as a part of the price it starts from.
fn moves(days: &[Day], horizon: usize) -> Vec<Fixed> {
    let pairs = days.iter().zip(days.iter().skip(horizon));
    let one = Fixed::whole(1);
    pairs
        .map(|(from, to)| {
            // In one unit, so that a price of many digits is not rounded to nothing.
            let scale = from.close.scale().max(to.close.scale());
            let [from, to] = [from, to].map(|day| Fixed::whole(day.close.floor_units(scale).0));
            &to.over(&from) - &one
        })
        .collect()
}

/// The mean of the largest 2.5 %, their number rounded down.
fn shortfall(mut losses: Vec<Fixed>) -> Fixed {
    losses.sort_by(|a, b| b.cmp(a));
    let tail = (losses.len() / TAIL).max(1);
    mean(&losses[..tail.min(losses.len())])
}

fn mean(numbers: &[Fixed]) -> Fixed {
    let sum: Fixed = numbers.iter().cloned().sum();
    sum.over(&Fixed::whole(numbers.len().max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days with these closes from 2025-01-01.
    fn days(closes: &[i128]) -> Vec<Day> {
        let mut date: Date = "2025-01-01".parse().unwrap();
        let mut day = |close: &i128| {
            let day = Day { date, close: Decimal::new(*close, 2), volume: None };
            date = date.tomorrow().unwrap();
            day
        };
        closes.iter().map(&mut day).collect()
    }

    fn fixed(text: &str) -> Fixed {
        Fixed::of(&text.parse().unwrap())
    }

    /// Up by 10 % and down by 10 % of what it was before: 100, 110, 100, 110, ...
    fn saw(days: usize) -> Vec<i128> {
        (0..days).map(|day| if day % 2 == 0 { 10_000 } else { 11_000 }).collect()
    }

    #[test]
    fn the_figures_of_a_saw_are_those_by_hand() {
        let set = Settings { window: 10, ..Settings::default() };
        let risk = Risk::of("X", &days(&saw(81)), &set).unwrap();
        // Rises of 0.1 and falls of 1/11, in equal numbers: sqrt((0.01 + 1/121) / 2).
        let variance = (&fixed("0.01") + &fixed("1").over(&fixed("121"))).over(&fixed("2"));
        let off = &risk.realised - &variance.root();
        assert!(off < fixed("0.000000000001") && off > fixed("-0.000000000001"), "{off:?}");
        // 80 moves: the worst two of each side.
        let [down, up] = &risk.maintenance.history;
        assert_eq!(up, &fixed("0.1"));
        assert_eq!(down.ceil(6).unwrap().to_string(), "0.090910");
        // Over two days it goes nowhere, and a normal distribution would not know.
        assert_eq!(risk.initial.history, [fixed("0"), fixed("0")]);
        assert_eq!(risk.initial.normal.ceil(3).unwrap().to_string(), "0.316");
        assert_eq!((risk.days, risk.last.to_string().as_str()), (81, "2025-03-22"));
    }

    #[test]
    fn weighted_volatility_follows_what_came_last() {
        let set = Settings::default();
        let calm_then_wild: Vec<i128> = [vec![10_000; 100], saw(20)].concat();
        let wild_then_calm: Vec<i128> = [saw(20), vec![10_000; 100]].concat();
        let [wild, calm] = [calm_then_wild, wild_then_calm]
            .map(|closes| Risk::of("X", &days(&closes), &set).unwrap());
        assert!(wild.weighted > wild.realised && calm.weighted < fixed("0.01"));
        // The tail of the whole history stays: margins do not forget.
        assert_eq!(calm.maintenance.history[1], fixed("0.1"));
    }

    #[test]
    fn a_short_history_is_refused() {
        let set = Settings::default();
        assert!(Risk::of("X", &days(&saw(62)), &set).is_ok());
        let error = Risk::of("X", &days(&saw(61)), &set).unwrap_err().to_string();
        assert_eq!(error, "X: 61 days of history, at least 62 are needed");
    }
}
