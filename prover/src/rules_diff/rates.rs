//! Weights and margins by size, compared over every stretch of sizes.

use std::cmp::Ordering;

use super::{Changes, Effect};
use crate::{
    decimal::Decimal,
    rules::{Margin, Tier},
};

/// What a size counts for.
struct Rates<'a> {
    tiers: &'a [Tier],
    margin: Margin,
}

impl Rates<'_> {
    /// The rate just above a size.
    fn above(&self, size: &Decimal) -> Option<Decimal> {
        let reaches = |tier: &&Tier| tier.up_to.is_none_or(|end| end.compare(size).is_gt());
        let Tier { up_to: _, maintenance, initial } = self.tiers.iter().find(reaches)?;
        match self.margin {
            Margin::Maintenance => *maintenance,
            Margin::Initial => *initial,
        }
    }
}

fn bounds(tiers: &[Tier]) -> Vec<Decimal> {
    tiers.iter().filter_map(|tier| tier.up_to).collect()
}

fn same(a: Option<Decimal>, b: Option<Decimal>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => a.compare(&b) == Ordering::Equal,
        (a, b) => a.is_none() && b.is_none(),
    }
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
        let [before_bounds, after_bounds] = [before, after].map(bounds);
        let mut points: Vec<Decimal> = [Decimal::new(0, 0)].into();
        points.extend(before_bounds.iter().chain(&after_bounds));
        points.sort_by(Decimal::compare);
        points.dedup_by(|a, b| a.compare(b).is_eq());
        let said = self.0.len();
        for (margin, name) in [(Margin::Maintenance, "maintenance"), (Margin::Initial, "initial")] {
            let [before, after] = [before, after].map(|tiers| Rates { tiers, margin });
            let mut stretches: Vec<(Decimal, Option<Decimal>, Option<Decimal>)> = Vec::new();
            for point in &points {
                let (old, new) = (before.above(point), after.above(point));
                let goes_on = |&(_, a, b): &(_, _, _)| same(a, old) && same(b, new);
                if !stretches.last().is_some_and(goes_on) {
                    stretches.push((*point, old, new));
                }
            }
            for (index, (from, old, new)) in stretches.iter().enumerate() {
                let to = stretches.get(index + 1).map(|(to, ..)| *to);
                let of = match (from.mantissa(), to) {
                    (0, None) => String::new(),
                    (0, Some(to)) => format!(" up to {to}"),
                    (_, None) => format!(" above {from}"),
                    (_, Some(to)) => format!(" from {from} to {to}"),
                };
                self.number(subject, &format!("{name} {what}{of}"), *old, *new, more);
            }
        }
        let equal = before_bounds.len() == after_bounds.len()
            && before_bounds.iter().zip(&after_bounds).all(|(a, b)| a.compare(b).is_eq());
        if !equal && self.0.len() == said {
            self.neither(subject, format!("the tiers of the {what} are cut otherwise"));
        }
    }
}
