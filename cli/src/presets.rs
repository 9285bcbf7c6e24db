//! The rules files that come with pacioli: margin rules of real venues, described in
//! `docs/presets.md`.

use anyhow::{Context, Result};

/// The name of each and its text.
const PRESETS: &[(&str, &str)] = &[
    ("coin-linear", include_str!("../../presets/coin-linear.toml")),
    ("coin-steps", include_str!("../../presets/coin-steps.toml")),
    ("coin-tiered", include_str!("../../presets/coin-tiered.toml")),
    ("lending", include_str!("../../presets/lending.toml")),
    ("options-standard", include_str!("../../presets/options-standard.toml")),
    ("perp-flat", include_str!("../../presets/perp-flat.toml")),
    ("perp-sqrt", include_str!("../../presets/perp-sqrt.toml")),
    ("perp-tiered", include_str!("../../presets/perp-tiered.toml")),
    ("portfolio", include_str!("../../presets/portfolio.toml")),
    ("scan", include_str!("../../presets/scan.toml")),
    ("spot-margin", include_str!("../../presets/spot-margin.toml")),
];

/// The prefix of a preset's name in place of a file.
pub const PREFIX: &str = "preset:";

/// The text of a preset.
pub fn text(name: &str) -> Result<String> {
    let preset = PRESETS.iter().find(|(preset, _)| *preset == name);
    let (_, text) = preset.with_context(|| {
        format!("there is no preset `{}`; there are {}", name.escape_debug(), names())
    })?;
    Ok((*text).to_owned())
}

/// The help of an argument that takes a rules file.
pub fn help(what: &str) -> String {
    format!("{what}; or {PREFIX}NAME for rules that come with pacioli: {}", names())
}

fn names() -> String {
    let names: Vec<_> = PRESETS.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use pacioli_rules::Rules;

    use super::*;

    const DOCUMENT: &str = concat!(
        include_str!("../../docs/presets.md"),
        include_str!("../../docs/presets-margin.md")
    );

    #[test]
    fn every_preset_is_sound_labelled_and_in_the_document() {
        for (name, text) in PRESETS {
            let rules = Rules::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(rules.name(), *name);
            let labels = ["exact", "conservative", "partial"];
            assert!(labels.iter().any(|label| rules.exactness().starts_with(label)), "{name}");
            assert!(DOCUMENT.contains(&format!("`{name}`")), "{name}");
        }
    }

    #[test]
    fn presets_stand_in_order_each_once() {
        assert!(PRESETS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn an_unknown_preset_is_refused_with_those_there_are() {
        let error = text("perp\n").unwrap_err().to_string();
        assert_eq!(error, format!("there is no preset `perp\\n`; there are {}", names()));
    }
}
