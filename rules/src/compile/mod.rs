//! From rules and prices to the instrument table: which rows there are, and in which order. Their
//! values are computed in `value`.

mod compiler;
mod forms;
mod rates;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use pacioli_circuits::{InstrumentTable, TableError};

use self::compiler::Compiler;
use crate::{
    error::{Problem, RulesError, refuse},
    prices::Prices,
    rules::TableRules,
    schema::{AssetRule, Class, ClassRule},
    soundness::check_table,
    table::{ClassRows, Compiled, Role, ScenarioKind},
};

/// Compiles rules and prices to the instrument table: the same table from the same files, always.
///
/// # Errors
/// If rules and prices are in different currencies, a market has no price or was refused one, a rate
/// follows a volatility that the prices do not state, or later tiers would be treated better at the
/// day's volatilities, a mark price is finer than a unit of value, a value is `2^64` or more, or there
/// are more instruments than a table has. Each names the key it is about.
pub fn compile(rules: &TableRules, prices: &Prices) -> Result<Compiled, RulesError> {
    if rules.quote != prices.quote {
        let (rules, prices) = (rules.quote.clone(), prices.quote.clone());
        return refuse("quote", Problem::Quote { rules, prices });
    }
    let (instruments, rows, rates) = (Vec::new(), Vec::new(), Vec::new());
    let (class, twins) = (Class::Customer, rules.twins().to_vec());
    let without_room = 0;
    let mut compiler =
        Compiler { rules, prices, class, instruments, rows, twins, rates, without_room };
    let nothing = compiler.nothing();
    compiler.push(String::new(), Role::Empty, 0, None, nothing);

    let is_refused =
        |market: &str| prices.refused.keys().any(|one| one.eq_ignore_ascii_case(market));
    if let Some(market) = rules.markets.keys().find(|market| is_refused(market)) {
        return refuse(format!("markets.{market}"), Problem::RefusedPrice);
    }
    let (ruled, unruled) = ruled_assets(rules, prices);
    let all = ClassRule::default();
    let worths = compiler.option_worths()?;
    let ClassRows { assets, markets, quote_rows } =
        compiler.class(Class::Customer, &all, &ruled, &worths)?;
    let classes = rules
        .classes
        .iter()
        .map(|(&class, rule)| Ok((class, compiler.class(class, rule, &ruled, &worths)?)));
    let classes = classes.collect::<Result<_, RulesError>>()?;
    compiler.class = Class::Customer;
    let options = worths.into_iter().map(|(name, worth)| (name.clone(), worth.into())).collect();
    let contingencies = compiler.contingencies()?;
    compiler.enter_twins();
    let forms = compiler.forms()?;
    let scenarios = compiler.closings();

    let stated = prices.open_interest.iter().filter(|(market, _)| markets.contains_key(*market));
    let open_interest = stated.map(|(market, &amount)| (market.clone(), amount)).collect();

    let followed: BTreeSet<&String> = compiler.rates.iter().map(|rate| &rate.asset).collect();
    let stated = prices.volatilities.iter().filter(|(asset, _)| followed.contains(asset));
    let volatilities = stated.map(|(asset, all)| (asset.clone(), all.clone())).collect();

    let Compiler { instruments, rows, rates, without_room, .. } = compiler;
    if without_room > 0 {
        return Err(TableError::Instruments(rows.len() + without_room).into());
    }
    let table = InstrumentTable::new(scenarios.len(), instruments)?;
    let roles: Vec<Role> = rows.iter().map(|row| row.role).collect();
    let classes_of_rows: Vec<Class> = rows.iter().map(|row| row.class).collect();
    let kinds: Vec<ScenarioKind> = scenarios.iter().map(|scenario| scenario.kind).collect();
    check_table(&table, &roles, &classes_of_rows, &kinds)?;
    Ok(Compiled {
        table,
        rows,
        scenarios,
        assets,
        markets,
        options,
        quote_rows,
        classes,
        contingencies,
        forms,
        quote: rules.quote.clone(),
        value_decimals: rules.value_decimals,
        unruled,
        open_interest,
        rates,
        volatilities,
    })
}

/// The assets that have a price and a rule, with the rule's key; and those that have a price alone.
fn ruled_assets<'a>(
    rules: &'a TableRules,
    prices: &'a Prices,
) -> (BTreeMap<&'a str, (String, &'a AssetRule)>, BTreeSet<String>) {
    let mut ruled = rules.listed_assets();
    ruled.retain(|name, _| prices.get(name).is_some());
    let mut unruled = BTreeSet::new();
    for name in prices.prices.keys().map(String::as_str) {
        let market = rules.markets.get(name);
        // The price of a market that does not bear its underlying's name is no asset's.
        if ruled.contains_key(name) || market.is_some_and(|market| market.underlying != name) {
            continue;
        }
        match &rules.asset_default {
            Some(rule) => {
                ruled.insert(name, ("asset_default".to_owned(), rule));
            }
            None => {
                unruled.insert(name.to_owned());
            }
        }
    }
    (ruled, unruled)
}
