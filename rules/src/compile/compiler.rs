//! The table as it is being made, row after row.

use std::collections::BTreeMap;

use pacioli_circuits::{
    Instrument, InstrumentId, MAX_INSTRUMENTS, Quantity, ScenarioId, Value, Values,
};

use crate::{
    error::RulesError,
    prices::Prices,
    rules::TableRules,
    schema::{AssetRule, Class, ClassRule, Kind, Scenario},
    table::{
        COVER, ClassRows, Closing, CompiledContingency, CompiledRate, CompiledScenario, Factor,
        Role, Row, ScenarioKind, Sign, Valuation,
    },
    validate::twin_name,
    value::{Base, OptionWorth, Terms},
};

pub(super) struct Compiler<'a> {
    pub(super) rules: &'a TableRules,
    pub(super) prices: &'a Prices,
    /// The class whose rows are being made.
    pub(super) class: Class,
    pub(super) instruments: Vec<Instrument>,
    pub(super) rows: Vec<Row>,
    /// The stress of each twin.
    pub(super) twins: Vec<ScenarioId>,
    /// The rates that follow a volatility.
    pub(super) rates: Vec<CompiledRate>,
    /// Rows that came when the table was full. They are counted for the error and neither kept
    /// nor valued: a file of a megabyte can name a million, each with a value in every scenario.
    pub(super) without_room: usize,
}

impl<'a> Compiler<'a> {
    /// The rows that accounts of one class hold. Assets and markets keep the numbers that
    /// customers' have.
    pub(super) fn class(
        &mut self,
        class: Class,
        rule: &ClassRule,
        ruled: &BTreeMap<&str, (String, &AssetRule)>,
        options: &BTreeMap<&String, OptionWorth>,
    ) -> Result<ClassRows, RulesError> {
        self.class = class;
        let rules = self.rules;
        let is_in = |list: &Option<Vec<String>>, name: &str| {
            list.as_ref().is_none_or(|list| list.iter().any(|one| one == name))
        };
        let mut assets = BTreeMap::new();
        for (index, (&name, (key, asset))) in ruled.iter().enumerate() {
            if is_in(&rule.assets, name) {
                assets.insert(name.to_owned(), self.asset(name, index as u16, key, asset)?);
            }
        }
        let mut markets = BTreeMap::new();
        for (index, (name, market)) in rules.markets.iter().enumerate() {
            if is_in(&rule.markets, name) {
                markets.insert(name.clone(), self.market(name, index as u16, market)?);
            }
        }
        for (index, (&name, worth)) in (rules.markets.len()..).zip(options) {
            if is_in(&rule.markets, name) {
                markets.insert(name.clone(), self.option(name, index as u16, worth));
            }
        }
        Ok(ClassRows { assets, markets, quote_rows: self.quote()? })
    }

    /// A unit of a contingency is so many units of value that it counts for a whole number of them
    /// in every margin scenario.
    pub(super) fn contingencies(&mut self) -> Result<Vec<CompiledContingency>, RulesError> {
        let rules = self.rules;
        let contingency = |(number, name): (usize, &String)| {
            let (key, shift) = (format!("contingencies.{name}"), rules.contingency_shift(name));
            let bounds = |scenario: &Scenario| scenario.contingency.as_ref() == Some(name);
            let factor = |scenario: &Scenario| match rules.contingency_factor(name, scenario) {
                Some(times) => Factor::of(times).signed(Sign::Liability),
                None if bounds(scenario) => Factor::one(),
                None => Factor::zero(),
            };
            let factors = rules.scenarios.iter().map(factor).collect();
            let values = Base::one(shift).values(factors, &rules.scenarios, &key)?;
            let role = Role::Contingency { number: number as u16 };
            let decimals = rules.value_decimals - shift;
            let row = self.push(format!("contingency:{name}"), role, decimals, None, values);
            let scenarios = rules.scenarios_by_id().filter(|(_, scenario)| bounds(scenario));
            let scenarios = scenarios.map(|(id, _)| id).collect();
            Ok(CompiledContingency { name: name.clone(), row, scenarios })
        };
        rules.contingencies.keys().enumerate().map(contingency).collect()
    }

    /// Gives every row so far its values in the twins: 0 to the insurance fund, and to all others
    /// its value in the stress, where a contingency is worth 0.
    pub(super) fn enter_twins(&mut self) {
        for (instrument, row) in self.instruments.iter_mut().zip(&self.rows) {
            for &of in &self.twins {
                let of_fund = row.class == Class::Insurance;
                instrument.values.push(if of_fund { Value::ZERO } else { instrument.values[of] });
            }
        }
    }

    /// The closing rows of every scenario of the rules, then of every twin, and of `cover`.
    pub(super) fn closings(&mut self) -> Vec<CompiledScenario> {
        let rules = self.rules;
        let own = rules.scenarios.iter().map(|scenario| {
            let kind = compiled_kind(rules, scenario);
            (scenario.name.clone(), kind)
        });
        let twins = self.twins.iter().map(|&of| {
            let kind = ScenarioKind::Twin { of };
            (twin_name(&rules.scenarios[of.index()].name), kind)
        });
        let cover = rules.cover.then(|| (COVER.to_owned(), ScenarioKind::Cover));
        let all: Vec<_> = own.chain(twins).chain(cover).collect();
        let count = all.len();
        let close = |(scenario, (name, kind)): (ScenarioId, (String, ScenarioKind))| {
            let mut row = |side: &str, role, sign: Sign| {
                let (worth, mut values) =
                    (self.nothing().0, Values::from(vec![Value::ZERO; count]));
                values[scenario] = Value::new(sign.of(1)).unwrap_or_default();
                let decimals = rules.value_decimals;
                self.push(format!("{side}:{name}"), role, decimals, None, (worth, values))
            };
            let closing = match kind {
                ScenarioKind::Constraint { .. } | ScenarioKind::Cover => {
                    Closing::Slack(row("slack", Role::Slack { scenario }, Sign::Liability))
                }
                _ => Closing::Balance {
                    equity: row("equity", Role::Equity { scenario }, Sign::Liability),
                    shortfall: row("shortfall", Role::Shortfall { scenario }, Sign::Asset),
                },
            };
            CompiledScenario { name, kind, closing }
        };
        ScenarioId::all(count).zip(all).map(close).collect()
    }

    /// Whether the table has no room for another row.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= MAX_INSTRUMENTS
    }

    /// The values of an instrument, if there is room for it.
    pub(super) fn values(&self, terms: &Terms<'_>) -> Result<(Valuation, Values), RulesError> {
        if self.is_full() { Ok(self.nothing()) } else { terms.values(self.rules, self.prices) }
    }

    /// Adds a row. Rows without room share an id; [`compile`] then refuses their number.
    pub(super) fn push(
        &mut self,
        name: String,
        role: Role,
        decimals: u32,
        cap: Option<Quantity>,
        (worth, values): (Valuation, Values),
    ) -> InstrumentId {
        let id = InstrumentId::new(self.rows.len()).unwrap_or_default();
        if self.is_full() {
            self.without_room += 1;
            return id;
        }
        let name = format!("{}{name}", self.class.prefix());
        self.instruments.push(Instrument { cap, values });
        self.rows.push(Row { name, role, class: self.class, decimals, worth });
        id
    }

    /// The valuation and values of a row that is worth nothing in any scenario of the rules.
    pub(super) fn nothing(&self) -> (Valuation, Values) {
        let scenarios = self.rules.scenarios.len();
        let factors = vec![Factor::zero(); scenarios];
        let worth = Valuation { price: None, shift: 0, factors, of_underlying: Vec::new() };
        (worth, vec![Value::ZERO; scenarios].into())
    }

    /// Whether a stress's default move applies to this underlying.
    pub(super) fn is_shocked(&self, underlying: &str) -> bool {
        if underlying == self.rules.quote {
            return false;
        }
        self.rules.rule_of(underlying).is_none_or(|rule| rule.shocked)
    }
}

pub(super) fn compiled_kind(rules: &TableRules, scenario: &Scenario) -> ScenarioKind {
    let number = |name: &String| rules.contingencies.keys().position(|other| other == name);
    match (scenario.kind, scenario.margin) {
        (Kind::Stress, _) => ScenarioKind::Stress,
        (Kind::Credit, _) => ScenarioKind::Credit,
        (Kind::Constraint, _) => {
            // Checked rules have the contingency; the table's check refuses a number past the end.
            let number = scenario.contingency.as_ref().and_then(number);
            ScenarioKind::Constraint { contingency: number.map_or(u16::MAX, |n| n as u16) }
        }
        (_, Some(margin)) => ScenarioKind::Margin(margin),
        (_, None) => ScenarioKind::Mark,
    }
}
