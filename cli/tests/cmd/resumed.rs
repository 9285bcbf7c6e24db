//! Runs that are stopped and go on, and two at once in one place: docs/scale.md.

use std::{
    fs,
    path::Path,
    process::{Child, Stdio},
    thread,
    time::Duration,
};

use crate::{
    parts::{Dealt, long_book},
    venue::{Venue, setup},
};

fn start(venue: &Venue, args: &[&str]) -> Child {
    let mut command = venue.command(args);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn wait_for(path: &Path) {
    while !path.exists() {
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_run_that_was_stopped_is_continued_from_the_same_inputs_alone() {
    let venue = Venue::new();
    long_book(&venue);
    let args = venue.prove_args("out", &["--quiet"]);
    let mut run = start(&venue, &args);
    wait_for(&venue.path("out/private/work/deal.json"));
    run.kill().unwrap();
    run.wait().unwrap();
    let status = venue.run(&["prove", "--status", "out"]);
    assert!(status.stdout.contains("volumes proved"), "{} {}", status.stdout, status.stderr);
    let refused = |args: &[&str], what: &str| {
        let run = venue.run(args);
        let said = run.refusal(2);
        assert!(said.contains(&format!("other inputs: {what} differ")), "{said}");
    };
    let with = |more: &[&'static str]| [&args[..], more].concat();
    refused(&with(&["--venue", "Another"]), "--venue");
    refused(&with(&["--as-of", "2026-01-02T00:00:00Z", "--round"]), "--as-of, --round");
    let other: Vec<&str> =
        args.iter().map(|&arg| if arg == setup(11) { setup(12) } else { arg }).collect();
    refused(&other, "--setup");
    venue.edit("book.csv", "holder-7,", "holder-x,");
    refused(&args, "--snapshot");
    venue.edit("book.csv", "holder-x,", "holder-7,");
    venue.edit("out/private/inputs.json", env!("CARGO_PKG_VERSION"), "0.0.9");
    refused(&args, "the program's version");
    venue.edit("out/private/inputs.json", "0.0.9", env!("CARGO_PKG_VERSION"));
    let run = venue.run(&args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // What another version of the program left is not taken for a run of this one, nor removed.
    fs::create_dir_all(venue.path("old/private")).unwrap();
    venue.write("old/private/run.sqlite", "");
    let run = venue.prove("old", &["--quiet"]);
    assert!(run.refusal(2).contains("of another version of the program"), "{}", run.stderr);
    assert!(venue.path("old/private/run.sqlite").exists());
}

#[test]
fn of_two_runs_in_one_place_the_second_ends_by_name_and_harms_nothing() {
    let venue = Venue::new();
    long_book(&venue);
    let args = venue.prove_args("out", &["--quiet"]);
    let mut first = start(&venue, &args);
    // Before anything is dealt, and in the middle.
    for moment in ["out/private/lock", "out/private/work/deal.json"] {
        wait_for(&venue.path(moment));
        let second = venue.run(&args);
        assert!(second.refusal(75).contains("another process works in out/private"));
    }
    assert!(first.wait().unwrap().success());
    assert!(venue.run(&args).refusal(2).contains("out already holds an attestation"));
    let run = venue.verify("out", &[]);
    assert!(run.stdout.starts_with("DOES NOT HOLD: the proofs verify"), "{}", run.stderr);
}

#[test]
fn of_two_deals_in_one_folder_the_second_ends_by_name() {
    let dealt = Dealt::prepared("run");
    let mut command = dealt.command(&dealt.deal_args());
    let mut first = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    wait_for(&dealt.venue.path("dealer/lock"));
    let second = dealt.go(&dealt.deal_args(), &[]);
    // On a slow machine the first may be done.
    assert!(second.code == 0 || second.stdout.contains("another process works in dealer"));
    assert!(first.wait().unwrap().success());
    let third = dealt.go(&dealt.deal_args(), &[]).json();
    assert_eq!(dealt.objects("shards").len() as u64, third["volumes"].as_u64().unwrap());
}

#[test]
fn a_run_whose_last_traces_were_not_removed_is_finished() {
    let venue = Venue::new();
    long_book(&venue);
    let args = venue.prove_args("out", &["--quiet"]);
    let mut run = start(&venue, &args);
    wait_for(&venue.path("out/private/work/deal.json"));
    run.kill().unwrap();
    run.wait().unwrap();
    let traces = ["deal.json", "inputs.json", "records.key"];
    let kept = traces.map(|name| venue.read(&format!("out/private/{name}")));
    let done = venue.run(&args);
    assert_eq!(done.code, 0, "{}", done.stderr);
    // As it was between the attestation and the last file that is removed.
    for (name, text) in traces.iter().zip(kept) {
        assert!(!venue.path(&format!("out/private/{name}")).exists(), "{name}");
        venue.write(&format!("out/private/{name}"), text);
    }
    fs::create_dir(venue.path("out/private/work")).unwrap();
    let other = [&args[..], &["--venue", "Another"]].concat();
    assert!(venue.run(&other).refusal(2).contains("other inputs: --venue differ"));
    assert_eq!(venue.run(&args).stdout, done.stdout);
    for name in traces.iter().chain(&["work"]) {
        assert!(!venue.path(&format!("out/private/{name}")).exists(), "{name}");
    }
}

#[test]
fn what_killed_processes_left_is_removed_and_nothing_that_is_written_now() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let venue = &dealt.venue;
    // A deal that was stopped, an assembly before its choice, and one in the middle of its files.
    let shard = dealt.objects("shards").remove(0);
    let name = shard.file_name().unwrap().to_str().unwrap();
    let other = format!("run/shards/{}{}", "0".repeat(16), &name[16..]);
    venue.write(&other, "");
    assert_eq!(dealt.go(&dealt.deal_args(), &[]).code, 0);
    assert!(!venue.path(&other).exists());
    let record = dealt.objects("attempts").remove(0);
    fs::create_dir_all(venue.path("run/chosen")).unwrap();
    let drew = venue.path("run/chosen").join(record.file_name().unwrap());
    fs::copy(&record, &drew).unwrap();
    fs::create_dir_all(venue.path("out/private")).unwrap();
    let left = ["out/private/run.sqlite.7.9.part", "out/private/run.sqlite.7.9.part-journal"];
    let left = [left[0], left[1], "out/private/salt.7.9.part", "out/attestation.json.7.9.part"];
    left.iter().for_each(|name| venue.write(name, "half"));
    // Somebody else is at work there.
    let lock = fs::File::create(venue.path("out/private/lock")).unwrap();
    lock.lock_shared().unwrap();
    assert_eq!(dealt.assemble("out").code, 0);
    assert!(left.iter().all(|name| venue.path(name).exists()));
    assert_eq!(dealt.objects("chosen").len(), dealt.volumes);
    assert!(!drew.exists());
    drop(lock);
    assert_eq!(dealt.assemble("out").code, 0);
    assert!(!left.iter().any(|name| venue.path(name).exists()));
    // A process that was killed after another had made the choice.
    fs::write(&drew, "half").unwrap();
    let build = dealt.go(&dealt.build_args("out"), &[]);
    assert_eq!(build.code, 75, "{}", build.stderr);
    assert!(!drew.exists());
    dealt.verify("out");
}

#[test]
fn a_run_that_goes_on_is_not_touched_by_who_reads_another_attestation_in_its_place() {
    let venue = Venue::new();
    long_book(&venue);
    assert_eq!(venue.prove("first", &["--quiet"]).code, 0);
    let args = venue.prove_args("out", &["--quiet"]);
    let mut run = start(&venue, &args);
    wait_for(&venue.path("out/private/work/deal.json"));
    run.kill().unwrap();
    run.wait().unwrap();
    fs::copy(venue.path("first/attestation.json"), venue.path("out/attestation.json")).unwrap();
    let show = ["statements", "show", "--run", "out", "--account", "holder-7", "--quiet"];
    assert_eq!(venue.run(&show).code, 2);
    assert!(venue.path("out/private/work/deal.json").exists());
    assert!(venue.path("out/private/records.key").exists());
    fs::remove_file(venue.path("out/attestation.json")).unwrap();
    fs::rename(venue.path("out/private/work"), venue.path("away")).unwrap();
    assert!(venue.run(&args).refusal(2).contains("out/private/work lacks the shards 0-"));
    fs::rename(venue.path("away"), venue.path("out/private/work")).unwrap();
    assert_eq!(venue.run(&args).code, 0);
}
