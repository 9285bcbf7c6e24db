//! Scenarios of a set as part of a rules file: the file's text stays as it is, byte for byte, and
//! they follow it.

use std::fmt::Write;

use pacioli_rules::{Kind, Rules, RulesError, TableSchema};
use thiserror::Error;
use toml_edit::{DocumentMut, Item};

use super::scenarios::StressScenario;

/// Rules with scenarios added.
#[derive(Clone, Debug)]
pub struct Added {
    /// The rules, with their text.
    pub rules: Rules,
    /// The names of the scenarios that were added.
    pub names: Vec<String>,
    /// The names of scenarios that were not: with what is left of their moves they move nothing, or
    /// what another stress moves.
    pub idle: Vec<String>,
}

/// Why scenarios are not added to rules.
#[derive(Debug, Error)]
pub enum AddError {
    /// The rules are refused, without the scenarios or with them.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The rules have them in one array.
    #[error(
        "scenarios: the rules write all scenarios in one array, to which nothing can be appended: \
         write each under `[[scenarios]]`"
    )]
    Inline,
    /// The rules have some of them, or others of these names.
    #[error("scenarios: the rules have these already: {}", .0.join(", "))]
    Twice(Vec<String>),
    /// They move assets that cannot be held under the rules and that no market follows.
    #[error("moves: the rules have no such assets: {}", .0.join(","))]
    Unknown(Vec<String>),
    /// Moves to be left out that no scenario has.
    #[error("moves: no scenario moves what is to be left out: {}", .0.join(","))]
    NotMoved(Vec<String>),
}

/// Appends scenarios to a rules file, as stresses, without their moves of the assets in
/// `leave_out`. No clause of the rules' policy is about them. A stale oracle is nothing that rules
/// know: of such a scenario they have the moves.
///
/// # Errors
/// If the rules are refused, with them or without, or any of them does not fit.
pub fn add_scenarios(
    text: &str,
    scenarios: &[StressScenario],
    leave_out: &[String],
) -> Result<Added, AddError> {
    let before = Rules::parse(text)?;
    let written: DocumentMut = text.parse().expect("the rules were read as TOML");
    if matches!(written.get("scenarios"), Some(Item::Value(_))) {
        return Err(AddError::Inline);
    }
    let moved = |asset: &str| scenarios.iter().any(|one| one.moves.contains_key(asset));
    let not_moved: Vec<_> = leave_out.iter().filter(|asset| !moved(asset)).cloned().collect();
    if !not_moved.is_empty() {
        return Err(AddError::NotMoved(not_moved));
    }
    fit(scenarios, leave_out, &before)?;
    let (mut kept, mut idle): (Vec<StressScenario>, Vec<_>) = (Vec::new(), Vec::new());
    for scenario in scenarios {
        let mut scenario = scenario.clone();
        scenario.moves.retain(|asset, _| !leave_out.contains(asset));
        let has_it = is_in(&scenario, &before) || kept.iter().any(|one| same(&scenario, one));
        if has_it || !moves_something(&scenario) {
            idle.push(scenario.name);
        } else {
            kept.push(scenario);
        }
    }
    let mut text = text.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    for scenario in &kept {
        append(&mut text, scenario).expect("a string takes all");
    }
    let rules = Rules::parse(&text)?;
    Ok(Added { rules, names: kept.into_iter().map(|one| one.name).collect(), idle })
}

fn moves_something(scenario: &StressScenario) -> bool {
    let moves = [scenario.default_move].into_iter().chain(scenario.vol_move);
    moves.chain(scenario.moves.values().copied()).any(|one| one.mantissa() != 0)
}

/// Whether two scenarios move the same.
fn same(a: &StressScenario, b: &StressScenario) -> bool {
    (a.default_move, &a.moves, a.vol_move) == (b.default_move, &b.moves, b.vol_move)
}

/// Whether a stress of the rules moves the same.
fn is_in(scenario: &StressScenario, rules: &TableSchema) -> bool {
    let StressScenario { default_move, moves, vol_move, .. } = scenario;
    let mut stresses = rules.scenarios.iter().filter(|own| own.kind == Kind::Stress);
    stresses.any(|own| {
        own.expiries.is_empty()
            && (own.default_move, &own.moves, own.vol_move)
                == (Some(*default_move), moves, *vol_move)
    })
}

/// Refuses scenarios whose names the rules have, and moves of assets that they do not have, unless
/// those are left out.
fn fit(
    scenarios: &[StressScenario],
    leave_out: &[String],
    rules: &TableSchema,
) -> Result<(), AddError> {
    let is_taken = |name: &str| rules.scenarios.iter().any(|own| own.name == name);
    let names = scenarios.iter().map(|one| &one.name);
    let twice: Vec<_> = names.filter(|name| is_taken(name)).cloned().collect();
    if !twice.is_empty() {
        return Err(AddError::Twice(twice));
    }
    let moved = scenarios.iter().flat_map(|one| one.moves.keys());
    let moved = moved.filter(|asset| !leave_out.contains(asset));
    let mut unknown: Vec<_> = moved.filter(|asset| !rules.can_move(asset)).cloned().collect();
    unknown.sort();
    unknown.dedup();
    if !unknown.is_empty() {
        return Err(AddError::Unknown(unknown));
    }
    Ok(())
}

/// Names and decimals have no character that TOML would have quoted differently.
fn append(text: &mut String, scenario: &StressScenario) -> std::fmt::Result {
    let StressScenario { name, date, until, source, default_move, moves, vol_move, .. } = scenario;
    let source: String = source.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let until = until.as_ref().map(|until| format!(" to {until}")).unwrap_or_default();
    writeln!(text, "\n# {date}{until}: {source}")?;
    writeln!(text, "[[scenarios]]\nname = \"{name}\"\nkind = \"stress\"")?;
    writeln!(text, "default_move = \"{default_move}\"")?;
    if !moves.is_empty() {
        let moves: Vec<_> =
            moves.iter().map(|(asset, by)| format!("\"{asset}\" = \"{by}\"")).collect();
        writeln!(text, "moves = {{ {} }}", moves.join(", "))?;
    }
    match vol_move {
        Some(by) => writeln!(text, "vol_move = \"{by}\""),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use pacioli_rules::testing;

    use super::{
        super::{SETS, ScenarioSet, shipped},
        *,
    };

    const SET: &str = "name = \"own\"\nsource = \"made up\"\nexactness = \"exact\"\n\
        [[scenarios]]\nname = \"one\"\ndate = \"2026-01-01\"\nuntil = \"2026-01-02\"\n\
        source = \"here\\nthere\"\ndefault_move = \"-0.50\"\n\
        moves = { BTC = \"-1\", ETH = \"0\" }\n\
        [[scenarios]]\nname = \"two\"\ndate = \"2026-02-01\"\nsource = \"there\"\n\
        default_move = \"0\"\nmoves = { ETH = \"-0.1\" }\nstale_oracle = true\n";

    fn add(text: &str, from: &str, to: &str, leave_out: &[&str]) -> Result<Added, String> {
        assert!(SET.contains(from), "{from}");
        let set = ScenarioSet::parse(&SET.replace(from, to)).unwrap();
        let leave_out: Vec<_> = leave_out.iter().map(|&asset| asset.to_owned()).collect();
        add_scenarios(text, &set.scenarios, &leave_out).map_err(|error| error.to_string())
    }

    #[test]
    fn the_text_stays_and_the_scenarios_follow() {
        for text in [testing::RULES.to_owned(), testing::RULES.trim_end().to_owned()] {
            let added = add(&text, "", "", &[]).unwrap();
            let rest = added.rules.text().strip_prefix(&text).unwrap().trim_start_matches('\n');
            let expected = "# 2026-01-01 to 2026-01-02: here there\n[[scenarios]]\nname = \"one\"\n\
                kind = \"stress\"\ndefault_move = \"-0.50\"\n\
                moves = { \"BTC\" = \"-1\", \"ETH\" = \"0\" }\n\n\
                # 2026-02-01: there\n[[scenarios]]\nname = \"two\"\nkind = \"stress\"\n\
                default_move = \"0\"\nmoves = { \"ETH\" = \"-0.1\" }\n";
            assert_eq!(rest, expected);
            let before = Rules::parse(&text).unwrap();
            let (old, new) = added.rules.scenarios.split_at(before.scenarios.len());
            assert_eq!(old, before.scenarios);
            assert!(new.iter().all(|one| one.kind == Kind::Stress));
            assert_eq!(added.rules.policy(), before.policy());
            assert_eq!((added.names.len(), added.idle.len()), (2, 0));
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let refused = |from: &str, to: &str, leave_out: &[&str], expected: &str| {
            let error = add(testing::RULES, from, to, leave_out).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        };
        let again = "scenarios: the rules have these already: crash, maintenance";
        refused("\"one\"", "\"crash\"\n", &[], "scenarios: the rules have these already: crash");
        let both = SET.replace("\"one\"", "\"crash\"").replace("\"two\"", "\"maintenance\"");
        refused(SET, &both, &[], again);
        let unknown = "moves: the rules have no such assets: FTT,USD";
        let both = SET.replace("BTC", "USD").replace("ETH", "FTT");
        refused(SET, &both, &[], unknown);
        refused(
            SET,
            &both,
            &["FTT", "LUNA"],
            "moves: no scenario moves what is to be left out: LUNA",
        );
        let vols = "stale_oracle = true\nvol_move = \"0.5\"";
        refused("stale_oracle = true", vols, &[], "scenarios[4].vol_move: does not belong here");
        let cover = "scenarios[3].name: does not belong here: `cover` is the scenario";
        refused("\"one\"", "\"cover\"", &[], cover);
        let inline = "name = \"a\"\nsource = \"a\"\ndate = \"2026-01-01\"\nexactness = \"a\"\n\
            quote = \"USD\"\nscenarios = [{ name = \"mark\", kind = \"mark\" }]\n\
            [assets.BTC]\nalso = [\"ETH\"]\ndecimals = 8\n[policy]\nmin_coverage = \"1\"\n";
        let error = add(inline, "", "", &[]).unwrap_err();
        assert!(error.starts_with("scenarios: the rules write all scenarios in one"), "{error}");
        let error = add("name = 1", "", "", &[]).unwrap_err();
        assert!(error.starts_with("the rules are malformed"), "{error}");
    }

    #[test]
    fn moves_are_left_out_by_name_and_what_moves_nothing_new_is_not_added() {
        let set = SET.replace("ETH", "FTT");
        let added = add(testing::RULES, SET, &set, &["FTT"]).unwrap();
        assert_eq!((added.names, added.idle), (vec!["one".to_owned()], vec!["two".to_owned()]));
        let moves: Vec<_> = added.rules.scenarios[3].moves.keys().collect();
        assert_eq!(moves, ["BTC"]);
        // What is left of both is the same, or what the rules have under another name.
        let both = SET.replace("default_move = \"0\"", "default_move = \"-0.5\"");
        let [first, second] = ["one", "two"].map(str::to_owned);
        let added = add(testing::RULES, SET, &both, &["BTC", "ETH"]).unwrap();
        assert_eq!((&added.names, &added.idle), (&vec![first], &vec![second.clone()]));
        let text = added.rules.text().to_owned();
        let other = both.replace("\"one\"", "\"three\"");
        let added = add(&text, SET, &other, &["BTC", "ETH"]).unwrap();
        assert_eq!((added.names.len(), added.idle), (0, vec!["three".to_owned(), second]));
        assert_eq!(added.rules.text(), text);
    }

    /// Without options there are no volatilities to move; all else fits rules that know every
    /// asset.
    #[test]
    fn every_shipped_set_can_be_added() {
        let any = "name = \"a\"\nsource = \"a\"\ndate = \"2026-01-01\"\nexactness = \"a\"\n\
            quote = \"USD\"\n[[scenarios]]\nname = \"mark\"\nkind = \"mark\"\n\
            [asset_default]\ndecimals = 8\n[policy]\nmin_coverage = \"1\"\n";
        for (name, _) in SETS.iter().filter(|(name, _)| *name != "volatility") {
            let scenarios = shipped(name).unwrap().scenarios;
            let added = add_scenarios(any, &scenarios, &[]).unwrap();
            assert_eq!(added.names.len(), scenarios.len(), "{name}");
            for (own, one) in added.rules.scenarios.iter().skip(1).zip(&scenarios) {
                assert_eq!((&own.name, own.default_move), (&one.name, Some(one.default_move)));
                assert_eq!(own.moves, one.moves, "{}", one.name);
            }
        }
    }
}
