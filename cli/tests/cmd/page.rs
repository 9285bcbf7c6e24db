//! The web page that the tool carries: written, and told from any other file.

use std::fs;

use sha2::{Digest, Sha256};

use crate::venue::Venue;

const PAGE: &[u8] = include_bytes!("../../../web/dist/check.html");

fn digest() -> String {
    Sha256::digest(PAGE).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_page_is_written_as_it_is_carried_and_its_digest_is_that_of_the_file() {
    let venue = Venue::new();
    let written = venue.run(&["page", "--out", "check.html"]);
    assert_eq!((written.code, written.warnings().as_str()), (0, ""));
    assert_eq!(fs::read(venue.path("check.html")).unwrap(), PAGE);
    let printed = venue.run(&["page", "--digest"]);
    assert_eq!((printed.code, printed.stdout), (0, format!("{}\n", digest())));
    let json = venue.run(&["page", "--digest", "--json"]).json();
    assert_eq!((&json["holds"], &json["sha256"]), (&true.into(), &digest().into()));
    assert_eq!(json["bytes"], PAGE.len());
    let again = venue.run(&["page", "--out", "check.html"]);
    assert!(again.refusal(2).starts_with("check.html exists already: give another name"));
    assert_eq!(venue.run(&["page", "--out", "check.html", "--force"]).code, 0);
}

#[test]
fn another_file_is_not_the_page() {
    let venue = Venue::new();
    venue.write("same.html", PAGE);
    let same = venue.run(&["page", "--check", "same.html"]);
    assert_eq!(same.code, 0, "{}", same.stdout);
    venue.write("other.html", [PAGE, b"\n"].concat());
    let other = venue.run(&["page", "--check", "other.html", "--json"]);
    assert_eq!(other.code, 1);
    let json = other.json();
    assert_eq!((&json["holds"], &json["sha256"]), (&false.into(), &digest().into()));
    assert_ne!(json["file"]["sha256"], json["sha256"]);
    assert_eq!(venue.run(&["page", "--check", "none.html"]).code, 2);
    assert_eq!(venue.run(&["page"]).code, 2);
    assert_eq!(venue.run(&["page", "--digest", "--check", "same.html"]).code, 2);
}
