//! `pacioli init`: the commented files of a small venue, which proves as it stands.

use std::{fs, io::ErrorKind};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::files;
use crate::{args::InitArgs, output::Report};

/// The files, by name.
pub const FILES: [(&str, &str); 5] = [
    ("README.md", include_str!("../../init/README.md")),
    ("prices.json", include_str!("../../init/prices.json")),
    ("reserves.json", include_str!("../../init/reserves.json")),
    ("rules.toml", include_str!("../../init/rules.toml")),
    ("snapshot.csv", include_str!("../../init/snapshot.csv")),
];

/// Runs the command.
pub fn run(args: &InitArgs) -> Result<Report> {
    let dir = &args.dir;
    let there = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(error).with_context(|| dir.display().to_string()),
    };
    ensure!(!there, "{} is not empty: give a new folder", dir.display());
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    for (name, text) in FILES {
        files::write(&dir.join(name), text.as_bytes())?;
    }
    let shown = dir.display();
    let folder = in_shell(&shown.to_string());
    let names: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    let text = format!(
        "{shown}: {}\n\n  cd {folder}\n  pacioli setup insecure --k 11 --out setup\n  pacioli prove \
         --snapshot snapshot.csv --rules rules.toml --prices prices.json \\\n      --reserves \
         reserves.json --as-of 2026-01-01T00:00:00Z --venue \"My venue\" --setup setup --out first\n  \
         pacioli verify first/attestation.json --accept-insecure-setup\n\nREADME.md there says how \
         things are written down\n",
        names.join(", ")
    );
    let json = json!({ "holds": true, "folder": shown.to_string(), "files": names });
    Ok(Report { text, json, holds: true })
}

/// A path as a shell takes it.
pub fn in_shell(path: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-+@:%".contains(letter);
    match path.chars().all(is_plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        for (path, word) in
            [("a/b-1", "a/b-1"), ("a b;c", "'a b;c'"), ("it's", r"'it'\''s'"), ("$HOME", "'$HOME'")]
        {
            assert_eq!(in_shell(path), word);
        }
    }
}
