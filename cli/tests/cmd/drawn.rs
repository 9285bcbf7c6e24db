//! Times that nobody chose: `draw`, `prove --drawn-from`, and what readers make of them.

use serde_json::{Value, json};

use crate::venue::{Run, Venue};

/// Made-up headers and the seconds that they draw, as the web page's tests have them.
const NATIVE: &str = include_str!("../../../web/test/native/drawn.json");

/// A reader's clock after all of them.
const NOW: [&str; 2] = ["--now", "2027-01-01T00:00:00Z"];

const ASKS: &str = "open_interest_matched = true\n";

/// The entry of the fixture with this name.
fn entry(name: &str) -> Value {
    let native: Value = serde_json::from_str(NATIVE).unwrap();
    let mut blocks = native["blocks"].as_array().unwrap().iter();
    blocks.find(|one| one["name"] == name).unwrap().clone()
}

/// A venue whose policy asks for a drawn time, with the headers of some days.
fn venue() -> Venue {
    let venue = Venue::new();
    let asked = "drawn = { from = \"eip155:1\", missed_days = 2 }\n";
    venue.edit("rules.toml", ASKS, &format!("{ASKS}{asked}"));
    for name in ["first", "2026-11-27", "2026-11-30", "2026-12-04", "late", "other randomness"] {
        let entry = entry(name);
        let headers = json!({ "parent": entry["parent"], "block": entry["block"] });
        venue.write(&format!("{name}.json"), headers.to_string());
    }
    venue
}

fn second(name: &str) -> String {
    entry(name)["second"].as_str().unwrap().to_owned()
}

/// The clause `drawn` in a report.
fn clause(run: &Run, policy: &str) -> (bool, String) {
    let json = run.json();
    let clauses = json[policy].as_array().unwrap();
    let clause = clauses.iter().find(|clause| clause["name"] == "drawn").unwrap();
    (clause["holds"].as_bool().unwrap(), clause["by"].as_str().unwrap().to_owned())
}

#[test]
fn what_a_day_is_drawn_from_is_told_and_then_its_second() {
    let venue = venue();
    let draw = |args: &[&str]| venue.run(&[&["draw"], args].concat());
    let run = draw(&["2026-11-26", "--from", "drand:quicknet"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told = "2026-11-26 is drawn from round 34311412 of drand:quicknet, published at \
                2026-11-27T00:00:00Z or up to 3 s later\n  https://api.drand.sh/52db9ba7";
    assert!(run.stdout.starts_with(told), "{}", run.stdout);
    assert!(run.stdout.ends_with("/public/34311412\n"), "{}", run.stdout);
    let json = draw(&["2026-11-26", "--from", "eip155:1", "--json"]).json();
    assert_eq!(json["fetch"]["timestamp"], 1_795_737_600);

    let run = draw(&["2026-11-26", "--from", "eip155:1", "--drawn-from", "first.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with(&format!("{}\n  of 2026-11-26", second("first"))));
    let refused = |args: &[&str], why: &str| {
        let run = draw(args);
        let said = run.refusal(2);
        assert!(said.contains(why), "{said}");
    };
    let from = ["--from", "eip155:1", "--drawn-from"];
    refused(&[&["2026-11-25"][..], &from, &["first.json"]].concat(), "a second of 2026-11-26, and");
    refused(&[&["2026-11-26"][..], &from, &["late.json"]].concat(), "is not the first at or after");
    let drand = ["2026-11-26", "--from", "drand:quicknet", "--drawn-from", "first.json"];
    refused(&drand, "this draws from eip155:1, and not from drand:quicknet");
    refused(&["2023-08-22", "--from", "drand:quicknet"], "there was no drand:quicknet yet");

    // A real round of drand, which ends no day, and the signature of another round.
    let signature = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d35\
                     46d23c4b13e0dfc92";
    let round = |number: u64| {
        let round = json!({ "round": number, "randomness": "00", "signature": signature });
        venue.write("round.json", round.to_string());
        draw(&["2026-11-26", "--from", "drand:quicknet", "--drawn-from", "round.json"])
    };
    let said = "round 123 of drand:quicknet is not the first at or after the end of a day";
    assert!(round(123).refusal(2).ends_with(said));
    let run = round(34_311_412);
    assert!(run.refusal(2).contains("`signature` is not that of round 34311412"), "{}", run.stderr);
    venue.write("round.json", "{}");
    let run = draw(&["2026-11-26", "--from", "drand:quicknet", "--drawn-from", "round.json"]);
    assert!(run.refusal(2).contains("expected a round of drand with `round`"), "{}", run.stderr);
    for (args, why) in [
        (["draw", "26.11.2026", "--from", "eip155:1"], "`26.11.2026` is not a day such as"),
        (["draw", "2026-11-26", "--from", "drand:quiknet"], "(did you mean `drand:quicknet`?)"),
    ] {
        let run = venue.run(&args);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains(why), "{}", run.stderr);
    }
}

#[test]
fn a_drawn_snapshot_is_proved_and_judged_by_what_the_reader_knows() {
    let venue = venue();
    let run =
        venue.prove("other", &["--drawn-from", "first.json", "--as-of", "2026-11-26T00:00:00Z"]);
    let said = run.refusal(2);
    let expected = format!("is {}: take the snapshot as of that", second("first"));
    assert!(
        said.starts_with("--as-of is 2026-11-26T00:00:00Z") && said.ends_with(&expected),
        "{said}"
    );

    let run = venue.prove("first", &["--drawn-from", "first.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let header = &venue.attestation("first")["header"];
    assert_eq!(header["as_of"], second("first").as_str());
    assert_eq!(header["drawn"]["day"], "2026-11-26");

    let verify = |more: &[&str]| venue.verify("first", &[&NOW[..], more].concat());
    let run = verify(&[]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let told = "the second of 2026-11-26 drawn from eip155:1, block 23880001,\n";
    assert!(run.stdout.contains(told) && run.stdout.contains("(W)"), "{}", run.stdout);
    let run = verify(&["--json", "--require", "drawn=eip155:1"]);
    assert_eq!(clause(&run, "policy"), (true, "W".to_owned()));
    assert_eq!(clause(&run, "your_policy"), (true, "W".to_owned()));
    let seen = &run.json()["times"]["drawn"]["seen"]["block"];
    let known = format!("eip155:1={}", seen["hash"].as_str().unwrap());
    let run = verify(&["--json", "--require", "drawn=eip155:1", "--block-hash", &known]);
    assert_eq!(run.code, 0);
    assert_eq!(clause(&run, "policy"), (true, "C".to_owned()));
    assert_eq!(clause(&run, "your_policy"), (true, "C".to_owned()));
    assert_eq!(run.json()["times"]["drawn"]["by"], "C");
    let other = format!("eip155:1=0x{}", "11".repeat(32));
    let run = verify(&["--block-hash", &other]);
    assert!(
        run.refusal(1).ends_with("none of the blocks given with --block-hash"),
        "{}",
        run.stderr
    );
    let run = verify(&["--json", "--require", "drawn=drand:quicknet"]);
    assert_eq!((run.code, clause(&run, "your_policy").0), (1, false));

    // Nothing of it can be changed.
    let text = venue.read("first/attestation.json");
    let altered = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        std::fs::create_dir_all(venue.path("altered")).unwrap();
        venue.write("altered/attestation.json", text.replacen(from, to, 1));
        let run = venue.verify("altered", &NOW);
        run.refusal(1).to_owned()
    };
    let day = altered("\"day\": \"2026-11-26\"", "\"day\": \"2026-11-25\"");
    assert!(day.contains("drawn: it is of 2026-11-25, and the snapshot of"), "{day}");
    let time = altered(&second("first"), "2026-11-26T00:00:00Z");
    assert!(time.contains("drawn: the second drawn from block 23880001"), "{time}");
    let [block, other] = ["first", "other randomness"].map(|name| entry(name)["block"].clone());
    let block = altered(block.as_str().unwrap(), other.as_str().unwrap());
    assert!(block.contains("drawn: the second drawn from block 23880001"), "{block}");
    let (head, rest) = text.split_once("    \"drawn\": {").unwrap();
    let (_, tail) = rest.split_once("    },\n").unwrap();
    std::fs::write(venue.path("altered/attestation.json"), format!("{head}{tail}")).unwrap();
    let run = venue.verify("altered", &NOW);
    assert!(run.refusal(1).starts_with("volume 0: the proof"), "{}", run.stderr);
}

#[test]
fn a_policy_that_asks_for_a_drawn_time_is_broken_by_another() {
    let venue = venue();
    let run = venue.prove("chosen", &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let warned =
        "policy.drawn: the time has to be drawn from eip155:1, and --drawn-from is not given";
    assert!(run.stderr.contains(warned), "{}", run.stderr);
    let run = venue.verify("chosen", &["--json"]);
    assert_eq!((run.code, clause(&run, "policy")), (1, (false, "R".to_owned())));
    venue.edit("rules.toml", "eip155:1", "drand:quicknet");
    let run = venue.prove("other", &["--drawn-from", "first.json"]);
    let said = "--drawn-from: this is from eip155:1, and policy.drawn asks for drand:quicknet";
    assert_eq!(run.refusal(2), said);
}

/// Review operations D3: whoever dislikes a day skips it, with consecutive numbers.
#[test]
fn days_that_were_missed_are_counted_and_bounded() {
    let venue = venue();
    std::fs::create_dir(venue.path("all")).unwrap();
    assert_eq!(venue.prove("all/0", &["--drawn-from", "first.json"]).code, 0);
    let next = |out: &str, day: &str| {
        let from = format!("{day}.json");
        venue.prove(out, &["--drawn-from", &from, "--previous", "all/0/attestation.json"])
    };
    // Drawn again for the same day.
    let run = next("again", "other randomness");
    let said =
        "--previous: the time is drawn of 2026-11-26, which is not after 2026-11-26, the day of";
    assert!(run.refusal(2).starts_with(said), "{}", run.stderr);

    let run = next("all/1", "2026-11-30");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let missed = "3 days were missed between the drawn times of 2026-11-26 and 2026-11-30";
    assert!(run.stderr.contains(missed), "{}", run.stderr);
    let previous = ["--previous", "all/0/attestation.json"];
    let run = venue.verify("all/1", &[&NOW[..], &previous].concat());
    assert_eq!(run.refusal(1), format!("{missed}, and at most 2 may be"));
    let history = |more: &[&str]| {
        let args = ["verify", "--history", "all", "--accept-insecure-setup"];
        venue.run(&[&args[..], &NOW, more].concat())
    };
    let run = history(&[]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("1 break of the chain"), "{}", run.stdout);
    assert!(run.stdout.contains(&missed[..30]), "{}", run.stdout);

    std::fs::remove_dir_all(venue.path("all/1")).unwrap();
    assert_eq!(next("all/1", "2026-11-27").code, 0);
    let run = venue.verify("all/1", &[&NOW[..], &previous].concat());
    let none =
        "0 days were missed between the drawn times of 2026-11-26 and 2026-11-27, and at most";
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains(&none[..60]), "{}", run.stdout);
    // The block of the newest is known, that of the one before it need not be.
    let json = venue.verify("all/1", &[&NOW[..], &["--json"]].concat()).json();
    let hash = json["times"]["drawn"]["seen"]["block"]["hash"].as_str().unwrap();
    let known = format!("eip155:1={hash}");
    let run =
        venue.verify("all/1", &[&NOW[..], &previous, &["--json", "--block-hash", &known]].concat());
    let json = run.json();
    assert_eq!((run.code, &json["times"]["drawn"]["by"]), (0, &"C".into()));
    assert_eq!(json["previous"]["missed_days"]["by"], "W", "as the worse of the two");
    assert_eq!(history(&["--block-hash", &known]).code, 1, "of a history each is");
    let json = history(&["--json"]).json();
    assert_eq!((&json["holds"], json["chain"].as_array().unwrap().len()), (&true.into(), 0));
    assert_eq!(json["attestations"][1]["drawn"]["day"], "2026-11-27");
}
