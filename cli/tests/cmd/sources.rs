//! Snapshots from pipes and folders, as an operator gives them.

use std::{fs, io::Write, process::Stdio, thread};

use crate::venue::{Run, Venue};

/// The arguments of `prove` for a snapshot at this path.
fn prove_args<'a>(venue: &Venue, snapshot: &'a str, out: &'a str) -> Vec<&'a str> {
    let mut args = venue.prove_args(out, &[]);
    args[2] = snapshot;
    args
}

#[cfg(unix)]
#[test]
fn the_book_may_come_through_a_pipe() {
    let venue = Venue::new();
    let book = venue.read("book.csv");
    for snapshot in ["/dev/stdin", "/dev/fd/0"] {
        let args = prove_args(&venue, snapshot, snapshot.trim_start_matches("/dev/"));
        let mut program = venue.command(&args);
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut program = program.spawn().unwrap();
        let (mut pipe, text) = (program.stdin.take().unwrap(), book.clone());
        let writer = thread::spawn(move || pipe.write_all(text.as_bytes()));
        let run = Run::of(program.wait_with_output().unwrap());
        writer.join().unwrap().unwrap();
        assert_eq!((run.code, run.warnings()), (0, String::new()));
        assert!(run.stdout.contains("accounts  4 in 18 lines"), "{}", run.stdout);
    }
}

#[test]
fn a_folder_is_a_book_and_an_error_names_its_file() {
    let venue = Venue::new();
    let book = venue.read("book.csv");
    let (header, rows) = book.split_once('\n').unwrap();
    let (first, second) = rows.split_at(rows.find("carol").unwrap());
    fs::create_dir(venue.path("book")).unwrap();
    venue.write("book/part-0.csv", format!("{header}\n{first}"));
    venue.write("book/part-1.csv", format!("{header}\n{second}"));
    venue.write("book/_SUCCESS", "");
    let run = venue.run(&prove_args(&venue, "book", "out"));
    assert_eq!((run.code, run.warnings()), (0, String::new()));
    assert!(run.stdout.contains("accounts  4 in 18 lines"), "{}", run.stdout);

    venue.edit("book/part-1.csv", "deposit BTC", "deposit BTX");
    let run = venue.run(&prove_args(&venue, "book", "again"));
    assert_eq!(
        run.refusal(2),
        "book: no price for `BTX` (line 5, column 3 of part-1.csv, account `dave`): add prices, or \
         --leave-out BTX"
    );
    venue.edit("book/part-1.csv", "deposit BTX,0.5", "deposit BTC,0.123456789");
    let run = venue.run(&prove_args(&venue, "book", "again"));
    let expected = "book: line 5, column 3 of part-1.csv, account `dave`: 0.123456789 has more";
    assert!(run.refusal(2).starts_with(expected), "{}", run.stderr);
    venue.write("book/part-2.csv", format!("{header}\nalice,deposit BTC,1\n"));
    let run = venue.run(&prove_args(&venue, "book", "again"));
    assert_eq!(
        run.refusal(2),
        "book/part-2.csv:2:2: duplicate `deposit BTC` of account `alice`: also on line 2; add them up \
         (that line is of part-0.csv)"
    );
}
