//! Volumes moved, repeated, left out, and their totals and proofs changed.

use pacioli_attestation::{Attestation, VolumeProof};

use crate::attestation::fixture::{attestation, prove, refusal};

fn refused(change: impl FnOnce(&mut Vec<VolumeProof>)) -> String {
    let mut changed: Attestation = attestation();
    change(&mut changed.volumes);
    refusal(&changed)
}

fn does_not_hold(volume: usize) -> String {
    format!("volume {volume}: the proof does not hold for these public inputs")
}

#[test]
fn a_volume_stands_in_its_place_once() {
    assert_eq!(refused(|volumes| volumes.swap(0, 1)), does_not_hold(0));
    assert_eq!(refused(|volumes| volumes[1] = volumes[0].clone()), does_not_hold(1));
    assert_eq!(refused(|volumes| volumes.push(volumes[1].clone())), does_not_hold(0));
    assert_eq!(
        refused(|volumes| {
            volumes.pop();
        }),
        does_not_hold(0)
    );
    assert_eq!(
        refused(|volumes| {
            volumes.remove(0);
        }),
        does_not_hold(0)
    );
    assert_eq!(refused(Vec::clear), "the attestation has no volume");
}

#[test]
fn a_volume_of_another_run_does_not_fit_unless_the_run_was_of_the_same_words() {
    let other = prove();
    let mut renamed = attestation();
    renamed.header.venue = "another".to_owned();
    renamed.volumes = other.volumes.clone();
    assert_eq!(refusal(&renamed), does_not_hold(0));
    // Two runs deal the accounts differently, so totals of one do not fit the proofs of the other.
    let proof = |volume: usize| other.volumes[volume].proof.clone();
    assert_eq!(refused(|volumes| volumes[0].proof = proof(0)), does_not_hold(0));
    assert_eq!(refused(|volumes| volumes[1].proof = proof(1)), does_not_hold(1));
}

#[test]
fn a_proof_belongs_to_one_volume() {
    let one_in_two = refused(|volumes| volumes[1].proof = volumes[0].proof.clone());
    assert_eq!(one_in_two, does_not_hold(1));
}

#[test]
fn a_proof_has_one_length() {
    let length = attestation().volumes[0].proof.len();
    let expected = |got| format!("volume 1: the proof has {got} bytes, not {length}");
    assert_eq!(
        refused(|volumes| {
            volumes[1].proof.pop();
        }),
        expected(length - 1)
    );
    assert_eq!(refused(|volumes| volumes[1].proof.push(0)), expected(length + 1));
    assert_eq!(refused(|volumes| volumes[1].proof.extend([0; 32])), expected(length + 32));
    assert_eq!(refused(|volumes| volumes[1].proof.clear()), expected(0));
    assert_eq!(refused(|volumes| volumes[1].proof.fill(0)), does_not_hold(1));
    assert_eq!(refused(|volumes| volumes[1].proof.fill(0xff)), does_not_hold(1));
}

#[test]
fn there_is_one_total_for_each_instrument() {
    let rows = attestation().volumes[0].counts.len();
    let error = refused(|volumes| {
        volumes[0].counts.pop();
    });
    assert_eq!(error, format!("volume 0 has {} counts and {rows} quantities", rows - 1));
    let error = refused(|volumes| volumes[1].quantities.push(0));
    assert_eq!(error, format!("volume 1 has {rows} counts and {} quantities", rows + 1));
    let error = refused(|volumes| {
        volumes[0].counts.push(0);
        volumes[0].quantities.push(0);
    });
    let expected = format!(
        "volume 0: the public inputs are out of bounds: expected {rows} totals, one for each \
         instrument, got"
    );
    assert_eq!(error, format!("{expected} {}", rows + 1));
    let error = refused(|volumes| {
        volumes[0].counts.clear();
        volumes[0].quantities.clear();
    });
    assert_eq!(error, format!("{expected} 0"));
}

#[test]
fn totals_out_of_their_bounds_are_refused_before_the_proof() {
    let bounds = "volume 0: the public inputs are out of bounds: ";
    let lines = 1600;
    let refused = |change: fn(&mut VolumeProof)| {
        let error = refused(|volumes| change(&mut volumes[0]));
        error.strip_prefix(bounds).unwrap_or(&error).to_owned()
    };
    assert_eq!(
        refused(|volume| volume.counts[1] = u64::MAX),
        format!("instrument 1 is counted {} times in {lines} lines", u64::MAX)
    );
    let count = attestation().volumes[0].counts[1];
    assert_eq!(
        refused(|volume| volume.quantities[1] = u128::MAX),
        format!("{count} lines cannot hold {} of instrument 1", u128::MAX)
    );
    assert_eq!(
        refused(|volume| volume.quantities[0] = 1),
        "empty slots hold 1, but must hold nothing",
    );
    assert_eq!(
        refused(|volume| volume.counts[1] -= 1),
        format!("the counts add up to {} lines, but the shape has {lines}", lines - 1)
    );
}

#[test]
fn every_total_is_bound() {
    let rows = attestation().volumes[0].counts.len();
    for row in 1..rows {
        for volume in 0..2 {
            let held = attestation().volumes[volume].counts[row] > 0;
            if held {
                let error = refused(|volumes| volumes[volume].quantities[row] ^= 1);
                assert_eq!(error, does_not_hold(volume), "quantity of row {row}");
            }
        }
        // A line counted for the row before: the sum of the counts stays.
        let moved = refused(|volumes| {
            let counts = &mut volumes[1].counts;
            let from =
                (0..rows).filter(|&from| from != row).max_by_key(|&from| counts[from]).unwrap();
            counts[from] -= 1;
            counts[row] += 1;
        });
        assert_eq!(moved, does_not_hold(1), "count of row {row}");
    }
}

#[test]
fn totals_cannot_be_moved_between_volumes() {
    // The sum of the volumes, which is all that figures are made of, stays the same.
    let error = refused(|volumes| {
        let row = volumes[0].counts.iter().rposition(|&count| count > 0).unwrap();
        volumes[0].quantities[row] -= 1;
        volumes[1].quantities[row] += 1;
    });
    assert_eq!(error, does_not_hold(0));
}
