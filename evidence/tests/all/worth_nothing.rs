//! Evidence that shows something, and counts as the venue's word all the same.

use jiff::SignedDuration;
use pacioli_attestation::By;
use pacioli_evidence::{Known, KnownBad, LONGEST, Seen};

use crate::{
    check::{WORD, holder, knowing, offline, one, says, whole},
    recorded::{ABSENT, HOLDER, before},
    wallets::{key, signed, text},
};

#[test]
fn a_text_that_follows_an_old_attestation_may_be_as_old() {
    let (attestation, _, entries) = whole();
    let at = attestation.reserves.as_ref().unwrap().as_of;
    let second = SignedDuration::from_secs(1);
    for (age, by) in [(LONGEST, By::Recomputed), (LONGEST + second, By::Publisher)] {
        let seen = Seen { digest: before(), as_of: Some(at - age) };
        let mut known = Known { previous: vec![seen], ..knowing() };
        let report = offline(&attestation, entries.clone(), &known);
        says(&report, [By::Chain, by], &[]);
        // Whoever gives the digest alone says that it is new enough.
        known.previous = vec![before().into()];
        says(&offline(&attestation, entries.clone(), &known), [By::Chain, By::Recomputed], &[]);
    }
}

#[test]
fn control_at_another_time_is_none_at_the_snapshot() {
    let (mut attestation, reserve, entries) = whole();
    let later = SignedDuration::from_hours(24 * 60);
    attestation.reserves.as_mut().unwrap().as_of += later;
    let signature = signed(&reserve, &text(&attestation, &reserve), &holder());
    let report = offline(&attestation, vec![entries[0].clone(), signature], &knowing());
    says(&report, [By::Chain, By::Publisher], &[]);
    assert!(one(&report).whose.why.contains("from the snapshot"), "{}", one(&report).whose.why);
}

#[test]
fn an_address_on_the_readers_list_is_a_fault_and_has_no_letter() {
    let (attestation, _, entries) = whole();
    for line in [HOLDER.to_lowercase(), HOLDER[2..].to_owned(), format!("eip155:1:{HOLDER}")] {
        let denied = KnownBad::parse(&line).unwrap();
        let report = offline(&attestation, entries.clone(), &Known { denied, ..knowing() });
        says(&report, WORD, &["is on your list"]);
        let one = one(&report);
        assert!(one.is_denied && one.by() == By::Publisher);
        assert!(one.balance.why.contains("on your list") && one.whose.why.contains("on your list"));
    }
    let denied = KnownBad::parse(ABSENT).unwrap();
    let report = offline(&attestation, entries, &Known { denied, ..knowing() });
    says(&report, [By::Chain, By::Recomputed], &[]);
}

#[test]
fn what_is_wrong_makes_the_reserve_the_venues_word() {
    let (attestation, reserve, mut entries) = whole();
    entries.push(signed(&reserve, &text(&attestation, &reserve), &key(3)));
    let report = offline(&attestation, entries, &knowing());
    says(&report, [By::Chain, By::Recomputed], &["is forged"]);
    assert_eq!(one(&report).by(), By::Publisher);
}
