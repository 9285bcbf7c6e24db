//! The figures of one attestation, as values.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pacioli_attestation::{
    AssetFigures, By, Clause, Digest, Purpose, Reserve, Verified, backing, per_asset, setup::Origin,
};
use pacioli_rules::{Amount, Decimal, ScenarioKind, SignedAmount};
use serde::{Serialize, Serializer};

use crate::{letters::Letters, state::State};

/// What one attestation of a record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The file it is in.
    pub file: String,
    /// Its digest.
    pub digest: Digest,
    /// Its sequence number.
    pub number: u64,
    /// The digest of the one before, by its own word.
    pub previous: Option<Digest>,
    /// The venue.
    pub venue: String,
    /// When the snapshot was taken.
    #[serde(serialize_with = "text")]
    pub as_of: Timestamp,
    /// When the prices were.
    #[serde(serialize_with = "text")]
    pub prices_as_of: Timestamp,
    /// When the reserves were, where any are stated.
    #[serde(serialize_with = "text_if_any")]
    pub reserves_as_of: Option<Timestamp>,
    /// How the venue stood.
    pub state: State,
    /// The names of clauses that fail: the venue's own, then the reader's.
    pub failing: [Vec<String>; 2],
    /// The currency of amounts without another.
    pub quote: String,
    /// The digest of the key that it was verified under.
    pub key: Digest,
    /// Who is trusted not to know the setup's secret: `known`, `vouched`, `unknown` or `insecure`.
    pub setup: &'static str,
    /// The digest of the rules.
    pub rules: Digest,
    /// The program that made it, by the publisher's word.
    pub software: String,
    /// The accounts in the book, by the publisher's word.
    pub accounts: u64,
    /// Every scenario but constraints and twins, in the table's order.
    pub scenarios: Vec<ScenarioPoint>,
    /// Every asset, by name.
    pub assets: Vec<AssetPoint>,
    /// Every market and option, by name.
    pub markets: Vec<MarketPoint>,
}

/// One scenario, in the quote currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScenarioPoint {
    /// The scenario.
    pub name: String,
    /// Its kind: `mark`, `stress`, `margin`, `credit`, `cover`.
    pub kind: &'static str,
    /// What is owed (P).
    pub owed: Amount,
    /// The accounts' shortfalls (P).
    pub bad_debt: Amount,
    /// The accounts that have one (P).
    pub accounts_with_shortfall: u64,
    /// Customers' reserves valued there (W): `mark` and stresses alone, where any are stated.
    pub reserves: Option<Amount>,
    /// The reserves of the purpose `insurance` valued there (W).
    pub insurance_reserves: Option<Amount>,
    /// Customers' reserves over what is owed, rounded down (W).
    pub coverage: Option<Amount>,
    /// What is left for the insurance fund (W).
    pub fund: Option<SignedAmount>,
}

/// One asset, in whole units of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AssetPoint {
    /// The asset.
    pub name: String,
    /// Its price, where it has one (W).
    pub price: Option<Decimal>,
    /// What accounts have deposited (P).
    pub deposits: Amount,
    /// What they have borrowed (P).
    pub borrows: Amount,
    /// What customers' reserves have to be, by the rules: deposits, less borrows that count (P).
    pub owed: Amount,
    /// Customers' reserves that count (W, or better: see `held`).
    pub reserves: Amount,
    /// Customers' reserves over what is owed, rounded down.
    pub coverage: Option<Amount>,
    /// All reserves that count, by purpose and by whom they are known.
    pub held: Vec<Held>,
}

/// Reserves of one asset and purpose that are known by one letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// What they are for.
    pub purpose: Purpose,
    /// By whom they are known.
    pub by: By,
    /// How much.
    pub amount: Amount,
}

/// One market or option, in whole units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MarketPoint {
    /// The market.
    pub name: String,
    /// The open interest of longs (P).
    pub long: Amount,
    /// That of shorts (P).
    pub short: Amount,
    /// The open interest that the prices state (W).
    pub stated: Option<Decimal>,
}

impl Point {
    /// What a verified attestation says.
    pub fn of(file: &str, verified: &Verified, asked: &[Clause], letters: &Letters) -> Self {
        let attestation = &verified.attestation;
        let header = &attestation.header;
        let names = |clauses: &[Clause]| -> Vec<String> {
            let failing = clauses.iter().filter(|clause| !clause.holds);
            failing.map(|clause| clause.name.clone()).collect()
        };
        Self {
            file: file.to_owned(),
            digest: verified.digest,
            number: header.sequence,
            previous: header.previous,
            venue: header.venue.clone(),
            as_of: header.as_of,
            prices_as_of: attestation.prices.as_of,
            reserves_as_of: attestation.reserves.as_ref().map(|reserves| reserves.as_of),
            state: State::of(&verified.clauses, asked),
            failing: [names(&verified.clauses), names(asked)],
            quote: verified.compiled.quote.clone(),
            key: verified.key().digest(),
            setup: Origin::state(&verified.origin()),
            rules: Digest::of(attestation.rules.as_bytes()),
            software: header.software.clone(),
            accounts: header.accounts,
            scenarios: scenarios(verified),
            assets: assets(verified, letters),
            markets: markets(verified),
        }
    }

    /// One scenario.
    pub fn scenario(&self, name: &str) -> Option<&ScenarioPoint> {
        self.scenarios.iter().find(|one| one.name == name)
    }

    /// One asset.
    pub fn asset(&self, name: &str) -> Option<&AssetPoint> {
        self.assets.iter().find(|one| one.name == name)
    }

    /// The scenario in which customers' reserves go least far; the first of several.
    pub fn worst_coverage(&self) -> Option<(&str, &Amount)> {
        let covered = self.scenarios.iter();
        let covered = covered.filter_map(|one| Some((one.name.as_str(), one.coverage.as_ref()?)));
        covered.min_by_key(|(_, coverage)| &coverage.units)
    }

    /// The largest bad debt of `mark` and the stresses, and where it is; the first of several.
    pub fn worst_bad_debt(&self) -> Option<(&str, &Amount)> {
        let valued = self.scenarios.iter().filter(|one| matches!(one.kind, "mark" | "stress"));
        let debts = valued.map(|one| (one.name.as_str(), &one.bad_debt));
        debts.rev().max_by_key(|(_, debt)| &debt.units)
    }
}

fn text<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

fn text_if_any<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.to_string()).serialize(serializer)
}

fn scenarios(verified: &Verified) -> Vec<ScenarioPoint> {
    let reserves = verified.attestation.reserves.as_ref();
    let backing = backing(&verified.compiled, &verified.figures, reserves);
    let own = verified.figures.scenarios.iter().map(|own| {
        let backed = backing.iter().find(|one| one.scenario == own.name);
        let stated = backed.filter(|_| reserves.is_some());
        ScenarioPoint {
            kind: kind(verified, &own.name),
            name: own.name.clone(),
            owed: own.owed.clone(),
            bad_debt: own.bad_debt.clone(),
            accounts_with_shortfall: own.accounts_with_shortfall,
            reserves: stated.map(|one| one.reserves.clone()),
            insurance_reserves: stated.map(|one| one.insurance_reserves.clone()),
            coverage: stated.and_then(|one| one.coverage.clone()),
            fund: backed.and_then(|one| one.fund.clone()),
        }
    });
    own.collect()
}

fn kind(verified: &Verified, name: &str) -> &'static str {
    let scenario = verified.compiled.scenarios.iter().find(|one| one.name == name);
    match scenario.map(|one| one.kind) {
        Some(ScenarioKind::Mark) => "mark",
        Some(ScenarioKind::Stress) => "stress",
        Some(ScenarioKind::Credit) => "credit",
        Some(ScenarioKind::Cover) => "cover",
        Some(ScenarioKind::Constraint { .. }) => "constraint",
        Some(ScenarioKind::Twin { .. }) => "twin",
        Some(ScenarioKind::Margin(_)) | None => "margin",
    }
}

fn assets(verified: &Verified, letters: &Letters) -> Vec<AssetPoint> {
    let attestation = &verified.attestation;
    let covered = attestation.reserves.as_ref().map(|own| per_asset(&verified.figures, own));
    let points = verified.figures.assets.iter().enumerate().map(|(index, figures)| {
        let AssetFigures { name, deposits, borrows, .. } = figures;
        let covered = covered.as_ref().and_then(|covered| covered.get(index));
        let asked = covered.map(|one| one.with_credit.as_ref().unwrap_or(&one.without_credit));
        let nothing = || Amount::new(0u32, deposits.decimals);
        AssetPoint {
            name: name.clone(),
            price: verified.attestation.prices.prices.get(name).copied(),
            deposits: deposits.clone(),
            borrows: borrows.clone(),
            owed: asked.map_or_else(|| deposits.clone(), |one| one.required.clone()),
            reserves: covered.map_or_else(nothing, |one| one.reserves.clone()),
            coverage: asked.and_then(|one| one.ratio.clone()),
            held: held(verified, letters, name, deposits.decimals),
        }
    });
    points.collect()
}

/// The reserves of one asset that count, in units of `10^-decimals`.
fn held(verified: &Verified, letters: &Letters, asset: &str, decimals: u32) -> Vec<Held> {
    let mut sums: BTreeMap<(u8, By), (Purpose, Amount)> = BTreeMap::new();
    let reserves = verified.attestation.reserves.iter().flat_map(|one| &one.reserves);
    for (index, reserve) in reserves.enumerate() {
        let Reserve { purpose, amount, .. } = reserve;
        let counts = *purpose != Purpose::Claim && !reserve.is_pledged();
        if reserve.asset != asset || !counts {
            continue;
        }
        let by = letters.by.get(index).copied().unwrap_or(By::Publisher);
        let key = (u8::from(*purpose == Purpose::Insurance), by);
        let nothing = || (*purpose, Amount::new(0u32, decimals));
        let (_, sum) = sums.entry(key).or_insert_with(nothing);
        sum.units += amount.floor_units(decimals).0.to_biguint().unwrap_or_default();
    }
    sums.into_iter().map(|((_, by), (purpose, amount))| Held { purpose, by, amount }).collect()
}

fn markets(verified: &Verified) -> Vec<MarketPoint> {
    let stated = &verified.compiled.open_interest;
    let markets = verified.figures.markets.iter().map(|market| MarketPoint {
        name: market.name.clone(),
        long: market.long.clone(),
        short: market.short.clone(),
        stated: stated.get(&market.name).copied(),
    });
    markets.collect()
}
