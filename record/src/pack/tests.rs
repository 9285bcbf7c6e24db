//! Packs made, read, and made by somebody who means harm.

use proptest::prelude::*;
use tar::{Builder, EntryType, Header};

use super::*;

fn pack() -> Pack {
    let contents = Contents {
        attestation: b"{ attestation }".to_vec(),
        key: b"{ key }".to_vec(),
        evidence: vec![b"{ one }".to_vec(), b"{ two }".to_vec()],
        report: Some(b"<html>".to_vec()),
        page: Some(vec![b'p'; 2_000]),
    };
    Pack::new(contents, "pacioli 0").unwrap()
}

/// An archive of these entries, as they are given.
fn archive(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
    let mut archive = Builder::new(Vec::new());
    for (name, kind, bytes) in entries {
        let mut header = Header::new_ustar();
        // As `set_path` would not have it.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        archive.append(&header, *bytes).unwrap();
    }
    archive.into_inner().unwrap()
}

fn refusal(bytes: &[u8]) -> String {
    Pack::read(bytes).unwrap_err().to_string()
}

/// The entries of a pack, as [`archive`] takes them.
fn with(more: &[(&str, EntryType, &[u8])], edit: impl Fn(String) -> String) -> Vec<u8> {
    let pack = pack();
    let manifest = edit(serde_json::to_string(pack.manifest()).unwrap());
    let mut entries = vec![("manifest.json", EntryType::Regular, manifest.as_bytes())];
    let files = pack.manifest.files.iter().zip(&pack.files);
    entries.extend(files.map(|(i, bytes)| (i.name.as_str(), EntryType::Regular, &bytes[..])));
    entries.extend_from_slice(more);
    archive(&entries)
}

#[test]
fn a_pack_is_one_sequence_of_bytes_and_reads_as_it_was_made() {
    let pack = pack();
    let bytes = pack.to_bytes();
    assert_eq!(bytes, pack.to_bytes());
    assert!(is_pack(&bytes) && !is_pack(b"{}"));
    assert_eq!(Pack::read(&bytes).unwrap(), pack);
    assert_eq!(pack.of(Kind::Evidence).collect::<Vec<_>>(), [b"{ one }", b"{ two }"]);
    assert_eq!((pack.attestation(), pack.key()), (&b"{ attestation }"[..], &b"{ key }"[..]));
    assert_eq!(Pack::read(&with(&[], |text| text)).unwrap(), pack, "another writer's archive");
}

#[test]
fn a_manifest_is_of_its_schema() {
    let schema = include_str!("../../../docs/schema/pack.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let manifest = serde_json::to_value(pack().manifest()).unwrap();
    jsonschema::draft202012::new(&schema).unwrap().validate(&manifest).unwrap();
}

#[test]
fn nothing_leads_out_of_a_pack_or_stands_in_it_twice() {
    let same = |text: String| text;
    for name in ["../attestation.json", "/etc/passwd", "a\\b", "./key.json", "notes.txt"] {
        let error = refusal(&with(&[(name, EntryType::Regular, b"x")], same));
        assert!(error.contains("does not name `"), "{error}");
    }
    let error = refusal(&with(&[("key.json", EntryType::Regular, b"{ key }")], same));
    assert_eq!(error, "the pack has `key.json` twice");
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::GNUSparse,
        EntryType::GNULongName,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
        EntryType::Char,
    ] {
        let error = refusal(&with(&[("key.json", kind, b"")], same));
        assert_eq!(error, "`key.json` in the pack is no plain file", "{kind:?}");
    }
    for (from, to, expected) in [
        ("report.html", "../report.html", "which is no name of its kind"),
        ("evidence-2", "evidence-1", "which is no name of its kind"),
        ("pack v1-draft", "pack v2", "the pack's version is `pacioli pack v2`"),
        ("\"made_by\"", "\"by\"", "unknown field `by`"),
        ("\"kind\":\"key\"", "\"kind\":\"page\"", "which is no name of its kind"),
    ] {
        let error = refusal(&with(&[], |text| text.replace(from, to)));
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn nothing_but_zeros_is_behind_the_end_of_a_pack() {
    let bytes = pack().to_bytes();
    let second = archive(&[("attestation.json", EntryType::Regular, b"{ another }")]);
    let one = [&bytes[..], b"x"].concat();
    let late = [&bytes[..], &[0; 512][..], &second].concat();
    let between = [&bytes[..bytes.len() - 512], &second].concat();
    let long = [&bytes[..], &[0; 10_240][..]].concat();
    for more in [[&bytes[..], &second].concat(), one, late, between, long] {
        assert_eq!(Pack::read(&more).unwrap_err().to_string(), PackError::Behind.to_string());
    }
    let record = [&bytes[..], &[0; 9_000][..]].concat();
    assert_eq!(Pack::read(&record).unwrap(), pack(), "as tar fills its records up");
}

#[test]
fn what_was_damaged_exchanged_or_left_out_is_named() {
    let pack = pack();
    let entries = |skip: &str, other: &str| {
        let manifest = serde_json::to_string(pack.manifest()).unwrap();
        let mut list = vec![("manifest.json", manifest.into_bytes())];
        for (item, bytes) in pack.manifest.files.iter().zip(&pack.files) {
            let mut bytes = bytes.clone();
            if item.name == other {
                bytes[0] ^= 1;
            }
            list.push((&item.name, bytes));
        }
        list.retain(|(name, _)| *name != skip);
        let list = list.iter().map(|(name, bytes)| (*name, EntryType::Regular, &bytes[..]));
        refusal(&archive(&list.collect::<Vec<_>>()))
    };
    assert_eq!(entries("key.json", ""), "the pack has no `key.json`");
    assert_eq!(entries("manifest.json", ""), "the pack has no `manifest.json`");
    assert!(entries("", "report.html").starts_with("`report.html` in the pack is not what its"));
    let bytes = pack.to_bytes();
    for end in [0, 100, 511, 512, 600, 1_024, bytes.len() / 2] {
        assert!(Pack::read(&bytes[..end]).is_err(), "{end}");
    }
    // A file that claims to be larger than all of it.
    let mut huge = bytes.clone();
    let mut header = Header::from_byte_slice(&bytes[..512]).clone();
    header.set_size(u64::MAX);
    header.set_cksum();
    huge[..512].copy_from_slice(header.as_bytes());
    assert!(Pack::read(&huge).is_err());
}

#[test]
fn no_pack_is_larger_than_its_bounds() {
    let mut manifest = pack().manifest;
    manifest.files[0].bytes = MAX_BYTES + 1;
    assert!(matches!(manifest.check(), Err(PackError::TooLarge)));
    manifest.files[0].bytes = u64::MAX;
    assert!(matches!(manifest.check(), Err(PackError::TooLarge)));
    let evidence = vec![Vec::new(); MAX_FILES];
    let contents = Contents { evidence, ..Contents::default() };
    assert!(matches!(Pack::new(contents, ""), Err(PackError::TooMany)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever bytes change: the same pack, or an error.
    #[test]
    fn a_changed_pack_is_the_same_or_refused(
        changes in prop::collection::vec((0usize..9_000, any::<u8>()), 1..6)
    ) {
        let pack = pack();
        let mut bytes = pack.to_bytes();
        for (at, value) in changes {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = value;
            }
        }
        if let Ok(read) = Pack::read(&bytes) {
            prop_assert_eq!(read.files, pack.files);
        }
    }
}
