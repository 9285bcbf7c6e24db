use jiff::SignedDuration;

use super::*;

const AT: &str = "2026-11-21T12:00:00Z";

fn limits() -> Limits {
    Limits {
        at: AT.parse().unwrap(),
        window: SignedDuration::from_hours(1),
        max_age: SignedDuration::from_mins(10),
        max_spread: "0.02".parse().unwrap(),
        min_sources: 2,
        basis: Basis::Latest,
    }
}

/// A feed of rows `source,asset,hh:mm,price` of one day.
fn feed(file: &str, rows: &[&str]) -> Feed {
    let rows = rows.iter().map(|row| {
        let [source, asset, time, price] = row.split(',').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        format!("{source},{asset},2026-11-21T{time}:00Z,{price}\n")
    });
    let text = format!("source,asset,time,price\n{}", rows.collect::<String>());
    Feed::parse(text.as_bytes(), file).unwrap()
}

fn one(rows: &[&str], limits: &Limits) -> AssetPrice {
    let mut assets = aggregate(&[feed("a.csv", rows)], limits).unwrap().assets;
    assert_eq!(assets.len(), 1);
    assets.pop().unwrap()
}

/// The price, or why there is none; and what is said against each source.
fn verdict(rows: &[&str], limits: &Limits) -> (String, Vec<String>) {
    let asset = one(rows, limits);
    let price = asset.price.map(|price| price.to_string());
    let refused = asset.refused.map(|why| why.to_string());
    let rejected = asset.sources.iter().filter_map(|source| {
        let why = source.rejected.as_ref()?;
        Some(format!("{}: {why}", source.source))
    });
    (price.or(refused).unwrap(), rejected.collect())
}

#[test]
fn the_price_is_the_lower_median_of_the_latest_prices() {
    let rows = ["A,BTC,11:50,90", "A,BTC,12:00,100", "B,BTC,11:55,101.00", "C,BTC,11:59,100.5"];
    assert_eq!(verdict(&rows, &limits()), ("100.5".to_owned(), vec![]));
    assert_eq!(verdict(&rows[..3], &limits()), ("100".to_owned(), vec![]));
    assert_eq!(one(&rows, &limits()).spread.unwrap().to_string(), "0.009951");
}

#[test]
fn a_price_is_fresh_up_to_the_limit_and_counts_from_its_time() {
    let fresh = ["A,BTC,11:50,100", "B,BTC,12:00,100"];
    assert_eq!(verdict(&fresh, &limits()), ("100".to_owned(), vec![]));
    let stale = ["A,BTC,11:49,100", "B,BTC,12:00,100", "C,BTC,12:01,100"];
    let expected = ["A: stale: 11m old".to_owned(), "C: no price yet".to_owned()];
    let refused = "1 of the 1 fresh sources agree, 2 are needed".to_owned();
    assert_eq!(verdict(&stale, &limits()), (refused, expected.to_vec()));
    let one = Limits { min_sources: 1, ..limits() };
    assert_eq!(verdict(&stale, &one), ("100".to_owned(), expected.to_vec()));
}

#[test]
fn a_source_far_from_the_others_does_not_count() {
    let rows = ["A,BTC,12:00,100", "B,BTC,12:00,101", "C,BTC,12:00,110"];
    let far = vec!["C: dispersed: 0.089109 from the median".to_owned()];
    assert_eq!(verdict(&rows, &limits()), ("100".to_owned(), far));
    // The bound itself is near enough.
    let rows = ["A,BTC,12:00,100", "B,BTC,12:00,102"];
    assert_eq!(verdict(&rows, &limits()), ("100".to_owned(), vec![]));
}

#[test]
fn sources_that_disagree_by_halves_make_no_price() {
    let rows = ["A,BTC,12:00,100", "B,BTC,12:00,100", "C,BTC,12:00,110", "D,BTC,12:00,110"];
    let (refused, rejected) = verdict(&rows, &limits());
    assert_eq!(refused, "2 of the 4 fresh sources agree, which is not more than half");
    assert_eq!(rejected.len(), 2);
    // And of two, neither is believed.
    let (refused, _) = verdict(&["A,BTC,12:00,100", "B,BTC,12:00,110"], &limits());
    assert_eq!(refused, "1 of the 2 fresh sources agree, 2 are needed");
}

#[test]
fn sources_near_the_median_may_still_lie_too_far_apart() {
    let rows = ["A,BTC,12:00,98.5", "B,BTC,12:00,100", "C,BTC,12:00,101.5"];
    let (refused, rejected) = verdict(&rows, &limits());
    assert_eq!(refused, "the sources lie 0.03 of the median apart, more than 0.02");
    assert_eq!(rejected, Vec::<String>::new());
}

#[test]
fn an_average_weighs_a_price_by_how_long_it_held() {
    // 100 for half an hour from before the window, 110 for 20 minutes, 103 for 10.
    let rows = ["A,BTC,10:00,100", "A,BTC,11:30,110", "A,BTC,11:50,103.000", "A,BTC,12:30,900"];
    let limits = Limits { basis: Basis::Twap, min_sources: 1, ..limits() };
    assert_eq!(verdict(&rows, &limits).0, "103.833", "down, in the digits of the finest price");
    assert_eq!(one(&rows, &limits).sources[0].latest.unwrap().price.to_string(), "103.000");
    // A price that begins with the window covers it; one that begins later does not.
    assert_eq!(verdict(&["A,BTC,11:00,7", "A,BTC,11:55,7"], &limits).0, "7");
    let (refused, rejected) = verdict(&["A,BTC,11:01,7", "A,BTC,11:55,7"], &limits);
    assert_eq!(refused, "0 of the 0 fresh sources agree, 1 are needed");
    assert_eq!(rejected, ["A: no price from before the window"]);
}

#[test]
fn a_source_says_one_price_at_one_time() {
    let feeds = [feed("a.csv", &["A,BTC,12:00,100"]), feed("b.csv", &["A,BTC,12:00,100"])];
    let error = aggregate(&feeds, &limits()).unwrap_err().to_string();
    let expected =
        "b.csv:2: duplicate price of BTC at 2026-11-21T12:00:00Z from `A`: also at a.csv:2";
    assert_eq!(error, expected);
    let row = r#"{ "source": "A", "asset": "BTC", "time": "2026-11-21T12:00:00Z", "price": "1" }"#;
    let list = Feed::parse(format!("[{row}, {row}]").as_bytes(), "c.json").unwrap();
    let error = aggregate(&[list], &limits()).unwrap_err().to_string();
    let expected = "c.json[1]: duplicate price of BTC at 2026-11-21T12:00:00Z from `A`: also at \
                    c.json[0]";
    assert_eq!(error, expected);
}

#[test]
fn limits_that_mean_nothing_are_refused() {
    let refused = |limits: Limits| aggregate(&[], &limits).unwrap_err().to_string();
    let (zero, minus) = (SignedDuration::ZERO, SignedDuration::from_secs(-1));
    let error = refused(Limits { window: zero, ..limits() });
    assert_eq!(error, "the window must be longer than nothing");
    let error = refused(Limits { max_age: minus, ..limits() });
    assert_eq!(error, "the largest age must be zero or more");
    let error = refused(Limits { max_spread: "-0.1".parse().unwrap(), ..limits() });
    assert_eq!(error, "the largest spread must be zero or more");
    let error = refused(Limits { min_sources: 0, ..limits() });
    assert_eq!(error, "the number of sources must be 1 or more");
}

#[test]
fn the_file_says_how_it_was_made() {
    let rows = ["A,BTC,12:00,100", "B,BTC,11:51,100.5", "C,BTC,12:00,300", "A,ETH,12:00,5"];
    let feed = feed("a.csv", &rows);
    let made = aggregate(std::slice::from_ref(&feed), &limits()).unwrap();
    assert_eq!(made.refused().map(|asset| asset.asset.as_str()).collect::<Vec<_>>(), ["ETH"]);
    let prices = made.prices("USD", &Volatilities::default()).unwrap();
    assert_eq!(
        prices.method,
        "lower median of sources' latest prices; at least 2 sources, more than half of the fresh \
         ones; a price is fresh up to 10m; spread at most 0.02 of the median"
    );
    let source = format!(
        "BTC: A 100 at 2026-11-21T12:00:00Z, B 100.5 at 2026-11-21T11:51:00Z, C 300 at \
         2026-11-21T12:00:00Z (rejected, dispersed: 1.985075 from the median); ETH: LEFT OUT, 1 \
         of the 1 fresh sources agree, 2 are needed: A 5 at 2026-11-21T12:00:00Z; feeds: a.csv {}",
        feed.digest
    );
    assert_eq!(prices.source.unwrap(), source);
    assert_eq!(prices.prices.len(), 1);
    let refused: Vec<_> = prices.refused.into_iter().collect();
    let why = "1 of the 1 fresh sources agree, 2 are needed".to_owned();
    assert_eq!(refused, [("ETH".to_owned(), why)]);
    let error = made.prices("BTC", &Volatilities::default()).unwrap_err().to_string();
    assert!(error.contains("the price of the quote currency must be 1, got 100"), "{error}");
}

#[test]
fn one_source_in_two_spellings_is_not_two() {
    for other in ["kraken", "KRAKEN", "Kra-ken", "Kra ken"] {
        let row = format!("{other},BTC,12:00,100");
        // In whatever files, and of whatever assets.
        let feeds = [feed("a.csv", &["Kraken,BTC,12:00,100"]), feed("b.csv", &[&row])];
        let error = aggregate(&feeds, &limits()).unwrap_err().to_string();
        assert!(error.contains("are one source in two spellings"), "{error}");
    }
    let head = "source,asset,time,volatility,tenor\n";
    let row = |source: &str| format!("{source},BTC,2026-11-21T12:00:00Z,0.65,30d\n");
    let text = [head, &row("Deribit"), &row("deribit")].concat();
    let feed = ImpliedFeed::parse(text.as_bytes(), "imp.csv").unwrap();
    let error = implied(&[feed], &limits()).unwrap_err().to_string();
    assert_eq!(
        error,
        "`Deribit` and `deribit` are one source in two spellings: write its name in one"
    );
}
