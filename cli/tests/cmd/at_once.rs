//! Two `assemble`s of one run at once: one of them is stopped at a shard while the other goes on.

use std::{
    fs,
    mem::MaybeUninit,
    os::fd::OwnedFd,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use rustix::{
    fs::inotify::{self, CreateFlags, WatchFlags},
    process::{Pid, Signal, kill_process},
};

use crate::{parts::Dealt, venue::Run};

/// The first volume's shard: whoever opens it next is stopped. A volume's proof is checked behind its
/// shard, which takes a hundred times as long as to be stopped.
struct Gate {
    shard: PathBuf,
}

impl Gate {
    fn at(dealt: &Dealt) -> Self {
        Self { shard: dealt.objects("shards").remove(0) }
    }

    /// Watches for the next that opens it.
    fn shut(&self) -> OwnedFd {
        let watch = inotify::init(CreateFlags::empty()).unwrap();
        inotify::add_watch(&watch, &self.shard, WatchFlags::OPEN).unwrap();
        watch
    }
}

/// Waits until the shard is opened, and stops the process.
fn stop(process: &Child, watch: OwnedFd) {
    let (to, from) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [MaybeUninit::uninit(); 512];
        let opened = inotify::Reader::new(watch, &mut buffer).next().map(|_| ());
        to.send(opened)
    });
    let opened = from.recv_timeout(Duration::from_secs(120)).expect("nobody reads the shard");
    opened.unwrap();
    kill_process(Pid::from_child(process), Signal::STOP).unwrap();
}

/// Lets it go on.
fn go_on(process: &Child) {
    kill_process(Pid::from_child(process), Signal::CONT).unwrap();
}

fn start(dealt: &Dealt, out: &str) -> Child {
    let mut command = dealt.venue.command(&dealt.assemble_args(out));
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Both said the same, and nothing is left of what was drawn or half written.
fn agree(dealt: &Dealt, first: &Run, second: Child) {
    let second = Run::of(second.wait_with_output().unwrap());
    assert_eq!((first.code, first.stderr.as_str()), (0, ""));
    assert_eq!(second.code, 0, "{} {}", second.stdout, second.stderr);
    for digest in ["digest", "assembled"] {
        assert_eq!(second.json()[digest], first.json()[digest]);
    }
    assert_eq!(dealt.objects("attempts"), Vec::<PathBuf>::new());
    assert_eq!(dealt.objects("refused"), Vec::<PathBuf>::new());
    assert_eq!(dealt.objects("chosen").len(), dealt.volumes);
    assert!(!dealt.venue.path("dealer/records.key").exists());
    let mut names = names(&dealt.venue.path("out/private"));
    names.retain(|name| name.starts_with("run.sqlite"));
    assert_eq!(names, ["run.sqlite"]);
    dealt.verify("out");
}

fn names(folder: &Path) -> Vec<String> {
    let found = fs::read_dir(folder).unwrap();
    found.map(|one| one.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn one_that_comes_after_the_choice_goes_on_from_it() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let gate = Gate::at(&dealt);
    let watch = gate.shut();
    let second = start(&dealt, "out");
    // It has listed the attempts, and read those of no volume but the first.
    stop(&second, watch);
    let first = dealt.assemble("out");
    go_on(&second);
    agree(&dealt, &first, second);
}

#[test]
fn one_that_reads_the_choice_while_its_records_are_destroyed_goes_on() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let gate = Gate::at(&dealt);
    // Stopped after the choice, before the run's directory.
    dealt.venue.write("out", "");
    assert_eq!(dealt.assemble("out").code, 2);
    assert!(dealt.venue.path("run/assembled.json").exists());
    fs::remove_file(dealt.venue.path("out")).unwrap();
    let watch = gate.shut();
    let second = start(&dealt, "out");
    stop(&second, watch);
    let first = dealt.assemble("out");
    go_on(&second);
    agree(&dealt, &first, second);
}

#[test]
fn two_that_write_one_directory_end_well() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let gate = Gate::at(&dealt);
    let watch = gate.shut();
    let second = start(&dealt, "out");
    stop(&second, watch);
    // It checks the proof, and is stopped again where it writes the private file.
    let watch = gate.shut();
    go_on(&second);
    stop(&second, watch);
    let written = names(&dealt.venue.path("out/private"));
    assert!(written.iter().any(|name| name.starts_with("run.sqlite.")), "{written:?}");
    let first = dealt.assemble("out");
    go_on(&second);
    agree(&dealt, &first, second);
}

#[test]
fn a_record_that_is_gone_before_any_choice_is_passed_over() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let gate = Gate::at(&dealt);
    let watch = gate.shut();
    let waiting = start(&dealt, "out");
    stop(&waiting, watch);
    let record = dealt.objects("attempts").remove(1);
    fs::remove_file(&record).unwrap();
    go_on(&waiting);
    let run = Run::of(waiting.wait_with_output().unwrap());
    assert_eq!(run.code, 75, "{}", run.stderr);
    assert!(run.stdout.contains("\"missing\": \"1\""), "{}", run.stdout);
    let name = record.file_name().unwrap().to_str().unwrap();
    assert!(run.stderr.contains("passed over") && run.stderr.contains(name), "{}", run.stderr);
    // A proof without a record counts as nothing: it is proved again.
    dealt.prove_all();
    assert_eq!(dealt.assemble("out").code, 0);
    dealt.verify("out");
}
