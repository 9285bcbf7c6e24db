//! Reading, balancing and dealing out a made-up book of any size (`support/large.rs`), sealing its
//! shards and keeping its accounts: CPU and wall time of each step, and the process's peak memory.
//!
//! ```text
//! PACIOLI_SIZE_ACCOUNTS=10000000   accounts; 2,000 if absent
//! PACIOLI_SIZE_SHAPE=csv           csv, parquet (a folder of files) or postgres; all three if absent
//! PACIOLI_SIZE_SORTED=1            the lines of an account one after another; far apart if absent
//! PACIOLI_SIZE_FOLDER=DIR          where files are kept for the next run; a temporary folder if absent
//! PACIOLI_SIZE_ADDRESS=postgres://.. a server that has the table `book`, made on one of our own if absent
//! PACIOLI_SIZE_ONLY=make           only makes the files or the table, so that their making is not measured
//! PACIOLI_SIZE_WRITE=1             also seals shards and writes a run's SQLite file, some 300 bytes an account
//!                                  in all, beside the files; in any case up to 10,000 accounts
//! ```

#![expect(clippy::print_stdout, reason = "what a bench is for")]

#[path = "support/large.rs"]
mod large;
#[path = "support/large_files.rs"]
mod large_files;
#[path = "support/meter.rs"]
mod meter;
#[path = "support/written.rs"]
mod written;

use std::{env, path::Path};

use large::{PRICES, RULES, Venue};
use large_files::{make_csv, make_parquet};
use meter::{measured, print_peak_memory};
use pacioli_attestation::VolumeId;
use pacioli_circuits::{MAX_PAGE_SIZE, Shape};
use pacioli_postgres::{Database, Environment, testing};
use pacioli_prover::{
    Plan, Strictness, balance_book, page_size,
    snapshot::{self, Snapshot},
};
use pacioli_rules::{Prices, Rules, compile};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use written::{WRITTEN_IN_ANY_CASE, keep_accounts, seal_shards};

/// The size of a volume's circuit.
const K: u32 = 18;

fn main() {
    let accounts = set("PACIOLI_SIZE_ACCOUNTS").map_or(2_000, |text| {
        text.parse().expect("PACIOLI_SIZE_ACCOUNTS is a number such as 1000000")
    });
    let venue = Venue { accounts, sorted: set("PACIOLI_SIZE_SORTED").is_some() };
    let own = tempfile::tempdir().expect("a temporary folder");
    let folder = set("PACIOLI_SIZE_FOLDER");
    let folder = folder.as_ref().map_or(own.path(), Path::new);
    let order = if venue.sorted { "sorted" } else { "unsorted" };
    let name = |end: &str| folder.join(format!("book-{accounts}-{order}{end}"));
    let (csv, parquet) = (name(".csv"), name(".parquet.d"));
    let only_make = set("PACIOLI_SIZE_ONLY").is_some_and(|only| only == "make");
    let shapes = set("PACIOLI_SIZE_SHAPE");
    let shapes = shapes.as_deref().map_or(vec!["csv", "parquet", "postgres"], |one| vec![one]);
    for shape in shapes {
        println!("{accounts} accounts, {order}, {shape}");
        match shape {
            "csv" => {
                make_csv(&csv, venue);
                if !only_make {
                    run(folder, || snapshot::read(&csv).expect("a sound file"));
                }
            }
            "parquet" => {
                make_parquet(&parquet, venue);
                if !only_make {
                    run(folder, || snapshot::read(&parquet).expect("a sound folder"));
                }
            }
            "postgres" => postgres(folder, &csv, venue),
            _ => panic!("PACIOLI_SIZE_SHAPE is csv, parquet or postgres"),
        }
    }
}

/// The value of a variable that is set to something.
fn set(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// From a table on a server of our own, or the one that is named.
fn postgres(folder: &Path, csv: &Path, venue: Venue) {
    let (server, address, password);
    if let Some(named) = set("PACIOLI_SIZE_ADDRESS") {
        (address, password) = (named, set("PGPASSWORD").unwrap_or_default());
    } else {
        server = testing::private_server();
        let Some(server) = &server else { return };
        make_csv(csv, venue);
        server
            .execute("CREATE TABLE book (account text, instrument text, quantity numeric(38, 8))");
        // The server may not read our folders.
        let copy = server.socket().join("book.csv");
        std::fs::copy(csv, &copy).expect("room for a copy");
        server.execute(&format!("COPY book FROM '{}' CSV HEADER", copy.display()));
        std::fs::remove_file(&copy).expect("the copy is ours");
        (address, password) = (server.address(), testing::PASSWORD.to_owned());
    }
    let environment = Environment::from_pairs([("PGPASSWORD".to_owned(), password)]);
    let database = Database::at(&address, &environment).expect("an address");
    let query = "SELECT account, instrument, quantity FROM book";
    run(folder, || {
        let read = database.query(query, |rows| snapshot::read_csv(rows, "book"));
        read.expect("the server is there").expect("a sound table")
    });
}

/// Reads, balances, deals out and writes, each measured.
fn run(folder: &Path, read: impl FnOnce() -> Snapshot) {
    let rules = Rules::parse(RULES).expect("the rules are sound");
    let prices = Prices::parse(PRICES).expect("the prices are sound");
    let compiled = compile(&rules, &prices).expect("the prices are those of the rules");
    let (snapshot, _) = measured("read", read);
    print_peak_memory();
    let (warnings, _) = measured("warnings", || snapshot.warnings());
    let strictness = Strictness::default();
    let (ledger, _) = measured("balance", || {
        balance_book(snapshot, &rules, &prices, &compiled, &strictness, MAX_PAGE_SIZE)
            .expect("every account balances")
    });
    print_peak_memory();
    let (accounts, forms) = (&ledger.accounts, ledger.forms);
    println!(
        "{} accounts, {} lines, {} warnings; {} plain, {} covered, {} closed",
        accounts.len(),
        accounts.line_count(),
        warnings.len(),
        forms.plain,
        forms.covered,
        forms.closed
    );
    let (plan, _) = measured("shuffle", || {
        let size = page_size(accounts).expect("an account fits a page");
        let shape = Shape::new(K, size).expect("there is such a circuit");
        Plan::deal(shape, accounts, ChaCha20Rng::seed_from_u64(1)).expect("accounts fit pages")
    });
    let volumes = plan.volumes();
    let (lines, _) =
        measured(&format!("the accounts of {volumes} volumes, one after another"), || {
            let dealt = |id| plan.volume(id, accounts).collect::<Vec<_>>();
            let lines = |id| dealt(id).iter().map(|one| one.account.lines.len()).sum::<usize>();
            VolumeId::all(volumes).map(lines).sum::<usize>()
        });
    assert_eq!(lines, accounts.line_count(), "every line is dealt");
    print_peak_memory();
    if accounts.len() > WRITTEN_IN_ANY_CASE && set("PACIOLI_SIZE_WRITE").is_none() {
        return;
    }
    let folder = tempfile::tempdir_in(folder).expect("a folder beside the files");
    let name = format!("{volumes} shards sealed and written");
    let (bytes, _) = measured(&name, || seal_shards(folder.path(), &plan, accounts));
    println!("{} MB", bytes / 1_000_000);
    print_peak_memory();
    let (bytes, _) = measured("opened, and their accounts kept in SQLite", || {
        keep_accounts(folder.path(), volumes)
    });
    println!("{} MB", bytes / 1_000_000);
    print_peak_memory();
}
