//! The proposal as a rules file: the one in force with other figures, its comments, order and all
//! other keys as they were.

use jiff::civil::Date;
use pacioli_rules::{Decimal, Rules};
use toml_edit::{Array, DocumentMut, InlineTable, Item, TableLike, Value, value};

use super::error::CalibrateError;

/// A proposed tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NewTier {
    pub(super) up_to: Option<Decimal>,
    pub(super) maintenance: Option<Decimal>,
    pub(super) initial: Option<Decimal>,
}

impl NewTier {
    /// The tier with other rates.
    pub(super) fn map(self, rate: impl Fn(Decimal) -> Decimal) -> Self {
        let Self { up_to, maintenance, initial } = self;
        Self { up_to, maintenance: maintenance.map(&rate), initial: initial.map(&rate) }
    }

    /// Its rates, under their keys.
    fn rates(&self) -> impl Iterator<Item = (&'static str, Decimal)> {
        let rates = [("maintenance", self.maintenance), ("initial", self.initial)];
        rates.into_iter().filter_map(|(key, rate)| Some((key, rate?)))
    }
}

/// A rules file being edited.
pub(super) struct Edit(DocumentMut);

impl Edit {
    pub(super) fn new(text: &str) -> Result<Self, CalibrateError> {
        Ok(Self(text.parse()?))
    }

    /// Sets the weights of an asset's deposits; `tiered` if the rule has tiers so far.
    pub(super) fn asset_tiers(
        &mut self,
        name: &str,
        tiered: bool,
        tiers: &[NewTier],
    ) -> Result<(), CalibrateError> {
        let rule = self.rule("assets", name)?;
        match tiers {
            [flat] if !tiered => {
                flat.rates().for_each(|(key, rate)| set(rule, key, &rate));
            }
            _ if !tiered => {
                rule.remove("maintenance");
                rule.remove("initial");
                rule.insert("tiers", written(tiers));
            }
            _ => set_tiers(rule, tiers),
        }
        Ok(())
    }

    /// Sets the margins of a market.
    pub(super) fn market_tiers(
        &mut self,
        name: &str,
        tiers: &[NewTier],
    ) -> Result<(), CalibrateError> {
        set_tiers(self.rule("markets", name)?, tiers);
        Ok(())
    }

    /// Sets the weight of an asset's borrows.
    pub(super) fn borrow_weight(
        &mut self,
        name: &str,
        key: &str,
        weight: &Decimal,
    ) -> Result<(), CalibrateError> {
        set(self.rule("assets", name)?, key, weight);
        Ok(())
    }

    /// The file. It states that it is a proposal, so that nobody takes it for the rules in force.
    pub(super) fn finish(self, rules: &Rules, last: Date) -> String {
        let mut document = self.0;
        let table = document.as_table_mut();
        let source = format!(
            "{}; weights and margins proposed from price history to {last}",
            rules.source()
        );
        for (key, text) in [
            ("name", format!("{} (proposal)", rules.name())),
            ("source", source),
            ("date", last.to_string()),
            ("exactness", "a proposal that nobody has adopted".to_owned()),
        ] {
            set(table, key, &text);
        }
        document.to_string()
    }

    fn rule(&mut self, kind: &str, name: &str) -> Result<&mut dyn TableLike, CalibrateError> {
        let missing = || CalibrateError::NoTable(format!("{kind}.{name}"));
        let rules = self.0.get_mut(kind).and_then(Item::as_table_like_mut);
        let rule = rules.and_then(|rules| rules.get_mut(name)).and_then(Item::as_table_like_mut);
        rule.ok_or_else(missing)
    }
}

/// Sets a key to a text, leaving the spaces and comments around it.
fn set(table: &mut dyn TableLike, key: &str, text: &impl ToString) {
    let mut new = Value::from(text.to_string());
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            table.insert(key, Item::Value(new));
        }
    }
}

/// Sets the rates of as many tiers as there are, or writes them anew.
fn set_tiers(rule: &mut dyn TableLike, tiers: &[NewTier]) {
    match rule.get_mut("tiers") {
        Some(Item::Value(Value::Array(old))) if old.len() == tiers.len() => {
            for (old, new) in old.iter_mut().zip(tiers) {
                if let Some(old) = old.as_inline_table_mut() {
                    new.rates().for_each(|(key, rate)| set(old, key, &rate));
                }
            }
        }
        Some(Item::ArrayOfTables(old)) if old.len() == tiers.len() => {
            for (old, new) in old.iter_mut().zip(tiers) {
                new.rates().for_each(|(key, rate)| set(old, key, &rate));
            }
        }
        _ => {
            rule.insert("tiers", written(tiers));
        }
    }
}

/// Tiers as TOML, one per line.
fn written(tiers: &[NewTier]) -> Item {
    let mut array = Array::new();
    for tier in tiers {
        let mut table = InlineTable::new();
        if let Some(end) = tier.up_to {
            table.insert("up_to", end.to_string().into());
        }
        for (key, rate) in tier.rates() {
            table.insert(key, rate.to_string().into());
        }
        let mut table = Value::InlineTable(table);
        table.decor_mut().set_prefix("\n    ");
        array.push_formatted(table);
    }
    array.set_trailing("\n");
    array.set_trailing_comma(true);
    value(array)
}
