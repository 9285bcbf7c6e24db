//! The clearing vector: by hand, and against an iteration that knows no algorithm.

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use crate::contagion::network::{Clearing, Network, NetworkError};

fn number(n: i64) -> BigRational {
    BigInt::from(n).into()
}

fn numbers(list: &[i64]) -> Vec<BigRational> {
    list.iter().copied().map(number).collect()
}

/// A network of whole numbers; `claims` are of whom, on whom, and how much.
fn network(
    outside: &[i64],
    owed: &[i64],
    claims: &[(usize, usize, i64)],
) -> Result<Network, NetworkError> {
    let mut rows = vec![vec![number(0); owed.len()]; owed.len()];
    claims.iter().for_each(|&(of, on, amount)| rows[of][on] += number(amount));
    Network::new(numbers(outside), numbers(owed), rows)
}

fn clear(outside: &[i64], owed: &[i64], claims: &[(usize, usize, i64)]) -> Clearing {
    network(outside, owed, claims).unwrap().clear().unwrap()
}

fn said(numbers: &[BigRational]) -> Vec<String> {
    numbers.iter().map(ToString::to_string).collect()
}

/// Checks that both solutions are this one, and who fails in which round.
#[track_caller]
fn settled(clearing: &Clearing, pays: &[&str], rounds: &[&[usize]]) {
    assert_eq!(said(&clearing.least), pays);
    assert_eq!(said(&clearing.greatest), pays);
    assert_eq!(clearing.rounds, rounds);
    assert_eq!(clearing.rings, Vec::<Vec<usize>>::new());
}

#[test]
fn a_chain_falls_one_after_the_other() {
    // 88 of 100: the second recovers 44 of 50, and has 94 of 95; the third 94/95 of 20 and lacks
    // nothing; the fourth is nobody's creditor.
    let claims = [(1, 0, 50), (2, 1, 20)];
    let clearing = clear(&[88, 50, 100, 5], &[100, 95, 110, 5], &claims);
    settled(&clearing, &["88", "94", "110", "5"], &[&[0], &[1]]);
    // With as little as 19 from outside the third fails as well: 19 + 20 * 94/95.
    let clearing = clear(&[88, 50, 19, 5], &[100, 95, 39, 5], &claims);
    settled(&clearing, &["88", "94", "737/19", "5"], &[&[0], &[1], &[2]]);
}

#[test]
fn a_star_pays_all_its_points_alike() {
    let claims = [(1, 0, 30), (2, 0, 30), (3, 0, 20)];
    let clearing = clear(&[60, 0, 10, 100], &[90, 30, 25, 50], &claims);
    settled(&clearing, &["60", "20", "25", "50"], &[&[0], &[1]]);
}

#[test]
fn a_ring_with_something_behind_it_is_settled() {
    // p0 = 2 + p1 * 8/10, p1 = p0 * 9/10.
    let clearing = clear(&[2, 0], &[10, 10], &[(0, 1, 8), (1, 0, 9)]);
    settled(&clearing, &["50/7", "45/7"], &[&[1], &[0]]);
    // One unit from outside pays everything that stays in the ring.
    let clearing = clear(&[1, 0], &[10, 10], &[(0, 1, 10), (1, 0, 10)]);
    settled(&clearing, &["10", "10"], &[]);
}

#[test]
fn a_ring_with_nothing_behind_it_pays_anything_or_nothing() {
    let clearing = clear(&[0, 0, 5], &[100, 100, 5], &[(0, 1, 100), (1, 0, 100)]);
    assert_eq!(said(&clearing.greatest), ["100", "100", "5"]);
    assert_eq!(said(&clearing.least), ["0", "0", "5"]);
    assert_eq!((clearing.rings, clearing.rounds), (vec![vec![0, 1]], vec![vec![0, 1]]));

    // What hangs on the ring is not settled either, and is no part of it: 3 has 60 or 10.
    let claims = [(0, 1, 100), (1, 2, 100), (2, 0, 50), (3, 0, 50)];
    let clearing = clear(&[0, 0, 0, 10], &[100, 100, 100, 20], &claims);
    assert_eq!(said(&clearing.greatest), ["0", "0", "0", "10"], "half of it leaks out");
    assert_eq!(clearing.rings, Vec::<Vec<usize>>::new());

    // Two rings, each with its own name; one with a drop from outside is settled.
    let claims = [(0, 1, 7), (1, 0, 7), (2, 3, 7), (3, 2, 7), (4, 5, 7), (5, 4, 7)];
    let clearing = clear(&[0, 0, 1, 0, 0, 0], &[7; 6], &claims);
    assert_eq!(said(&clearing.least), ["0", "0", "7", "7", "0", "0"]);
    assert_eq!(clearing.rings, [[0, 1], [4, 5]]);
}

#[test]
fn whoever_owes_nothing_pays_nothing() {
    settled(&clear(&[5, 3], &[0, 4], &[]), &["0", "3"], &[&[1]]);
    settled(&clear(&[0, 0], &[0, 4], &[]), &["0", "0"], &[&[1]]);
}

/// As many as are read together, each with a claim on each, and falling one after the other.
#[test]
fn a_whole_net_of_debtors_is_solved() {
    let count = crate::contagion::MOST;
    let large = |n: usize| BigRational::from(BigInt::from(1_000_000_007u64).pow(4) * (n + 3));
    let claims: Vec<Vec<BigRational>> = (0..count)
        .map(|of| {
            let claim = |on| if of == on { number(0) } else { large(of * count + on) };
            (0..count).map(claim).collect()
        })
        .collect();
    let owed: Vec<BigRational> = (0..count)
        .map(|on| claims.iter().map(|row| row[on].clone()).sum::<BigRational>() + large(9 * on))
        .collect();
    let outside = (0..count).map(|own| large(own * own * count));
    let outside: Vec<BigRational> = outside.collect();
    let network = Network::new(outside, owed.clone(), claims).unwrap();
    let clearing = network.clear().unwrap();
    assert!(clearing.rounds.len() > 1, "{:?}", clearing.rounds);
    assert_eq!(clearing.least, clearing.greatest);
    for (debtor, owed) in owed.iter().enumerate() {
        let has = network.has(debtor, &clearing.least).min(owed.clone());
        assert_eq!(has, clearing.least[debtor]);
    }
}

#[test]
fn what_is_no_network_is_refused() {
    let refused =
        |outside: &[i64], owed: &[i64], claims: &[_]| network(outside, owed, claims).unwrap_err();
    assert_eq!(refused(&[1], &[1, 2], &[]), NetworkError::Shape);
    assert_eq!(refused(&[-1, 0], &[1, 2], &[]), NetworkError::Negative);
    assert_eq!(refused(&[0, 0], &[1, 2], &[(1, 1, 1)]), NetworkError::Itself(1));
    assert_eq!(refused(&[0, 0, 0], &[5, 2, 2], &[(1, 0, 3), (2, 0, 3)]), NetworkError::Claimed(0));
}

/// One unit of the iteration's numbers.
const ONE: i128 = 10i128.pow(24);

/// `p -> min(owed, outside + claims paid)` over and over, rounded down, from `start`.
fn iterate(outside: &[i64], owed: &[i64], claims: &[Vec<i64>], start: &[i64]) -> Vec<i128> {
    let mut paid: Vec<i128> = start.iter().map(|&amount| i128::from(amount) * ONE).collect();
    for _ in 0..200_000 {
        let next = (0..owed.len()).map(|own| {
            let received = (0..owed.len())
                .filter(|&of| claims[own][of] > 0)
                .map(|of| i128::from(claims[own][of]) * paid[of] / i128::from(owed[of]));
            let has = i128::from(outside[own]) * ONE + received.sum::<i128>();
            has.min(i128::from(owed[own]) * ONE)
        });
        let next: Vec<i128> = next.collect();
        if next == paid {
            break;
        }
        paid = next;
    }
    paid
}

fn close(exact: &BigRational, iterated: i128) -> bool {
    let difference = exact - BigRational::new(iterated.into(), ONE.into());
    let most = BigRational::new(1.into(), 1_000_000.into());
    difference <= most && difference >= -most
}

/// Outside, owed to those outside, and claims, of up to six debtors: few numbers, and many zeros, so
/// that rings with nothing behind them occur.
fn networks() -> impl Strategy<Value = (Vec<i64>, Vec<i64>, Vec<Vec<i64>>)> {
    let few = || prop_oneof![3 => Just(0i64), 2 => 1..12i64];
    (2..=6usize).prop_flat_map(move |count| {
        let list = move || prop::collection::vec(few(), count);
        (list(), list(), prop::collection::vec(list(), count))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn both_solutions_are_those_that_an_iteration_comes_to(
        (outside, others, mut claims) in networks(),
    ) {
        let count = outside.len();
        (0..count).for_each(|own| claims[own][own] = 0);
        let owed: Vec<i64> = (0..count)
            .map(|on| others[on] + claims.iter().map(|row| row[on]).sum::<i64>())
            .collect();
        let list: Vec<_> = (0..count)
            .flat_map(|of| claims[of].iter().enumerate().map(move |(on, &c)| (of, on, c)))
            .collect();
        let own = network(&outside, &owed, &list).unwrap();
        let clearing = own.clear().unwrap();
        let below = iterate(&outside, &owed, &claims, &vec![0; count]);
        let above = iterate(&outside, &owed, &claims, &owed);
        for debtor in 0..count {
            prop_assert!(close(&clearing.least[debtor], below[debtor]), "least of {debtor}");
            prop_assert!(close(&clearing.greatest[debtor], above[debtor]), "greatest of {debtor}");
            // And exactly, both solve the equations.
            for paid in [&clearing.least, &clearing.greatest] {
                let has = own.has(debtor, paid).min(number(owed[debtor]));
                prop_assert_eq!(&has, &paid[debtor]);
            }
        }
        // Those outside receive no more than came from outside.
        for paid in [&clearing.least, &clearing.greatest] {
            let part = |on: usize| match owed[on] {
                0 => number(0),
                all => &paid[on] * number(others[on]) / number(all),
            };
            let received: BigRational = (0..count).map(part).sum();
            prop_assert!(received <= number(outside.iter().sum()));
        }
        // A ring is named if and only if the solutions differ, and whoever fails is in one round.
        prop_assert_eq!(clearing.rings.is_empty(), clearing.least == clearing.greatest);
        let mut failed: Vec<usize> = clearing.rounds.concat();
        failed.sort_unstable();
        let short = |&own: &usize| clearing.least[own] < number(owed[own]);
        prop_assert_eq!(failed, (0..count).filter(short).collect::<Vec<_>>());
    }

    #[test]
    fn more_from_outside_never_pays_less(
        (outside, others, mut claims) in networks(),
        more in 1..5i64,
    ) {
        let count = outside.len();
        (0..count).for_each(|own| claims[own][own] = 0);
        let owed: Vec<i64> = (0..count)
            .map(|on| others[on] + claims.iter().map(|row| row[on]).sum::<i64>())
            .collect();
        let list: Vec<_> = (0..count)
            .flat_map(|of| claims[of].iter().enumerate().map(move |(on, &c)| (of, on, c)))
            .collect();
        let before = clear(&outside, &owed, &list);
        let mut richer = outside.clone();
        richer[0] += more;
        let after = clear(&richer, &owed, &list);
        for debtor in 0..count {
            prop_assert!(before.least[debtor] <= after.least[debtor]);
            prop_assert!(before.greatest[debtor] <= after.greatest[debtor]);
        }
    }
}
