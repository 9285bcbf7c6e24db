//! Evidence against the reserves of an attestation: two letters for each, the balance's and whose it is.
//!
//! A letter says by whom it is known: C where the reader read it or knows the block, R where a signature
//! was checked here, O where a custodian says it whose key the reader names, W otherwise. What is
//! wrong is a fault; what cannot be told is a reason.

mod balance;
mod known_bad;
mod reader;
mod shared;
mod whose;

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::B256;
use bitcoin::secp256k1;
use jiff::Timestamp;
use pacioli_attestation::{Attestation, By, Reserve, Reserves, chain_id, chain_key};
use pacioli_rules::{Amount, Rules};

pub use self::{
    known_bad::{KnownBad, KnownBadError},
    reader::{Answer, Known, Offline, Read, Reader, Seen, Wallet},
    shared::{Shared, shared},
};
use crate::{
    challenge::Subject,
    file::{Entry, Evidence, Kind},
    place::{Owner, Place},
};

/// By whom something is known, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// By whom.
    pub by: By,
    /// How, or why not better.
    pub why: String,
}

impl Letter {
    fn new(by: By, why: impl Into<String>) -> Self {
        Self { by, why: why.into() }
    }
}

/// One reserve, checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// By whom the balance is known.
    pub balance: Letter,
    /// By whom it is known whose it is.
    pub whose: Letter,
    /// What evidence shows of the balance, in whole units that count.
    pub shown: Option<Amount>,
    /// What the reader reads now.
    pub now: Option<Amount>,
    /// What is wrong with its evidence.
    pub faults: Vec<String>,
    /// What could not be asked for.
    pub failed: Vec<String>,
    /// Keys of Bitcoin that signed alone.
    pub keys: Vec<secp256k1::PublicKey>,
    /// Whether it is at an address of the reader's list, which is a fault.
    pub is_denied: bool,
    /// Pieces of evidence that were looked at.
    pub looked_at: usize,
    /// The block that a balance of letter C is of.
    block: Option<(u64, B256)>,
}

impl Checked {
    /// By whom the reserve is known: the worse of its two letters, and where something is wrong with its
    /// evidence, nobody but the venue.
    pub fn by(&self) -> By {
        if self.faults.is_empty() { self.balance.by.max(self.whose.by) } else { By::Publisher }
    }

    /// Whatever its evidence shows, it counts as the venue's word.
    fn deny(&mut self) {
        let why = "the address is on your list";
        self.faults.push(why.to_owned());
        self.balance = Letter::new(By::Publisher, why);
        self.whose = self.balance.clone();
        self.block = None;
        self.is_denied = true;
    }
}

/// The reserves of one attestation, checked.
#[derive(Clone, Debug)]
pub struct Report {
    /// One for each reserve, in order.
    pub reserves: Vec<Checked>,
    /// Entries of evidence that name no reserve, by their places in the file.
    pub unused: Vec<usize>,
}

/// What all checks of one attestation share.
struct Context<'a> {
    attestation: &'a Attestation,
    reserves: &'a Reserves,
    rules: &'a Rules,
    known: &'a Known,
}

impl Context<'_> {
    /// Why a time is too far from the snapshot's to count; `None` if it is near enough.
    fn is_far(&self, time: Timestamp) -> Option<String> {
        let most = self.rules.policy().max_distance.and_then(|most| most.reserves);
        let Some(most) = most else {
            return Some("the policy bounds no distance of reserves from the snapshot".to_owned());
        };
        let apart = time.duration_since(self.attestation.header.as_of);
        // Parts of a second count against it.
        let seconds = apart.unsigned_abs();
        let is_near = seconds.as_secs() < most.0
            || (seconds.as_secs() == most.0 && seconds.subsec_nanos() == 0);
        (!is_near).then(|| format!("{time} is more than {most} from the snapshot"))
    }
}

/// Checks the reserves of an attestation; `rules` are those in it.
pub fn check(
    attestation: &Attestation,
    rules: &Rules,
    evidence: &Evidence,
    known: &Known,
    reader: &mut dyn Reader,
) -> Report {
    let nothing = Reserves { as_of: attestation.header.as_of, reserves: Vec::new() };
    let reserves = attestation.reserves.as_ref().unwrap_or(&nothing);
    let context = Context { attestation, reserves, rules, known };
    let mut used = BTreeSet::new();
    let mut by_place: BTreeMap<Key<'_>, Vec<(usize, &Entry)>> = BTreeMap::new();
    for (index, entry) in evidence.entries.iter().enumerate() {
        let key = key(&entry.asset, &entry.chain, &entry.address);
        by_place.entry(key).or_default().push((index, entry));
    }
    let mut places = BTreeSet::new();
    let mut checked = Vec::with_capacity(reserves.reserves.len());
    for reserve in &reserves.reserves {
        let key = key(&reserve.asset, &reserve.chain, &reserve.address);
        let own = by_place.get(&key).map(Vec::as_slice).unwrap_or_default();
        used.extend(own.iter().map(|(index, _)| *index));
        let mut one = context.one(reserve, own, reader);
        if known.denied.has(&reserve.chain, &reserve.address) {
            one.deny();
        }
        if !places.insert(key) {
            one.faults
                .push("the same asset at the same address is there in another spelling".into());
        }
        checked.push(one);
    }
    one_block_a_chain(reserves, &mut checked);
    let unused = (0..evidence.entries.len()).filter(|index| !used.contains(index)).collect();
    Report { reserves: checked, unused }
}

/// An asset at a place, however that is spelled.
type Key<'a> = (&'a str, String, Owner);

fn key<'a>(asset: &'a str, chain: &str, address: &str) -> Key<'a> {
    (asset, chain_key(chain), Owner::of(chain, address))
}

/// Coins that were read at two blocks may be the same coins: one chain is read at one block.
fn one_block_a_chain(reserves: &Reserves, checked: &mut [Checked]) {
    let mut blocks: BTreeMap<String, BTreeSet<(u64, B256)>> = BTreeMap::new();
    let pairs = || reserves.reserves.iter().map(|reserve| chain_id(&reserve.chain).to_owned());
    for (chain, one) in pairs().zip(&*checked) {
        blocks.entry(chain).or_default().extend(one.block);
    }
    for (chain, one) in pairs().zip(checked) {
        let several = blocks.get(&chain).is_some_and(|blocks| blocks.len() > 1);
        if several && one.balance.by == By::Chain {
            let why = "reserves of this chain are read at several blocks, between which coins may have \
                       moved from one address to another";
            one.balance = Letter::new(By::Publisher, why);
        }
    }
}

impl Context<'_> {
    fn one(
        &self,
        reserve: &Reserve,
        entries: &[(usize, &Entry)],
        reader: &mut dyn Reader,
    ) -> Checked {
        let mut checked = Checked {
            balance: Letter::new(By::Publisher, "no evidence"),
            whose: Letter::new(By::Publisher, "no signature"),
            shown: None,
            now: None,
            faults: Vec::new(),
            failed: Vec::new(),
            keys: Vec::new(),
            is_denied: false,
            looked_at: entries.len(),
            block: None,
        };
        let place = match Place::of(&reserve.chain, &reserve.address) {
            Ok(place) => place,
            Err(error) => {
                checked.balance.why = error.to_string();
                checked.faults.extend((!entries.is_empty()).then(|| error.to_string()));
                return checked;
            }
        };
        if let Some(token) = self.contract_of(reserve, &place) {
            let why =
                format!("it is the contract of {token}, whose coins its holders have a claim on");
            checked.faults.push(why);
        }
        let subject = Subject::of(&self.attestation.header.venue, reserve);
        self.balances(reserve, &place, entries, reader, &mut checked);
        let number = checked.block.map(|(number, _)| number);
        for (index, entry) in entries {
            let subject = match (&subject, entry.kind()) {
                (_, None | Some(Kind::Storage(_) | Kind::Reading(_))) => continue,
                (Ok(subject), _) => subject,
                (Err(error), _) => {
                    checked.faults.push(format!("entries[{index}]: {error}"));
                    continue;
                }
            };
            match entry.kind() {
                Some(Kind::Signature(signature)) => {
                    let about = whose::About { subject, place: &place, number, index: *index };
                    self.signature(&about, signature, reader, &mut checked);
                }
                Some(Kind::Custodian(statement)) => {
                    self.custodian(reserve, subject, statement, *index, &mut checked);
                }
                _ => {}
            }
        }
        checked
    }

    /// The known token whose contract a place is: the coins there are those of its holders.
    fn contract_of(&self, reserve: &Reserve, place: &Place) -> Option<&str> {
        let Place::Evm { address, .. } = place else { return None };
        let known = self.rules.tokens().get(chain_id(&reserve.chain))?;
        let is_at =
            |text: &Option<String>| text.as_ref().is_some_and(|t| t.parse() == Ok(*address));
        known.iter().find(|(_, token)| is_at(&token.address)).map(|(name, _)| name.as_str())
    }
}
