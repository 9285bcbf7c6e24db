//! `pacioli stress`: a private book in crashes, squeezes and depegs, without a proof.

mod speed;
mod text;

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use pacioli_attestation::Progress;
use pacioli_prover::Strictness;
use pacioli_risk::stress::{
    Outcome, SETS, ScenarioSet, Speed, SpeedLimits, StressBook, StressError, StressScenario, Sweep,
    shipped,
};
use pacioli_rules::Amount;
use serde_json::{Value, json};

use super::{book::BookSource, files};
use crate::{args::StressArgs, chart, output::Report, progress::Shown};

/// What the figures do not cover; printed under every table.
const LIMITS: &str = "Prices move at once and positions stay as they are: no liquidations on the way, \
                      no slippage. Nothing is proved.";

/// The findings.
struct Found {
    book: StressBook,
    mark: Outcome,
    outcomes: Vec<Outcome>,
    sweep: Option<Sweep>,
    speed: Option<(SpeedLimits, Vec<Speed>)>,
    warnings: Vec<String>,
}

/// Runs the command.
pub fn run(args: &StressArgs, progress: &Shown) -> Result<Report> {
    let rules_path = args.rules.display().to_string();
    let rules = files::read_rules(&args.rules)?;
    let prices = files::read_prices(&args.prices)?;
    let reserves = args.reserves.as_deref().map(files::read_reserves).transpose()?;
    let scenarios = scenarios(args)?;
    let source = BookSource {
        snapshot: &args.snapshot,
        query: args.query.as_deref(),
        classes: args.classes.as_deref(),
    };
    let explain = |error| match error {
        error @ (StressError::Rules(_) | StressError::AtMovedPrices { .. }) => {
            anyhow!(error).context(rules_path.clone())
        }
        StressError::Input(error) => files::book_input(error, &source.name()),
        error => error.into(),
    };
    let (snapshot, warnings) = source.read(progress)?;
    progress.begin("balancing the accounts", 1);
    let strictness = Strictness { round: args.round, leave_out: args.leave_out.clone() };
    let book = StressBook::new(&rules, prices, reserves, snapshot, &strictness);
    let book = book.map_err(explain)?;
    let outcomes = book.evaluate(&scenarios, progress).map_err(explain)?;
    let sweep = args.sweep.as_ref().map(|asset| book.sweep(asset.as_deref(), progress));
    let sweep = sweep.transpose().map_err(explain)?;
    let limits = SpeedLimits {
        max_age: args.max_age.0,
        owed_band_bps: args.band_owed.0,
        prices_band_bps: args.band_prices.0,
    };
    let speed = args.speed.then(|| Ok((limits, book.speeds(limits, progress)?)));
    let speed = speed.transpose().map_err(explain)?;
    let mark = book.at_mark();
    if let Some(path) = &args.svg {
        let drawing = chart::svg(book.quote(), &mark, &outcomes, sweep.as_ref());
        files::write(path, drawing.as_bytes())?;
    }
    let found = Found { book, mark, outcomes, sweep, speed, warnings };
    let text = found.text().expect("a string takes all");
    let holds = !args.fail_on_bad_debt || found.is_insured();
    Ok(Report { text, json: found.json(args.svg.as_deref()), holds })
}

/// The scenarios asked for: those of the sets, in the sets' order, and then one's own. Where nothing
/// is asked for, neither a sweep nor speed, those of all sets.
fn scenarios(args: &StressArgs) -> Result<Vec<StressScenario>> {
    let else_asked = args.sweep.is_some() || args.speed;
    let nothing = args.set.is_empty() && args.scenarios.is_none() && !else_asked;
    let all = nothing || args.set.iter().any(|set| set == "all");
    scenarios_of(|name| all || args.set.iter().any(|set| set == name), args.scenarios.as_deref())
}

/// The scenarios of the sets asked for, in the sets' order, and then one's own.
pub(super) fn scenarios_of(
    asked: impl Fn(&str) -> bool,
    own: Option<&Path>,
) -> Result<Vec<StressScenario>> {
    let names = SETS.iter().map(|(name, _)| *name).filter(|name| asked(name));
    let mut scenarios: Vec<_> = names.filter_map(shipped).flat_map(|set| set.scenarios).collect();
    if let Some(path) = own {
        let text = files::read_text(path)?;
        let is_json = path.extension().is_some_and(|end| end == "json");
        let set = if is_json { ScenarioSet::parse_json(&text) } else { ScenarioSet::parse(&text) };
        scenarios.extend(set.with_context(|| path.display().to_string())?.scenarios);
    }
    Ok(scenarios)
}

impl Found {
    /// Whether the fund is worth the bad debt at mark, in every scenario and on every path. A sweep
    /// goes as far as one likes, and does not count.
    fn is_insured(&self) -> bool {
        let mut speeds = self.speed.iter().flat_map(|(_, speeds)| speeds);
        self.mark.is_insured()
            && self.outcomes.iter().all(Outcome::is_insured)
            && speeds.all(|speed| speed.beyond.is_none())
    }

    fn json(&self, svg: Option<&Path>) -> Value {
        let outcome = |outcome: &Outcome| {
            let mut value = json!(outcome);
            value["insured"] = json!(outcome.is_insured());
            value["coverage"] = json!(coverage(outcome));
            value
        };
        json!({
            "insured": self.is_insured(),
            "quote": self.book.quote(),
            "accounts": self.book.accounts(),
            "classes": self.book.classes(),
            "accounts_left_out": self.book.accounts_left_out(),
            "left_out": self.book.left_out(),
            "rounding": self.book.rounding(),
            "mark": outcome(&self.mark),
            "scenarios": self.outcomes.iter().map(outcome).collect::<Vec<_>>(),
            "sweep": self.sweep,
            "speed": self.speed.as_ref().map(|(limits, speeds)| speed::json(*limits, speeds)),
            "svg": svg.map(|path| path.display().to_string()),
            "warnings": self.warnings,
            "limits": LIMITS,
        })
    }
}

/// The customers' reserves as a part of what is owed, rounded down to four digits; `None` where
/// either is not there.
pub(super) fn coverage(outcome: &Outcome) -> Option<Amount> {
    let customers = outcome.customers.as_ref()?;
    let owed = &outcome.owed.units;
    (owed.bits() > 0).then(|| Amount::new(&customers.units * 10_000u32 / owed, 4))
}
