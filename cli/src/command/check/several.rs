//! `pacioli check` of several statements against one attestation: a line each, and a sum.

use std::{collections::BTreeSet, fmt::Write, fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use pacioli_attestation::{
    Progress, Verified,
    statement::{self, Statement},
};
use pacioli_rules::{
    Class,
    form::{FileKind, Head},
};
use serde_json::json;

use super::{super::files, FOR_YOU, accepted, verdict};
use crate::{
    args::CheckArgs,
    command::report::{Setup, warning},
    outcome::Outcome,
    output::{Report, Unfinished, message},
    progress::Shown,
    shown::shown,
    table::paragraph,
};

/// A statement that was looked at.
struct Seen {
    file: String,
    account: Option<String>,
    found: Result<Class>,
}

/// How many ended how.
#[derive(Default)]
struct Sum {
    in_the_book: usize,
    do_not_hold: usize,
    not_checked: usize,
}

/// Runs the command.
pub fn run(args: &CheckArgs, progress: &Shown) -> Result<Report> {
    if args.id.is_some() {
        bail!("--id is one holder's: give it with one statement");
    }
    let listed = statements(&args.statements)?;
    let verified = accepted(args, progress)?;
    progress.begin("checking statements", listed.len() as u64);
    let mut all = Vec::with_capacity(listed.len());
    for (done, one) in listed.iter().enumerate() {
        all.extend(look(one, &verified));
        progress.reach(done as u64 + 1);
    }
    if all.is_empty() {
        bail!("there is no statement in what was given");
    }
    report(&all, &verified)
}

/// A file that was named, or found in a folder that was.
enum Listed {
    Named(PathBuf),
    Found(PathBuf),
}

/// The files that were named, and those of the folders that were: every `*.json`, by name.
fn statements(paths: &[PathBuf]) -> Result<Vec<Listed>> {
    let mut listed = Vec::new();
    for path in paths {
        if !path.is_dir() {
            listed.push(Listed::Named(path.clone()));
            continue;
        }
        let cannot = || format!("cannot read {}", path.display());
        let (mut found, mut encrypted) = (Vec::new(), 0);
        for entry in fs::read_dir(path).with_context(cannot)? {
            let file = entry.with_context(cannot)?.path();
            match file.extension().and_then(|ending| ending.to_str()) {
                Some("json") if file.is_file() => found.push(file),
                Some("age") => encrypted += 1,
                _ => {}
            }
        }
        if encrypted > 0 {
            let path = path.display();
            bail!("{path} has {encrypted} encrypted files: decrypt them first, as with `age -d`");
        }
        found.sort();
        listed.extend(found.into_iter().map(Listed::Found));
    }
    Ok(listed)
}

/// What became of one file; `None` of one in a folder that says that it is no statement.
fn look(listed: &Listed, verified: &Verified) -> Option<Seen> {
    let (Listed::Named(path) | Listed::Found(path)) = listed;
    let (file, mut account) = (path.display().to_string(), None);
    let read = files::read(path);
    if let (Listed::Found(_), Ok(bytes)) = (listed, &read)
        && is_another(bytes)
    {
        return None;
    }
    let found = read.and_then(|bytes| {
        let statement = Statement::parse(&bytes)?;
        account = Some(statement.account.clone());
        Ok(statement::check(&statement, verified, None)?.class)
    });
    Some(Seen { file, account, found })
}

/// Whether a file is one of ours that is no statement: an attestation, a key, an index.
fn is_another(bytes: &[u8]) -> bool {
    let version = Head::read(bytes).0.version.unwrap_or_default();
    version.starts_with("pacioli ") && FileKind::of_version(&version) != Some(FileKind::Statement)
}

impl Seen {
    fn outcome(&self) -> Outcome {
        self.found.as_ref().map_or_else(Outcome::of, |_| Outcome::Holds)
    }
}

impl Sum {
    fn of(all: &[Seen]) -> Self {
        let mut sum = Self::default();
        for seen in all {
            *match seen.outcome() {
                Outcome::Holds => &mut sum.in_the_book,
                Outcome::DoesNotHold => &mut sum.do_not_hold,
                Outcome::CouldNotCheck | Outcome::TryAgain => &mut sum.not_checked,
            } += 1;
        }
        sum
    }

    /// Whether all are in the book: `None` if that is not known of one, and none is known not to be.
    fn verdict(&self) -> Option<bool> {
        match self {
            Self { do_not_hold: 1.., .. } => Some(false),
            Self { not_checked: 1.., .. } => None,
            _ => Some(true),
        }
    }
}

fn report(all: &[Seen], verified: &Verified) -> Result<Report> {
    let sum = Sum::of(all);
    let accounts: BTreeSet<&String> = all.iter().filter_map(|seen| seen.account.as_ref()).collect();
    let accounts = accounts.len();
    let headline = headline(&sum, all.len(), accounts, verified);
    let mut text = String::new();
    write(&mut text, &headline, all, verified).expect("a string takes all");
    let statements = all.iter().map(|seen| {
        let (class, error) = match &seen.found {
            Ok(class) => (Some(class), None),
            Err(error) => (None, Some(message(error))),
        };
        json!({
            "file": seen.file,
            "account": seen.account,
            "in_the_book": in_the_book(seen.outcome()),
            "class": class,
            "error": error,
        })
    });
    let json = json!({
        "in_the_book": sum.verdict(),
        "verdict": headline,
        "policy_holds": verified.holds(),
        "policy": verified.clauses,
        "setup": Setup::of(verified).json(),
        "attestation": verified.digest,
        "sum": {
            "statements": all.len(),
            "accounts": accounts,
            "in_the_book": sum.in_the_book,
            "do_not_hold": sum.do_not_hold,
            "not_checked": sum.not_checked,
        },
        "statements": statements.collect::<Vec<_>>(),
        "for_you_to_check": FOR_YOU,
    });
    let verdict = sum.verdict();
    let report = Report { text, json, holds: verdict == Some(true) };
    if verdict.is_none() { Err(Unfinished(report).into()) } else { Ok(report) }
}

/// The first line.
fn headline(sum: &Sum, statements: usize, accounts: usize, verified: &Verified) -> String {
    let s = |count: usize| if count == 1 { "" } else { "s" };
    let of =
        format!("{statements} statement{} of {accounts} account{}", s(statements), s(accounts));
    if sum.verdict() == Some(true) {
        let are = if statements == 1 { "is" } else { "are" };
        return verdict(&format!("{of} {are} counted, and the lines add up"), verified);
    }
    let Sum { in_the_book, do_not_hold, not_checked } = sum;
    let head = if *do_not_hold > 0 { "NOT ALL IN THE BOOK" } else { "NOT ALL COULD BE CHECKED" };
    format!(
        "{head}: of {of} {in_the_book} hold{}, {do_not_hold} do{} not hold, {not_checked} could not be \
         checked",
        if *in_the_book == 1 { "s" } else { "" },
        if *do_not_hold == 1 { "es" } else { "" },
    )
}

fn write(
    t: &mut String,
    headline: &str,
    all: &[Seen],
    verified: &Verified,
) -> Result<(), std::fmt::Error> {
    writeln!(t, "{headline}")?;
    if let Some(warning) = warning(verified.origin()) {
        paragraph(t, "  ", warning)?;
    }
    let header = &verified.attestation.header;
    let (venue, accounts) = (shown(&header.venue), header.accounts);
    paragraph(t, "  by ", &format!("{venue}, as of {}, of {accounts} accounts (W)", header.as_of))?;
    writeln!(t, "  in the attestation {}\n", verified.digest)?;
    for Seen { file, account, found } in all {
        let account = account.as_deref().map(shown).unwrap_or_default();
        let file = shown(file);
        match found {
            Ok(class) => writeln!(t, "  in the book      {account}  {class}  {file}")?,
            Err(error) if Outcome::of(error) == Outcome::DoesNotHold => {
                writeln!(t, "  DOES NOT HOLD    {account}  {file}: {}", message(error))?;
            }
            Err(error) => writeln!(t, "  could not check  {account}  {file}: {}", message(error))?,
        }
    }
    writeln!(t, "\nfor whoever holds an account to check")?;
    FOR_YOU.iter().try_for_each(|one| writeln!(t, "  - {one}"))
}

fn in_the_book(outcome: Outcome) -> Option<bool> {
    match outcome {
        Outcome::Holds => Some(true),
        Outcome::DoesNotHold => Some(false),
        Outcome::CouldNotCheck | Outcome::TryAgain => None,
    }
}
