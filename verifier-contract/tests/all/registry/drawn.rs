//! Drawn times in a registry: days go forward, missed ones are counted, and what was not drawn fails
//! its clause and nothing else.

use alloy_primitives::{B256, keccak256};
use alloy_sol_types::{SolCall, SolEvent, sol};
use pacioli_verifier_contract::{
    artifacts,
    bindings::{Reserves as S, SolvencyRegistry as R, State},
    evm::Output,
};

use crate::registry::world::*;

sol! {
    contract MockDraws {
        function set(bytes32 digest, bytes32 source, uint32 day, uint64 second) external;
    }
}

const CLAUSE: usize = 1;
const OF_RESERVES: usize = 2;

/// A venue whose time has to be drawn, in place of whose draws are what the test says.
fn world(missed_days: u64) -> World {
    let policy = format!(
        "[policy]\nmin_coverage = \"1\"\n\
         drawn = {{ from = \"drand:quicknet\", missed_days = {missed_days} }}\n"
    );
    let rules = RULES.split_once("[policy]").unwrap().0.to_owned() + &policy;
    let mut world = World::of(&rules, PRICES);
    let names = ["min_coverage", "drawn", "drawn.reserves"];
    assert_eq!(world.program.clause_names(), names);
    let (mock, _) = world.evm.deploy(artifacts::get("MockDraws").bytecode.clone()).unwrap();
    let code = world.evm.code(mock);
    world.evm.set_code(world.system.draws, &code);
    world
}

fn digest(sequence: u64) -> B256 {
    keccak256(sequence.to_be_bytes())
}

fn draw(world: &mut World, sequence: u64, source: &str, second: u64) {
    let day = (second / DAY) as u32;
    let call =
        MockDraws::setCall { digest: digest(sequence), source: keccak256(source), day, second };
    world.evm.call(STRANGER, world.system.draws, call.abi_encode()).unwrap();
}

/// Submits the attestation with this number, of `ago` seconds ago, with a drawn time.
fn submit(world: &mut World, sequence: u64, ago: u64) -> Output {
    let previous = if sequence == 0 { B256::ZERO } else { attestation(sequence - 1) };
    let mut submission = world.submission(sequence, previous);
    submission.header.drawn = digest(sequence);
    submission.header.asOf -= ago;
    let book = world.book();
    world.submit(submission, &[book]).unwrap()
}

fn fails(world: &World, sequence: u64) -> [bool; 2] {
    let failing = world.record(sequence).failing;
    [CLAUSE, OF_RESERVES].map(|clause| failing.bit(clause))
}

fn last(world: &mut World) -> (u16, u8) {
    let venue = world.venue;
    let R::lastDrawnReturn { day, most } = world.ask(R::lastDrawnCall { venue }).unwrap();
    (day, most)
}

#[test]
fn days_go_forward_and_missed_ones_are_counted() {
    let mut world = world(2);
    world.later(2 * DAY + 3_600);
    let first = (START / DAY + 2) as u16;
    for (sequence, (days, missed, holds)) in
        [(0, 0, true), (1, 0, true), (3, 2, true), (4, 3, false), (1, 0, true)]
            .into_iter()
            .enumerate()
    {
        let sequence = sequence as u64;
        world.later(days * DAY);
        let second = world.evm.time() - 60;
        draw(&mut world, sequence, "drand:quicknet", second);
        let output = submit(&mut world, sequence, 60);
        assert_eq!(!fails(&world, sequence)[0], holds, "{sequence}");
        let told = output.logs.iter().find_map(|log| R::TimeDrawn::decode_log(log).ok()).unwrap();
        let day = (second / DAY) as u16;
        assert_eq!((told.day, told.missed.to::<u64>()), (day, missed), "counted all the same");
        assert_eq!(last(&mut world), (day, 2));
        let state = world.ask(R::stateOfCall { venue: world.venue }).unwrap();
        assert!(holds || state == State::Breach);
    }
    assert_eq!(last(&mut world).0, first + 9);
}

#[test]
fn what_was_not_drawn_as_the_rules_ask_fails_and_reverts_nothing() {
    let mut world = world(0);
    world.later(3_600);
    let now = world.evm.time();
    // Never drawn: nobody recorded the day.
    submit(&mut world, 0, 0);
    assert!(fails(&world, 0)[0]);
    // Another source, another second, and no drawn time at all.
    draw(&mut world, 1, "eip155:1", now + 60);
    draw(&mut world, 2, "drand:quicknet", now + 119);
    for sequence in 1..3 {
        world.later(60);
        submit(&mut world, sequence, 0);
        assert!(fails(&world, sequence)[0], "{sequence}");
    }
    world.later(60);
    let submission = world.submission(3, attestation(2));
    let book = world.book();
    world.submit(submission, &[book]).unwrap();
    assert_eq!(fails(&world, 3), [true, true]);
    assert_eq!(last(&mut world), (0, 0), "none of them counts as drawn");
    // As drawn.
    draw(&mut world, 4, "drand:quicknet", now + 240);
    world.later(60);
    submit(&mut world, 4, 0);
    assert!(!fails(&world, 4)[0]);
    let day = (now / DAY) as u16;
    assert_eq!(last(&mut world), (day, 0));
    // Once more on that day, by a second draw that a source cannot have: it is no later day.
    draw(&mut world, 5, "drand:quicknet", now + 300);
    world.later(60);
    submit(&mut world, 5, 0);
    assert!(fails(&world, 5)[0]);
    assert_eq!(last(&mut world), (day, 0));
}

#[test]
fn reserves_have_to_be_marked_before_the_days_end() {
    let mut world = world(0);
    let venue = world.venue;
    let mark = |world: &mut World| {
        let call = S::markCall { venue }.abi_encode();
        world.evm.call(STRANGER, world.system.reserves, call).unwrap();
    };
    // The last ten minutes of a day: marked within it, and sent after it.
    world.later(DAY - 600);
    let second = world.evm.time();
    draw(&mut world, 0, "drand:quicknet", second);
    world.later(60);
    mark(&mut world);
    world.later(900);
    submit(&mut world, 0, 960);
    assert_eq!(fails(&world, 0), [false, false]);
    // The next day likewise, but marked after its end.
    world.later(DAY - 960);
    let second = world.evm.time();
    draw(&mut world, 1, "drand:quicknet", second);
    world.later(660);
    mark(&mut world);
    world.later(300);
    submit(&mut world, 1, 960);
    assert_eq!(fails(&world, 1), [false, true]);
}

#[test]
fn what_may_have_been_left_out_for_its_price_fails_whatever_the_policy_says() {
    use pacioli_verifier_contract::bindings::Refused;
    let mut world = World::new();
    let clauses = world.program.clause_names().len();
    world.later(60);
    let mut submission = world.submission(0, B256::ZERO);
    let refused = |name: &str| Refused { asset: keccak256(name), reason: keccak256("stale") };
    submission.prices.refused = vec![refused("SOL")];
    let book = world.book();
    let output = world.submit(submission, &[book]).unwrap();
    // The fixture's table has a market, whose own price it may be.
    assert!(world.record(0).failing.bit(clauses));
    let told = output.logs.iter().filter_map(|log| R::ClauseFailed::decode_log(log).ok());
    assert!(told.into_iter().any(|one| one.clause.to::<usize>() == clauses));
}
