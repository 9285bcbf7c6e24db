//! What `prove` and `deal` are given: the book, and how to recognise what it was made from.

use std::{collections::BTreeMap, fs, io::Read, path::Path};

use alloy_primitives::Keccak256;
use anyhow::{Context, Result, anyhow, ensure};
use jiff::Timestamp;
use pacioli_attestation::{
    Attestation, Digest, Draw, Drawn, Progress, check_day_after, check_successor, missed_since,
};
use pacioli_postgres::is_address;
use pacioli_prover::{Book, BookError, Inputs, OperatorSecret, Strictness};
use pacioli_rules::Policy;

use super::{book::BookSource, draw, files};
use crate::{args::BookArgs, output};

/// Reads the book and balances it. Gives what was warned of too, which is said.
pub fn read_book(args: &BookArgs, progress: &dyn Progress) -> Result<(Book, Vec<String>)> {
    let rules = files::read_rules(&args.rules)?;
    let prices = files::read_prices(&args.prices)?;
    let reserves = args.reserves.as_deref().map(files::read_reserves).transpose()?;
    let previous = args.previous.as_deref().map(files::read_attestation).transpose()?;
    let as_of = args.as_of.as_deref().map(files::time).transpose()?;
    let venue = args.venue.clone().unwrap_or_else(|| rules.name().to_owned());
    let drawn = args.drawn_from.as_deref().map(draw::read).transpose()?;
    let as_of = time(as_of, prices.as_of, drawn.as_ref().map(|(_, draw)| draw))?;
    let not_drawn = as_the_policy_asks(rules.policy(), drawn.as_ref())?;
    let drawn = drawn.map(|(drawn, _)| drawn);
    let mut said: Vec<String> = not_drawn.into_iter().collect();
    if let Some(previous) = &previous {
        follows(previous, &venue, as_of, drawn.as_ref()).context("--previous")?;
        let day = drawn.as_ref().map(Drawn::day);
        let missed = day.and_then(|day| missed_since(previous, day, rules.policy()));
        said.extend(missed.filter(|missed| missed.days > 0).map(|missed| missed.to_string()));
    }
    said.iter().for_each(|one| output::warn(one));
    let source = BookSource {
        snapshot: &args.snapshot,
        query: args.query.as_deref(),
        classes: args.classes.as_deref(),
    };
    let (snapshot, mut warnings) = source.read(progress)?;
    let refused = prices.refused.clone();
    warnings.extend(said);
    progress.begin("balancing the accounts", 1);
    let book = Book::new(Inputs {
        venue,
        as_of,
        drawn,
        previous: previous.map(|previous| (previous.header.sequence, previous.digest())),
        rules,
        prices,
        reserves,
        snapshot,
        strictness: Strictness { round: args.round, leave_out: args.leave_out.clone() },
    })
    .map_err(|error| match error {
        BookError::Rules(error) => anyhow!(error).context(args.rules.display().to_string()),
        BookError::Input(error) => files::book_input(error, &source.name()),
        error => error.into(),
    })?;

    if let (Some(path), Some(reserves)) = (&args.reserves, book.reserves()) {
        warnings.extend(files::uncounted_reserves(path, reserves, book.compiled()));
    }
    for (name, reason) in &refused {
        let is_it = |asset: &&String| name.eq_ignore_ascii_case(asset);
        if let Some(asset) = args.leave_out.iter().find(is_it) {
            let told = format!(
                "{}: `{asset}` is left out, whose price was refused ({reason}): the clause \
                 left_out.refused.{asset} does not hold, whatever the policy says",
                args.prices.display()
            );
            output::warn(&told);
            warnings.push(told);
        }
    }
    Ok((book, warnings))
}

/// What a run is made from, each by its option: two runs of which all are the same are one.
pub type Fingerprint = BTreeMap<String, String>;

/// The fingerprint of a run. What comes from a pipe or a database is not read for it: of these only
/// the address and the query are compared.
pub fn fingerprint(args: &BookArgs, secret: &OperatorSecret) -> Result<Fingerprint> {
    let mut found = Fingerprint::new();
    let mut add = |name: &str, value: String| found.insert(name.to_owned(), value);
    add("the program's version", env!("CARGO_PKG_VERSION").to_owned());
    add("--secret", secret.fingerprint().to_string());
    let address = args.snapshot.to_str().filter(|text| is_address(text));
    let snapshot = match address {
        Some(address) => format!("database {}", Digest::of(address.as_bytes())),
        None => digest(&args.snapshot)?,
    };
    add("--snapshot", snapshot);
    add("--rules", Digest::of(files::read_rules_text(&args.rules)?.as_bytes()).to_string());
    let given = [
        ("--query", &args.query),
        ("--classes", &args.classes),
        ("--reserves", &args.reserves),
        ("--drawn-from", &args.drawn_from),
        ("--previous", &args.previous),
    ];
    for (name, path) in given {
        add(name, path.as_deref().map(digest).transpose()?.unwrap_or_default());
    }
    add("--prices", digest(&args.prices)?);
    add("--setup", digest(&args.setup)?);
    add("--venue", args.venue.clone().unwrap_or_default());
    add("--as-of", args.as_of.clone().unwrap_or_default());
    add("--round", args.round.to_string());
    add("--leave-out", args.leave_out.join(","));
    Ok(found)
}

/// The names of what differs.
pub fn differences(left: &Fingerprint, right: &Fingerprint) -> Vec<String> {
    let names: std::collections::BTreeSet<_> = left.keys().chain(right.keys()).collect();
    names.into_iter().filter(|name| left.get(*name) != right.get(*name)).cloned().collect()
}

/// The digest of a file, or of all files of a folder with their names.
fn digest(path: &Path) -> Result<String> {
    let read = || format!("cannot read {}", path.display());
    let metadata = fs::metadata(path).with_context(read)?;
    if metadata.is_dir() {
        let mut names = fs::read_dir(path)
            .and_then(|found| found.map(|one| Ok(one?.path())).collect::<std::io::Result<Vec<_>>>())
            .with_context(read)?;
        names.sort();
        let mut all = String::new();
        for name in names {
            all += &format!("{}\n{}\n", files::name(&name), digest(&name)?);
        }
        return Ok(Digest::of(all.as_bytes()).to_string());
    }
    if !metadata.is_file() {
        return Ok("pipe".to_owned());
    }
    let (mut file, mut hash) = (fs::File::open(path).with_context(read)?, Keccak256::new());
    let mut part = vec![0; 1 << 20];
    loop {
        match file.read(&mut part).with_context(read)? {
            0 => return Ok(Digest(hash.finalize().0).to_string()),
            length => hash.update(&part[..length]),
        }
    }
}

/// The time of the snapshot: the one given, or the drawn one, which has to be the same, or that of
/// the prices.
fn time(given: Option<Timestamp>, prices: Timestamp, draw: Option<&Draw>) -> Result<Timestamp> {
    let Some(Draw { day, second, seen, .. }) = draw else { return Ok(given.unwrap_or(prices)) };
    if let Some(given) = given {
        ensure!(
            given == *second,
            "--as-of is {given}, and the second of {day} drawn from {seen} is {second}: take the \
             snapshot as of that"
        );
    }
    Ok(*second)
}

/// Holds what is drawn against the policy. A policy that asks for a drawn time is broken by one that
/// was not: that is said as a warning.
fn as_the_policy_asks(policy: &Policy, drawn: Option<&(Drawn, Draw)>) -> Result<Option<String>> {
    let Some(asked) = policy.drawn else { return Ok(None) };
    let Some((_, draw)) = drawn else {
        let text = format!(
            "policy.drawn: the time has to be drawn from {}, and --drawn-from is not given: the \
             attestation does not hold",
            asked.from
        );
        return Ok(Some(text));
    };
    ensure!(
        draw.source == asked.from,
        "--drawn-from: this is from {}, and policy.drawn asks for {}",
        draw.source,
        asked.from
    );
    Ok(None)
}

/// Whether a book of this time may follow an attestation.
fn follows(
    previous: &Attestation,
    venue: &str,
    as_of: Timestamp,
    drawn: Option<&Drawn>,
) -> Result<()> {
    check_day_after(&previous.header, drawn)?;
    Ok(check_successor(&previous.header, venue, as_of)?)
}
