//! The anomaly rules over the shipped crashes: how early they tell, and how often for nothing.
//!
//! The prices are facts (scenarios/paths.toml), the book is made up. docs/watch.md has the table;
//! `PACIOLI_BLESS=1` writes it again.

use std::{collections::BTreeMap, env, fmt::Write, fs, path::Path};

use jiff::Timestamp;
use pacioli_attestation::{Digest, Header};
use pacioli_rules::{Amount, Decimal};
use pacioli_watch::{
    alert::Kind,
    config::{Config, Judging, Venue},
    judge::{Memory, judge},
    reading::{Answer, Attested, Checked, Kept, OwnBook, OwnScenario, Reading, Readings, Said},
};
use serde::Deserialize;

use super::book::{ACCOUNTS, Book, Figures, Noise, ONE, Prices};

/// The rules of the file that `watch init` writes.
const CONFIG: &str = "database = \"x\"\nkey = {}\n[[venues]]\nname = \"Sample\"\nmax_age = \"9999d\"\n\
                      attestations = [{ name = \"site\", file = \"a\" }]\n\
                      [venues.anomalies]\nwindow = 30\nleast = 10\ndeviations = 6\nfloor_bps = 100\n";

const CANDLE: i64 = 4 * 3_600;
/// Candles between two attestations.
const DAY: usize = 6;
/// Candles before a crash: enough for the rules to know what is usual, once a day.
const BEFORE: usize = 40 * DAY;
/// Candles of a calm time: a year.
const CALM: usize = 365 * DAY;
/// How far a price goes in a candle on calm days, at most: most go a third of it or less.
const CALM_MOVE: i64 = ONE / 33;
/// Values of a series that are looked at.
const WINDOW: usize = 30;

#[derive(Deserialize)]
struct Paths {
    paths: Vec<Crash>,
}

#[derive(Deserialize)]
struct Crash {
    scenario: String,
    moves: BTreeMap<String, Vec<Decimal>>,
}

impl Crash {
    fn prices(&self) -> Vec<Prices> {
        let part = |by: &Decimal| ONE + i64::try_from(by.floor_units(6).0).unwrap();
        let [bitcoin, ether] = ["BTC", "ETH"].map(|asset| self.moves[asset].iter().map(part));
        bitcoin.zip(ether).map(|(bitcoin, ether)| [bitcoin, ether]).collect()
    }
}

/// A watch that sees the book at each look, or an attestation of it a day.
struct Watch {
    venue: Venue,
    memory: Memory,
    looks: u64,
}

impl Watch {
    fn new() -> Self {
        let config = Config::parse(CONFIG, Path::new("")).unwrap();
        let venue = config.venues.into_iter().next().unwrap();
        Self { venue, memory: Memory::default(), looks: 0 }
    }

    /// The names of what is unusual.
    fn looks_at(&mut self, readings: &Readings) -> Vec<String> {
        self.looks += 1;
        let now = Timestamp::from_second(i64::try_from(self.looks).unwrap() * CANDLE).unwrap();
        let judged = judge(&self.venue, &Judging::default(), &self.memory, readings, now);
        for (name, number, value) in judged.learned.series {
            let series = self.memory.series.entry(name).or_default();
            series.insert(number, value);
            while series.len() > WINDOW {
                series.pop_first();
            }
        }
        let unusual = judged.facts.into_iter().filter(|fact| fact.subject.kind == Kind::Anomaly);
        unusual.map(|fact| fact.subject.what).collect()
    }

    fn own(&mut self, figures: &Figures) -> Vec<String> {
        let amount = |units: i64| Amount::new(u64::try_from(units).unwrap(), 0);
        let mark = OwnScenario {
            name: "mark".into(),
            owed: amount(figures.owed),
            bad_debt: amount(figures.bad_debt),
            fund: Some(amount(i64::MAX)),
            below_margin: u64::try_from(figures.below_margin).unwrap(),
            half_of_bad_debt: 0,
        };
        let left_out = Vec::new();
        let book = OwnBook { accounts: ACCOUNTS, coverage: None, left_out, scenarios: vec![mark] };
        self.looks_at(&Readings { book: Some(Answer::Read(book)), ..Readings::default() })
    }

    fn attested(&mut self, figures: &Figures) -> Vec<String> {
        let number = self.looks;
        let units = |units: i64| u64::try_from(units).unwrap().into();
        let names = ["owed", "bad debt", "deposits.BTC", "deposits.ETH", "deposits.USDC"];
        let values = [figures.owed, figures.bad_debt].into_iter().chain(figures.deposits);
        let open = ["open interest.BTC", "open interest.ETH"].into_iter().zip(figures.open);
        let all = names.into_iter().zip(values).chain(open);
        let figures = all.map(|(name, value)| (name.to_owned(), units(value))).collect();
        let said = Said { figures, ..Said::default() };
        let kept = Kept { header: header(number), may_miss: None };
        let checked = Checked::Verified(Box::new(said));
        let attested = Attested { digest: digest(number), kept, checked };
        let answer = Answer::Read(vec![attested]);
        let attestations = vec![Reading { source: "site".into(), answer }];
        self.looks_at(&Readings { attestations, ..Readings::default() })
    }
}

/// The header of a number, by the venue's word: what is unusual rests on none of it.
fn header(number: u64) -> Header {
    Header {
        venue: "Sample".into(),
        sequence: number,
        previous: number.checked_sub(1).map(digest),
        as_of: Timestamp::UNIX_EPOCH,
        drawn: None,
        accounts: 1_000,
        accounts_left_out: 0,
        left_out: Vec::new(),
        rounding: Default::default(),
        k: 11,
        page_size: 64,
        scenarios: 1,
        program: None,
        key: digest(0),
        setup: String::new(),
        software: String::new(),
    }
}

/// A digest of its own for a number.
fn digest(number: u64) -> Digest {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&number.to_be_bytes());
    Digest(digest)
}

/// Prices of so many calm candles, that end at 1.
fn calm(candles: usize, seed: u64) -> Vec<Prices> {
    let mut noise = Noise(seed);
    let mut prices = vec![[ONE; 2]];
    for _ in 1..candles {
        // Both go much the same way.
        let both = noise.within(CALM_MOVE);
        let next = prices[prices.len() - 1].map(|price| {
            let by = (2 * both + noise.within(CALM_MOVE)) / 3;
            // Back from where nothing calm would lead.
            let back = (ONE - price) / 100;
            price + price * by / ONE + back
        });
        prices.push(next);
    }
    prices.reverse();
    prices
}

/// When something unusual was seen in a crash: candles since its beginning, and what.
struct Seen {
    own: Option<(usize, Vec<String>)>,
    attested: Option<(usize, Vec<String>)>,
}

fn replay(path: &[Prices], seed: u64) -> Seen {
    let (mut own, mut attested, mut book) = (Watch::new(), Watch::new(), Book::new(seed));
    for (at, prices) in calm(BEFORE, seed).into_iter().enumerate() {
        let figures = book.calm(prices);
        own.own(&figures);
        if at % DAY == 0 {
            attested.attested(&figures);
        }
    }
    let mut seen = Seen { own: None, attested: None };
    for (at, prices) in path.iter().enumerate() {
        let figures = book.look(*prices);
        let unusual = Some(own.own(&figures)).filter(|unusual| !unusual.is_empty());
        seen.own = seen.own.or(unusual.map(|unusual| (at, unusual)));
        if (BEFORE + at).is_multiple_of(DAY) {
            let unusual = Some(attested.attested(&figures)).filter(|found| !found.is_empty());
            seen.attested = seen.attested.or(unusual.map(|unusual| (at, unusual)));
        }
    }
    seen
}

/// Looks of a calm year at which something was unusual, of how many: at the own book, at attestations.
fn false_alarms() -> [(usize, usize); 2] {
    let (mut own, mut attested, mut book) = (Watch::new(), Watch::new(), Book::new(1));
    let mut alarms = [(0, 0); 2];
    for (at, prices) in calm(BEFORE + CALM, 1).into_iter().enumerate() {
        let figures = book.calm(prices);
        let mut count = |which: usize, unusual: Vec<String>| {
            if at >= BEFORE {
                alarms[which].0 += usize::from(!unusual.is_empty());
                alarms[which].1 += 1;
            }
        };
        count(0, own.own(&figures));
        if at % DAY == 0 {
            count(1, attested.attested(&figures));
        }
    }
    alarms
}

fn percent(part: i64) -> String {
    format!("{}.{}", part / 10_000, part / 1_000 % 10)
}

fn table() -> String {
    let text = include_str!("../../../scenarios/paths.toml");
    let paths: Paths = toml::from_str(text).unwrap();
    let mut table =
        "| crash | hours | falls by, % | own book: after h | fallen, % | what | an attestation a \
                     day: after h |\n|---|--:|--:|--:|--:|---|--:|\n"
            .to_owned();
    for (path, seed) in paths.paths.iter().zip(1..) {
        let prices = path.prices();
        let fallen = |at: usize| {
            let low = prices[..=at].iter().flatten().min().unwrap();
            percent(ONE - low)
        };
        let hours = |candles: usize| (candles * 4).to_string();
        let Seen { own, attested } = replay(&prices, seed);
        let [after, by, what] = own.map_or(["never", "-", "-"].map(str::to_owned), |(at, what)| {
            let what: Vec<_> = what.iter().map(|one| one.replace(" in mark", "")).collect();
            [hours(at), fallen(at), what.join(", ")]
        });
        let attested = attested.map_or_else(|| "never".to_owned(), |(at, _)| hours(at));
        let (length, whole) = (hours(prices.len() - 1), fallen(prices.len() - 1));
        let name = &path.scenario;
        writeln!(table, "| {name} | {length} | {whole} | {after} | {by} | {what} | {attested} |")
            .unwrap();
    }
    let [(own, looks), (attested, days)] = false_alarms();
    write!(
        table,
        "\nIn a calm year, whose prices are drawn: something was unusual at {own} of {looks} looks at the \
         book, and at {attested} of {days} attestations.\n"
    )
    .unwrap();
    table
}

#[test]
fn the_document_says_how_early_and_how_often_for_nothing() {
    const BEGIN: &str = "<!-- crashes: the test `crashes` of the watch writes this -->\n";
    const END: &str = "<!-- end of crashes -->";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/watch.md");
    let document = fs::read_to_string(&path).unwrap();
    let (head, rest) = document.split_once(BEGIN).unwrap();
    let (stored, tail) = rest.split_once(END).unwrap();
    let table = table();
    if env::var_os("PACIOLI_BLESS").is_some() {
        return fs::write(&path, format!("{head}{BEGIN}{table}{END}{tail}")).unwrap();
    }
    assert_eq!(stored, table, "docs/watch.md: PACIOLI_BLESS=1 writes it again");
}
