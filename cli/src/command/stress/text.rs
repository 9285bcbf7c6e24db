//! The results of `pacioli stress` as text and tables.

use std::fmt::Write;

use pacioli_risk::stress::{Crossing, Outcome, Sweep, SweepPoint};
use pacioli_rules::Class;

use super::{
    super::left_out::{left_out_amounts, left_out_counts},
    Found, LIMITS, coverage,
};
use crate::{
    chart,
    format::{cents_down, cents_up, counted, grouped, plural, ratio, thousands},
    table::table,
};

impl Found {
    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let t = &mut text;
        self.accounts(t)?;
        self.left_out(t)?;
        let quote = self.book.quote();
        writeln!(t, "\nin {quote}; owed and bad debt are rounded up, the fund down")?;
        let all = || [&self.mark].into_iter().chain(&self.outcomes);
        let head = [
            "scenario",
            "owed",
            "bad debt",
            "insurance fund",
            "coverage",
            "accounts with shortfall",
            "50 % in",
            "90 % in",
            "moves ignored",
        ];
        table(t, &head, &all().map(row).collect::<Vec<_>>())?;
        writeln!(
            t,
            "\n  50 % in, 90 % in: the fewest accounts that make up so much of the bad debt"
        )?;
        if self.book.fund().is_none() {
            writeln!(t, "  no reserves are given: the insurance fund counts as 0")?;
        }
        for outcome in self.outcomes.iter().filter(|outcome| outcome.quote_would_move) {
            let name = &outcome.name;
            writeln!(t, "  {name}: the move of {quote} is ignored, because all figures are in it")?;
        }
        self.below_margin(t)?;
        self.stale(t)?;
        if all().any(|outcome| outcome.bad_debt.units.bits() > 0) {
            writeln!(t, "\nbad debt #, insurance fund |")?;
            chart::bars(t, &all().collect::<Vec<_>>())?;
        }
        if let Some(sweep) = &self.sweep {
            sweep_text(t, sweep)?;
        }
        if let Some((limits, speeds)) = &self.speed {
            super::speed::write(t, *limits, speeds, quote)?;
        }
        writeln!(t, "\n{LIMITS}")?;
        Ok(text)
    }

    fn accounts(&self, t: &mut String) -> std::fmt::Result {
        let classes = self.book.classes();
        write!(t, "{}", plural(thousands(self.book.accounts()), "account"))?;
        if classes.keys().any(|class| *class != Class::Customer) {
            let each =
                classes.iter().map(|(class, count)| format!("{} {class}", thousands(*count)));
            let each = each.collect::<Vec<_>>().join(", ");
            write!(t, ": {each}; the venue's own accounts are after a +")?;
        }
        writeln!(t)
    }

    /// The accounts that would be closed at the moved prices, and at current ones.
    fn below_margin(&self, t: &mut String) -> std::fmt::Result {
        let margins = &self.mark.below_margin;
        if margins.is_empty() {
            return Ok(());
        }
        let names = margins.iter().map(|margin| margin.scenario.as_str());
        let head: Vec<&str> = ["accounts below margin"].into_iter().chain(names).collect();
        let rows = [&self.mark].into_iter().chain(&self.outcomes).map(|outcome| {
            let name = if outcome.stale_oracle {
                format!("{}, at the old prices", outcome.name)
            } else {
                outcome.name.clone()
            };
            let counts = outcome.below_margin.iter();
            let counts =
                counts.map(|one| counted(one.accounts - one.own_accounts, one.own_accounts));
            [name].into_iter().chain(counts).collect::<Vec<_>>()
        });
        writeln!(t)?;
        table(t, &head, &rows.collect::<Vec<_>>())
    }

    fn left_out(&self, t: &mut String) -> std::fmt::Result {
        let left_out = self.book.left_out();
        if !left_out.is_empty() {
            let what = left_out_counts(self.book.accounts_left_out(), left_out);
            writeln!(t, "  left out  {what}")?;
            t.push_str(&left_out_amounts(left_out));
        }
        let rounding = self.book.rounding();
        if rounding.lines > 0 {
            let (lines, quote) = (plural(rounding.lines, "line"), self.book.quote());
            let bound = grouped(&rounding.bound);
            writeln!(t, "  rounded   {lines}, by less than {bound} {quote} together")?;
        }
        Ok(())
    }

    fn stale(&self, t: &mut String) -> std::fmt::Result {
        let stale: Vec<_> = self.outcomes.iter().filter(|one| one.stale_oracle).collect();
        if stale.is_empty() {
            return Ok(());
        }
        writeln!(t, "\nwith margin at the old prices, which a stale oracle still reports")?;
        for outcome in stale {
            let name = &outcome.name;
            match &outcome.unliquidated {
                Some(found) => {
                    let (accounts, lacked) = (found.accounts, cents_up(&found.bad_debt));
                    writeln!(
                        t,
                        "  {name}: shortfalls of {lacked} in {} {}",
                        plural(accounts, "account"),
                        if accounts == 1 {
                            "that keeps its margin"
                        } else {
                            "that keep their margin"
                        }
                    )?;
                }
                None => writeln!(t, "  {name}: the rules have no maintenance requirement")?,
            }
        }
        Ok(())
    }
}

fn row(outcome: &Outcome) -> [String; 9] {
    let unknown = || "-".to_owned();
    [
        outcome.name.clone(),
        cents_up(&outcome.owed),
        cents_up(&outcome.bad_debt),
        outcome.insurance.as_ref().map_or_else(unknown, cents_down),
        coverage(outcome).map_or_else(unknown, |coverage| ratio(&coverage)),
        counted(
            outcome.accounts_with_shortfall - outcome.own_accounts_with_shortfall,
            outcome.own_accounts_with_shortfall,
        ),
        outcome.half_of_bad_debt.to_string(),
        outcome.nine_tenths_of_bad_debt.to_string(),
        (outcome.not_in_book.len() + usize::from(outcome.quote_would_move)).to_string(),
    ]
}

/// The text shows one point in so many of a sweep.
const SHOWN: usize = 10;

fn sweep_text(t: &mut String, sweep: &Sweep) -> std::fmt::Result {
    let what = sweep.asset.as_deref().unwrap_or("all shocked assets");
    writeln!(t, "\nsweep of {what} from -90 % to +200 %: bad debt exceeds the insurance fund")?;
    for (side, crossing) in [("falling", &sweep.down), ("rising", &sweep.up)] {
        match crossing {
            Crossing::Never => writeln!(t, "  {side}: never in the range")?,
            Crossing::Already => writeln!(t, "  {side}: at current prices already")?,
            Crossing::At(point) => {
                let (by, accounts) = (chart::percent(&point.by), point.accounts_with_shortfall);
                let (bad_debt, fund) =
                    (cents_up(&point.bad_debt), point.insurance.as_ref().map(cents_down));
                let fund = fund.unwrap_or_else(|| "0".to_owned());
                writeln!(
                    t,
                    "  {side}: from {by} %, {bad_debt} against {fund}, accounts with shortfall: {accounts}"
                )?;
            }
        }
    }
    let points: Vec<&SweepPoint> = sweep.points.iter().step_by(SHOWN).collect();
    if points.iter().any(|point| point.bad_debt.units.bits() > 0) {
        writeln!(t, "\nbad debt #, insurance fund |")?;
        chart::sweep_bars(t, &points)?;
    }
    Ok(())
}
