//! What asks the registry before money goes in: the guard, the example vault and the coverage feed.

use alloy_primitives::{Address, I256, U256, aliases::U80};
use alloy_sol_types::{SolCall, SolValue, sol};
use pacioli_verifier_contract::{
    bindings::SolvencyRegistry as R,
    evm::{Output, Revert},
};

use crate::registry::world::*;

sol! {
    contract GuardedVault {
        function deposit(uint256 amount) external;
        function openPosition(uint256 amount) external;
        function closePosition(uint256 amount) external;
        function withdraw(uint256 amount) external;
        function free(address account) external view returns (uint256);
        function locked(address account) external view returns (uint256);
    }

    contract CoverageFeed {
        function decimals() external view returns (uint8);
        function description() external view returns (string);
        function version() external view returns (uint256);
        function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
        function getRoundData(uint80 id) external view
            returns (uint80, int256, uint256, uint256, uint80);
    }
}

const MAX_AGE: u64 = 2 * 3_600;

/// A vault of USDC behind the world's attestations, in which the stranger may pay in 1,000 units.
fn vault(world: &mut World, min_coverage: u64) -> Address {
    let arguments =
        (world.usdc, world.registry, world.venue, U256::from(MAX_AGE), U256::from(min_coverage));
    world.set_balance(world.usdc, STRANGER, 1_000);
    deploy(&mut world.evm, "GuardedVault", &arguments.abi_encode_params())
}

fn to(world: &mut World, vault: Address, call: impl SolCall) -> Result<Output, Revert> {
    world.evm.call(STRANGER, vault, call.abi_encode())
}

fn amount(amount: u64) -> U256 {
    U256::from(amount)
}

/// Deposits and new positions are refused with this error; withdrawals are not.
#[track_caller]
fn closed(world: &mut World, vault: Address, error: &str) {
    let deposit = GuardedVault::depositCall { amount: amount(1) };
    assert_eq!(error_of("GuardedVault", &to(world, vault, deposit).unwrap_err()), error);
    let position = GuardedVault::openPositionCall { amount: amount(1) };
    assert_eq!(error_of("GuardedVault", &to(world, vault, position).unwrap_err()), error);
    to(world, vault, GuardedVault::closePositionCall { amount: amount(1) }).unwrap();
    to(world, vault, GuardedVault::withdrawCall { amount: amount(1) }).unwrap();
}

#[test]
fn the_vault_takes_money_only_while_the_venue_shows_solvency() {
    let mut world = World::new();
    let vault = vault(&mut world, 16_040);
    let deposit = GuardedVault::depositCall { amount: amount(500) };
    let revert = to(&mut world, vault, deposit.clone()).unwrap_err();
    assert_eq!(error_of("GuardedVault", &revert), "NoAttestation");

    world.attest(0);
    to(&mut world, vault, deposit).unwrap();
    to(&mut world, vault, GuardedVault::openPositionCall { amount: amount(300) }).unwrap();
    let free = GuardedVault::freeCall { account: STRANGER };
    let free = world.evm.view(STRANGER, vault, free.abi_encode()).unwrap();
    assert_eq!(U256::from_be_slice(&free.bytes), U256::from(200));

    world.later(MAX_AGE);
    to(&mut world, vault, GuardedVault::openPositionCall { amount: amount(1) }).unwrap();
    world.later(1);
    closed(&mut world, vault, "Stale");

    // A fresh one opens it again, one that fails closes it, a better one opens it.
    world.attest(1);
    to(&mut world, vault, GuardedVault::openPositionCall { amount: amount(1) }).unwrap();
    world.later(60);
    let failing = world.submission(2, attestation(1));
    let matched = ("long BTC-PERP tier 1", 1, 1);
    let book = world.totals(&[matched]);
    world.submit(failing, &[book]).unwrap();
    closed(&mut world, vault, "DoesNotHold");
    world.attest(3);
    to(&mut world, vault, GuardedVault::openPositionCall { amount: amount(1) }).unwrap();

    let venue = world.venue;
    world.send(OWNER, R::freezeVerifierCall { venue, key: KEY }).unwrap();
    closed(&mut world, vault, "Revoked");
}

#[test]
fn coverage_below_the_minimum_closes_the_vault() {
    let mut world = World::new();
    world.attest(0);
    // The world's coverage is 1.6040.
    let vault = vault(&mut world, 16_041);
    let deposit = GuardedVault::depositCall { amount: amount(1) };
    let revert = to(&mut world, vault, deposit).unwrap_err();
    assert_eq!(error_of("GuardedVault", &revert), "Coverage");
}

#[test]
fn the_vault_pays_nobody_more_than_they_have() {
    let mut world = World::new();
    world.attest(0);
    let vault = vault(&mut world, 0);
    to(&mut world, vault, GuardedVault::depositCall { amount: amount(10) }).unwrap();
    let errors = [
        to(&mut world, vault, GuardedVault::withdrawCall { amount: amount(11) }),
        to(&mut world, vault, GuardedVault::openPositionCall { amount: amount(11) }),
        to(&mut world, vault, GuardedVault::closePositionCall { amount: amount(1) }),
    ];
    for error in errors {
        assert_eq!(error_of("GuardedVault", &error.unwrap_err()), "Insufficient");
    }
    let stuck = MockToken::behaveCall { moves: false, answers: true };
    world.evm.call(STRANGER, world.usdc, stuck.abi_encode()).unwrap();
    let withdraw = to(&mut world, vault, GuardedVault::withdrawCall { amount: amount(10) });
    assert_eq!(error_of("GuardedVault", &withdraw.unwrap_err()), "TransferFailed");
    let deposit = to(&mut world, vault, GuardedVault::depositCall { amount: amount(1) });
    assert_eq!(error_of("GuardedVault", &deposit.unwrap_err()), "TransferFailed");
}

#[test]
fn a_guard_needs_a_registry() {
    let mut world = World::new();
    let arguments = (world.usdc, STRANGER, world.venue, U256::ZERO, U256::ZERO);
    let code = pacioli_verifier_contract::artifacts::get("GuardedVault").bytecode.to_vec();
    let revert = world.evm.deploy([code, arguments.abi_encode_params()].concat()).unwrap_err();
    assert_eq!(error_of("GuardedVault", &revert), "NoRegistry");
}

struct Feed<'a>(&'a mut World, Address);

impl Feed<'_> {
    fn ask<C: SolCall>(&mut self, call: C) -> Result<C::Return, Revert> {
        let output = self.0.evm.view(STRANGER, self.1, call.abi_encode())?;
        Ok(C::abi_decode_returns(&output.bytes).unwrap())
    }

    /// Number, answer and time of the latest round.
    fn latest(&mut self) -> (u64, I256, u64) {
        let round = self.ask(CoverageFeed::latestRoundDataCall {}).unwrap();
        assert_eq!((round._0, round._2), (round._4, round._3));
        (round._0.to(), round._1, round._3.to())
    }
}

fn answer(value: i64) -> I256 {
    I256::try_from(value).unwrap()
}

#[test]
fn the_feed_answers_with_the_coverage_and_with_0_where_the_attestation_fails() {
    let mut world = World::new();
    let feed =
        deploy(&mut world.evm, "CoverageFeed", &(world.registry, world.venue).abi_encode_params());
    let mut feed = Feed(&mut world, feed);
    assert_eq!(feed.ask(CoverageFeed::decimalsCall {}).unwrap(), 8);
    assert_eq!(feed.ask(CoverageFeed::versionCall {}).unwrap(), U256::from(1));
    assert!(feed.ask(CoverageFeed::descriptionCall {}).unwrap().contains("Coverage"));
    let revert = feed.ask(CoverageFeed::latestRoundDataCall {}).map(|_| ()).unwrap_err();
    assert_eq!(error_of("CoverageFeed", &revert), "NoAttestation");

    feed.0.attest(5);
    let coverage = answer(160_404_000);
    assert_eq!(feed.latest(), (5, coverage, START + 60));

    feed.0.later(60);
    let failing = feed.0.submission(6, attestation(5));
    let book = feed.0.totals(&[("long BTC-PERP tier 1", 1, 1)]);
    feed.0.submit(failing, &[book]).unwrap();
    assert_eq!(feed.latest(), (6, I256::ZERO, START + 120));
    let round = feed.ask(CoverageFeed::getRoundDataCall { id: U80::from(5) }).unwrap();
    assert_eq!((round._1, round._3), (coverage, U256::from(START + 60)));

    feed.0.later(60);
    let empty = feed.0.submission(7, attestation(6));
    let book = feed.0.totals(&[("deposit USDC", 1, 1)]);
    feed.0.submit(empty, &[book]).unwrap();
    assert_eq!(feed.latest(), (7, I256::MAX, START + 180));

    let venue = feed.0.venue;
    feed.0.send(OWNER, R::retireRulesCall { venue, rules: rules_hash() }).unwrap();
    assert_eq!(feed.latest(), (7, I256::ZERO, START + 180));
    // By its number as well; what was said of earlier ones stays.
    for (id, said) in [(7, I256::ZERO), (5, coverage)] {
        let round = feed.ask(CoverageFeed::getRoundDataCall { id: U80::from(id) }).unwrap();
        assert_eq!(round._1, said);
    }

    let unknown = CoverageFeed::getRoundDataCall { id: U80::from(8) };
    let revert = feed.ask(unknown).map(|_| ()).unwrap_err();
    assert_eq!(error_name(&revert), "NoAttestation");
    let large = CoverageFeed::getRoundDataCall { id: U80::from(1u128 << 64) };
    let revert = feed.ask(large).map(|_| ()).unwrap_err();
    assert_eq!(error_of("CoverageFeed", &revert), "NoRound");
}

#[test]
fn every_error_of_the_guard_and_the_feed_is_tried_here() {
    let tried = ["Coverage", "DoesNotHold", "Insufficient", "NoAttestation", "NoRegistry"];
    let tried = [&tried[..], &["Revoked", "Stale", "TransferFailed"]].concat();
    let mut errors: Vec<_> = errors_of("GuardedVault").into_iter().map(|(name, _)| name).collect();
    errors.sort();
    assert_eq!(errors, tried);
    let mut errors: Vec<_> = errors_of("CoverageFeed").into_iter().map(|(name, _)| name).collect();
    errors.sort();
    assert_eq!(errors, ["NoAttestation", "NoRound"]);
}
