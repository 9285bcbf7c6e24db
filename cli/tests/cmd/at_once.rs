//! Two `assemble`s of one run at once: one of them waits at a shard while the other goes on.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::{parts::Dealt, venue::Run};

/// The first volume's shard as a pipe: whoever reads it waits.
struct Gate {
    shard: PathBuf,
    bytes: Vec<u8>,
}

impl Gate {
    fn at(dealt: &Dealt) -> Self {
        let shard = dealt.objects("shards").remove(0);
        let bytes = fs::read(&shard).unwrap();
        Self { shard, bytes }
    }

    /// Puts the pipe in the shard's place, also where a pipe is there that is read.
    fn shut(&self) {
        fs::remove_file(&self.shard).unwrap();
        assert!(Command::new("mkfifo").arg(&self.shard).status().unwrap().success());
    }

    /// Waits for a reader.
    fn reached(&self) -> File {
        let (shard, (to, from)) = (self.shard.clone(), mpsc::channel());
        thread::spawn(move || to.send(OpenOptions::new().write(true).open(shard)));
        let opened = from.recv_timeout(Duration::from_secs(120)).expect("nobody reads the shard");
        opened.unwrap()
    }

    /// Puts the shard back for those who come now.
    fn open(&self) {
        let beside = self.shard.with_extension("beside");
        fs::write(&beside, &self.bytes).unwrap();
        fs::rename(beside, &self.shard).unwrap();
    }

    /// Lets the reader go on.
    fn pass(&self, mut reader: File) {
        reader.write_all(&self.bytes).unwrap();
    }
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
    gate.shut();
    let second = start(&dealt, "out");
    // It has listed the attempts and read none.
    let reader = gate.reached();
    gate.open();
    let first = dealt.assemble("out");
    gate.pass(reader);
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
    gate.shut();
    let second = start(&dealt, "out");
    let reader = gate.reached();
    gate.open();
    let first = dealt.assemble("out");
    gate.pass(reader);
    agree(&dealt, &first, second);
}

#[test]
fn two_that_write_one_directory_end_well() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let gate = Gate::at(&dealt);
    gate.shut();
    let second = start(&dealt, "out");
    let reader = gate.reached();
    // It checks the proof, and waits again where it writes the private file.
    gate.shut();
    gate.pass(reader);
    let reader = gate.reached();
    let written = names(&dealt.venue.path("out/private"));
    assert!(written.iter().any(|name| name.starts_with("run.sqlite.")), "{written:?}");
    gate.open();
    let first = dealt.assemble("out");
    gate.pass(reader);
    agree(&dealt, &first, second);
}

#[test]
fn a_record_that_is_gone_before_any_choice_is_passed_over() {
    let dealt = Dealt::new();
    dealt.prove_all();
    let gate = Gate::at(&dealt);
    gate.shut();
    let waiting = start(&dealt, "out");
    let reader = gate.reached();
    gate.open();
    let record = dealt.objects("attempts").remove(1);
    fs::remove_file(&record).unwrap();
    gate.pass(reader);
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
