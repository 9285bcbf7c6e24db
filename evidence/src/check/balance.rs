//! The balance: storage proofs, and what the reader reads.

use std::collections::BTreeMap;

use alloy_primitives::{B256, U256};
use jiff::Timestamp;
use num_bigint::BigUint;
use pacioli_attestation::{By, Reserve, chain_id};
use pacioli_rules::{Amount, KnownToken, TokenKind};

use super::{Checked, Context, Letter, reader::Reader};
use crate::{
    file::{Entry, Kind, Reading},
    place::Place,
    storage::{Storage, StorageError},
};

/// What one piece of evidence shows of one token.
struct Shown {
    amount: Amount,
    block: (u64, B256),
    /// Why it does not count as read; `None` if it does.
    why_not: Option<String>,
    /// How it was read.
    how: String,
}

/// One entry that is looked at.
struct Look<'a> {
    index: usize,
    chain: &'a str,
    place: &'a Place,
    token: &'a KnownToken,
}

impl Context<'_> {
    /// Everything about the balance of one reserve.
    pub(super) fn balances(
        &self,
        reserve: &Reserve,
        place: &Place,
        entries: &[(usize, &Entry)],
        reader: &mut dyn Reader,
        checked: &mut Checked,
    ) {
        let chain = chain_id(&reserve.chain);
        let mut shown: BTreeMap<&str, Vec<Shown>> = BTreeMap::new();
        for (index, entry) in entries {
            let name = match entry.kind() {
                Some(Kind::Storage(storage)) => &storage.token,
                Some(Kind::Reading(reading)) => &reading.token,
                _ => continue,
            };
            let token = match self.token(reserve, chain, name) {
                Ok(token) => token,
                Err((is_fault, why)) => {
                    let why = format!("entries[{index}]: {why}");
                    match is_fault {
                        true => checked.faults.push(why),
                        false => checked.balance.why = why,
                    }
                    continue;
                }
            };
            let look = Look { index: *index, chain, place, token };
            let found = match entry.kind() {
                Some(Kind::Storage(storage)) => self.proof(&look, storage, reader, checked),
                Some(Kind::Reading(reading)) => self.reading(&look, reading, reader, checked),
                _ => None,
            };
            shown.entry(name).or_default().extend(found);
        }
        self.add_up(reserve, &shown, checked);
        self.now(reserve, place, &shown, reader, checked);
    }

    /// The known token of a name, if it stands for the reserve's asset: otherwise whether that is wrong,
    /// and why.
    fn token(
        &self,
        reserve: &Reserve,
        chain: &str,
        name: &str,
    ) -> Result<&KnownToken, (bool, String)> {
        let known = self.rules.tokens().get(chain).and_then(|known| known.get(name));
        let Some(token) = known else {
            let name = name.escape_debug();
            return Err((false, format!("the rules know no token `{name}` of {chain}")));
        };
        if token.stands_for != reserve.asset {
            let other = &token.stands_for;
            return Err((
                true,
                format!("the token {name} stands for {other}, not for {}", reserve.asset),
            ));
        }
        Ok(token)
    }

    /// Why what was read at a time does not count, for reasons that all readings share.
    fn why_not(&self, time: Timestamp) -> Option<String> {
        if !self.known.rules {
            let why = "which token stands for the asset is the venue's word: read the rules, and give \
                       their digest with --rules-digest";
            return Some(why.to_owned());
        }
        self.is_far(time)
    }

    fn proof(
        &self,
        look: &Look<'_>,
        storage: &Storage,
        reader: &mut dyn Reader,
        checked: &mut Checked,
    ) -> Option<Shown> {
        let Look { index, chain, place, token } = *look;
        let Place::Evm { address, .. } = place else {
            checked.faults.push(format!("entries[{index}]: {chain} has no storage proofs"));
            return None;
        };
        let proven = match storage.check(*address, token) {
            Ok(proven) => proven,
            Err(error @ StorageError::NoSlot) => {
                checked.balance.why = format!("entries[{index}]: {error}");
                return None;
            }
            Err(error) => {
                checked.faults.push(format!("entries[{index}]: {error}"));
                return None;
            }
        };
        let number = proven.number;
        let is_own = self.known.hashes.get(chain).is_some_and(|own| own.contains(&proven.hash));
        let mut why_not = self.why_not(proven.time);
        let mut how = format!("proved in block {number}, whose hash you gave");
        if !is_own {
            let unknown = || {
                format!(
                    "whether block {number} is of {chain} is the venue's word: give its hash with \
                     --block-hash {chain}=0x…, or nodes with --rpc"
                )
            };
            match reader.block(chain, number) {
                Ok(Some(block)) if block.hash != proven.hash => {
                    let text = format!(
                        "entries[{index}]: the header is of no block of {chain}: its block {number} is \
                         {}",
                        block.hash
                    );
                    checked.faults.push(text);
                    return None;
                }
                Ok(Some(block)) if block.counts => {
                    how = format!("proved in block {number}, whose hash your nodes say");
                }
                Ok(Some(_)) => why_not = why_not.or_else(|| Some(ONE_NODE.to_owned())),
                Ok(None) => why_not = why_not.or_else(|| Some(unknown())),
                Err(error) => {
                    checked.failed.push(format!("block {number} of {chain}: {error}"));
                    why_not = why_not.or_else(|| Some(unknown()));
                }
            }
        }
        if proven.absent {
            how += if token.kind == TokenKind::Native {
                "; the account is proved not to be there"
            } else {
                "; the account is proved to hold none of the token"
            };
        }
        let amount = counted(proven.units, token);
        Some(Shown { amount, block: (number, proven.hash), why_not, how })
    }

    fn reading(
        &self,
        look: &Look<'_>,
        reading: &Reading,
        reader: &mut dyn Reader,
        checked: &mut Checked,
    ) -> Option<Shown> {
        let Look { index, chain, place, token } = *look;
        let number = reading.number;
        let own_word = || Shown {
            amount: counted(reading.units, token),
            block: (number, reading.hash),
            why_not: Some("it is the venue's own reading: read it again with --rpc".to_owned()),
            how: String::new(),
        };
        let read = match reader.balance(chain, place, token, Some(number)) {
            Ok(Some(read)) => read,
            Ok(None) => return Some(own_word()),
            Err(error) => {
                checked.failed.push(format!("the balance at block {number} of {chain}: {error}"));
                return Some(own_word());
            }
        };
        if read.hash != reading.hash {
            let text = format!(
                "entries[{index}]: block {number} of {chain} is {}, and the reading is of {}",
                read.hash, reading.hash
            );
            checked.faults.push(text);
            return None;
        }
        if read.value != reading.units {
            let text = format!(
                "entries[{index}]: {} units are there at block {number} of {chain}, and the reading says \
                 {}",
                read.value, reading.units
            );
            checked.faults.push(text);
        }
        let one_node = (!read.counts).then(|| ONE_NODE.to_owned());
        Some(Shown {
            amount: counted(read.value, token),
            block: (number, read.hash),
            why_not: self.why_not(read.time).or(one_node),
            how: format!("read in block {number}"),
        })
    }

    /// The sum over tokens, of each the least that is shown of it.
    fn add_up(&self, reserve: &Reserve, shown: &BTreeMap<&str, Vec<Shown>>, checked: &mut Checked) {
        let all = || shown.values().filter(|found| !found.is_empty());
        if all().next().is_none() {
            return;
        }
        let sum = |counts: &dyn Fn(&Shown) -> bool| {
            let of = all().map(|found| least(found.iter().filter(|one| counts(one))));
            add(of)
        };
        let everything = sum(&|_| true);
        let read = sum(&|one| one.why_not.is_none());
        checked.shown = Some(everything.clone());
        if falls_short(&everything, reserve) {
            let (asset, stated) = (&reserve.asset, reserve.amount);
            checked
                .faults
                .push(format!("{everything} {asset} is shown, and {stated} {asset} is attested"));
            checked.balance.why = "less is shown than is attested".to_owned();
            return;
        }
        let of = all().flatten();
        let good: Vec<&Shown> = of.clone().filter(|one| one.why_not.is_none()).collect();
        if !good.is_empty() && !falls_short(&read, reserve) {
            let mut blocks: Vec<_> = good.iter().map(|one| one.block).collect();
            blocks.sort_unstable();
            blocks.dedup();
            if let [block] = blocks[..] {
                let how: Vec<&str> = good.iter().map(|one| one.how.as_str()).collect();
                checked.balance = Letter::new(By::Chain, how.join("; "));
                checked.block = Some(block);
                return;
            }
            checked.balance.why = "its tokens are read at several blocks".to_owned();
            return;
        }
        if let Some(why) = of.filter_map(|one| one.why_not.clone()).next() {
            checked.balance.why = why;
        }
    }

    /// What is there now, of the tokens that evidence is about.
    fn now(
        &self,
        reserve: &Reserve,
        place: &Place,
        shown: &BTreeMap<&str, Vec<Shown>>,
        reader: &mut dyn Reader,
        checked: &mut Checked,
    ) {
        let chain = chain_id(&reserve.chain);
        let mut amounts = Vec::new();
        for name in shown.keys() {
            let Ok(token) = self.token(reserve, chain, name) else { return };
            match reader.balance(chain, place, token, None) {
                Ok(Some(read)) if read.counts => amounts.push(Some(counted(read.value, token))),
                Ok(Some(_)) => {
                    checked.failed.push(format!("the balance now on {chain}: {ONE_NODE}"));
                    return;
                }
                Ok(None) => return,
                Err(error) => {
                    checked.failed.push(format!("the balance now on {chain}: {error}"));
                    return;
                }
            }
        }
        if !amounts.is_empty() {
            checked.now = Some(add(amounts.into_iter()));
        }
    }
}

const ONE_NODE: &str =
    "one node that is not on this machine says so: name two of different providers, or your own";

/// A number of smallest units, as much of it as counts, rounded down.
fn counted(units: U256, token: &KnownToken) -> Amount {
    let units = BigUint::from_bytes_be(&units.to_be_bytes::<32>());
    let Some(part) = token.counts_for else { return Amount::new(units, token.decimals) };
    let scale = BigUint::from(10u32).pow(part.scale());
    Amount::new(units * part.mantissa().unsigned_abs() / scale, token.decimals)
}

/// The least of some amounts, which have the decimals of one token.
fn least<'a>(shown: impl Iterator<Item = &'a Shown>) -> Option<Amount> {
    shown.map(|one| one.amount.clone()).min_by(|a, b| a.units.cmp(&b.units))
}

fn add(amounts: impl Iterator<Item = Option<Amount>>) -> Amount {
    let amounts: Vec<Amount> = amounts.flatten().collect();
    let decimals = amounts.iter().map(|one| one.decimals).max().unwrap_or_default();
    let units = amounts
        .iter()
        .map(|one| &one.units * BigUint::from(10u32).pow(decimals - one.decimals))
        .sum::<BigUint>();
    Amount::new(units, decimals)
}

/// Whether less is there than a reserve says.
fn falls_short(amount: &Amount, reserve: &Reserve) -> bool {
    let stated = reserve.amount;
    let decimals = amount.decimals.max(stated.scale());
    let ten = |digits: u32| BigUint::from(10u32).pow(digits);
    let there = &amount.units * ten(decimals - amount.decimals);
    let stated = stated.mantissa().unsigned_abs() * ten(decimals - stated.scale());
    there < stated
}
