//! `pacioli stress`: what becomes of a private book in crashes, squeezes and depegs, without a proof.

use std::{fmt::Write, path::Path};

use anyhow::{Context, Result, anyhow};
use pacioli_prover::{
    amount::Amount,
    ledger::Exclusion,
    progress::Progress,
    snapshot,
    stress::{
        Crossing, Outcome, SETS, ScenarioSet, Standing, StressBook, StressError, StressScenario,
        Sweep, SweepPoint, shipped,
    },
};
use serde_json::{Value, json};

use super::{
    files,
    report::{grouped, table},
};
use crate::{args::StressArgs, chart, output::Report, progress::Shown};

/// What the figures do not say, said under every table.
const LIMITS: &str = "Prices move at once and everything stays as it is: no liquidation on the way, \
                      no slippage. Nothing is proved.";

/// What was found.
struct Found {
    book: StressBook,
    standing: Standing,
    outcomes: Vec<Outcome>,
    sweep: Option<Sweep>,
}

/// Runs the command.
pub fn run(args: &StressArgs, progress: &Shown) -> Result<Report> {
    let rules_path = args.rules.display().to_string();
    let rules = files::read_rules(&args.rules)?;
    let prices = files::read_prices(&args.prices)?;
    let reserves = args.reserves.as_deref().map(files::read_reserves).transpose()?;
    let scenarios = scenarios(args)?;
    let explain = |error| match error {
        StressError::Rules(error) => anyhow!(error).context(rules_path.clone()),
        StressError::Ledger(error) => anyhow!(error).context(args.snapshot.display().to_string()),
        error => error.into(),
    };
    progress.begin("reading the snapshot", 1);
    let snapshot = snapshot::read(&args.snapshot)?;
    progress.begin("balancing the accounts", 1);
    let (round, exclude) = (args.round, args.exclude_unpriced);
    let book = StressBook::new(&rules, prices, reserves, snapshot, round, exclude);
    let book = book.map_err(explain)?;
    let outcomes = book.evaluate(&scenarios, progress).map_err(explain)?;
    let sweep = args.sweep.as_ref().map(|asset| book.sweep(asset.as_deref(), progress));
    let sweep = sweep.transpose().map_err(explain)?;
    let standing = book.standing();
    if let Some(path) = &args.svg {
        let drawing = chart::svg(book.quote(), &standing.mark, &outcomes, sweep.as_ref());
        files::write(path, drawing.as_bytes())?;
    }
    let found = Found { book, standing, outcomes, sweep };
    let text = found.text().expect("a string takes all");
    let holds = !args.fail_on_bad_debt || found.is_insured();
    Ok(Report { text, json: found.json(args.svg.as_deref()), holds })
}

/// The scenarios asked for: those of the sets, in the sets' order, and then one's own. Where nothing
/// is asked for, not even a sweep, those of all sets.
fn scenarios(args: &StressArgs) -> Result<Vec<StressScenario>> {
    let nothing = args.set.is_empty() && args.scenarios.is_none() && args.sweep.is_none();
    let all = nothing || args.set.iter().any(|set| set == "all");
    let asked = |name: &&str| all || args.set.iter().any(|set| set == name);
    let names = SETS.iter().map(|(name, _)| *name).filter(asked);
    let mut scenarios: Vec<_> = names.filter_map(shipped).flat_map(|set| set.scenarios).collect();
    if let Some(path) = &args.scenarios {
        let text = files::read_text(path)?;
        let is_json = path.extension().is_some_and(|end| end == "json");
        let set = if is_json { ScenarioSet::parse_json(&text) } else { ScenarioSet::parse(&text) };
        scenarios.extend(set.with_context(|| path.display().to_string())?.scenarios);
    }
    Ok(scenarios)
}

impl Found {
    /// Whether the fund is worth the bad debt at mark and in every scenario.
    fn is_insured(&self) -> bool {
        self.standing.mark.is_insured() && self.outcomes.iter().all(Outcome::is_insured)
    }

    fn text(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        let t = &mut text;
        writeln!(t, "{} accounts", thousands(self.book.accounts()))?;
        self.left_out(t)?;
        for below in &self.standing.below {
            let (accounts, scenario) = (below.accounts, &below.scenario);
            writeln!(t, "  accounts short of {scenario} margin at mark: {accounts}")?;
        }
        let quote = self.book.quote();
        writeln!(t, "\nin {quote}; what is owed and bad debt rounded up, the fund down")?;
        let all = || [&self.standing.mark].into_iter().chain(&self.outcomes);
        let head = [
            "scenario",
            "owed",
            "bad debt",
            "insurance fund",
            "coverage",
            "accounts short",
            "half",
            "nine tenths",
            "moves left out",
        ];
        table(t, &head, &all().map(row).collect::<Vec<_>>())?;
        writeln!(
            t,
            "\n  half, nine tenths: the fewest accounts that make up so much of the bad debt"
        )?;
        if !self.book.has_reserves() {
            writeln!(t, "  no reserves are given: the insurance fund counts as nothing")?;
        }
        for outcome in self.outcomes.iter().filter(|outcome| outcome.quote_would_move) {
            let name = &outcome.name;
            writeln!(t, "  {name}: the move of {quote} is left out, everything is counted in it")?;
        }
        self.stale(t)?;
        if all().any(|outcome| outcome.bad_debt.units.bits() > 0) {
            writeln!(t, "\nbad debt #, insurance fund |")?;
            chart::bars(t, &all().collect::<Vec<_>>())?;
        }
        if let Some(sweep) = &self.sweep {
            sweep_text(t, sweep)?;
        }
        writeln!(t, "\n{LIMITS}")?;
        Ok(text)
    }

    fn left_out(&self, t: &mut String) -> std::fmt::Result {
        let exclusions = self.book.exclusions();
        if !exclusions.is_empty() {
            let lines: u64 = exclusions.iter().map(|exclusion: &Exclusion| exclusion.lines).sum();
            let (accounts, assets) = (self.book.accounts_left_out(), exclusions.len());
            writeln!(
                t,
                "  left out  {accounts} accounts, {lines} lines in {assets} assets without a price"
            )?;
        }
        let rounding = self.book.rounding();
        if rounding.lines > 0 {
            let (lines, quote) = (rounding.lines, self.book.quote());
            let bound = grouped(&rounding.bound);
            writeln!(t, "  rounded   {lines} lines, by less than {bound} {quote} together")?;
        }
        Ok(())
    }

    fn stale(&self, t: &mut String) -> std::fmt::Result {
        let stale: Vec<_> = self.outcomes.iter().filter(|one| one.stale_oracle).collect();
        if stale.is_empty() {
            return Ok(());
        }
        writeln!(t, "\nwith margin at the old prices, which a stale oracle still shows")?;
        for outcome in stale {
            let name = &outcome.name;
            match &outcome.unliquidated {
                Some(found) => {
                    let (accounts, lacked) = (found.accounts, chart::up(&found.bad_debt));
                    writeln!(
                        t,
                        "  {name}: {lacked} lacked, accounts that keep their margin: {accounts}"
                    )?;
                }
                None => writeln!(t, "  {name}: the rules have no maintenance requirement")?,
            }
        }
        Ok(())
    }

    fn json(&self, svg: Option<&Path>) -> Value {
        let outcome = |outcome: &Outcome| {
            let mut value = json!(outcome);
            value["insured"] = json!(outcome.is_insured());
            value["coverage"] = json!(coverage(outcome));
            value
        };
        let below = self.standing.below.iter();
        let below = below.map(|one| json!({ "scenario": one.scenario, "accounts": one.accounts }));
        json!({
            "insured": self.is_insured(),
            "quote": self.book.quote(),
            "accounts": self.book.accounts(),
            "accounts_left_out": self.book.accounts_left_out(),
            "exclusions": self.book.exclusions(),
            "rounding": self.book.rounding(),
            "mark": outcome(&self.standing.mark),
            "below_margin": below.collect::<Vec<_>>(),
            "scenarios": self.outcomes.iter().map(outcome).collect::<Vec<_>>(),
            "sweep": self.sweep,
            "svg": svg.map(|path| path.display().to_string()),
            "limits": LIMITS,
        })
    }
}

fn row(outcome: &Outcome) -> [String; 9] {
    let unknown = || "-".to_owned();
    [
        outcome.name.clone(),
        chart::up(&outcome.owed),
        chart::up(&outcome.bad_debt),
        outcome.insurance.as_ref().map_or_else(unknown, chart::down),
        coverage(outcome).map_or_else(unknown, |coverage| coverage.to_string()),
        outcome.accounts_short.to_string(),
        outcome.half_of_bad_debt.to_string(),
        outcome.nine_tenths_of_bad_debt.to_string(),
        (outcome.not_in_book.len() + usize::from(outcome.quote_would_move)).to_string(),
    ]
}

/// The customers' reserves as a part of what is owed, rounded down to four digits; `None` where
/// either is not there.
fn coverage(outcome: &Outcome) -> Option<Amount> {
    let customers = outcome.customers.as_ref()?;
    let owed = &outcome.owed.units;
    (owed.bits() > 0).then(|| Amount::new(&customers.units * 10_000u32 / owed, 4))
}

/// Every how many points of a sweep the text shows one.
const SHOWN: usize = 10;

fn sweep_text(t: &mut String, sweep: &Sweep) -> std::fmt::Result {
    let what = sweep.asset.as_deref().unwrap_or("all shocked assets");
    writeln!(t, "\nsweep of {what} from -90 % to +200 %: bad debt exceeds the insurance fund")?;
    for (side, crossing) in [("falling", &sweep.down), ("rising", &sweep.up)] {
        match crossing {
            Crossing::Never => writeln!(t, "  {side}: never in the range")?,
            Crossing::Already => writeln!(t, "  {side}: at the prices as they are")?,
            Crossing::At(point) => {
                let (by, accounts) = (chart::percent(&point.by), point.accounts_short);
                let (bad_debt, fund) =
                    (chart::up(&point.bad_debt), point.insurance.as_ref().map(chart::down));
                let fund = fund.unwrap_or_else(|| "0".to_owned());
                writeln!(
                    t,
                    "  {side}: from {by} %, {bad_debt} against {fund}, accounts short: {accounts}"
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

fn thousands(number: usize) -> String {
    grouped(&Amount::new(number, 0))
}
