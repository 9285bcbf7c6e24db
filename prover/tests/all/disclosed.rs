//! What a header may say was left out: nothing that somebody can value.

use jiff::Timestamp;
use pacioli_attestation::{
    ATTESTATION_VERSION as VERSION, AssetLeftOut, Attestation, Digest, DisclosedError, Header,
    Rounding, check_disclosed,
};
use pacioli_circuits::{Total, Totals};
use pacioli_prover::{Strictness, balance_accounts, snapshot};
use pacioli_rules::{
    Amount, Compiled, NotLeftOut, Prices, Rules, compile,
    testing::{PRICES, RULES},
};

const BOOK: &str =
    "account,instrument,quantity\na,deposit BTC,1\nb,deposit USDC,5\nb,deposit LUNC,7\n";

/// A book of two accounts in which LUNC was left out, as an attestation without proofs.
struct Book {
    attestation: Attestation,
    rules: Rules,
    compiled: Compiled,
    totals: Totals,
}

impl Book {
    fn new(prices: &str) -> Self {
        let (rules, prices) = (Rules::parse(RULES).unwrap(), Prices::parse(prices).unwrap());
        let compiled = compile(&rules, &prices).unwrap();
        let options = Strictness { round: false, leave_out: vec!["LUNC".to_owned()] };
        let snapshot = snapshot::read_csv(BOOK.as_bytes(), "book.csv").unwrap();
        let ledger = balance_accounts(snapshot, &compiled, &options, 64).unwrap();
        let mut totals = Totals(vec![Total::default(); compiled.rows.len()]);
        for line in ledger.accounts.lines() {
            let total = &mut totals.0[line.instrument.row()];
            total.count += 1;
            total.quantity += line.quantity.units();
        }
        let header = Header {
            venue: "small book".to_owned(),
            sequence: 0,
            previous: None,
            as_of: Timestamp::UNIX_EPOCH,
            drawn: None,
            accounts: ledger.accounts.len() as u64,
            accounts_left_out: 0,
            left_out: ledger.disclosure.left_out,
            rounding: Rounding::default(),
            k: 11,
            page_size: 64,
            scenarios: compiled.scenarios.len(),
            program: None,
            key: Digest([0; 32]),
            setup: String::new(),
            software: String::new(),
        };
        let (version, rules_text) = (VERSION.to_owned(), RULES.to_owned());
        let attestation = Attestation {
            version,
            header,
            rules: rules_text,
            prices,
            reserves: None,
            volumes: Vec::new(),
        };
        Self { attestation, rules, compiled, totals }
    }

    fn check(&self) -> Result<(), DisclosedError> {
        check_disclosed(&self.attestation, &self.rules, &self.compiled, &self.totals)
    }

    /// What is said of an exclusion of `asset` behind the one of LUNC.
    fn check_with(&mut self, asset: &str) -> Result<(), DisclosedError> {
        self.attestation.header.left_out.truncate(1);
        self.attestation.header.left_out.push(AssetLeftOut {
            asset: asset.to_owned(),
            lines: 1,
            accounts: 1,
            deposits: Amount::new(1u32, 0),
            borrows: Amount::default(),
        });
        self.check()
    }
}

#[test]
fn what_a_header_says_was_left_out_is_nothing_that_has_a_price_or_a_rule() {
    // ADA has a price and no rule, USDC a rule and no price.
    let mut book = Book::new(PRICES.replace("\"BTC\"", "\"ADA\": \"1\", \"BTC\"").as_str());
    assert_eq!(book.check(), Ok(()));
    assert_eq!(book.check_with("PEPE"), Ok(()));
    let refused = |why: NotLeftOut| Err(DisclosedError::LeftOut(why));
    let name = |name: &str| name.to_owned();
    assert_eq!(book.check_with("USD"), refused(NotLeftOut::Quote(name("USD"))));
    assert_eq!(book.check_with("BTC"), refused(NotLeftOut::Priced(name("BTC"))));
    assert_eq!(book.check_with("ADA"), refused(NotLeftOut::Priced(name("ADA"))));
    for (asset, known) in [("usd", "USD"), ("Ada", "ADA"), ("bTC", "BTC"), ("UsdC", "USDC")] {
        let (name, known) = (asset.to_owned(), known.to_owned());
        assert_eq!(book.check_with(asset), refused(NotLeftOut::Case { name, known }));
    }
    assert_eq!(book.check_with("LUNC"), Err(DisclosedError::DuplicateLeftOut(name("LUNC"))));
    for asset in ["", "P EPE", "PEPE\nHOLDS"] {
        let error = book.check_with(asset).unwrap_err();
        assert!(matches!(error, DisclosedError::LeftOut(NotLeftOut::Name(_))), "{error}");
        assert!(!error.to_string().contains('\n'));
    }

    book.attestation.prices.prices.remove("USDC");
    assert_eq!(book.check_with("USDC"), refused(NotLeftOut::Ruled(name("USDC"))));
}

/// An account that nobody has may hold equity and shortfall of one size, and nothing else.
#[test]
fn a_book_of_closing_lines_alone_says_nothing() {
    let mut book = Book::new(PRICES);
    book.attestation.header.accounts = 0;
    let error = book.check().unwrap_err();
    assert!(matches!(error, DisclosedError::Accounts { accounts: 0, .. }), "{error}");
    book.attestation.header.accounts = 1;
    for (row, total) in book.compiled.rows.iter().zip(&mut book.totals.0) {
        let closes = row.name.ends_with(":mark");
        *total = if closes { Total { count: 1, quantity: 5 } } else { Total::default() };
    }
    assert_eq!(book.check(), Err(DisclosedError::NoLine));
}
