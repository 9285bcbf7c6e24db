//! The Solidity sources to compile for one verifying key: the handwritten contracts, and those
//! generated from the key.

use std::collections::BTreeMap;

use pacioli_attestation::VerifyingKey;
use serde_json::{Value, json};

use crate::{generate::verifier, statement_key::statement_key};

macro_rules! source {
    ($path:literal) => {
        ($path, include_str!(concat!("../", $path)))
    };
}

/// The handwritten contracts except those of the tests: path and text.
const CONTRACTS: &[(&str, &str)] = &[
    source!("contracts/Appending.sol"),
    source!("contracts/Balances.sol"),
    source!("contracts/Bands.sol"),
    source!("contracts/Bounds.sol"),
    source!("contracts/Chunks.sol"),
    source!("contracts/Codes.sol"),
    source!("contracts/Compensation.sol"),
    source!("contracts/Context.sol"),
    source!("contracts/CoverageFeed.sol"),
    source!("contracts/Curve.sol"),
    source!("contracts/Draft.sol"),
    source!("contracts/Draws.sol"),
    source!("contracts/Elsewhere.sol"),
    source!("contracts/Evaluator.sol"),
    source!("contracts/Feeds.sol"),
    source!("contracts/FollowingGuard.sol"),
    source!("contracts/Forwarding.sol"),
    source!("contracts/Ids.sol"),
    source!("contracts/Intake.sol"),
    source!("contracts/Iso8601.sol"),
    source!("contracts/Marks.sol"),
    source!("contracts/ObserverList.sol"),
    source!("contracts/Observers.sol"),
    source!("contracts/PageOpening.sol"),
    source!("contracts/Policy.sol"),
    source!("contracts/Quicknet.sol"),
    source!("contracts/Repricer.sol"),
    source!("contracts/ReserveList.sol"),
    source!("contracts/Reserves.sol"),
    source!("contracts/Said.sol"),
    source!("contracts/Shortage.sol"),
    source!("contracts/Signatures.sol"),
    source!("contracts/Solvency.sol"),
    source!("contracts/SolvencyAnswers.sol"),
    source!("contracts/SolvencyGuard.sol"),
    source!("contracts/SolvencyRegistry.sol"),
    source!("contracts/SolvencySource.sol"),
    source!("contracts/Standing.sol"),
    source!("contracts/StatementVerifier.sol"),
    source!("contracts/States.sol"),
    source!("contracts/Submission.sol"),
    source!("contracts/Sums.sol"),
    source!("contracts/Tables.sol"),
    source!("contracts/VenueFacts.sol"),
    source!("contracts/Venues.sol"),
    source!("contracts/Verification.sol"),
    source!("contracts/Worth.sol"),
    source!("contracts/adapters/EasResolver.sol"),
    source!("contracts/adapters/ProgramHead.sol"),
    source!("contracts/adapters/ProtocolSolvency.sol"),
    source!("contracts/adapters/RiskPremium.sol"),
    source!("contracts/adapters/SolventVault.sol"),
    source!("contracts/compensation/FundCase.sol"),
    source!("contracts/compensation/FundTerms.sol"),
    source!("contracts/compensation/FundTokens.sol"),
    source!("contracts/compensation/FundWitness.sol"),
    source!("contracts/examples/Breaker.sol"),
    source!("contracts/examples/GuardedVault.sol"),
    source!("contracts/feeds/TickPrice.sol"),
    source!("contracts/feeds/TwapFeed.sol"),
    source!("contracts/interfaces/IAggregatorV3.sol"),
    source!("contracts/interfaces/ICompensation.sol"),
    source!("contracts/interfaces/IDraws.sol"),
    source!("contracts/interfaces/IEas.sol"),
    source!("contracts/interfaces/IElsewhere.sol"),
    source!("contracts/interfaces/IEvaluator.sol"),
    source!("contracts/interfaces/IFeeds.sol"),
    source!("contracts/interfaces/IFundWitness.sol"),
    source!("contracts/interfaces/IObservers.sol"),
    source!("contracts/interfaces/IRepricer.sol"),
    source!("contracts/interfaces/IReserves.sol"),
    source!("contracts/interfaces/ISolvencyProof.sol"),
    source!("contracts/interfaces/ISolvencyRegistry.sol"),
    source!("contracts/interfaces/ISolvencySource.sol"),
    source!("contracts/interfaces/IStatementVerifier.sol"),
    source!("contracts/interfaces/ITable.sol"),
    source!("contracts/interfaces/ITables.sol"),
    source!("contracts/interfaces/IVenues.sol"),
    source!("contracts/interfaces/IVolumeVerifier.sol"),
    source!("contracts/interfaces/IVolumes.sol"),
    source!("contracts/table/Classes.sol"),
    source!("contracts/table/Clauses.sol"),
    source!("contracts/table/Closings.sol"),
    source!("contracts/table/Forms.sol"),
    source!("contracts/table/Handover.sol"),
    source!("contracts/table/InstrumentTable.sol"),
    source!("contracts/table/Priced.sol"),
    source!("contracts/table/Program.sol"),
    source!("contracts/table/Rates.sol"),
    source!("contracts/table/Rows.sol"),
    source!("contracts/table/Run.sol"),
    source!("contracts/table/Scenarios.sol"),
    source!("contracts/table/Table.sol"),
    source!("contracts/table/Values.sol"),
    source!("contracts/table/Volatilities.sol"),
];

/// What the contracts import of OpenZeppelin, as `compile.mjs` found it: a JSON object of path and text.
const LIBRARY: &str = include_str!("../generated/openzeppelin.json");

/// The compiler's settings. With others, the bytecode would differ.
const SETTINGS: &str = include_str!("../settings.json");

/// The version of the compiler that the contracts name.
pub const COMPILER: &str = "0.8.37";

/// All sources for this key, by path.
///
/// # Panics
/// Never: the library is JSON.
pub fn sources(key: &VerifyingKey) -> BTreeMap<String, String> {
    let contracts = CONTRACTS.iter().map(|&(path, text)| (path, text.to_owned()));
    let generated = [
        ("generated/VolumeVerifier.sol", verifier(key)),
        ("generated/StatementKey.sol", statement_key(key)),
    ];
    let library: BTreeMap<String, String> =
        serde_json::from_str(LIBRARY).expect("compile.mjs writes this form");
    let own = contracts.chain(generated).map(|(path, text)| (path.to_owned(), text));
    own.chain(library).collect()
}

/// The sources as the compiler's standard JSON input.
///
/// # Panics
/// Never: the settings are JSON.
pub fn standard_json(sources: &BTreeMap<String, String>) -> Value {
    let settings: Value = serde_json::from_str(SETTINGS).expect("the settings are JSON");
    let sources: BTreeMap<_, _> =
        sources.iter().map(|(path, text)| (path, json!({ "content": text }))).collect();
    json!({ "language": "Solidity", "sources": sources, "settings": settings })
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use pacioli_circuits::Shape;

    use super::*;

    fn files(folder: &Path, found: &mut BTreeSet<String>) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }

    #[test]
    fn every_contract_is_written_but_the_tests_own() {
        let mut found = BTreeSet::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("contracts"), &mut found);
        found.retain(|path| !path.starts_with("contracts/test/"));
        let known: BTreeSet<_> = CONTRACTS.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(known, found);
    }

    #[test]
    fn the_compilers_input_has_every_source_and_every_import() {
        let key = VerifyingKey::insecure(Shape::new(11, 64).unwrap());
        let sources = sources(&key);
        assert!(sources["generated/VolumeVerifier.sol"].contains(&key.digest().to_string()));
        let input = standard_json(&sources);
        assert_eq!(input["sources"].as_object().unwrap().len(), sources.len());
        assert_eq!(input["settings"]["optimizer"]["runs"], 200);
        for (path, text) in sources.iter().filter(|(path, _)| !path.starts_with('@')) {
            assert!(text.contains(&format!("pragma solidity {COMPILER};")), "{path}");
            let statements = text.split(';').map(str::trim_start);
            let imports: Vec<_> = statements.filter(|text| text.starts_with("import ")).collect();
            assert_eq!(imports.len(), text.matches("} from \"").count(), "{path}");
            for import in imports {
                let file = import.rsplit('/').next().unwrap().trim_end_matches('"');
                assert!(sources.keys().any(|path| path.ends_with(&format!("/{file}"))), "{import}");
            }
        }
    }
}
