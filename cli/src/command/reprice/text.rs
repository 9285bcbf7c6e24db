//! The report as text.

use std::fmt::Write;

use num_bigint::{BigInt, Sign};
use pacioli_attestation::{
    ScenarioFigures,
    bound::{Repriced, RepricedClause, RepricedScenario, RestsOn, Standing},
};
use pacioli_rules::{Amount, ScenarioKind, SignedAmount};

use super::{
    super::report::{age, apart, named},
    Found, LIMITS, sweep,
};
use crate::{
    format::{Toward, brief, brief_signed, plural, ratio, sentence},
    shown::shown,
    table::{folded, paragraph},
};

impl Found<'_> {
    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let t = &mut text;
        paragraph(t, "", &self.verdict())?;
        for line in self.qualified() {
            paragraph(t, "  ", &line)?;
        }
        writeln!(t)?;
        self.head(t)?;
        self.scenarios(t)?;
        clauses(t, "the venue's own policy at these prices", &self.own)?;
        if let Some(asked) = &self.asked {
            clauses(t, "your policy at these prices", asked)?;
        }
        self.more(t)?;
        if let Some(found) = &self.sweep {
            sweep::text(t, found, &self.verified.compiled.quote)?;
        }
        writeln!(t, "\nnot covered")?;
        LIMITS.iter().try_for_each(|limit| paragraph(t, "  - ", limit))?;
        Ok(text)
    }

    fn head(&self, t: &mut String) -> std::fmt::Result {
        let (attestation, now) = (&self.verified.attestation, self.now);
        let header = &attestation.header;
        paragraph(t, "  venue        ", &format!("{} (W)", shown(&header.venue)))?;
        writeln!(t, "  attestation  sequence {} (W), {}", header.sequence, self.verified.digest)?;
        writeln!(t, "  snapshot     {}, {} (W)", header.as_of, age(header.as_of, now))?;
        let proved = attestation.prices.as_of;
        writeln!(t, "  its prices   {proved}, {} (W)", age(proved, now))?;
        let Some(file) = &self.file else {
            return writeln!(t, "  these prices are its own: --prices gives others");
        };
        let other = self.prices.as_of;
        let since = apart(other.duration_since(proved), "the proof");
        let whose = format!("{other}, {since}, from {}", shown(file));
        paragraph(t, "  these prices ", &whose)?;
        if let Some(moves) = self.moves() {
            paragraph(t, "               ", &moves)?;
        }
        Ok(())
    }

    /// How far prices are from those of the proof: `12 prices, from BTC -2.1 % to ETH +0.3 %`.
    fn moves(&self) -> Option<String> {
        let before = &self.verified.attestation.prices.prices;
        let moves = self.prices.prices.iter().filter_map(|(name, price)| {
            let before = before.get(name).filter(|before| before.mantissa() > 0)?;
            let scale = price.scale().max(before.scale());
            let [now, was] = [price, before].map(|price| price.floor_units(scale).0);
            // In hundredths of a percent, away from zero: what has moved is seen.
            let by: BigInt = (now - &was) * 10_000;
            let up = if by.sign() == Sign::Minus { 1 - &was } else { &was - 1 };
            Some(((by + up) / was, name))
        });
        let moves: Vec<_> = moves.collect();
        let (least, most) = (moves.iter().min()?, moves.iter().max()?);
        let percent = |(by, name): &(BigInt, &String)| {
            let by = SignedAmount::new(by, 2);
            let sign = if by.negative { "" } else { "+" };
            format!("{} {sign}{by} %", shown(name))
        };
        let count = plural(moves.len(), "price");
        Some(format!("{count}, from {} to {}", percent(least), percent(most)))
    }

    fn scenarios(&self, t: &mut String) -> std::fmt::Result {
        let quote = &self.verified.compiled.quote;
        writeln!(t, "\nin {quote}, at these prices and in the rules' stresses from them")?;
        let has_reserves = self.verified.attestation.reserves.is_some();
        let head = [
            "scenario",
            "owed, at most P",
            "at least P",
            "bad debt, at most P",
            "reserves W",
            "coverage, at least W",
            "fund, at least W",
        ];
        let columns = if has_reserves { head.len() } else { 4 };
        let rows = self.repriced.scenarios.iter().map(|one| {
            let mut row = row(one);
            row.truncate(columns);
            row
        });
        folded(t, &head[..columns], &rows.collect::<Vec<_>>())?;
        if !self.repriced.coarse.is_empty() {
            let names: Vec<&str> = self.repriced.coarse.iter().map(String::as_str).collect();
            let text = format!("units of value are too coarse there for {}", named(&names));
            paragraph(t, "  no figures: ", &text)?;
        }
        if !has_reserves {
            writeln!(t, "  no reserves are stated: nothing is said to back this")?;
        }
        let from = match self.given {
            true => "the certificates given, which need nobody's trust",
            false => "certificates found here, in --json, for anyone to check",
        };
        paragraph(t, "  ", &format!("bounds follow from the proof's totals and {from}"))?;
        writeln!(t, "  figures are rounded against the venue; --json has all decimals")
    }

    /// What only another proof would tell, with the figures that are as of this one.
    fn more(&self, t: &mut String) -> std::fmt::Result {
        let findings = self.verified.findings();
        let quote = &findings.compiled.quote;
        writeln!(t, "\na new proof would tell more")?;
        if let Some(apart) = apart_at_most(&self.repriced, quote) {
            paragraph(t, "  - ", &apart)?;
        }
        paragraph(t, "  - ", "how many accounts are short, and the book as it is by now")?;
        let is_margin = |name: &str| {
            findings.compiled.scenarios.iter().any(|one| {
                one.name == name
                    && matches!(one.kind, ScenarioKind::Margin(_) | ScenarioKind::Credit)
            })
        };
        let margins = findings.figures.scenarios.iter().filter(|one| is_margin(&one.name));
        for ScenarioFigures { name, bad_debt, accounts_with_shortfall, .. } in margins {
            let lacking = brief(bad_debt, Toward::More);
            let accounts = plural(accounts_with_shortfall, "account");
            let text = format!(
                "{}: as of its proof {lacking} {quote} is lacking in {accounts}; margins have no bound \
                 at other prices",
                shown(name)
            );
            paragraph(t, "  - ", &text)?;
        }
        Ok(())
    }
}

/// How far apart the bounds are at most, where they are.
fn apart_at_most(repriced: &Repriced, quote: &str) -> Option<String> {
    let gap = |one: &RepricedScenario| {
        let (most, least) = (&one.bound.owed_at_most, &one.bound.owed_at_least);
        let units = most.units.clone() - least.units.clone();
        (Amount::new(units, most.decimals), one.scenario.clone())
    };
    let widest = repriced.scenarios.iter().map(gap).max_by(|(a, _), (b, _)| a.units.cmp(&b.units));
    let (gap, scenario) = widest.filter(|(gap, _)| gap.units.bits() > 0)?;
    let (gap, scenario) = (brief(&gap, Toward::More), shown(&scenario).into_owned());
    Some(format!(
        "exactly what is owed and what bad debt is: the bounds are at most {gap} {quote} apart \
         ({scenario})"
    ))
}

fn row(one: &RepricedScenario) -> Vec<String> {
    let RepricedScenario { scenario, bound, reserves, coverage_at_least, fund_at_least, .. } = one;
    vec![
        scenario.clone(),
        brief(&bound.owed_at_most, Toward::More),
        brief(&bound.owed_at_least, Toward::Less),
        brief(&bound.bad_debt_at_most, Toward::More),
        brief(reserves, Toward::Less),
        coverage_at_least.as_ref().map_or_else(|| "nothing owed".to_owned(), ratio),
        fund_at_least.as_ref().map_or_else(|| "-".to_owned(), brief_signed),
    ]
}

fn clauses(t: &mut String, heading: &str, clauses: &[RepricedClause]) -> std::fmt::Result {
    writeln!(t, "\n{heading}")?;
    for RepricedClause { name, standing, rests_on, detail, by } in clauses {
        let standing = match standing {
            Standing::Holds => "holds",
            Standing::CannotHold => "CANNOT HOLD",
            Standing::Unknown => "UNKNOWN",
            Standing::Held => "held",
            Standing::Failed => "FAILED",
        };
        let as_of = match rests_on {
            RestsOn::Repriced => "",
            RestsOn::AnyPrice => ", at any prices",
            RestsOn::Proof => ", as of the proof",
        };
        let first = format!("  {by}  {standing:<11}  ");
        let text = format!("{}{as_of}: {}", shown(name), sentence(&shown(detail)));
        paragraph(t, &first, &text)?;
    }
    Ok(())
}
