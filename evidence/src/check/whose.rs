//! Whose a reserve is: signatures, and custodians' statements.

use pacioli_attestation::{By, Reserve};
use pacioli_rules::Amount;

use super::{Checked, Context, Letter, reader::Reader};
use crate::{
    challenge::{Challenge, LONGEST, Subject, Terms},
    custodian::Custodian,
    place::Place,
    signature::{Signature, SignatureError, Signed},
};

/// What a signature is about.
pub(super) struct About<'a> {
    pub(super) subject: &'a Subject,
    pub(super) place: &'a Place,
    /// The block that the balance was read at.
    pub(super) number: Option<u64>,
    /// The entry's place in the file.
    pub(super) index: usize,
}

impl Context<'_> {
    pub(super) fn signature(
        &self,
        about: &About<'_>,
        signature: &Signature,
        reader: &mut dyn Reader,
        checked: &mut Checked,
    ) {
        let About { subject, place, number, index } = *about;
        let previous = self.attestation.header.previous;
        let at = self.reserves.as_of;
        let terms = match Challenge::check(&signature.message, subject, previous, at) {
            Ok(terms) => terms,
            Err(error) => return checked.faults.push(format!("entries[{index}]: {error}")),
        };
        let chain = subject.chain.as_str();
        let (from, until) = (terms.from, terms.until);
        let controlled = format!("controlled at {at}, as signed for {from} to {until}");
        let by = match signature.check(place) {
            Ok(Signed::Key(keys)) => {
                // One of several keys has nothing alone.
                if keys.len() == 1 {
                    checked.keys.extend(keys);
                }
                Letter::new(By::Recomputed, controlled)
            }
            Ok(Signed::Ask { wallet, digest, signature }) => {
                match reader.wallet(chain, wallet, digest, &signature, number) {
                    Ok(Some(read)) if !read.value.is_valid => {
                        let text = format!(
                            "entries[{index}]: the signature is forged: the wallet at block {} says that \
                             it is not its own",
                            read.number
                        );
                        return checked.faults.push(text);
                    }
                    Ok(Some(read)) if read.counts => {
                        let (block, code) = (read.number, read.value.code_hash);
                        let why = format!(
                            "{controlled}, by the word of the wallet's code {code} at block {block}"
                        );
                        Letter::new(By::Chain, why)
                    }
                    Ok(Some(_)) => {
                        Letter::new(By::Publisher, "one node that is not on this machine")
                    }
                    Ok(None) => {
                        let why =
                            "not checked: a contract wallet is asked on its chain; give --rpc";
                        Letter::new(By::Publisher, why)
                    }
                    Err(error) => {
                        checked.failed.push(format!("the wallet on {chain}: {error}"));
                        Letter::new(By::Publisher, "not checked: the wallet could not be asked")
                    }
                }
            }
            Err(error @ SignatureError::Unsupported(_)) => {
                checked.whose.why = format!("not checked: {error}");
                return;
            }
            Err(error) => return checked.faults.push(format!("entries[{index}]: {error}")),
        };
        let by = match self.is_far(at).or_else(|| self.why_old(chain, &terms, reader, checked)) {
            Some(why) => Letter::new(By::Publisher, why),
            None => by,
        };
        if by.by < checked.whose.by || checked.whose.by == By::Publisher {
            checked.whose = by;
        }
    }

    /// Why a text may be older than it seems; `None` if it cannot be.
    fn why_old(
        &self,
        chain: &str,
        terms: &Terms,
        reader: &mut dyn Reader,
        checked: &mut Checked,
    ) -> Option<String> {
        let at = self.reserves.as_of;
        let is_known = match terms.block {
            None => false,
            Some(hash) => {
                let own = self.known.hashes.get(chain).is_some_and(|own| own.contains(&hash));
                // Whoever gives a hash knows how old its block is.
                own || match reader.block_of(chain, hash) {
                    Ok(read) => read
                        .is_some_and(|read| read.counts && at.duration_since(read.time) <= LONGEST),
                    Err(error) => {
                        checked.failed.push(format!("the block {hash} of {chain}: {error}"));
                        false
                    }
                }
            }
        };
        let seen = |own| self.known.previous.iter().find(|seen| seen.digest == own);
        let seen = terms.previous.and_then(seen);
        let age = seen.and_then(|seen| Some(at.duration_since(seen.as_of?)));
        if !is_known && age.is_some_and(|age| age > LONGEST) {
            let why =
                "the text follows an attestation of more than 92 days before, and may be as old";
            return Some(why.to_owned());
        }
        let follows = seen.is_some();
        let why = "the text follows no attestation that you know and no recent block, so that it may be \
                   older than it says: give --previous";
        (!follows && !is_known).then(|| why.to_owned())
    }

    pub(super) fn custodian(
        &self,
        reserve: &Reserve,
        subject: &Subject,
        statement: &Custodian,
        index: usize,
        checked: &mut Checked,
    ) {
        let fault = |text: String| format!("entries[{index}]: {text}");
        let name = &statement.name;
        if reserve.custodian.as_ref() != Some(name) {
            let name = name.escape_debug();
            let text = format!("the statement is by `{name}`, who is not the reserve's custodian");
            return checked.faults.push(fault(text));
        }
        let Some(key) = self.known.custodians.get(name) else {
            let name = name.escape_debug();
            let why = format!("`{name}` states it, whose key you do not name with --custodian");
            if let Err(error) = statement.read(subject) {
                checked.faults.push(fault(error.to_string()));
            } else if checked.balance.by == By::Publisher {
                checked.balance.why = why;
            }
            return;
        };
        let (amount, at) = match statement.check(subject, key) {
            Ok(found) => found,
            Err(error) => return checked.faults.push(fault(error.to_string())),
        };
        if amount < reserve.amount {
            let (asset, stated) = (&reserve.asset, reserve.amount);
            let text =
                format!("the custodian states {amount} {asset}, and {stated} {asset} is attested");
            return checked.faults.push(fault(text));
        }
        if let Some(why) = self.is_far(at) {
            if checked.balance.by == By::Publisher {
                checked.balance.why = format!("the custodian's statement does not count: {why}");
            }
            return;
        }
        let why = format!("`{}` states it at {at}", name.escape_debug());
        if checked.balance.by > By::Observers {
            checked.balance = Letter::new(By::Observers, why.clone());
        }
        if checked.whose.by > By::Observers {
            checked.whose = Letter::new(By::Observers, why);
        }
        if checked.shown.is_none() {
            let mut shown = Amount::default();
            shown.add(&amount);
            checked.shown = Some(shown);
        }
    }
}
