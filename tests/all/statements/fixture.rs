//! A venue of two volumes whose holders all have their statements: one that closes every account in
//! every scenario, and one with the same book that does not.

use std::{collections::BTreeMap, fmt::Write, sync::OnceLock};

use pacioli_attestation::{
    Attestation, Candidate, Digest, Verified, VerifyingKey,
    encoding::value_bytes,
    opening::{Opened, Pages},
    setup::{Setup, insecure_setup},
    statement::{CheckedStatement, Statement, StatementError, check},
};
use pacioli_circuits::{Account, Line, Owner, Quantity, seal};
use pacioli_prover::{
    Book, Inputs, OpenedPage, OperatorSecret, RunSecrets, RunStore, Salt, StoredAccount,
    Strictness,
    opening::PageOpener,
    snapshot::read_csv,
    statements::{Holder, Run, make},
};
use pacioli_rules::{Compiled, Prices, Rules};

const RULES: &str = include_str!("../../fixtures/rules.toml");
const PRICES: &str = include_str!("../../fixtures/prices.json");

/// Accounts of the book: more than one volume of 2^11 rows holds.
pub const ACCOUNTS: usize = 220;

/// The holder that most tests are about: solvent in every scenario.
pub const ALICE: &str = "holder-1";

/// Another holder, with the very lines of [`ALICE`].
pub const TWIN: &str = "holder-10";

/// A book in which [`ALICE`] and [`TWIN`] hold the same.
fn snapshot() -> String {
    let mut csv = String::from("account,instrument,quantity\n");
    for number in 0..ACCOUNTS {
        let (coins, dollars) = (number % 9, 1_000 + number % 9 * 37);
        writeln!(csv, "holder-{number},deposit BTC,{coins}.5").unwrap();
        match number % 3 {
            0 => writeln!(csv, "holder-{number},borrow USDC,{}", coins * 9_500 + 2_000).unwrap(),
            _ => writeln!(csv, "holder-{number},deposit USDC,{dollars}.25").unwrap(),
        }
        // Some have no position, and some of these a borrow.
        if number % 9 != 1 && number % 18 != 9 {
            let (side, entry) = [("long", "debit"), ("short", "credit")][number % 2];
            writeln!(csv, "holder-{number},{side} BTC-PERP,1.5").unwrap();
            writeln!(csv, "holder-{number},quote {entry},30000").unwrap();
        }
    }
    csv
}

/// The book, not proved yet; `cover` says whether accounts may be plain or covered.
pub fn book(cover: bool) -> Book {
    let inputs = Inputs {
        venue: "Statements".to_owned(),
        as_of: "2026-01-01T00:00:00Z".parse().unwrap(),
        drawn: None,
        previous: None,
        rules: Rules::parse(&format!("cover = {cover}\n{RULES}")).unwrap(),
        prices: Prices::parse(PRICES).unwrap(),
        reserves: None,
        snapshot: read_csv(snapshot().as_bytes(), "book.csv").unwrap(),
        strictness: Strictness::default(),
    };
    Book::new(inputs).unwrap()
}

/// The setup of all tests.
pub fn setup() -> &'static Setup {
    static SETUP: OnceLock<Setup> = OnceLock::new();
    SETUP.get_or_init(|| insecure_setup(11).unwrap())
}

/// What opens all pages under that setup.
pub fn opener() -> &'static PageOpener {
    static OPENER: OnceLock<PageOpener> = OnceLock::new();
    OPENER.get_or_init(|| PageOpener::new(setup().params(), Pages::new(11, 64).unwrap()).unwrap())
}

/// One proving run and everything private about it.
pub struct Proved {
    pub attestation: Attestation,
    pub secret: OperatorSecret,
    pub salt: Salt,
    pub store: RunStore,
}

impl Proved {
    /// Proves the book, every account closed, under this secret.
    pub fn with(secret: &OperatorSecret) -> Self {
        Self::of(&book(false), secret)
    }

    fn of(book: &Book, secret: &OperatorSecret) -> Self {
        let (salt, mut store) = (Salt::generate().unwrap(), RunStore::in_memory().unwrap());
        let secrets = RunSecrets { secret, salt: &salt };
        let attestation = book.prove(setup(), secrets, &mut store, &()).unwrap();
        Self { attestation, secret: secret.clone(), salt, store }
    }

    /// The run, to make statements of.
    pub fn run(&mut self) -> Run<'_> {
        let secrets = RunSecrets { secret: &self.secret, salt: &self.salt };
        Run::new(&self.attestation, secrets, &mut self.store).unwrap()
    }
}

/// A holder's statement, and what it was made of.
#[derive(Clone)]
pub struct Given {
    pub statement: Statement,
    pub stored: StoredAccount,
    pub opened: OpenedPage,
}

/// A run of which all statements were made.
pub struct Venue {
    pub attestation: Attestation,
    pub verified: Verified,
    pub key: VerifyingKey,
    pub given: BTreeMap<String, Given>,
    pub secrets: (OperatorSecret, Salt),
    pub seeds: Vec<[u8; 32]>,
    /// The values of every page of every volume, whether anybody stands in it or not.
    pub pages: Vec<Vec<[u8; 32]>>,
}

/// What a verifier finds under the key.
pub fn verify_with(key: &VerifyingKey, attestation: &Attestation) -> Verified {
    Candidate::read(&attestation.to_bytes()).unwrap().verify(key.clone(), &()).unwrap()
}

impl Venue {
    /// A venue of its own.
    pub fn new() -> Self {
        Self::of(&book(false))
    }

    fn of(book: &Book) -> Self {
        let mut proved = Proved::of(book, &OperatorSecret::generate().unwrap());
        proved.run().open_all(setup(), opener(), &()).unwrap();
        let ids = proved.store.ids().unwrap();
        let statements = {
            let run = proved.run();
            ids.iter().map(|id| run.statement(id, None).unwrap()).collect::<Vec<_>>()
        };
        let Proved { attestation, secret, salt, store } = proved;
        let given = ids.into_iter().zip(statements).map(|(id, statement)| {
            let stored = store.account(&id).unwrap().unwrap();
            let opened = store.page(statement.volume, statement.page).unwrap().unwrap();
            (id, Given { statement, stored, opened })
        });
        let given = given.collect();
        let key = VerifyingKey::new(setup(), attestation.header.shape().unwrap()).unwrap();
        let verified = verify_with(&key, &attestation);
        let secrets = RunSecrets { secret: &secret, salt: &salt };
        let seeds = attestation.volume_ids().map(|volume| {
            let key = secrets.volume_key(attestation.context().word(volume));
            *key.seed(&store.attempt(volume).unwrap()).secret_bytes()
        });
        let seeds = seeds.collect();
        let count = key.shape().pages();
        let volumes = attestation.volume_ids();
        let places = volumes.flat_map(|volume| (0..count).map(move |page| (volume, page)));
        let pages = places.map(|(volume, page)| {
            let opened = store.page(volume, page).unwrap().unwrap();
            opened.values.iter().map(value_bytes).collect()
        });
        let pages = pages.collect();
        Self { attestation, verified, key, given, secrets: (secret, salt), seeds, pages }
    }

    /// The one that all tests share.
    pub fn get() -> &'static Self {
        static VENUE: OnceLock<Venue> = OnceLock::new();
        VENUE.get_or_init(Self::new)
    }

    /// The one with the same book in which accounts are plain or covered where they can be.
    pub fn with_forms() -> &'static Self {
        static VENUE: OnceLock<Venue> = OnceLock::new();
        VENUE.get_or_init(|| Self::of(&book(true)))
    }

    /// What rules and prices compile to.
    pub fn compiled(&self) -> &Compiled {
        &self.verified.compiled
    }

    /// The statement of a holder.
    pub fn statement(&self, id: &str) -> Statement {
        self.given[id].statement.clone()
    }

    /// Checks a statement against this venue's attestation.
    pub fn check(
        &self,
        statement: &Statement,
        id: Option<&str>,
    ) -> Result<CheckedStatement, StatementError> {
        check(statement, &self.verified, id)
    }

    /// The statement that a venue would write which claims these lines for a holder.
    pub fn claim(&self, id: &str, lines: Vec<Line>) -> Statement {
        let Given { statement, opened, stored } = &self.given[id];
        let nonce = statement.nonce.nonce();
        let account = Account { lines };
        let holder = Holder { id, account: &account, placement: stored.placement, nonce: &nonce };
        make(statement.attestation, self.compiled(), &holder, &opened.values, &opened.opening)
    }

    /// A holder's lines.
    pub fn lines(&self, id: &str) -> Vec<Line> {
        self.given[id].stored.account.lines.clone()
    }

    /// The lines with closing lines that balance them, whatever closed them before.
    pub fn balanced(&self, lines: &[Line]) -> Vec<Line> {
        let compiled = self.compiled();
        let closes = |line: &Line| {
            let mut closings = compiled.scenarios.iter().filter_map(|s| s.balance());
            closings.any(|rows| rows.contains(&line.instrument))
        };
        let mut lines: Vec<Line> = lines.iter().filter(|line| !closes(line)).copied().collect();
        let held = lines.clone();
        for (id, scenario) in compiled.scenarios_by_id() {
            let value = |line: &Line| {
                let values = &compiled.table.instruments()[line.instrument.row()].values;
                line.quantity.units() as i128 * values[id].units()
            };
            let equity: i128 = held.iter().map(value).sum();
            let [positive, negative] = scenario.balance().unwrap();
            let row = if equity < 0 { negative } else { positive };
            if equity != 0 {
                let quantity = Quantity::new(equity.unsigned_abs()).unwrap();
                lines.push(Line { instrument: row, quantity });
            }
        }
        lines.sort_by_key(|line| line.instrument.row());
        lines
    }

    /// What is in a page where a holder's line is sealed under this id.
    pub fn sealed_value(&self, id: &str, index: usize) -> [u8; 32] {
        let Given { statement, stored, .. } = &self.given[id];
        let context = self.attestation.context().word(statement.volume);
        let proof = &self.attestation.volume(statement.volume).unwrap().proof;
        let opened = Opened::of(&self.key.shape(), context, proof).unwrap();
        let (line, owner) = (stored.account.lines[index], Owner::new(id));
        let nonce = statement.nonce.nonce();
        let seal = seal(&value_bytes(&context), &owner, &nonce, index as u16, line);
        let last = index + 1 == stored.account.lines.len();
        let (row, units) = (line.instrument.row(), line.quantity.units());
        value_bytes(&opened.value(seal, row, units, last))
    }

    /// The digest of the attestation.
    pub fn digest(&self) -> Digest {
        self.verified.digest
    }
}
