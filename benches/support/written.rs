//! What a deal and an assembly write of a book: shards, and the file that statements are made from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_attestation::{Digest, VolumeId};
use pacioli_prover::{
    BalancedAccounts, Placed, Plan, RecordedAttempt, RunStore, StoredAccount, VolumeKey,
    parts::{RunId, RunKey, Shard},
};

/// Accounts of a book that is written in any case.
pub const WRITTEN_IN_ANY_CASE: usize = 10_000;

const RUN: RunId = RunId([7; 16]);
const KEY: &str = "run.key";

fn shard_file(folder: &Path, volume: VolumeId) -> PathBuf {
    folder.join(format!("{volume}.age"))
}

/// Seals and writes one shard after another, as `deal` does. Gives their bytes.
pub fn seal_shards(folder: &Path, plan: &Plan, accounts: &BalancedAccounts) -> u64 {
    let key = RunKey::generate().expect("randomness");
    key.write_new(&folder.join(KEY)).expect("room for a key");
    let sealed = VolumeId::all(plan.volumes()).map(|volume| {
        let placed = plan.volume(volume, accounts);
        let stored = placed.map(|Placed { id, account, placement, .. }| StoredAccount {
            id: id.to_owned(),
            account,
            placement,
        });
        let (context, key_bytes) =
            (Fr::from(volume.index() as u64), VolumeKey::from_bytes([9; 32]));
        let accounts = stored.collect();
        let shard = Shard { run: RUN, volume, context, key: key_bytes, accounts };
        let sealed = key.volume(volume).recipient().seal(&shard.to_bytes()).expect("age seals");
        let _ = Digest::of(&sealed);
        fs::write(shard_file(folder, volume), &sealed).expect("room for a shard");
        sealed.len() as u64
    });
    sealed.sum()
}

/// Opens one shard after another and keeps its accounts, as `assemble` does. Gives the file's bytes.
pub fn keep_accounts(folder: &Path, volumes: usize) -> u64 {
    let key = RunKey::read(&folder.join(KEY)).expect("the key is there");
    let path = folder.join("run.sqlite");
    let mut store = RunStore::create(&path).expect("room for a file");
    for volume in VolumeId::all(volumes) {
        let sealed = fs::read(shard_file(folder, volume)).expect("the shard is there");
        let _ = Digest::of(&sealed);
        let opened = key.volume(volume).open(&sealed).expect("its own key");
        let shard = Shard::parse(&opened, RUN, volume).expect("a sound shard");
        let accounts = shard.accounts.iter();
        let accounts = accounts.map(|one| (one.id.as_str(), &one.account, one.placement));
        store.record_accounts(accounts).expect("no id twice");
        let attempt = RecordedAttempt::from_bytes([1; 32]);
        store.record_attempt(volume, &attempt).expect("a volume once");
    }
    store.finish(Digest::of(b"")).expect("room for a digest");
    drop(store);
    fs::metadata(path).expect("the file is there").len()
}
