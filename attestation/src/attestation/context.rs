//! What every proof of an attestation is bound to: the digest of its header, rules, prices,
//! reserves and number of volumes (`docs/formats.md`).

use std::collections::BTreeMap;

use halo2_proofs::halo2curves::bn256::Fr;
use pacioli_rules::{
    Decimal, Prices, Volatility,
    black76::{Smile, Surface},
};

use super::{AssetLeftOut, Header, Rounding};
use crate::{
    digest::{Digest, Words},
    reserves::{Reserve, Reserves},
    transcript::hash_to_field,
    volume::VolumeId,
};

/// The digest of everything public but totals and proofs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context(pub Digest);

impl Context {
    /// The context of a run of `volumes` volumes.
    pub fn new(
        header: &Header,
        rules: &str,
        prices: &Prices,
        reserves: Option<&Reserves>,
        volumes: usize,
    ) -> Self {
        let words = Words::new("pacioli.context.v1")
            .digest(header_digest(header))
            .digest(Digest::of(rules.as_bytes()))
            .digest(prices_digest(prices))
            .list(reserves.into_iter(), |words, reserves| words.digest(reserves_digest(reserves)))
            .number(volumes as u64);
        Self(words.finish())
    }

    /// The context word of volume `volume`, the first public input of its proof.
    pub fn word(&self, volume: VolumeId) -> Fr {
        let words = Words::new("pacioli.volume.v1").digest(self.0).number(volume.index() as u64);
        hash_to_field(&words.finish().0)
    }
}

/// The digest by which a header enters the context.
fn header_digest(header: &Header) -> Digest {
    let exclusion = |words: Words, exclusion: &AssetLeftOut| {
        let words = words.text(&exclusion.asset).number(exclusion.lines);
        let words = words.number(exclusion.accounts);
        words.text(&exclusion.deposits.to_string()).text(&exclusion.borrows.to_string())
    };
    let Rounding { lines, instruments, bound } = &header.rounding;
    Words::new("pacioli.header.v1")
        .text(&header.venue)
        .number(header.sequence)
        .list(header.previous.iter(), |words, previous| words.digest(*previous))
        .text(&header.as_of.to_string())
        .list(header.drawn.iter(), |words, drawn| words.digest(drawn.digest()))
        .number(header.accounts)
        .number(header.accounts_left_out)
        .list(header.left_out.iter(), exclusion)
        .number(*lines)
        .list(instruments.iter(), |words, rounded| {
            let words = words.text(&rounded.instrument).number(rounded.lines);
            words.text(&rounded.bound.to_string())
        })
        .text(&bound.to_string())
        .number(header.k)
        .number(header.page_size as u64)
        .number(header.scenarios as u64)
        .list(header.program.iter(), |words, program| words.digest(*program))
        .digest(header.key)
        .text(&header.setup)
        .text(&header.software)
        .finish()
}

/// The digest by which prices enter the context.
fn prices_digest(prices: &Prices) -> Digest {
    let Prices { as_of, quote, method, source, prices, vols, open_interest, refused, volatilities } =
        prices;
    let words = Words::new("pacioli.prices.v1")
        .text(&as_of.to_string())
        .text(quote)
        .text(method)
        .list(source.iter(), |words, source| words.text(source))
        .list(prices.iter(), |words, (asset, price)| decimal(words.text(asset), price));
    // Prices without one of these have the digest that they had before there were any. The tags of
    // what follows keep one from being taken for the other.
    let words = if vols.is_empty() { words } else { words.digest(vols_digest(vols)) };
    let words = match open_interest.is_empty() {
        true => words,
        false => words.digest(open_interest_digest(open_interest)),
    };
    let words = if refused.is_empty() { words } else { words.digest(refused_digest(refused)) };
    if volatilities.is_empty() {
        return words.finish();
    }
    words.digest(volatilities_digest(volatilities)).finish()
}

fn refused_digest(refused: &BTreeMap<String, String>) -> Digest {
    Words::new("pacioli.refused.v1")
        .list(refused.iter(), |words, (asset, reason)| words.text(asset).text(reason))
        .finish()
}

fn open_interest_digest(open_interest: &BTreeMap<String, Decimal>) -> Digest {
    Words::new("pacioli.open-interest.v1")
        .list(open_interest.iter(), |words, (market, amount)| decimal(words.text(market), amount))
        .finish()
}

fn volatilities_digest(volatilities: &BTreeMap<String, Vec<Volatility>>) -> Digest {
    let stated = |words: Words, one: &Volatility| {
        let Volatility { kind, annual, window, tenor, source, as_of } = one;
        decimal(words.text(kind.name()), annual)
            .list(window.iter(), |words, window| words.number(window.0))
            .list(tenor.iter(), |words, tenor| words.number(tenor.0))
            .text(source)
            .text(&as_of.to_string())
    };
    Words::new("pacioli.volatilities.v1")
        .list(volatilities.iter(), |words, (asset, all)| words.text(asset).list(all.iter(), stated))
        .finish()
}

fn vols_digest(vols: &BTreeMap<String, Surface>) -> Digest {
    let smile = |words: Words, (expiry, smile): (&String, &Smile)| {
        words
            .text(expiry)
            .list(smile.forward.iter(), decimal)
            .list(smile.strikes.iter(), |words, (strike, vol)| decimal(words.text(strike), vol))
    };
    Words::new("pacioli.vols.v1")
        .list(vols.iter(), |words, (underlying, surface)| {
            let rate = |words: Words, rate: &Decimal| {
                // The one number here that may be below zero.
                decimal(words.number(u64::from(rate.is_negative())), rate)
            };
            let words = words.text(underlying).list(surface.rate.iter(), rate);
            words.list(surface.expiries.iter(), smile)
        })
        .finish()
}

/// Appends the size of a number: prices, volatilities and open interest were checked to be not
/// negative.
fn decimal(words: Words, number: &Decimal) -> Words {
    words.number(number.mantissa().unsigned_abs()).number(number.scale())
}

/// The digest by which reserves enter the context.
pub fn reserves_digest(reserves: &Reserves) -> Digest {
    Words::new("pacioli.reserves.v1")
        .text(&reserves.as_of.to_string())
        .list(reserves.reserves.iter(), |words, reserve| {
            let words = words.text(&reserve.asset).number(reserve.amount.mantissa().unsigned_abs());
            let words = words.number(reserve.amount.scale()).text(&reserve.chain);
            let words = words.text(&reserve.address).text(&reserve.evidence);
            let words = words.text(reserve.purpose.name());
            let Reserve { custodian, legal_holder, encumbrance, attested_by, .. } = reserve;
            let optional = [custodian, legal_holder, encumbrance];
            let words = optional
                .into_iter()
                .fold(words, |words, text| words.list(text.iter(), |words, text| words.text(text)));
            words.list(attested_by.iter(), |words, by| words.text(by.name()))
        })
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(vols: &str) -> Prices {
        let head = r#""as_of": "2026-01-01T00:00:00Z", "quote": "USD", "method": """#;
        Prices::parse(&format!(r#"{{ {head}, "prices": {{ "BTC": "100" }}{vols} }}"#)).unwrap()
    }

    #[test]
    fn every_number_of_a_surface_is_in_the_digest_of_the_prices() {
        let vols = r#", "vols": { "BTC": { "rate": "0.04", "expiries": { "2026-06-01T00:00:00Z":
            { "forward": "101", "strikes": { "90": "0.5", "110": "0.4" } } } } }"#;
        let whole = prices_digest(&prices(vols));
        for (from, to) in [
            (vols, ""),
            ("BTC", "ETH"),
            ("0.04", "-0.04"),
            ("0.04", "0.40"),
            (r#""rate": "0.04", "#, ""),
            ("06-01", "06-02"),
            ("101", "102"),
            (r#""forward": "101", "#, ""),
            ("90", "91"),
            ("0.5", "0.6"),
            ("110", "110.0"),
            (r#", "110": "0.4""#, ""),
        ] {
            assert!(vols.contains(from), "{from}");
            assert_ne!(prices_digest(&prices(&vols.replacen(from, to, 1))), whole, "{from}");
        }
        let bare =
            Words::new("pacioli.prices.v1").text("2026-01-01T00:00:00Z").text("USD").text("");
        let bare = bare.number(0u64).number(1u64).text("BTC").number(100u64).number(0u64);
        assert_eq!(prices_digest(&prices("")), bare.finish(), "as before there were any");
    }

    #[test]
    fn open_interest_is_in_the_digest_of_the_prices() {
        let open = r#", "open_interest": { "ADA-USD": "1.5", "SOL-USD": "2" }"#;
        let whole = prices_digest(&prices(open));
        let vols = r#", "vols": { "BTC": { "expiries": { "2026-06-01T00:00:00Z":
            { "strikes": { "110": "0.4" } } } } }"#;
        let both = format!("{vols}{open}");
        for (from, to) in [
            (open, ""),
            (open, vols),
            (open, &both),
            ("ADA", "ADB"),
            ("1.5", "1.50"),
            ("\"2\"", "\"3\""),
            (r#", "SOL-USD": "2""#, ""),
        ] {
            assert!(open.contains(from), "{from}");
            assert_ne!(prices_digest(&prices(&open.replacen(from, to, 1))), whole, "{from}");
        }
        assert_ne!(prices_digest(&prices(&both)), prices_digest(&prices(vols)));
        assert_eq!(prices_digest(&prices(r#", "open_interest": {}"#)), prices_digest(&prices("")));
    }

    #[test]
    fn what_was_refused_a_price_is_in_the_digest_of_the_prices() {
        let refused = r#", "refused": { "ADA": "stale", "SOL": "dispersed" }"#;
        let open = r#", "open_interest": { "ADA": "1", "SOL": "2" }"#;
        let whole = prices_digest(&prices(refused));
        for (from, to) in [
            (refused, ""),
            (refused, open),
            ("ADA", "ADB"),
            ("stale", "too few"),
            (r#", "SOL": "dispersed""#, ""),
        ] {
            assert!(refused.contains(from), "{from}");
            assert_ne!(prices_digest(&prices(&refused.replacen(from, to, 1))), whole, "{from}");
        }
        assert_eq!(prices_digest(&prices(r#", "refused": {}"#)), prices_digest(&prices("")));
    }

    #[test]
    fn every_field_of_a_volatility_is_in_the_digest_of_the_prices() {
        let stated = r#", "volatilities": { "BTC": [
            { "kind": "realised", "annual": "0.62", "window": "30d", "source": "A",
              "as_of": "2026-01-01T00:00:00Z" },
            { "kind": "implied", "annual": "0.7", "tenor": "7d", "source": "B",
              "as_of": "2025-12-31T00:00:00Z" } ] }"#;
        let whole = prices_digest(&prices(stated));
        for (from, to) in [
            (stated, ""),
            ("BTC", "ETH"),
            ("0.62", "0.620"),
            ("0.62", "0.61"),
            ("30d", "31d"),
            ("7d", "8d"),
            (
                r#""realised", "annual": "0.62", "window""#,
                r#""implied", "annual": "0.62", "tenor""#,
            ),
            (r#""A""#, r#""C""#),
            ("2026-01-01", "2026-01-02"),
            (r#""B""#, r#""A""#),
        ] {
            assert!(stated.contains(from), "{from}");
            assert_ne!(prices_digest(&prices(&stated.replacen(from, to, 1))), whole, "{from}");
        }
        assert_eq!(prices_digest(&prices(&stated.replacen("30d", "720h", 1))), whole, "one length");
        let open = r#", "open_interest": { "ADA-USD": "1.5" }"#;
        assert_ne!(prices_digest(&prices(&format!("{open}{stated}"))), whole);
        assert_eq!(prices_digest(&prices(r#", "volatilities": {}"#)), prices_digest(&prices("")));
    }
}
