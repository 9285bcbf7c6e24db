//! What is refused of a run beyond one machine, by name: what is wrong, damaged, another's or a lie.

use std::{fs, path::Path, process::Command, time::SystemTime};

use pacioli_attestation::Digest;
use serde_json::{Value, json};

use crate::{
    parts::{Dealt, check_statement},
    venue::setup,
};

#[test]
fn what_is_wrong_is_refused_by_name_and_never_tried_again() {
    let dealt = Dealt::new();
    let venue = &dealt.venue;
    let refused = |args: &[&str], variables: &[(&str, &str)], words: &str| {
        let run = dealt.go(args, variables);
        let said = run.refusal(2);
        assert!(said.contains(words), "`{words}` in {said}");
        assert!(!said.contains("holder"), "{said}");
    };
    let task = dealt.task("prove-volume", "keys");
    let with = |more: &[&'static str]| [&task[..], more].concat();
    refused(&task, &[], "which volume?");
    let differ = [("SLURM_ARRAY_TASK_ID", "1"), ("BATCH_TASK_INDEX", "2")];
    refused(&task, &differ, "SLURM_ARRAY_TASK_ID is 1 and BATCH_TASK_INDEX is 2");
    refused(&with(&["--index", "99"]), &[], "there is no volume 99");
    let other_key = dealt.task("prove-volume", "keys/1.key");
    refused(&[&other_key[..], &["--index", "0"]].concat(), &[], "this key does not open it");
    let none = dealt.task("prove-volume", "book.csv");
    refused(&[&none[..], &["--index", "0"]].concat(), &[], "book.csv: this is no key");
    let digest = format!("0x{}", "1".repeat(64));
    let swap = |from: &str, to: &'static str| -> Vec<&str> {
        let args = task.iter().map(|&arg| if arg == from { to } else { arg });
        args.chain(["--index", "0"]).collect()
    };
    let digest: &'static str = digest.leak();
    refused(&swap(&dealt.digest, digest), &[], "run/deal.json: its digest is");
    refused(&swap(setup(11), setup(12)), &[], "");

    let shards = dealt.objects("shards");
    let (first, second) = (fs::read(&shards[0]).unwrap(), fs::read(&shards[1]).unwrap());
    let index = with(&["--index", "0"]);
    let name = format!("run/shards/{}", shards[0].file_name().unwrap().to_str().unwrap());
    let mut damaged = first.clone();
    damaged[first.len() / 2] ^= 1;
    for (bytes, words) in [
        (&first[..first.len() - 1], "it was cut short"),
        (&[][..], "it was cut short"),
        (&second[..], "it was"),
        (&damaged[..], "it was exchanged or damaged"),
    ] {
        fs::write(&shards[0], bytes).unwrap();
        refused(&index, &[], &format!("{name}: it"));
        refused(&index, &[], words);
    }
    fs::remove_file(&shards[0]).unwrap();
    refused(&index, &[], &format!("{name} is missing"));
    fs::write(&shards[0], &first).unwrap();
    let deal = venue.read("run/deal.json");
    fs::write(
        venue.path("run/deal.json"),
        deal.replacen("book", "bank", 1).replacen(": 11", ": 12", 1),
    )
    .unwrap();
    refused(&index, &[], "run/deal.json: its digest is");
    fs::write(venue.path("run/deal.json"), deal).unwrap();
    assert_eq!(dealt.prove(0).code, 0);

    // Another book, another secret: not this run.
    venue.edit("book.csv", "holder-7,", "holder-x,");
    let error = dealt.go(&dealt.deal_args(), &[]);
    let error: Value = serde_json::from_str(&error.stdout).unwrap();
    let error = error["error"].as_str().unwrap();
    assert!(error.contains("of a run from other inputs: --snapshot differ"), "{error}");
}

#[test]
fn attempts_that_lie_are_named_and_passed_over() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let (proofs, records) = (dealt.objects("proofs"), dealt.objects("attempts"));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    // What volume 0's attempt drew, under the name that those bytes have as volume 1's attempt's.
    let (own, other) = (name(&records[1]), name(&records[0]));
    let lie = records[1].with_file_name(format!("{}{}", &own[..40], &other[40..]));
    fs::copy(&records[0], &lie).unwrap();
    fs::remove_file(&records[1]).unwrap();
    // The proof of volume 2 is cut short.
    let whole = fs::read(&proofs[2]).unwrap();
    fs::write(&proofs[2], &whole[..whole.len() - 1]).unwrap();
    let run = dealt.assemble("out");
    assert_eq!(run.code, 75, "{}", run.stderr);
    assert!(run.stdout.contains("\"missing\": \"1-2\""), "{}", run.stdout);
    for damaged in [&lie, &proofs[2]] {
        let name = name(damaged);
        assert!(run.stderr.contains("passed over") && run.stderr.contains(&name), "{}", run.stderr);
    }
    assert!(!dealt.venue.path("out/attestation.json").exists());
    // What was damaged and is whole again is good; what lied stays refused, and its volume is proved
    // again.
    fs::write(&proofs[2], whole).unwrap();
    let run = dealt.assemble("out");
    assert!(run.stdout.contains("\"missing\": \"1\""), "{} {}", run.stdout, run.stderr);
    assert_eq!(dealt.objects("refused").len(), 1);
    // Somebody without keys says of every attempt that it was refused: nobody believes it.
    for proof in dealt.objects("proofs") {
        let attempt = name(&proof)[..39].to_owned();
        for mark in [attempt.clone(), format!("{attempt}-{}", "0".repeat(64))] {
            dealt.venue.write(&format!("run/refused/{mark}"), "");
        }
    }
    let again = dealt.prove(0);
    assert!(again.stdout.starts_with("volume 0: proved before"), "{}", again.stdout);
    let run = dealt.assemble("out");
    assert!(run.stdout.contains("\"missing\": \"1\""), "{} {}", run.stdout, run.stderr);
    dealt.prove_all();
    assert_eq!(dealt.objects("proofs").len(), proofs.len() + 1);
    assert_eq!(dealt.assemble("out").code, 0);
    dealt.verify("out");
}

#[test]
fn what_is_no_object_is_passed_over() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let (proofs, records) = (dealt.objects("proofs"), dealt.objects("attempts"));
    // A folder, a pipe, and more bytes than any proof has, each with a record.
    for (kind, volume) in [("folder", 0), ("pipe", 2), ("large", 1)] {
        let (proof, record) = (&proofs[volume], &records[volume]);
        let other = |path: &Path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            path.with_file_name(format!("{}{}{}", &name[..23], "a".repeat(16), &name[39..]))
        };
        fs::copy(record, other(record)).unwrap();
        match kind {
            "folder" => fs::create_dir(other(proof)).unwrap(),
            "pipe" => {
                let made = Command::new("mkfifo").arg(other(proof)).status().unwrap();
                assert!(made.success());
                // Its shard is none either.
                let shard = &dealt.objects("shards")[volume];
                fs::rename(shard, dealt.venue.path("shard")).unwrap();
                assert!(Command::new("mkfifo").arg(shard).status().unwrap().success());
                let run = dealt.assemble("out");
                let name = shard.file_name().unwrap().to_str().unwrap();
                assert_eq!(run.code, 2, "{}", run.stdout);
                assert!(run.stdout.contains(&format!("{name}: it is no file")), "{}", run.stdout);
                fs::rename(dealt.venue.path("shard"), shard).unwrap();
            }
            _ => {
                let file = fs::File::create(other(proof)).unwrap();
                file.set_len(1 << 32).unwrap();
                // The first that is looked at.
                file.set_modified(SystemTime::UNIX_EPOCH).unwrap();
            }
        }
    }
    let again = dealt.prove(0);
    assert!(again.stdout.starts_with("volume 0: proved before"), "{}", again.stderr);
    let status = dealt.status();
    assert_eq!(status["done"], dealt.volumes);
    assert_eq!(dealt.assemble("out").code, 0);
    dealt.verify("out");
}

#[test]
fn a_run_is_not_put_together_over_another() {
    let (dealt, other) = (Dealt::new(), Dealt::new());
    for one in [&dealt, &other] {
        one.prove_all();
        assert_eq!(one.assemble("out").code, 0);
    }
    // The other run's private folder beside no attestation.
    let published = dealt.venue.path("out/attestation.json");
    fs::rename(&published, dealt.venue.path("published.json")).unwrap();
    fs::rename(dealt.venue.path("out"), dealt.venue.path("first")).unwrap();
    fs::rename(other.venue.path("out"), dealt.venue.path("out")).unwrap();
    fs::remove_file(dealt.venue.path("out/attestation.json")).unwrap();
    let kept = fs::read(dealt.venue.path("out/private/run.sqlite")).unwrap();
    let again = dealt.assemble("out");
    assert_eq!(again.code, 2, "{}", again.stdout);
    assert!(again.stdout.contains("out/private is of another run"), "{}", again.stdout);
    assert_eq!(fs::read(dealt.venue.path("out/private/run.sqlite")).unwrap(), kept);
    fs::rename(dealt.venue.path("published.json"), dealt.venue.path("first/attestation.json"))
        .unwrap();
    let build = ["statements", "build", "--run", "first", "--secret", "venue.secret"];
    let run = dealt.venue.run(&[&build[..], &["--setup", setup(11), "--quiet"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    check_statement(&dealt.venue, "first", "holder-7");
}

#[test]
fn a_deal_whose_shards_are_elsewhere_is_not_done() {
    let dealt = Dealt::new();
    let args: Vec<&str> =
        dealt.deal_args().into_iter().map(|arg| if arg == "run" { "run2" } else { arg }).collect();
    let run = dealt.go(&args, &[]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stdout.contains("run2 lacks the shards 0-"), "{}", run.stdout);
    assert!(!dealt.venue.path("run2/deal.json").exists());
}

#[test]
fn a_choice_that_the_dealer_did_not_make_is_nobodys() {
    let dealt = Dealt::new();
    // Well-formed, and of this run.
    let deal: Value = serde_json::from_str(&dealt.venue.read("run/deal.json")).unwrap();
    let digest = format!("0x{}", "1".repeat(64));
    let chosen = json!({
        "attempt": "1".repeat(16), "proof": digest, "record": digest, "chosen": digest,
    });
    let forged = json!({
        "version": "pacioli assembled v1-draft", "run": deal["run"], "deal": dealt.digest,
        "attestation": digest, "volumes": vec![chosen; dealt.volumes],
    });
    dealt.venue.write("run/assembled.json", forged.to_string());
    for volume in 0..dealt.volumes {
        let run = dealt.prove(volume);
        assert!(run.stdout.starts_with(&format!("volume {volume}: proved\n")), "{}", run.stderr);
        assert!(run.stderr.contains("assembled.json is nobody's choice"), "{}", run.stderr);
    }
    let run = dealt.assemble("out");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stdout.contains("is not the choice of dealer"), "{}", run.stdout);
    assert_eq!(dealt.objects("attempts").len(), dealt.volumes);
    fs::remove_file(dealt.venue.path("run/assembled.json")).unwrap();
    // What the chosen attempts drew is gone: nothing is destroyed, since no page could be opened.
    let drew = dealt.objects("chosen");
    let away = dealt.venue.path("away");
    fs::rename(&drew[0], &away).unwrap();
    let run = dealt.assemble("out");
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert!(run.stdout.contains("is missing"), "{}", run.stdout);
    assert_eq!(dealt.objects("attempts").len(), dealt.volumes);
    fs::rename(&away, &drew[0]).unwrap();
    let done = dealt.assemble("out");
    assert_eq!(done.code, 0, "{}", done.stdout);
    let file = fs::read(dealt.venue.path("run/assembled.json")).unwrap();
    assert_eq!(done.json()["assembled"], Digest::of(&file).to_string());
    dealt.verify("out");
}
