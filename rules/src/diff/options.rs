//! Options, and what they count for in margin scenarios.

use super::{Changes, Effect, keys};
use crate::{
    black76::Side,
    rules::Rules,
    schema::{OptionMargin, OptionMargins, OptionRule, ShortMargin},
};

impl Changes {
    /// Options by name.
    pub(super) fn options(&mut self, before: &Rules, after: &Rules) {
        for option in keys(&before.options, &after.options) {
            match (before.options.get(option), after.options.get(option)) {
                (Some(from), Some(to)) => self.option(option, from, to),
                (None, _) => self.push(option, "is a new option", Effect::Looser),
                (_, None) => self.push(option, "is no longer an option", Effect::Stricter),
            }
        }
    }

    /// What changes an option makes another of it.
    fn option(&mut self, option: &str, before: &OptionRule, after: &OptionRule) {
        let OptionRule { underlying, strike, expiry, side, decimals } = before;
        if *underlying != after.underlying {
            let text = format!("follows {} instead of {underlying}", after.underlying);
            self.neither(option, text);
        }
        self.number(option, "the strike", Some(*strike), Some(after.strike), Effect::Neither);
        if *expiry != after.expiry {
            self.neither(option, format!("the expiry changes from {expiry} to {}", after.expiry));
        }
        if *side != after.side {
            let text = format!("changes from {} to {}", right(*side), right(after.side));
            self.neither(option, text);
        }
        self.decimals(option, *decimals, after.decimals);
    }

    /// Margins of options by underlying.
    pub(super) fn option_margins(&mut self, before: &Rules, after: &Rules) {
        let none = OptionMargins::default();
        for underlying in keys(&before.option_margins, &after.option_margins) {
            let subject = format!("options on {underlying}");
            let [old, new] =
                [before, after].map(|rules| rules.option_margins.get(underlying).unwrap_or(&none));
            let OptionMargins { maintenance, initial } = old;
            for (name, old, new) in
                [("maintenance", maintenance, &new.maintenance), ("initial", initial, &new.initial)]
            {
                match (old, new) {
                    (Some(from), Some(to)) => self.option_margin(&subject, name, from, to),
                    (None, Some(_)) => self.neither(&subject, format!("{name} margin is now set")),
                    (Some(_), None) => self.neither(&subject, format!("{name} margin is gone")),
                    (None, None) => {}
                }
            }
        }
    }

    fn option_margin(
        &mut self,
        subject: &str,
        name: &str,
        before: &OptionMargin,
        after: &OptionMargin,
    ) {
        let OptionMargin { long, call, put } = before;
        let what = format!("{name} weight of longs");
        self.number(subject, &what, Some(*long), Some(after.long), Effect::Looser);
        for (side, old, new) in [("calls", call, after.call), ("puts", put, after.put)] {
            let ShortMargin { base, floor, premium } = old;
            for (part, old, new) in [
                ("base", base, new.base),
                ("floor", floor, new.floor),
                ("premium", premium, new.premium),
            ] {
                let what = format!("{name} {part} of short {side}");
                self.number(subject, &what, Some(*old), Some(new), Effect::Stricter);
            }
        }
    }
}

fn right(side: Side) -> &'static str {
    match side {
        Side::Call => "a call",
        Side::Put => "a put",
    }
}
