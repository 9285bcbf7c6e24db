//! Runs in parts: two attempts at one volume share nothing, and workers and shards that lie are
//! found before anything is published.

use std::sync::OnceLock;

use ff::{Field, PrimeField};
use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{Digest, VerifyingKey, VolumeId, opening::Opened};
use pacioli_circuits::{PublicInputs, Volume};
use pacioli_prover::{
    Attempt, Book, OperatorSecret, ProofSeed, ProvingKey, RecordedAttempt, RunSecrets, Salt,
    VolumeKey,
    parts::{AttemptId, Deal, Dealt, Judge, PartError, Prover, RunId, RunKey, Shard, VolumePages},
    prove_volume,
};

use crate::statements::fixture::{book, opener, setup};

struct Dealer {
    secret: OperatorSecret,
    salt: Salt,
}

impl Dealer {
    fn new() -> Self {
        Self { secret: OperatorSecret::generate().unwrap(), salt: Salt::generate().unwrap() }
    }

    fn shard(&self, dealt: &Dealt<'_>, volume: usize) -> Shard {
        let secrets = RunSecrets { secret: &self.secret, salt: &self.salt };
        dealt.shard(RunId([1; 16]), VolumeId::new(volume), secrets)
    }
}

fn a_book() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(|| book(false))
}

/// What a holder sees of one slot in a proof's page.
struct Seen {
    gamma: Fr,
    value: Fr,
}

/// The slots of the first accounts, each with its line and whether it is the last, as two proofs
/// show them. `seals` gives the seals of a proof.
fn seen(
    shard: &Shard,
    proofs: [&[u8]; 2],
    seals: [&[Fr]; 2],
) -> Vec<((usize, u128, bool), [Seen; 2])> {
    let shape = VerifyingKey::insecure(a_book().shape(11).unwrap()).shape();
    let opened = proofs.map(|proof| Opened::of(&shape, shard.context, proof).unwrap());
    let mut slots = Vec::new();
    for one in shard.accounts.iter().take(12) {
        let lines = &one.account.lines;
        for (index, line) in lines.iter().enumerate() {
            let (row, units) = (line.instrument.row(), line.quantity.units());
            let last = index + 1 == lines.len();
            let at = (one.placement.slot + index) * shape.pages() + one.placement.page;
            let see = |which: usize| {
                let value = opened[which].value(seals[which][at], row, units, last);
                Seen { gamma: opened[which].gamma, value }
            };
            slots.push(((row, units, last), [see(0), see(1)]));
        }
    }
    slots
}

/// All lines that explain how a slot's value differs between two proofs, if its seal were the same
/// in both: two pages subtracted.
fn explained(instruments: usize, [left, right]: &[Seen; 2]) -> Vec<(usize, u128, bool)> {
    let powers = |one: &Seen| [one.gamma, one.gamma.square(), one.gamma.square() * one.gamma];
    let (left_powers, right_powers) = (powers(left), powers(right));
    let [by_row, by_quantity, by_last] = std::array::from_fn(|i| left_powers[i] - right_powers[i]);
    let inverse = by_quantity.invert().unwrap();
    let mut found = Vec::new();
    for row in 0..instruments {
        for last in [false, true] {
            let rest = left.value - right.value - by_row * Fr::from(row as u64);
            let rest = rest - by_last * Fr::from(u64::from(last));
            let bytes: [u8; 32] = (rest * inverse).to_repr();
            let (low, high) = bytes.split_at(16);
            let units = u128::from_le_bytes(low.try_into().unwrap());
            if units < 1 << 90 && high.iter().all(|&byte| byte == 0) {
                found.push((row, units, last));
            }
        }
    }
    found
}

#[test]
fn two_pages_of_one_volume_subtracted_tell_nothing() {
    let (dealer, (dealt, _)) = (Dealer::new(), a_book().deal(setup()).unwrap());
    let judge = Judge::new(dealt.attestation(), setup()).unwrap();
    let prover = Prover::new(&judge).unwrap();
    let shard = dealer.shard(&dealt, 0);
    let instruments = a_book().compiled().table.instruments().len();
    let placed: Vec<_> =
        shard.accounts.iter().map(|one| (one.id.as_str(), &one.account, one.placement)).collect();
    let seals_of = |attempt: &RecordedAttempt| {
        shard.key.seal_volume(&dealt.shape(), shard.context, &placed, attempt)
    };
    let [first, second] = [(); 2].map(|()| Attempt::fresh().unwrap());
    let [one, two] = [first.record(), second.record()].map(|attempt| seals_of(&attempt));
    let proofs = [first, second].map(|attempt| prover.prove(&shard, attempt, |_| {}).unwrap());
    for (_, values) in seen(&shard, [&proofs[0], &proofs[1]], [&one, &two]) {
        assert_eq!(explained(instruments, &values), []);
    }

    // The attack is a good one: where both proofs have the seals of one attempt, it finds every
    // line.
    let key = ProvingKey::new(setup(), dealt.shape()).unwrap();
    let totals = dealt.attestation().volumes[0].totals().unwrap();
    let table = &a_book().compiled().table;
    let public = PublicInputs { context: shard.context, table, totals: &totals };
    let mut pages = vec![Vec::new(); dealt.shape().pages()];
    shard.accounts.iter().for_each(|one| pages[one.placement.page].push(&one.account));
    let volume = Volume::new(&dealt.shape(), pages).unwrap();
    let again = prove_volume(&key, &public, volume, one.clone(), ProofSeed::fresh(), |_| {});
    for (line, values) in seen(&shard, [&proofs[0], &again], [&one, &one]) {
        assert_eq!(explained(instruments, &values), [line]);
    }
}

#[test]
fn a_proof_of_other_lines_with_the_same_totals_is_refused() {
    let (dealer, (dealt, _)) = (Dealer::new(), a_book().deal(setup()).unwrap());
    let judge = Judge::new(dealt.attestation(), setup()).unwrap();
    let prover = Prover::new(&judge).unwrap();
    let shard = dealer.shard(&dealt, 1);
    let attempt = Attempt::fresh().unwrap();
    let recorded = attempt.record();
    let proof = prover.prove(&shard, attempt, |_| {}).unwrap();
    judge.check(&shard, &recorded, &proof).unwrap();

    // Two holders of as many lines, exchanged: the totals stay, and the proof verifies.
    let mut swapped = shard.clone();
    let (left, right) = (0..swapped.accounts.len())
        .flat_map(|left| (0..left).map(move |right| (left, right)))
        .find(|&(left, right)| {
            let [left, right] = [left, right].map(|at| &swapped.accounts[at].account.lines);
            left.len() == right.len() && left != right
        })
        .unwrap();
    let account = swapped.accounts[left].account.clone();
    swapped.accounts[left].account =
        std::mem::replace(&mut swapped.accounts[right].account, account);
    let attempt = Attempt::fresh().unwrap();
    let drew = attempt.record();
    let lying = prover.prove(&swapped, attempt, |_| {}).unwrap();
    judge.verify(shard.volume, &lying).unwrap();
    let refused = judge.check(&shard, &drew, &lying);
    assert!(matches!(refused, Err(PartError::Lines(_))), "{refused:?}");

    // Another attempt's bytes, another volume's proof, one bit.
    let refused = judge.check(&shard, &drew, &proof);
    assert!(matches!(refused, Err(PartError::Lines(_))), "{refused:?}");
    let other = dealer.shard(&dealt, 0);
    assert!(matches!(judge.check(&other, &recorded, &proof), Err(PartError::Proof(_))));
    let mut changed = proof.clone();
    changed[70] ^= 1;
    assert!(matches!(judge.check(&shard, &recorded, &changed), Err(PartError::Proof(_))));
    assert!(judge.check(&shard, &recorded, &proof[1..]).is_err());
}

#[test]
fn a_shard_that_was_not_dealt_is_not_proved() {
    let (dealer, (dealt, _)) = (Dealer::new(), a_book().deal(setup()).unwrap());
    let judge = Judge::new(dealt.attestation(), setup()).unwrap();
    let prover = Prover::new(&judge).unwrap();
    let shard = dealer.shard(&dealt, 0);
    let prove = |change: &dyn Fn(&mut Shard)| {
        let mut changed = shard.clone();
        change(&mut changed);
        prover.prove(&changed, Attempt::fresh().unwrap(), |_| {}).unwrap_err()
    };
    let dropped = prove(&|shard| drop(shard.accounts.pop()));
    assert!(matches!(dropped, PartError::Totals(_)), "{dropped}");
    let context = prove(&|shard| shard.context = Fr::ONE);
    assert!(matches!(context, PartError::Other("context")), "{context}");
    let twice = prove(&|shard| shard.accounts[1].id = shard.accounts[0].id.clone());
    assert!(twice.to_string().contains("one id"), "{twice}");
    let moved = prove(&|shard| shard.accounts[0].placement.slot += 1);
    assert!(matches!(moved, PartError::Layout(_)), "{moved}");
    for error in [dropped, context, twice, moved] {
        let said = error.to_string();
        assert!(shard.accounts.iter().all(|one| !said.contains(&one.id)), "{said}");
    }
}

#[test]
fn a_deal_is_its_digest_and_of_this_program() {
    let (dealer, (dealt, _)) = (Dealer::new(), a_book().deal(setup()).unwrap());
    let (key, volumes) = (RunKey::generate().unwrap(), dealt.attestation().volumes.len());
    let to = key.pages().recipient();
    let shards = (0..volumes).map(|volume| {
        let shard = dealer.shard(&dealt, volume).to_bytes();
        let digest = Digest::of(&shard);
        pacioli_prover::parts::ShardEntry { digest, length: shard.len() as u64 }
    });
    let shards: Vec<_> = shards.collect();
    let run = RunId([1; 16]);
    let deal = Deal::new(run, to.clone(), to, shards, dealt.attestation().clone());
    let bytes = deal.to_bytes();
    let read = Deal::parse(&bytes, Digest::of(&bytes)).unwrap();
    assert_eq!(read.to_bytes(), bytes);
    let text = String::from_utf8(bytes.clone()).unwrap();
    let secret = dealer.shard(&dealt, 0);
    assert!(secret.accounts.iter().all(|one| !text.contains(&format!("\"{}\"", one.id))));
    assert!(matches!(Deal::parse(&bytes, Digest::of(b"")), Err(PartError::Digest { .. })));
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        Deal::parse(changed.as_bytes(), Digest::of(changed.as_bytes())).unwrap_err()
    };
    let version = refused("pacioli deal v1-draft", "pacioli deal v0");
    assert!(matches!(version, PartError::Version { .. }), "{version}");
    let software = refused(env!("CARGO_PKG_VERSION"), "0.0.9");
    assert!(matches!(software, PartError::Version { .. }), "{software}");
    assert!(matches!(refused("Statements", "Another"), PartError::Deal(_)));
    let other = pacioli_attestation::setup::insecure_setup(12).unwrap();
    let setup = Judge::new(&deal.attestation, &other).unwrap_err();
    assert!(matches!(setup, PartError::Circuit(_)), "{setup}");
    let shard = secret.to_bytes();
    deal.require_shard(VolumeId::new(0), &shard).unwrap();
    let cut = deal.require_shard(VolumeId::new(0), &shard[1..]);
    assert!(matches!(cut, Err(PartError::Length { .. })));
    let exchanged = deal.require_shard(VolumeId::new(1), &shard);
    assert!(matches!(exchanged, Err(PartError::Length { .. } | PartError::Digest { .. })));
    assert!(matches!(deal.volume(volumes as u64), Err(PartError::NoVolume { .. })));
}

#[test]
fn pages_opened_elsewhere_are_those_of_the_proof_or_refused() {
    let (dealer, (dealt, _)) = (Dealer::new(), a_book().deal(setup()).unwrap());
    let judge = Judge::new(dealt.attestation(), setup()).unwrap();
    let prover = Prover::new(&judge).unwrap();
    let shard = dealer.shard(&dealt, 0);
    let attempt = Attempt::fresh().unwrap();
    let recorded = attempt.record();
    let proof = prover.prove(&shard, attempt, |_| {}).unwrap();
    let pages = judge.open(&shard, &recorded, &proof, opener()).unwrap();
    let (run, volume, id) = (RunId([1; 16]), shard.volume, AttemptId([2; 8]));
    let bytes = VolumePages { run, volume, attempt: id, pages }.to_bytes();
    let VolumePages { pages, .. } = VolumePages::parse(&bytes, run, volume, id).unwrap();
    judge.check_pages(volume, &proof, &pages).unwrap();
    assert!(VolumePages::parse(&bytes[..bytes.len() - 1], run, volume, id).is_err());
    assert!(VolumePages::parse(&bytes, run, VolumeId::new(1), id).is_err());
    assert!(VolumePages::parse(&bytes, run, volume, AttemptId([3; 8])).is_err());
    let mut changed = pages.clone();
    changed[3].values[0] += Fr::ONE;
    let refused = judge.check_pages(volume, &proof, &changed);
    assert!(matches!(refused, Err(PartError::Page(3))), "{refused:?}");
    let refused = judge.check_pages(volume, &proof, &pages[1..]);
    assert!(matches!(refused, Err(PartError::Malformed(_))), "{refused:?}");
    let other = Attempt::fresh().unwrap().record();
    let refused = judge.open(&shard, &other, &proof, opener());
    assert!(matches!(refused, Err(PartError::Lines(_))), "{refused:?}");
    let mut foreign = shard.clone();
    foreign.key = VolumeKey::from_bytes([8; 32]);
    assert!(judge.open(&foreign, &recorded, &proof, opener()).is_err());
}
