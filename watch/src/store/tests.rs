//! A history that is opened anew between looks.

use super::*;
use crate::{
    judge::{
        Memory, Refused,
        testing::{digest, verified},
    },
    state::State,
};

fn judged(facts: &[(&str, &str)], not_read: &[&str]) -> Judged {
    let fact = |(source, what): &(&str, &str)| Fact {
        subject: Subject {
            venue: "Sample".into(),
            source: (*source).into(),
            kind: Kind::Registry,
            what: (*what).into(),
        },
        presence: Presence::There,
        state: State::Breach,
        summary: "it fails".into(),
        private: *source == "book",
    };
    Judged {
        venue: "Sample".into(),
        facts: facts.iter().map(fact).collect(),
        not_read: not_read.iter().map(|one| ((*one).to_owned(), "500".to_owned())).collect(),
        ..Judged::default()
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn receivers() -> [(String, bool); 2] {
    [("public".to_owned(), false), ("own".to_owned(), true)]
}

fn keep(store: &mut Store, second: i64, judged: &Judged) -> Vec<Told> {
    let told = store.keep(judged, at(second), &Judging::default(), &receivers()).unwrap();
    told.into_iter().map(|(told, _)| told).collect()
}

#[test]
fn an_alert_is_told_once_though_the_process_is_restarted_between_all_looks() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("watch.db");
    let there = judged(&[("a", "min_coverage")], &[]);
    let mut told = Vec::new();
    for second in [0, 60, 120, 180] {
        let mut store = Store::open(&path).unwrap();
        told.push(keep(&mut store, second, &there));
    }
    assert_eq!(told, [vec![], vec![Told::Raised], vec![], vec![]]);
    // Not read: it stays, however long.
    for second in [10_000, 20_000] {
        let mut store = Store::open(&path).unwrap();
        assert_eq!(keep(&mut store, second, &judged(&[], &["a"])), []);
        assert!(store.alerts().unwrap()[0].is_open());
    }
    let mut store = Store::open(&path).unwrap();
    assert_eq!(keep(&mut store, 30_000, &judged(&[], &[])), []);
    assert_eq!(keep(&mut store, 30_600, &judged(&[], &[])), [Told::Resolved]);
    assert_eq!(keep(&mut store, 30_660, &judged(&[], &[])), []);
    let due = store.due("public", at(40_000)).unwrap();
    assert_eq!(due.len(), 1, "what is raised comes first");
    store.delivered(due[0].id, at(40_000)).unwrap();
    let due = store.due("public", at(40_000)).unwrap();
    assert_eq!((due.len(), due[0].told), (1, Told::Resolved));
}

#[test]
fn a_failed_delivery_is_due_again_later_and_private_alerts_go_to_those_who_ask() {
    let mut store = Store::in_memory().unwrap();
    let there = judged(&[("book", "x")], &[]);
    keep(&mut store, 0, &there);
    keep(&mut store, 60, &there);
    assert_eq!(store.due("public", at(60)).unwrap(), []);
    let due = store.due("own", at(60)).unwrap();
    assert_eq!((due.len(), due[0].attempts), (1, 0));
    store.failed(due[0].id, at(90)).unwrap();
    assert_eq!(store.due("own", at(89)).unwrap(), []);
    let again = store.due("own", at(90)).unwrap();
    assert_eq!((&again[0].message, again[0].attempts), (&due[0].message, 1));
    assert_eq!(store.open_deliveries().unwrap(), BTreeMap::from([("own".to_owned(), 1)]));
}

#[test]
fn what_was_learned_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("watch.db");
    let mut one = judged(&[], &["b"]);
    let kept = verified(7).kept;
    one.learned.verified.push(("a".into(), digest(1), kept.clone()));
    one.learned.named.push((6, digest(3), "a".into()));
    one.learned.rounds.push(("chain".into(), 7));
    one.learned.unknown_since.insert("b".into(), at(5));
    one.learned.series.push(("owed".into(), 7, 12u32.into()));
    keep(&mut Store::open(&path).unwrap(), 10, &one);
    let mut learned = crate::judge::Memory::default();
    learned.learn(&one.learned);
    let memory = || Store::open(&path).unwrap().memory("Sample").unwrap();
    assert_eq!(memory(), learned);
    let refused = Refused { number: 9, why: "no".into() };
    one.learned.refused.push(("a".into(), digest(2), refused));
    one.learned.rounds[0].1 = 6;
    keep(&mut Store::open(&path).unwrap(), 20, &one);
    learned.learn(&one.learned);
    assert_eq!(memory(), learned);
    assert_eq!((memory().rounds["chain"], memory().refused.len()), (7, 1));
    // What is refused under another key was not verified, and what verifies is not refused.
    let mut other = judged(&[], &["b"]);
    other.learned.refused.push(("a".into(), digest(1), Refused { number: 7, why: "no".into() }));
    other.learned.verified.push(("a".into(), digest(2), kept));
    keep(&mut Store::open(&path).unwrap(), 30, &other);
    learned.learn(&other.learned);
    assert_eq!(memory(), learned);
    assert!(memory().verified.contains_key(&[2; 32]) && memory().verified.len() == 1);
    other.learned = Default::default();
    other.learned.over.push(("a".into(), digest(1)));
    keep(&mut Store::open(&path).unwrap(), 40, &other);
    assert!(memory().refused.is_empty());
    let other = Store::open(&path).unwrap().memory("Another").unwrap();
    assert_eq!(other, Memory::default());
}

/// Whoever is added or renamed while something is open is told of it, once, however long it lasts.
#[test]
fn a_new_receiver_is_told_what_is_open() {
    let mut store = Store::in_memory().unwrap();
    let there = judged(&[("a", "min_coverage")], &[]);
    keep(&mut store, 0, &there);
    keep(&mut store, 60, &there);
    let renamed = [("pager".to_owned(), false)];
    let again = |store: &mut Store, second| {
        store.keep(&there, at(second), &Judging::default(), &renamed).unwrap();
        store.due("pager", at(second)).unwrap()
    };
    let due = again(&mut store, 120);
    assert_eq!((due.len(), due[0].told), (1, Told::Raised));
    store.delivered(due[0].id, at(120)).unwrap();
    for second in [180, 120 * 86_400] {
        assert_eq!(again(&mut store, second), []);
    }
    let orphaned = store.orphaned(&renamed).unwrap();
    assert_eq!(orphaned, [("own".to_owned(), 1), ("public".to_owned(), 1)]);
}

/// A source that was taken out of the configuration is not well for that.
#[test]
fn what_is_watched_no_more_is_closed_and_not_called_over() {
    let mut store = Store::in_memory().unwrap();
    let there = judged(&[("a", "one"), ("b", "two")], &[]);
    keep(&mut store, 0, &there);
    keep(&mut store, 60, &there);
    let is_watched = |subject: &Subject| subject.source == "b";
    for expected in [1, 0] {
        let told = store.close_unwatched(&is_watched, at(120), &receivers()).unwrap();
        assert_eq!(told.len(), expected);
        let text = "watched no more, and not known to be over: it fails";
        assert!(told.iter().all(|(told, one)| *told == Told::Resolved && one.summary == text));
    }
    let open = store.alerts().unwrap().into_iter().filter(Alert::is_open);
    assert_eq!(open.map(|one| one.subject.source).collect::<Vec<_>>(), ["b"]);
}

/// What a receiver always refuses keeps it from nothing.
#[test]
fn what_was_never_tried_is_told_first() {
    let mut store = Store::in_memory().unwrap();
    let bad: Vec<String> = (0..20).map(|one| one.to_string()).collect();
    let mut facts: Vec<(&str, &str)> = bad.iter().map(|one| ("a", &**one)).collect();
    for second in [0, 60] {
        keep(&mut store, second, &judged(&facts, &[]));
    }
    for one in store.due("public", at(60)).unwrap() {
        store.failed(one.id, at(61)).unwrap();
    }
    facts.push(("a", "new"));
    for second in [120, 180] {
        keep(&mut store, second, &judged(&facts, &[]));
    }
    let due = store.due("public", at(180)).unwrap();
    assert_eq!((due.len(), &*due[0].alert.subject.what), (21, "new"));
}

/// Another name at each look: the second is told.
#[test]
fn looks_are_counted_for_what_a_venue_names() {
    let mut store = Store::in_memory().unwrap();
    let told = ["one", "two", "three"].into_iter().zip([0, 60, 120]).map(|(what, second)| {
        let mut judged = judged(&[("prices", what)], &[]);
        judged.facts[0].subject.kind = Kind::Repriced;
        keep(&mut store, second, &judged)
    });
    assert_eq!(told.collect::<Vec<_>>(), [vec![], vec![Told::Raised], vec![Told::Raised]]);
}

#[test]
fn two_watches_do_not_share_a_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("watch.db");
    let _first = Store::open(&path).unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::InUse)));
}
