//! Reading and writing the files of a command, with the file's name in every error.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, Error, Result, bail};
use jiff::Timestamp;
use pacioli_attestation::{
    Attestation, CountsNothing, Digest, Progress, Reserve, Reserves, VerifyingKey, setup::Setup,
};
use pacioli_prover::{BookInputError, LedgerError};
use pacioli_rules::{Closest, Compiled, Prices, Rules, strict};

use crate::{output, presets};

/// The option that names what is left out of a book.
pub const LEAVE_OUT: &str = "--leave-out";

/// A whole file.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// A whole file of text.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read(path)?).with_context(|| format!("{} is not UTF-8", path.display()))
}

/// A file's name without its folders.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// A rules file, or the preset that `preset:NAME` stands for.
pub fn read_rules_text(path: &Path) -> Result<String> {
    match path.to_str().and_then(|text| text.strip_prefix(presets::PREFIX)) {
        Some(name) => presets::text(name),
        None => read_text(path),
    }
}

/// The rules that [`read_rules_text`] reads.
pub fn read_rules(path: &Path) -> Result<Rules> {
    Rules::parse(&read_rules_text(path)?).with_context(|| path.display().to_string())
}

/// A prices file.
pub fn read_prices(path: &Path) -> Result<Prices> {
    Prices::parse(&read_text(path)?).with_context(|| path.display().to_string())
}

/// The error in a book, with the name of its file or of the option at fault.
pub fn book_input(error: BookInputError, book: &str) -> Error {
    match error {
        BookInputError::LeftOut(error) => Error::new(error).context(LEAVE_OUT),
        BookInputError::Ledger(error) => in_the_book(error, book),
        error @ BookInputError::OpenInterest(_) => error.into(),
    }
}

/// An error in a book with the name of its file, or of the option that names what nobody holds.
pub fn in_the_book(error: LedgerError, book: &str) -> Error {
    match error {
        LedgerError::NobodyHolds { .. } => Error::new(error).context(LEAVE_OUT),
        _ => Error::new(error).context(book.to_owned()),
    }
}

/// A reserves file.
pub fn read_reserves(path: &Path) -> Result<Reserves> {
    Reserves::parse(&read_text(path)?).with_context(|| path.display().to_string())
}

/// The reserves of a file that count nothing, said as a warning each.
pub fn uncounted_reserves(path: &Path, reserves: &Reserves, compiled: &Compiled) -> Vec<String> {
    let known = || compiled.assets.keys().map(String::as_str);
    let said = reserves.uncounted(compiled).map(|(index, Reserve { asset, .. }, why)| {
        let entry = format!("{}: reserves[{index}]", path.display());
        match why {
            CountsNothing::Pledged => {
                return format!(
                    "{entry}: `{asset}` has an encumbrance and counts nothing; leave the field out \
                     of what is free of any"
                );
            }
            CountsNothing::Claim => {
                return format!(
                    "{entry}: `{asset}` is a claim on a venue: counts only with contagion"
                );
            }
            CountsNothing::NoAsset => {}
        }
        // `USDT-TRC20` and `ETH-ARBITRUM` are an asset on a network.
        let mut parts = asset.split(['-', '_', '.', ':']);
        let part = parts.find(|part| compiled.assets.contains_key(*part));
        let closest = match part {
            Some(part) => Closest(Some(part.to_owned())),
            None => Closest::of(asset, known()),
        };
        format!(
            "{entry}: `{asset}` is no asset of these rules and prices{closest} and counts nothing"
        )
    });
    let said: Vec<String> = said.collect();
    said.iter().for_each(|one| output::warn(one));
    said
}

/// An attestation that is not being checked, only referred to.
pub fn read_attestation(path: &Path) -> Result<Attestation> {
    Attestation::parse(&read(path)?).with_context(|| path.display().to_string())
}

/// A setup file that `pacioli setup` wrote; every point of it is checked.
pub fn read_setup(path: &Path, progress: &dyn Progress) -> Result<Setup> {
    let setup = Setup::read(path, progress);
    setup.with_context(|| format!("cannot use the setup {}", path.display()))
}

/// The verifying key, vouched for where the reader gave its digest.
pub fn read_key(path: &Path, digest: Option<Digest>) -> Result<VerifyingKey> {
    let bytes = read(path)?;
    let key = match digest {
        Some(digest) => VerifyingKey::from_bytes(&bytes, digest),
        None => VerifyingKey::unvouched_from_bytes(&bytes),
    };
    key.with_context(|| format!("cannot use the key {}", path.display()))
}

/// A time such as `2026-11-21T00:00:00Z`, in any spelling.
pub fn time(text: &str) -> Result<Timestamp> {
    match strict::read_utc_time(text) {
        Some(time) => Ok(time),
        None => bail!("`{text}` is not a UTC time such as `2026-11-21T00:00:00Z`"),
    }
}

/// Writes a file as a whole or not at all: beside its place first, then moved there.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    write_with(path, bytes, 0o666)
}

/// Refuses to replace a file, unless `force`.
pub fn check_new(path: &Path, force: bool) -> Result<()> {
    if path.exists() && !force {
        bail!("{} exists already: give another name, or --force to replace it", path.display());
    }
    Ok(())
}

/// Writes a file that is not there yet; with `force`, in place of one that is.
pub fn write_new(path: &Path, bytes: &[u8], force: bool) -> Result<()> {
    check_new(path, force)?;
    write(path, bytes)
}

/// As [`write()`], for what holds positions or nonces: from its first byte on, only its owner can read it.
/// An existing file that others can read is replaced, not written into.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    write_with(path, bytes, 0o600)
}

/// Writes a private file that nobody has written yet, as a whole or not at all. What is there stays.
pub fn write_private_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let beside = beside(path);
    write_private(&beside, bytes)?;
    // A link does not replace; where there are none, nobody else may write at this moment.
    let linked = match fs::hard_link(&beside, path) {
        Err(error) if !path.exists() => fs::rename(&beside, path).map_err(|_| error),
        _ => Ok(()),
    };
    let _ = fs::remove_file(&beside);
    linked.with_context(|| format!("cannot write {}", path.display()))
}

/// A path beside a file, where no other process writes.
pub fn beside(path: &Path) -> PathBuf {
    let mut beside = path.as_os_str().to_owned();
    // Processes of two machines that share a folder may have one id.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map(|since| since.as_nanos()).unwrap_or_default();
    beside.push(format!(".{}.{now}.part", std::process::id()));
    PathBuf::from(beside)
}

/// What SQLite writes beside a database; a journal would be rolled back into one of its name.
const JOURNALS: [&str; 3] = ["-journal", "-wal", "-shm"];

/// Removes a database that was not finished.
pub fn remove_with_journals(path: &Path) {
    for ending in [""].iter().chain(&JOURNALS) {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let _ = fs::remove_file(name);
    }
}

/// Removes what was written beside a file by processes that did not finish it. Nobody may be writing
/// it now.
pub fn remove_unfinished(path: &Path) {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return };
    let Ok(found) = fs::read_dir(folder) else { return };
    for entry in found.flatten() {
        let (file, name) = (entry.file_name(), name.to_string_lossy());
        if file.to_str().and_then(|file| file.strip_prefix(&*name)).is_some_and(is_beside) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a name ends as those of [`beside`] do, or as those of a database's journals beside them.
fn is_beside(ending: &str) -> bool {
    let ending = JOURNALS.iter().find_map(|end| ending.strip_suffix(end)).unwrap_or(ending);
    let numbers = ending.strip_prefix('.').and_then(|rest| rest.strip_suffix(".part"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    numbers
        .and_then(|text| text.split_once('.'))
        .is_some_and(|(process, time)| is_number(process) && is_number(time))
}

/// Writes a file that has at most these permissions (on Unix).
fn write_with(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let beside = beside(path);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = options.open(&beside).and_then(|mut file| {
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        let moved = written.and_then(|()| fs::rename(&beside, path));
        if moved.is_err() {
            let _ = fs::remove_file(&beside);
        }
        moved
    });
    written.with_context(|| format!("cannot write {}", path.display()))
}

/// Makes a directory if it is missing.
pub fn make_directory(path: &Path) -> Result<()> {
    fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_finished_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.sqlite");
        let beside = beside(&path);
        let journal = format!("{}-journal", beside.display());
        let others = ["run.sqlite", "run.sqlite.part", "run.sqlite.1.part", "run.sqlite.x.2.part"];
        let others = others.map(|name| folder.path().join(name));
        let unfinished = [beside, PathBuf::from(journal)];
        others.iter().chain(&unfinished).for_each(|path| fs::write(path, "").unwrap());
        remove_unfinished(&path);
        assert!(others.iter().all(|path| path.exists()));
        assert!(!unfinished.iter().any(|path| path.exists()));
    }
}
