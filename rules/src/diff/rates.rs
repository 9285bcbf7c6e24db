//! Weights and margins by size, compared over every stretch of sizes.

use super::{Changes, Effect};
use crate::{
    decimal::Decimal,
    schema::{Margin, Rate, Tier},
};

/// What a size counts for.
struct Rates<'a> {
    tiers: &'a [Tier],
    margin: Margin,
}

impl<'a> Rates<'a> {
    /// The rate just above a size.
    fn above(&self, size: &Decimal) -> Option<&'a Rate> {
        let reaches = |tier: &&Tier| tier.end().is_none_or(|end| end > *size);
        self.of(self.tiers.iter().find(reaches)?)
    }

    fn of<'t>(&self, tier: &'t Tier) -> Option<&'t Rate> {
        let Tier { up_to: _, up_to_value: _, maintenance, initial } = tier;
        match self.margin {
            Margin::Maintenance => maintenance.as_ref(),
            Margin::Initial => initial.as_ref(),
        }
    }

    /// All of them, such as `0.95 up to 5, 0.9 above`.
    fn words(&self) -> String {
        let word =
            |tier| self.of(tier).map_or_else(|| "nothing".to_owned(), |rate| rate.to_string());
        let end = |tier: &Tier| match (tier.up_to, tier.up_to_value) {
            (Some(size), _) => format!("up to {size}"),
            (None, Some(value)) => format!("up to a value of {value}"),
            (None, None) => "above".to_owned(),
        };
        let tiers = self.tiers.iter().map(|tier| format!("{} {}", word(tier), end(tier)));
        tiers.collect::<Vec<_>>().join(", ")
    }
}

fn bounds(tiers: &[Tier]) -> Vec<Decimal> {
    tiers.iter().filter_map(Tier::end).collect()
}

/// Whether tiers end at values; none where there is but one.
pub(super) fn in_values(tiers: &[Tier]) -> Option<bool> {
    let bounded = tiers.iter().find(|tier| tier.end().is_some())?;
    Some(bounded.up_to_value.is_some())
}

impl Changes {
    /// Tiers, of which `more` says what it means when a rate rises. `what` is a rate of what, such
    /// as `weight of deposits`.
    pub(super) fn tiers(
        &mut self,
        subject: &str,
        what: &str,
        before: &[Tier],
        after: &[Tier],
        more: Effect,
    ) {
        let value = match (in_values(before), in_values(after)) {
            (Some(old), Some(new)) if old != new => {
                let ends = match new {
                    true => ["quantities", "values"],
                    false => ["values", "quantities"],
                };
                return self.other_bounds(subject, what, [before, after], ends);
            }
            (old, new) => old.or(new) == Some(true),
        };
        let [before_bounds, after_bounds] = [before, after].map(bounds);
        let mut points: Vec<Decimal> = [Decimal::new(0, 0)].into();
        points.extend(before_bounds.iter().chain(&after_bounds));
        points.sort();
        points.dedup();
        let said = self.0.len();
        for (margin, name) in [(Margin::Maintenance, "maintenance"), (Margin::Initial, "initial")] {
            let [before, after] = [before, after].map(|tiers| Rates { tiers, margin });
            let mut stretches: Vec<(Decimal, Option<&Rate>, Option<&Rate>)> = Vec::new();
            for point in &points {
                let (old, new) = (before.above(point), after.above(point));
                let goes_on = |&(_, a, b): &(_, _, _)| a == old && b == new;
                if !stretches.last().is_some_and(goes_on) {
                    stretches.push((*point, old, new));
                }
            }
            for (index, (from, old, new)) in stretches.iter().enumerate() {
                let to = stretches.get(index + 1).map(|(to, ..)| *to);
                let size = if value { "a value of " } else { "" };
                let of = match (from.mantissa(), to) {
                    (0, None) => String::new(),
                    (0, Some(to)) => format!(" up to {size}{to}"),
                    (_, None) => format!(" above {size}{from}"),
                    (_, Some(to)) => format!(" from {size}{from} to {to}"),
                };
                self.rate(subject, &format!("{name} {what}{of}"), *old, *new, more);
            }
        }
        if before_bounds != after_bounds && self.0.len() == said {
            self.neither(subject, format!("the tiers of the {what} are cut otherwise"));
        }
    }

    /// Bounds in quantities are compared with bounds in values at a price alone.
    pub(super) fn other_bounds(
        &mut self,
        subject: &str,
        what: &str,
        [before, after]: [&[Tier]; 2],
        [old, new]: [&str; 2],
    ) {
        let text = format!(
            "the tiers of the {what} end at {new} instead of {old}: which asks for more is a \
             question of the price"
        );
        self.neither(subject, text);
        for (margin, name) in [(Margin::Maintenance, "maintenance"), (Margin::Initial, "initial")] {
            let [old, new] = [before, after].map(|tiers| Rates { tiers, margin });
            let has_rates =
                |rates: &Rates<'_>| rates.tiers.iter().any(|tier| rates.of(tier).is_some());
            if has_rates(&old) || has_rates(&new) {
                let (old, new) = (old.words(), new.words());
                self.neither(subject, format!("{name} {what} was {old}; is now {new}"));
            }
        }
    }
}
