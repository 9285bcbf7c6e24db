//! What a registry's rounds say of a folder's attestations.

use std::collections::BTreeMap;

use pacioli_attestation::Digest;

/// An attestation of a folder, as far as a registry can contradict it.
pub struct File<'a> {
    /// Its file.
    pub name: &'a str,
    /// Its sequence number.
    pub number: u64,
    /// Its digest.
    pub digest: Digest,
    /// The digest of the one before, by its own word.
    pub previous: Option<Digest>,
}

/// A round, as far as it can contradict a folder.
pub struct Appended<'a> {
    /// The round.
    pub round: u64,
    /// The sequence number of its attestation.
    pub number: u64,
    /// The attestation's digest.
    pub digest: Digest,
    /// Why it was revoked, if it was.
    pub revoked: Option<&'a str>,
}

/// What came of the comparison.
#[derive(Default)]
pub struct Compared {
    /// What the two say otherwise of one sequence number.
    pub differing: Vec<String>,
    /// The files of numbers that no log is of, and why.
    pub not_compared: Vec<String>,
    /// Why the folder is not known to be the one on the registry, though nothing differs.
    pub missing: Option<String>,
}

impl Compared {
    /// Compares. What is in one of them alone is no contradiction, as long as the folder begins later or
    /// ends earlier; but the first number behind the registry's latest has to follow that.
    ///
    /// Under one number there are several rounds where one was revoked and replaced: a folder that has the
    /// replacement alone is not contradicted.
    pub fn of(
        files: &[File<'_>],
        rounds: &[Appended<'_>],
        relinked: &BTreeMap<u64, Digest>,
    ) -> Self {
        let mut by_number: BTreeMap<u64, Vec<&Appended<'_>>> = BTreeMap::new();
        rounds.iter().for_each(|round| by_number.entry(round.number).or_default().push(round));
        let mut compared = Self::default();
        let numbers = || files.iter().map(|one| one.number);
        let (Some(least), Some(most)) = (numbers().min(), numbers().max()) else {
            return compared;
        };
        for (number, rounds) in by_number.range(least..=most) {
            if files.iter().all(|one| one.number != *number) {
                let round = rounds[0].round;
                compared.differing.push(format!(
                    "sequence number {number} is round {round} of the registry, and not in the folder"
                ));
            }
        }
        for file in files {
            match by_number.get(&file.number) {
                Some(rounds) => compared.differing.extend(otherwise(file, rounds)),
                None => compared.not_compared.push(format!(
                    "{}, sequence number {}, is in no log that was searched",
                    file.name, file.number
                )),
            }
            compared.differing.extend(follows_another(file, &by_number, relinked));
        }
        compared.missing = missing(files, &by_number);
        compared
    }
}

/// What the rounds of a file's number say otherwise.
fn otherwise(file: &File<'_>, rounds: &[&Appended<'_>]) -> Vec<String> {
    let File { name, number, digest, .. } = file;
    let mut differing = Vec::new();
    let same: Vec<_> = rounds.iter().filter(|one| one.digest == *digest).collect();
    let stands = same.iter().any(|one| one.revoked.is_none());
    if let (false, Some(Appended { round, revoked: Some(why), .. })) = (stands, same.last()) {
        differing.push(format!(
            "{name} is {digest}, sequence number {number}, which was revoked (round {round}): {why}"
        ));
    }
    if same.is_empty() {
        let names: Vec<_> = rounds.iter().map(|one| one.digest.to_string()).collect();
        let names = names.join(" and ");
        differing.push(format!(
            "{name} is {digest}, and sequence number {number} on the registry is {names}"
        ));
        return differing;
    }
    let others = rounds.iter().filter(|one| one.digest != *digest);
    let others = others.filter(|one| one.revoked.is_none() || !stands);
    differing.extend(others.map(|Appended { round, digest, .. }| {
        format!(
            "{name} is not all: the registry has another attestation of sequence number {number} as well, \
             {digest} (round {round})"
        )
    }));
    differing
}

/// That a file follows another attestation than the registry has before it. Of the number before, one that
/// stands counts alone, and where none does, any.
fn follows_another(
    file: &File<'_>,
    by_number: &BTreeMap<u64, Vec<&Appended<'_>>>,
    relinked: &BTreeMap<u64, Digest>,
) -> Option<String> {
    let File { name, number, previous, .. } = file;
    let before = number.checked_sub(1).and_then(|before| by_number.get(&before));
    let before = before.map_or(&[][..], Vec::as_slice);
    let stands = before.iter().any(|one| one.revoked.is_none());
    let counted = before.iter().filter(|one| !stands || one.revoked.is_none());
    let known: Vec<_> =
        counted.map(|one| one.digest).chain(relinked.get(number).copied()).collect();
    if known.is_empty() || previous.is_some_and(|previous| known.contains(&previous)) {
        return None;
    }
    let own = previous.map_or_else(|| "none".to_owned(), |previous| previous.to_string());
    let theirs: Vec<_> = known.iter().map(Digest::to_string).collect();
    Some(format!(
        "{name}, sequence number {number}, follows {own}, and on the registry it follows {}",
        theirs.join(" or ")
    ))
}

/// Why nothing shows that the folder is the registry's. What comes behind the registry's latest follows it,
/// where that was compared.
fn missing(files: &[File<'_>], by_number: &BTreeMap<u64, Vec<&Appended<'_>>>) -> Option<String> {
    let Some(latest) = by_number.keys().next_back() else {
        return Some("no attestation is in the logs that were searched".to_owned());
    };
    if let Some(File { name, number, .. }) =
        files.iter().find(|one| one.number <= *latest && !by_number.contains_key(&one.number))
    {
        return Some(format!(
            "{name}, sequence number {number}, is in no log that was searched, where {latest} is: search \
             from an earlier --from-block, at a node that has its logs"
        ));
    }
    let first = files.iter().map(|one| one.number).min()?;
    (first > latest.saturating_add(1)).then(|| {
        format!(
            "the folder begins with sequence number {first}, and {latest} is the registry's latest"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: u64, which: u8) -> Digest {
        Digest::of(&[number as u8, which])
    }

    fn file(number: u64, which: u8, before: u8) -> File<'static> {
        let previous = number.checked_sub(1).map(|number| of(number, before));
        File { name: "x.json", number, digest: of(number, which), previous }
    }

    fn appended(
        round: u64,
        number: u64,
        which: u8,
        revoked: Option<&'static str>,
    ) -> Appended<'static> {
        Appended { round, number, digest: of(number, which), revoked }
    }

    fn compared(files: &[File<'_>], rounds: &[Appended<'_>]) -> Compared {
        Compared::of(files, rounds, &BTreeMap::new())
    }

    /// Rounds of a thief's number 1, revoked and replaced, and a folder with these of number 1.
    fn told(replaced: bool, numbers_one: &[u8]) -> Vec<String> {
        let mut rounds = vec![appended(0, 0, 0, None), appended(1, 1, b't', Some("stolen key"))];
        if replaced {
            rounds.extend([appended(2, 1, b'o', None), appended(3, 2, 0, None)]);
        }
        let mut files = vec![file(0, 0, 0)];
        files.extend(numbers_one.iter().map(|which| file(1, *which, 0)));
        compared(&files, &rounds).differing
    }

    #[test]
    fn a_folder_with_what_was_revoked_contradicts_the_registry() {
        for replaced in [false, true] {
            let thief = told(replaced, b"t");
            assert!(thief[0].contains("which was revoked (round 1): stolen key"), "{thief:?}");
            assert_eq!(thief.len(), 1 + usize::from(replaced));
        }
        let thief = told(true, b"t");
        assert!(thief[1].contains("has another attestation of sequence number 1 as well"));
        // The owner's own alone; one that the registry never had; none, which is where it ends.
        assert!(told(true, b"o").is_empty());
        assert!(told(true, b"x")[0].contains("on the registry is"));
        assert!(told(true, b"").is_empty());
        assert_eq!(told(true, b"to").len(), 2, "the thief's is revoked, and the owner's another");
    }

    #[test]
    fn two_that_stand_under_one_number_contradict_either() {
        let rounds = [appended(0, 0, 1, None), appended(1, 0, 2, None)];
        for which in [1, 2] {
            assert_eq!(compared(&[file(0, which, 0)], &rounds).differing.len(), 1);
        }
    }

    #[test]
    fn what_comes_next_follows_what_the_registry_has() {
        let rounds = [appended(0, 0, b'a', None)];
        let next = compared(&[file(1, 0, b'a')], &rounds);
        assert!(next.differing.is_empty() && next.missing.is_none());
        assert_eq!(next.not_compared.len(), 1, "{:?}", next.not_compared);
        let forked = compared(&[file(1, 0, b'b')], &rounds).differing;
        assert!(forked[0].contains("and on the registry it follows"), "{forked:?}");
        let none = File { previous: None, ..file(1, 0, 0) };
        assert!(compared(&[none], &rounds).differing[0].contains("follows none"));
        // Relinked by its owner; and behind one that was revoked, which nothing replaced.
        let relinked = BTreeMap::from([(1, of(0, b'c'))]);
        let relinks = |before| Compared::of(&[file(1, 0, before)], &rounds, &relinked).differing;
        assert!(relinks(b'c').is_empty() && !relinks(b'b').is_empty());
        let revoked = [appended(0, 0, b'a', Some("stolen"))];
        assert!(compared(&[file(1, 0, b'a')], &revoked).differing.is_empty());
        let replaced = [appended(0, 0, b'a', Some("stolen")), appended(1, 0, b'o', None)];
        assert!(!compared(&[file(1, 0, b'a')], &replaced).differing.is_empty());
    }

    #[test]
    fn what_was_not_searched_is_not_compared() {
        let nothing = compared(&[file(0, 0, 0)], &[]);
        assert!(nothing.differing.is_empty());
        assert!(nothing.missing.unwrap().contains("no attestation is in the logs"));
        let later = [appended(2, 2, 0, None)];
        let both = [file(1, 0, 0), file(2, 0, 0)];
        assert!(compared(&both, &later).missing.unwrap().contains("--from-block"));
        assert!(compared(&both[1..], &later).missing.is_none());
        let ahead = compared(&[file(4, 0, 0)], &later).missing.unwrap();
        assert!(ahead.contains("begins with sequence number 4"), "{ahead}");
    }
}
