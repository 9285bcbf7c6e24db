//! `pacioli rules add`: rules with the scenarios of a set.

use std::fmt::Write;

use anyhow::{Result, anyhow, ensure};
use pacioli_risk::stress::{AddError, Added, add_scenarios};
use serde_json::json;

use super::super::{
    files::{self, LEAVE_OUT},
    stress::scenarios_of,
};
use crate::{args::RulesAddArgs, format::plural, output::Report, shown::shown};

/// Runs the command.
pub fn run(args: &RulesAddArgs) -> Result<Report> {
    ensure!(!args.out.exists(), "{} is there already", args.out.display());
    let rules = files::read_rules_text(&args.rules)?;
    let asked = |name: &str| args.set.iter().any(|set| set == name);
    let scenarios = scenarios_of(asked, args.scenarios.as_deref())?;
    let added = add_scenarios(&rules, &scenarios, &args.leave_out).map_err(|error| {
        let error = match &error {
            AddError::Unknown(assets) => {
                let list = assets.join(",");
                anyhow!("{error}; {LEAVE_OUT} {list} leaves these moves out")
            }
            _ => error.into(),
        };
        error.context(args.rules.display().to_string())
    })?;
    let Added { rules, names, idle } = added;
    ensure!(!names.is_empty(), "none of the scenarios moves anything else than the rules' own");
    files::write(&args.out, rules.text().as_bytes())?;
    let out = args.out.display().to_string();
    let mut text = format!(
        "{out}: {}, {} of them added; no clause of the policy asks about those\n",
        plural(rules.scenarios.len(), "scenario"),
        names.len()
    );
    for name in &names {
        writeln!(text, "  - {}", shown(name))?;
    }
    if !idle.is_empty() {
        let idle = idle.join(", ");
        writeln!(
            text,
            "  not added, since they would move nothing, or as another: {}",
            shown(&idle)
        )?;
    }
    if scenarios.iter().any(|one| one.stale_oracle) {
        writeln!(text, "  rules know no stale oracle: of such scenarios they have the moves")?;
    }
    let json = json!({
        "holds": true,
        "rules": out,
        "scenarios": rules.scenarios.len(),
        "added": names,
        "not_added": idle,
    });
    Ok(Report { text, json, holds: true })
}
