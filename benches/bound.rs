//! Bounds at other prices beside the truth: without the scenarios of the set `near`, with them, and
//! with one of initial margin besides; and how long a certificate takes to find.
//!
//! The books are three made-up venues of perpetuals (`support/perpetuals.rs`) and, where
//! `PACIOLI_REAL_BOOK` names a folder with `book.csv` and `prices.json`, that book under the rules
//! of `tests/all/real_book`. All have five usual stresses besides. `PACIOLI_BENCH_SET` names a file
//! of scenarios to try in the place of `near`; into the folder that `PACIOLI_BENCH_OUT` names go
//! the files of the books that were made up and all rules, so that they can be proved.

#[path = "support/days.rs"]
mod days;
#[path = "support/perpetuals.rs"]
mod perpetuals;
#[path = "support/wide_table.rs"]
mod wide_table;

use std::{env, fs, path::Path, time::Duration};

use cpu_time::ThreadTime;
use days::{DAYS, Day};
use num_bigint::BigUint;
use pacioli_attestation::bound::{Bound, Repricing};
use pacioli_circuits::{ScenarioId, Totals};
use pacioli_prover::{Book, Inputs, Strictness, snapshot, snapshot::Snapshot};
use pacioli_risk::stress::{SETS, ScenarioSet, StressBook, StressScenario, add_scenarios, shipped};
use pacioli_rules::{Amount, Compiled, Prices, Role, Rules};

/// What stands in the rules of every book, besides its own scenarios.
const USUAL: [&str; 5] =
    ["black-thursday-2020", "ftx-2022-11", "oct-10-2025-index", "crash-20", "rally-30-40-60"];

/// A book and what it is measured under.
struct Case {
    name: String,
    rules: Rules,
    prices: Prices,
    snapshot: Snapshot,
    strictness: Strictness,
}

impl Case {
    fn perpetuals(leverage: u32) -> Self {
        let name = format!("perpetuals-{leverage}");
        let (csv, prices) = (perpetuals::accounts(leverage), perpetuals::prices());
        write(&format!("{name}.csv"), &csv);
        write("perpetuals.json", &prices);
        let case = Self::made_up(&name, &perpetuals::rules(leverage), &prices, &csv);
        Self { rules: with(&case.rules, &usual()), ..case }
    }

    fn made_up(name: &str, rules: &str, prices: &str, csv: &str) -> Self {
        Self {
            name: name.to_owned(),
            rules: Rules::parse(rules).expect("the rules are sound"),
            prices: Prices::parse(prices).expect("the prices are sound"),
            snapshot: snapshot::read_csv(csv.as_bytes(), name).expect("the accounts are sound"),
            strictness: Strictness { round: false, leave_out: Vec::new() },
        }
    }

    fn real(folder: &Path) -> Self {
        let prices = fs::read_to_string(folder.join("prices.json")).expect("the folder has prices");
        let prices = Prices::parse(&prices).expect("prices in the project's form");
        let snapshot = snapshot::read(&folder.join("book.csv")).expect("a snapshot");
        let rules = include_str!("../tests/all/real_book/rules.toml");
        let rules = Rules::parse(&rules.replace("cover = false", "cover = true"));
        let names = snapshot.instruments.iter().filter_map(|name| name.split_once(' '));
        let unpriced = names.map(|(_, asset)| asset).filter(|asset| prices.get(asset).is_none());
        let mut leave_out: Vec<String> = unpriced.map(str::to_owned).collect();
        leave_out.sort();
        leave_out.dedup();
        Self {
            name: "real".to_owned(),
            rules: with(&rules.expect("the rules are sound"), &usual()),
            strictness: Strictness { round: true, leave_out },
            prices,
            snapshot,
        }
    }

    /// The bad debt at these prices, account by account.
    fn truth(&self, prices: &Prices) -> Amount {
        let (rules, snapshot) = (self.rules.table(), self.snapshot.clone());
        let book = StressBook::new(rules, prices.clone(), None, snapshot, &self.strictness);
        book.expect("the book fits the rules").at_mark().bad_debt
    }

    /// The table and the totals that a proof under these rules would publish.
    fn proved(&self, rules: &Rules) -> Proved {
        let book = Book::new(Inputs {
            venue: self.name.clone(),
            as_of: self.prices.as_of,
            drawn: None,
            previous: None,
            rules: rules.clone(),
            prices: self.prices.clone(),
            reserves: None,
            snapshot: self.snapshot.clone(),
            strictness: self.strictness.clone(),
        });
        let book = book.expect("the book fits the rules");
        let lines = book.accounts().lines();
        let (table, forms) = (book.compiled().clone(), book.forms());
        let totals = Totals::of_lines(lines, table.rows.len());
        let [accounts, lines] = [book.accounts().len(), book.lines()];
        let [plain, covered, closed] = [forms.plain, forms.covered, forms.closed];
        let words = format!(
            "{} scenarios, {} rows; {accounts} accounts ({plain} plain, {covered} covered, \
             {closed} closed) in {lines} lines",
            table.scenarios.len(),
            table.rows.len(),
        );
        Proved { rules: rules.clone(), table, totals, words }
    }
}

/// What is public of a proof.
struct Proved {
    rules: Rules,
    table: Compiled,
    totals: Totals,
    words: String,
}

impl Proved {
    /// The bound at these prices, and the CPU time that its certificate took.
    fn bound(&self, prices: &Prices) -> (Bound, Duration) {
        let repricing = Repricing::of(&self.table, &self.totals, &self.rules, prices, None);
        let repricing = repricing.expect("the book has figures there");
        let begun = ThreadTime::now();
        let (_, bound) = repricing.find(ScenarioId::MARK);
        (bound, begun.elapsed())
    }
}

/// The usual scenarios, of the shipped sets.
fn usual() -> Vec<StressScenario> {
    let all = SETS.iter().filter_map(|(name, _)| shipped(name)).flat_map(|set| set.scenarios);
    all.filter(|one| USUAL.contains(&one.name.as_str())).collect()
}

/// The set `near`, or what is to be tried in its place.
fn near() -> Vec<StressScenario> {
    let own = env::var("PACIOLI_BENCH_SET").ok().map(|path| {
        let text = fs::read_to_string(path).expect("PACIOLI_BENCH_SET is a file");
        ScenarioSet::parse(&text).expect("it is a set of scenarios")
    });
    own.or_else(|| shipped("near")).expect("the set is shipped").scenarios
}

/// The rules with those scenarios that they do not have, but for moves of assets that they do not
/// have.
fn with(rules: &Rules, scenarios: &[StressScenario]) -> Rules {
    let has = |name: &str| rules.scenarios.iter().any(|own| own.name == name);
    let more: Vec<_> = scenarios.iter().filter(|one| !has(&one.name)).cloned().collect();
    let moved = more.iter().flat_map(|one| one.moves.keys());
    let unknown: Vec<_> = moved.filter(|asset| !rules.can_move(asset)).cloned().collect();
    add_scenarios(rules.text(), &more, &unknown).expect("the scenarios fit").rules
}

fn write(name: &str, text: &str) {
    if let Ok(folder) = env::var("PACIOLI_BENCH_OUT") {
        fs::write(Path::new(&folder).join(name), text).expect("the folder can be written");
    }
}

/// Whole units of the quote currency, rounded up.
fn whole(amount: &Amount) -> BigUint {
    let unit = BigUint::from(10u32).pow(amount.decimals);
    (&amount.units + &unit - 1u32) / unit
}

fn number(amount: &Amount) -> f64 {
    amount.to_string().parse().expect("an amount is a number")
}

/// By how much a bound is above the truth, in parts of 10,000 of what is owed.
fn above(bound: &Bound, truth: &Amount) -> f64 {
    let above = number(&bound.bad_debt_at_most) - number(truth);
    10_000.0 * above / number(&bound.owed_at_least)
}

/// The case's own rules, those with `near`, and, where they have the rates, with initial margin
/// besides.
fn ladder(case: &Case) -> Vec<(&'static str, Rules)> {
    let close = with(&case.rules, &near());
    let initial = case.name.starts_with("perpetuals").then(|| {
        let rules = close.text().to_owned() + perpetuals::INITIAL;
        ("near and initial", Rules::parse(&rules).expect("the rules have its rates"))
    });
    [("without", case.rules.clone()), ("near", close)].into_iter().chain(initial).collect()
}

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn measure(case: &Case) {
    println!("\n{}", case.name);
    let ladder = ladder(case);
    let proved = ladder.iter().map(|(what, rules)| {
        write(&format!("{}-{}.toml", case.name, what.replace(' ', "-")), rules.text());
        let proved = case.proved(rules);
        println!("  {what}: {}", proved.words);
        proved
    });
    let proved: Vec<_> = proved.collect();
    let heads: Vec<_> = ladder.iter().map(|(what, _)| format!("{what} | times")).collect();
    println!("\n| bad debt | truth | {} |", heads.join(" | "));
    println!("|---|---|{}", "---|".repeat(2 * proved.len()));
    let mut longest = Duration::ZERO;
    let mut at = |day: &Day| {
        let prices = day.prices(&case.prices, &case.rules, &proved[0].table);
        let truth = case.truth(&prices);
        let bounds = proved.iter().map(|proved| {
            let (bound, time) = proved.bound(&prices);
            assert!(truth.units <= bound.bad_debt_at_most.units, "{} is no bound", day.name);
            longest = longest.max(time);
            bound
        });
        let bounds: Vec<_> = bounds.collect();
        (truth, bounds)
    };
    for day in DAYS {
        let (truth, bounds) = at(&day);
        let cells = bounds.iter().map(|bound| {
            let most = &bound.bad_debt_at_most;
            let times = number(most) / number(&truth);
            let times = if times.is_finite() { format!("{times:.2}") } else { "-".to_owned() };
            format!("{} | {times}", whole(most))
        });
        let cells: Vec<_> = cells.collect();
        println!("| {} | {} | {} |", day.name, whole(&truth), cells.join(" | "));
    }
    for size in [10, 20, 40] {
        let days = days::drawn(size);
        let found: Vec<_> = days.iter().map(&mut at).collect();
        let means = (0..proved.len()).map(|rules| {
            let all = found.iter().map(|(truth, bounds)| above(&bounds[rules], truth));
            format!("{:.2}", all.sum::<f64>() / days.len() as f64)
        });
        println!(
            "{} drawn days of {} %: above the truth by {} of 10,000 owed",
            days.len(),
            size / 10,
            means.collect::<Vec<_>>().join(", ")
        );
    }
    println!("the longest certificate took {longest:.1?} CPU");
}

/// How long a certificate takes on tables of other sizes, at prices that have nothing to do with
/// those of any scenario.
#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn find(assets: usize, stresses: usize) {
    let [before, after] = wide_table::prices(assets);
    let rules = wide_table::rules(assets, stresses).expect("a string takes all");
    let csv = wide_table::accounts(assets).expect("a string takes all");
    let case = Case::made_up("wide", &rules, &before, &csv);
    let proved = case.proved(&case.rules);
    let after = Prices::parse(&after).expect("the prices are sound");
    let (bound, time) = proved.bound(&after);
    let closes =
        |role| matches!(role, Role::Equity { .. } | Role::Shortfall { .. } | Role::Slack { .. });
    let rows = proved.table.rows.iter().zip(&proved.totals.0);
    let held = rows.filter(|(row, total)| total.quantity > 0 && !closes(row.role)).count();
    let [most, truth] = [&bound.bad_debt_at_most, &case.truth(&after)].map(number);
    println!("{}", proved.words);
    println!("  {held} rows held: {time:.2?} CPU; bad debt at most {most:.0}, in truth {truth:.0}");
}

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn main() {
    for leverage in [5, 20, 50] {
        measure(&Case::perpetuals(leverage));
    }
    if let Ok(folder) = env::var("PACIOLI_REAL_BOOK") {
        measure(&Case::real(Path::new(&folder)));
    }
    println!("\ncertificates for other tables");
    find(50, 38);
    // `cargo bench -- --test`, in CI, runs each bench once and waits for none.
    if !env::args().any(|arg| arg == "--test") {
        find(243, 410);
        find(100, 500);
        find(395, 20);
    }
}
