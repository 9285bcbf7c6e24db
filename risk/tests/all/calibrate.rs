//! What a proposal does to a book with accounts of the house, computed by hand.

use pacioli_prover::{
    Strictness,
    snapshot::{read_classes, read_csv},
};
use pacioli_risk::calibrate::{BookEffect, History, Settings, effect, propose};
use pacioli_rules::{
    Prices, Rules, compile,
    testing::{PRICES, RULES},
};

const BOOK: &str = "account,instrument,quantity
carol,deposit USDC,2000
carol,long ETH-PERP,10
carol,quote debit,10000
cid,deposit USDC,150
cid,long ETH-PERP,2
cid,quote debit,2000
pool,deposit USDC,100
pool,short ETH-PERP,12
pool,quote credit,12000
fund,deposit USDC,1000
";

/// 81 days of ETH that goes up by a tenth and back.
fn history() -> History {
    let mut day: jiff::civil::Date = "2025-01-01".parse().unwrap();
    let rows = (0..81).map(|index| {
        let price = if index % 2 == 0 { 1000 } else { 1100 };
        let row = format!("{day},ETH,{price},50\n");
        day = day.tomorrow().unwrap();
        row
    });
    let text: String = rows.collect();
    History::parse(format!("time,asset,price,volume\n{text}").as_bytes(), "h.csv").unwrap()
}

fn effect_on(book: &str) -> BookEffect {
    effect_of(RULES, book)
}

fn effect_of(rules: &str, book: &str) -> BookEffect {
    let text = rules.replace("[policy]", "[classes.insurance]\n[classes.pool]\n[policy]");
    // With a twin of the crash, which calibrating leaves as it is.
    let limits = "mark = \"insurance\", crash = \"5000\"";
    let text = text.replace(limits, "crash = \"insurance\"");
    let prices = Prices::parse(PRICES).unwrap();
    let proposal = propose(&text, &history(), &Settings::default()).unwrap();
    let [old, new] = [&Rules::parse(&text).unwrap(), &proposal.rules]
        .map(|rules| compile(&rules.without_cover(), &prices).unwrap());
    let mut snapshot = read_csv(book.as_bytes(), "").unwrap();
    let classes = "account,class\nfund,insurance\npool,pool\n";
    read_classes(&mut snapshot, classes.as_bytes(), "").unwrap();
    effect([&old, &new], &proposal, &snapshot, &Strictness::default()).unwrap()
}

#[test]
fn customers_margins_are_those_by_hand_and_the_house_is_counted_apart() {
    let [margin] = &effect_on(BOOK).margins[..] else { panic!("one margin scenario") };
    // A volatility of 0.095594 a day asks for 0.2235, and 10 ETH at 5 a day for sqrt(1 + 2/3) times
    // that: 0.289. carol's 2,000 do not carry 2,890, nor cid's 150 the 578.
    assert_eq!((margin.accounts_below, margin.newly_below), ([0, 2], 2));
    let amounts =
        |amounts: &[pacioli_rules::Amount; 2]| amounts.each_ref().map(ToString::to_string);
    assert_eq!(amounts(&margin.required), ["600", "3468"]);
    assert_eq!(amounts(&margin.shortfalls), ["0", "1318"]);
    // The pool's 100 do not carry 5 % of 10,000 and a tenth of 2,000 either.
    assert_eq!(margin.own_accounts_below, [1, 1]);
}

/// dora would be covered, and have no closing line to read.
#[test]
fn cover_changes_nothing_of_what_a_proposal_does() {
    let dora = "dora,deposit USDC,100000\ndora,long ETH-PERP,3\ndora,quote debit,1\n";
    let book = format!("{BOOK}{dora}");
    let covered = RULES.replace("cover = false", "cover = true");
    assert_ne!(covered, RULES);
    assert_eq!(effect_of(&covered, &book), effect_of(RULES, &book));
}

#[test]
fn the_days_to_close_are_those_of_what_customers_hold() {
    let liquidity = |book: &str| effect_on(book).liquidity;
    let [long] = &liquidity(BOOK)[..] else { panic!("one side with a volume") };
    let said = [&long.a_day, &long.largest, &long.largest_days, &long.total, &long.total_days];
    assert_eq!(long.held, "long ETH-PERP");
    // The pool's 12 are no customer's.
    assert_eq!(said.map(ToString::to_string), ["5", "10", "2", "12", "2.4"]);
    // The last tier begins at 10, or at the value of as many.
    assert_eq!(long.measured_to.as_ref().unwrap().to_string(), "40");
    let rules = RULES;
    let values = rules.replace("up_to = \"10\"", "up_to_value = \"10000\"");
    assert_ne!(rules, values);
    assert_eq!(effect_of(&values, BOOK).liquidity[0].measured_to, long.measured_to);
    assert!(!long.past_measure);
    let more = |size: &str| {
        liquidity(&BOOK.replace("carol,long ETH-PERP,10", &format!("carol,long ETH-PERP,{size}")))
    };
    assert!(!more("40")[0].past_measure);
    let long = &more("40.01")[0];
    assert!(long.past_measure);
    assert_eq!(long.largest_days.to_string(), "8.1", "rounded up");
}
