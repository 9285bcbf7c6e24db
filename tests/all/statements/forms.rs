//! Holders whose accounts are plain or covered: they see what they saw when every account was closed,
//! and the lies that such lines invite meet their refusals.

use pacioli_attestation::statement::StatementError;
use pacioli_circuits::{Line, Quantity, reference::AccountError};
use pacioli_rules::Role;

use crate::statements::{
    cases::Case,
    fixture::{ACCOUNTS, ALICE, TWIN, Venue},
};

/// A holder with a borrow, who is covered.
const CAROL: &str = "holder-9";

/// Every case over the plain statement of [`ALICE`] and the covered one of [`CAROL`].
pub fn cases(venue: &Venue) -> Vec<Case> {
    let compiled = venue.compiled();
    let row = |name: &str| compiled.find(name).unwrap();
    let line =
        |name: &str, units| Line { instrument: row(name), quantity: Quantity::new(units).unwrap() };
    let (plain, covered) = (venue.lines(ALICE), venue.lines(CAROL));
    let cover = compiled.cover_scenario().unwrap();
    let unbalanced = Err(StatementError::Lines(AccountError::Balance { scenario: cover }));
    let not_in_the_book = |line| Err(StatementError::Line { line });
    let mut cases = Vec::new();
    let mut add = |name, id, lines: Option<Vec<Line>>, verdict| {
        let mut statement = match lines {
            None => venue.statement(id),
            Some(lines) => venue.claim(id, lines),
        };
        // More lines than there were may not fit behind the first one's slot.
        statement.slot = statement.slot.min(venue.key.shape().page_size() - statement.lines.len());
        cases.push(Case { name, statement, id: Some(id), verdict });
    };
    add("plain", ALICE, None, Ok(()));
    add("covered", CAROL, None, Ok(()));

    // A plain line passed off as two, and as one of another form.
    let mut twice = plain.clone();
    twice.insert(0, plain[0]);
    let order = Err(StatementError::Lines(AccountError::Order { line: 1 }));
    add("plain-line-twice", ALICE, Some(twice), order);
    let half = plain[0].quantity.units() / 2;
    let mut split = vec![line("plain deposit BTC", half), line("covered deposit BTC", half)];
    let value = compiled.table.get(row("covered deposit BTC")).unwrap().values[cover].units();
    split.extend(&plain[1..]);
    split.push(line("slack:cover", half * value.unsigned_abs()));
    add("plain-line-as-plain-and-covered", ALICE, Some(split.clone()), not_in_the_book(0));
    split.pop();
    add("covered-line-without-its-slack", ALICE, Some(split), unbalanced.clone());
    let mut more = plain.clone();
    more[0].quantity = Quantity::new(plain[0].quantity.units() + 1).unwrap();
    add("plain-line-of-one-unit-more", ALICE, Some(more), not_in_the_book(0));
    let fewer = plain[..plain.len() - 1].to_vec();
    add("plain-line-left-out", ALICE, Some(fewer), not_in_the_book(plain.len() - 2));

    // A covered debt hidden behind a plain deposit, left out, or covered by another's slack.
    let hidden = covered.iter().map(|held| match compiled.rows[held.instrument.row()].role {
        Role::Covered { .. } if held.instrument == row("covered deposit BTC") => {
            Line { instrument: row("plain deposit BTC"), ..*held }
        }
        _ => *held,
    });
    add("debt-behind-a-plain-deposit", CAROL, Some(hidden.collect()), unbalanced.clone());
    let is_debt = |held: &&Line| held.instrument != row("covered borrow USDC");
    let without: Vec<_> = covered.iter().filter(is_debt).copied().collect();
    assert_eq!(without.len() + 1, covered.len());
    add("debt-left-out", CAROL, Some(without), unbalanced.clone());
    let mut slack = covered.clone();
    let last = slack.len() - 1;
    assert_eq!(slack[last].instrument, row("slack:cover"));
    slack[last].quantity = Quantity::new(covered[last].quantity.units() - 1).unwrap();
    add("slack-of-another", CAROL, Some(slack), unbalanced);
    cases
}

#[test]
fn whatever_is_changed_meets_its_own_refusal() {
    let venue = Venue::with_forms();
    for Case { name, statement, id, verdict } in cases(venue) {
        assert_eq!(venue.check(&statement, id).map(|_| ()), verdict, "{name}");
    }
    let statement = venue.statement(ALICE);
    assert!(venue.check(&statement, Some(TWIN)).is_err());
}

#[test]
fn every_holder_sees_the_equity_that_a_closed_account_shows() {
    let (closed, formed) = (Venue::get(), Venue::with_forms());
    let mut counts = [0; 3];
    for number in 0..ACCOUNTS {
        let id = &format!("holder-{number}");
        let seen = |venue: &Venue| {
            let checked = venue.check(&venue.statement(id), Some(id)).unwrap();
            (checked.class, checked.balances)
        };
        assert_eq!(seen(closed), seen(formed), "{id}");
        let [before, after] = [closed, formed].map(|venue| venue.lines(id).len());
        assert!(after <= before, "{id}");
        let lines = formed.lines(id);
        let role = formed.compiled().rows[lines[0].instrument.row()].role;
        counts[match role {
            Role::Plain { .. } => 0,
            Role::Covered { .. } => 1,
            _ => 2,
        }] += 1;
    }
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}
