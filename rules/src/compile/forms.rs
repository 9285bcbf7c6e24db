//! The plain and covered rows of what customers hold.

use std::collections::BTreeMap;

use pacioli_circuits::{InstrumentId, Value};

use super::compiler::{Compiler, compiled_kind};
use crate::{
    error::{Problem, RulesError, refuse},
    schema::Class,
    soundness::Checked,
    table::{COVER, FormRows, Role, Row, ScenarioKind},
};

impl Compiler<'_> {
    /// The forms of every customers' row, worth something in `cover` alone, the scenario after all
    /// others; none where the rules switch it off.
    pub(super) fn forms(&mut self) -> Result<BTreeMap<InstrumentId, FormRows>, RulesError> {
        let mut forms = BTreeMap::new();
        if !self.rules.cover || self.is_full() {
            return Ok(forms);
        }
        let roles: Vec<_> = self.rows.iter().map(|row| row.role).collect();
        let classes: Vec<_> = self.rows.iter().map(|row| row.class).collect();
        let own = self.rules.scenarios.iter().map(|one| compiled_kind(self.rules, one));
        let twins = self.twins.iter().map(|&of| ScenarioKind::Twin { of });
        let kinds: Vec<_> = own.chain(twins).collect();
        let rows = self.instruments.clone();
        let held = Checked { rows: &rows, roles: &roles, classes: &classes, kinds: &kinds };
        for instrument in &mut self.instruments {
            instrument.values.push(Value::ZERO);
        }
        let customers = classes.iter().take_while(|class| **class == Class::Customer).count();
        for (row, &role) in roles[..customers].iter().enumerate() {
            let Some(has_plain) = self.has_plain(role) else { continue };
            let (of, least) = (row as u16, held.least(row));
            let plain = has_plain.then(|| self.form("plain", Role::Plain { of }, least.min(0)));
            let plain = plain.transpose()?;
            let covered = Some(self.form("covered", Role::Covered { of }, least)?);
            let first = InstrumentId::new(row).unwrap_or_default();
            forms.insert(first, FormRows { plain, covered });
        }
        Ok(forms)
    }

    /// Whether a holding has a plain form, because it can be worth something without a debt beside
    /// it; `None` for rows that have no form.
    fn has_plain(&self, role: Role) -> Option<bool> {
        match role {
            Role::Deposit { tier: 0, .. } | Role::QuoteCredit => Some(true),
            // Options are numbered after the markets. A long of a market comes with its entry.
            Role::Long { market, tier: 0 } => Some(usize::from(market) >= self.rules.markets.len()),
            Role::Borrow { .. } | Role::Short { tier: 0, .. } | Role::QuoteDebit => Some(false),
            _ => None,
        }
    }

    /// Adds a plain or covered row, worth so much in `cover`.
    fn form(&mut self, form: &str, role: Role, cover: i128) -> Result<InstrumentId, RulesError> {
        let Row { name, decimals, .. } = &self.rows[role.stands_for().unwrap_or_default()];
        // The name of the holding, without the tier.
        let held = name.split_once(" tier ").map_or(name.as_str(), |(held, _)| held);
        let (name, decimals) = (format!("{form} {held}"), *decimals);
        let Some(cover) = Value::new(cover) else {
            let (units, scenario) = (cover.to_string(), COVER.to_owned());
            return refuse(name, Problem::ValueBound { units, scenario });
        };
        let (worth, mut values) = self.nothing();
        self.twins.iter().for_each(|_| values.push(Value::ZERO));
        values.push(cover);
        Ok(self.push(name, role, decimals, None, (worth, values)))
    }
}
