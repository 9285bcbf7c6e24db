//! The rate of a size: the slope of `size * move(size)` in every tier.

use pacioli_rules::Decimal;

use super::{
    fixed::Fixed,
    risk::{Moves, Risk, Way},
};

/// The factor from the beginning of the last tier to the end of its measurement, and from one proposed
/// bound to the next.
pub(super) const STEP: u32 = 4;

/// Steps of bounds that are proposed where there were none.
const STEPS: usize = 2;

impl Risk {
    /// The quantity that can be closed in a day.
    fn capacity(&self, participation: &Decimal) -> Option<Fixed> {
        self.volume.as_ref().map(|volume| volume.times(&Fixed::of(participation)))
    }

    /// Bounds for a rule without any: one day's capacity and four times that, each rounded down to
    /// one digit; none where there is no volume or the bounds are finer than the quantity.
    pub(super) fn bounds(&self, participation: &Decimal, decimals: u32) -> Vec<Decimal> {
        let Some(first) = self.capacity(participation) else { return Vec::new() };
        let mut size = first;
        let mut bounds: Vec<Decimal> = Vec::new();
        for _ in 0..STEPS {
            let Some(bound) = size.round_size(decimals) else { return Vec::new() };
            bounds.push(bound);
            size = Fixed::of(&bound).times(&Fixed::whole(STEP));
        }
        bounds
    }

    /// The fraction of the price required in each tier.
    pub(super) fn slopes(
        &self,
        moves: &Moves,
        way: Way,
        bounds: &[Decimal],
        participation: &Decimal,
    ) -> Vec<Fixed> {
        let ends = bounds.iter().map(Fixed::of);
        let last = bounds.last().map(|last| Fixed::of(last).times(&Fixed::whole(STEP)));
        // Without bounds, the one tier is measured at what a day takes.
        let last = last.or_else(|| self.capacity(participation));
        let mut from = Fixed::default();
        let mut asked = Fixed::default();
        let mut slopes = Vec::new();
        for to in ends.chain([last.unwrap_or_else(|| Fixed::whole(1))]) {
            let next = to.times(&self.move_at(moves, way, &to, participation));
            let width = &to - &from;
            // Bounds grow, but for one so small that 18 digits do not hold it.
            slopes.push(match width.is_positive() {
                true => (&next - &asked).over(&width),
                false => moves.move_of(way),
            });
            (from, asked) = (to, next);
        }
        slopes
    }

    /// The move of a position of this size.
    fn move_at(&self, moves: &Moves, way: Way, size: &Fixed, participation: &Decimal) -> Fixed {
        let still = moves.move_of(way);
        let Some(capacity) = self.capacity(participation).filter(Fixed::is_positive) else {
            return still;
        };
        let days = size.over(&capacity);
        let exposed = days.over(&Fixed::whole(3 * moves.horizon));
        still.times(&(&Fixed::whole(1) + &exposed).root())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> Fixed {
        Fixed::of(&text.parse().unwrap())
    }

    /// A move of 10 % down and 20 % up in a day; 100 traded a day.
    fn risk(volume: Option<&str>) -> Risk {
        let moves = |horizon| Moves {
            horizon,
            history: [fixed("0.1"), fixed("0.2")],
            normal: fixed("0.05"),
        };
        Risk {
            days: 100,
            last: "2026-01-01".parse().unwrap(),
            close: fixed("50"),
            realised: Fixed::default(),
            weighted: Fixed::default(),
            volume: volume.map(fixed),
            maintenance: moves(1),
            initial: moves(2),
        }
    }

    fn slopes(volume: Option<&str>, way: Way, bounds: &[&str]) -> Vec<String> {
        let risk = risk(volume);
        let bounds: Vec<Decimal> = bounds.iter().map(|bound| bound.parse().unwrap()).collect();
        let slopes = risk.slopes(&risk.maintenance, way, &bounds, &Decimal::new(1, 1));
        slopes.iter().map(|slope| slope.ceil(4).unwrap().to_string()).collect()
    }

    #[test]
    fn without_volume_size_does_not_matter() {
        assert_eq!(slopes(None, Way::Down, &["1", "5"]), ["0.1000"; 3]);
        assert_eq!(slopes(None, Way::Up, &[]), ["0.2000"]);
        assert_eq!(slopes(None, Way::Either, &[]), ["0.2000"]);
    }

    #[test]
    fn a_larger_position_takes_longer_and_asks_for_more() {
        // A day takes 10. At 10 the move is 0.1 sqrt(1 + 1/3), at 30 0.1 sqrt(2), at 120 0.1 sqrt(5):
        // 10 * 0.11547, (30 * 0.141421 - 1.1547) / 20, (120 * 0.223607 - 4.24264) / 90.
        let expected = ["0.1155", "0.1544", "0.2511"];
        assert_eq!(slopes(Some("100"), Way::Down, &["10", "30"]), expected);
        assert_eq!(slopes(Some("100"), Way::Down, &[]), ["0.1155"]);
    }

    #[test]
    fn bounds_are_round_sizes_that_a_quantity_can_have() {
        let bounds = |volume: Option<&str>, decimals| {
            let bounds = risk(volume).bounds(&Decimal::new(1, 1), decimals);
            bounds.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(bounds(Some("2500"), 3), ["200", "800"]);
        assert_eq!(bounds(Some("0.5"), 2), ["0.05", "0.2"]);
        assert_eq!(bounds(Some("0.5"), 1), Vec::<String>::new());
        assert_eq!(bounds(None, 3), Vec::<String>::new());
    }
}
