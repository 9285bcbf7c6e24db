//! Rules that were read and checked: [`Rules`] with their policy, [`TableRules`] without.

use std::ops::Deref;

use pacioli_circuits::ScenarioId;

use crate::{
    error::RulesError,
    schema::{Kind, KnownTokens, Policy, RulesFile, Scenario, TableSchema},
    validate::{self, Obligations},
};

/// A rules file that was checked, with its text. Only [`Rules::parse`] makes one, so that nobody
/// has to check it again. It dereferences to what compiles to the instrument table.
#[derive(Clone, Debug)]
pub struct Rules {
    pub(crate) text: String,
    pub(crate) name: String,
    pub(crate) source: String,
    pub(crate) date: String,
    pub(crate) exactness: String,
    pub(crate) table: TableRules,
    pub(crate) policy: Policy,
    pub(crate) tokens: KnownTokens,
}

/// The checked part of rules that compiles to the instrument table, and which stresses a policy
/// asks about. It dereferences to the file's own keys, which can be read and not changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRules {
    pub(crate) schema: TableSchema,
    pub(crate) obligations: Obligations,
}

impl Rules {
    /// Reads and checks a rules file.
    ///
    /// # Errors
    /// If the text is not TOML with exactly the keys of [`TableSchema`], a value or the policy
    /// makes no sense, or there are more scenarios than a table has, twins included. Each error
    /// but the first kind names the key it is about.
    pub fn parse(toml: &str) -> Result<Self, RulesError> {
        let malformed = |error: toml::de::Error| match is_of_contracts(error.message()) {
            true => RulesError::Contracts(error),
            false => RulesError::Malformed(error),
        };
        let file: RulesFile = toml::from_str(toml).map_err(malformed)?;
        let obligations = validate::rules(&file)?;
        let RulesFile { name, source, date, exactness, table: schema, policy, tokens } = file;
        let table = TableRules { schema, obligations };
        Ok(Self { text: toml.to_owned(), name, source, date, exactness, table, policy, tokens })
    }

    /// The file's text, byte by byte: what an attestation holds and hashes.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The rules' name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Their source.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Their date, as `2026-01-01`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// How exactly they follow their source: exact, or conservative and by how much, or what they
    /// leave out.
    pub fn exactness(&self) -> &str {
        &self.exactness
    }

    /// What must hold of the whole book.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Which token stands for which asset, by chain and name: what evidence of reserves may be about.
    pub fn tokens(&self) -> &KnownTokens {
        &self.tokens
    }

    /// The part that compiles to the instrument table.
    pub fn table(&self) -> &TableRules {
        &self.table
    }
}

impl TableRules {
    /// The same rules with other scenarios, about which no policy asks, and without cover: for
    /// what-ifs, in which every account is closed in every scenario.
    ///
    /// # Errors
    /// If the scenarios make no sense, alone or with the rest of the rules.
    pub fn with_scenarios(&self, scenarios: Vec<Scenario>) -> Result<Self, RulesError> {
        let schema = TableSchema { scenarios, cover: false, ..self.schema.clone() };
        validate::table(&schema)?;
        Ok(Self { schema, obligations: Obligations::default() })
    }

    /// The same rules held to another policy.
    ///
    /// # Errors
    /// If the policy asks for nothing, or for what these rules do not have.
    pub fn under(&self, policy: &Policy) -> Result<Self, RulesError> {
        let obligations = validate::policy(&self.schema, policy)?;
        Ok(Self { schema: self.schema.clone(), obligations })
    }

    /// The same rules without cover, so that every account is closed in every scenario: for whoever
    /// reads an account's margins in its closing lines.
    pub fn without_cover(&self) -> Self {
        let schema = TableSchema { cover: false, ..self.schema.clone() };
        Self { schema, obligations: self.obligations.clone() }
    }

    /// The same rules with the scenarios alone in which holdings are worth what they would fetch: mark,
    /// the stresses, and the twins of these. For figures at other prices, where nothing is asked of
    /// margins, contingencies, credit and forms. No stress is refused for units of value that are too
    /// coarse: [`Compiled::coarse_stresses`] names them.
    ///
    /// [`Compiled::coarse_stresses`]: crate::Compiled::coarse_stresses
    pub fn only_worth(&self) -> Self {
        let mut schema = TableSchema { cover: false, ..self.schema.clone() };
        schema.contingencies.clear();
        schema.markets.values_mut().for_each(|market| market.open_interest = None);
        let is_kept = |scenario: &Scenario| matches!(scenario.kind, Kind::Mark | Kind::Stress);
        schema.scenarios.retain(is_kept);
        let kept = self.schema.scenarios_by_id().filter(|(_, scenario)| is_kept(scenario));
        let kept: Vec<ScenarioId> = kept.map(|(id, _)| id).collect();
        // Stresses stay in their order, under numbers of their own.
        let renumbered = |stresses: &[ScenarioId]| {
            let numbers = ScenarioId::all(kept.len()).zip(&kept);
            numbers.filter(|(_, was)| stresses.contains(was)).map(|(is, _)| is).collect()
        };
        let twins = renumbered(&self.obligations.twins);
        let obligations = Obligations { twins, ..Obligations::default() };
        Self { schema, obligations }
    }

    /// The same rules with those markets and options alone that `is_kept`: nobody has to have a price of
    /// the others.
    pub fn only_markets(&self, is_kept: impl Fn(&str) -> bool) -> Self {
        let mut rules = self.clone();
        rules.schema.markets.retain(|name, _| is_kept(name));
        rules.schema.options.retain(|name, _| is_kept(name));
        rules
    }

    /// The stresses that have a twin, in order: those whose bad debt the insurance fund is to meet,
    /// if the fund is a class of accounts. Their twins follow the scenarios of the rules in the
    /// same order.
    pub fn twins(&self) -> &[ScenarioId] {
        &self.obligations.twins
    }
}

impl Deref for Rules {
    type Target = TableRules;

    fn deref(&self) -> &TableRules {
        &self.table
    }
}

impl Deref for TableRules {
    type Target = TableSchema;

    fn deref(&self) -> &TableSchema {
        &self.schema
    }
}

/// Whether an error is about a key by which other systems tell coin-margined and quanto contracts.
fn is_of_contracts(message: &str) -> bool {
    let keys = ["inverse", "quanto", "multiplier", "contract_size", "contract_value", "settle"];
    keys.iter().any(|key| message.starts_with(&format!("unknown field `{key}`")))
}
