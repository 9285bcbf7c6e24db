//! A venue to begin with: what `init` writes proves as it stands, by the commands that it names.

use std::fs;

use pacioli_rules::Rules;

use crate::venue::{Run, Venue, setup};

/// The commands that a text has in lines that begin with `pacioli`, folded lines put together.
fn commands(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", " ");
    let commands = text.lines().map(str::trim).filter(|line| line.starts_with("pacioli "));
    // Without what stands behind a comment.
    commands.map(|line| line.split(" #").next().unwrap().trim().to_owned()).collect()
}

fn run(venue: &Venue, command: &str) -> Run {
    let mut words: Vec<String> = Vec::new();
    for (number, part) in command.split('"').enumerate() {
        match number % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
    Run::of(venue.command(&words).current_dir(venue.path("mine")).output().unwrap())
}

#[test]
fn a_venue_to_begin_with_proves_as_it_stands_and_holds() {
    let venue = Venue::new();
    let written = venue.run(&["init", "mine"]);
    assert_eq!((written.code, written.warnings().as_str()), (0, ""));
    // The setup takes a while: another test has made it.
    fs::copy(setup(11), venue.path("mine/setup")).unwrap();
    for text in [written.stdout, venue.read("mine/README.md")] {
        let commands = commands(&text);
        assert_eq!(commands.len(), 3, "{text}");
        assert!(commands[0].starts_with("pacioli setup insecure --k 11 --out setup"), "{text}");
        let _ = fs::remove_dir_all(venue.path("mine/first"));
        for command in &commands[1..] {
            let run = run(&venue, command);
            assert_eq!(run.code, 0, "{command}: {}{}", run.stdout, run.stderr);
        }
    }
    let args = ["--require", "max_distance.prices=0s,bad_debt.black-thursday-2020=9830", "--json"];
    let json = venue.verify("mine/first", &args).json();
    assert_eq!(json["holds"], true);
    assert_eq!(json["figures"]["scenarios"][0]["owed"], "347850");
    // 8,683 of cleo's and 1,146.2 of eva's.
    assert_eq!(json["figures"]["scenarios"][2]["bad_debt"], "9829.2");
    let refused = venue.run(&["init", "mine"]);
    assert_eq!(refused.refusal(2), "mine is not empty: give a new folder");
}

#[test]
fn rules_are_shown_as_they_stand() {
    let venue = Venue::new();
    let shown = venue.run(&["rules", "show", "preset:perp-flat"]);
    let preset = include_str!("../../../presets/perp-flat.toml");
    assert_eq!((shown.code, shown.stdout.as_str()), (0, preset));
    let json = venue.run(&["rules", "show", "rules.toml", "--json"]).json();
    let text = venue.read("rules.toml");
    assert_eq!(json["text"], text);
    assert_eq!(json["name"], Rules::parse(&text).unwrap().name());
    assert!(venue.run(&["rules", "show", "preset:none"]).refusal(2).contains("there is no preset"));
}
