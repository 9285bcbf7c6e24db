//! A history that is opened anew between looks.

use super::*;
use crate::{
    alert::{Fact, Kind},
    state::State,
};

fn judged(facts: &[(&str, &str)], not_read: &[&str]) -> Judged {
    let fact = |(source, what): &(&str, &str)| Fact {
        subject: Subject {
            venue: "Sample".into(),
            source: (*source).into(),
            kind: Kind::Clause,
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
    one.learned.digests.push((7, Digest([1; 32]), "a".into()));
    one.learned.numbers.push(("a".into(), 7));
    one.learned.unknown_since.insert("b".into(), at(5));
    one.learned.series.push(("owed".into(), 7, 12u32.into()));
    keep(&mut Store::open(&path).unwrap(), 10, &one);
    one.learned.digests[0].1 = Digest([2; 32]);
    keep(&mut Store::open(&path).unwrap(), 20, &one);
    let memory = Store::open(&path).unwrap().memory("Sample").unwrap();
    assert_eq!(memory.digests[&7], BTreeSet::from([[1; 32], [2; 32]]));
    assert_eq!(memory.numbers["a"], BTreeSet::from([7]));
    assert_eq!(memory.unknown_since["b"], at(5));
    assert_eq!(memory.series["owed"][&7], 12u32.into());
    let other = Store::open(&path).unwrap().memory("Another").unwrap();
    assert_eq!(other, Memory::default());
}

#[test]
fn two_watches_do_not_share_a_history() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("watch.db");
    let _first = Store::open(&path).unwrap();
    assert!(matches!(Store::open(&path), Err(StoreError::InUse)));
}
