//! What a committee asks before it decides, on one page: fourteen points, each with its figure, who
//! vouches for it, and "not known" where nothing here says it.

use pacioli_attestation::setup::Origin;

use crate::{
    cover::{Cover, Reach},
    format::{Toward, apart, brief, brief_signed, plural, thousands},
    headline::{failing, some},
    moves::words,
    parts::{CO, Letter, P, R, Said, W},
    second::percent,
    section::{LETTERS, all_assets, by_custodian, coverage},
    subject::Subject,
    worth::share,
};

/// One of the points.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// What it is about.
    pub title: &'static str,
    /// Where the report has more.
    pub more: Option<&'static str>,
    /// What is said of it.
    pub said: Vec<Said>,
}

/// The fourteen.
pub(crate) fn points(subject: &Subject<'_>) -> Vec<Point> {
    let covers = subject.covers();
    let point = |title, more, said| Point { title, more, said };
    vec![
        point("Setup", None, setup(subject)),
        point("The same attestation, seen by others", Some("history"), others(subject)),
        point("Three times", None, times(subject)),
        point("Trial balance", None, balance()),
        point("Every scenario", Some("scenarios"), scenarios(&covers)),
        point("By asset", Some("assets"), assets(subject)),
        point("Reserves", Some("reserves"), reserves(subject)),
        point("Prices", Some("prices"), prices(subject, &covers)),
        point("Policies", Some("policy"), policies(subject)),
        point("Scenarios’ moves", Some("moves"), moves(subject)),
        point("Concentration", Some("custodians"), concentration(subject, &covers)),
        point("Completeness", None, completeness(subject)),
        point("Changed since the last", Some("changes"), changed(subject)),
        point("Not covered", Some("limits"), not_covered()),
    ]
}

fn setup(subject: &Subject<'_>) -> Vec<Said> {
    let origin = subject.origin.to_string();
    let is_known = matches!(subject.origin, Origin::Ceremony(_) | Origin::Vouched(_));
    let setup = match is_known {
        true => Said::new(origin, R),
        false => Said::wrong(origin, R),
    };
    vec![
        setup,
        Said::new(format!("setup {}", subject.setup), R),
        Said::new(format!("key {}", subject.key), R),
        Said::unknown("who else made the key from the setup"),
    ]
}

fn others(subject: &Subject<'_>) -> Vec<Said> {
    let header = &subject.findings.attestation.header;
    let mut said = vec![Said::new(format!("sequence number {}", header.sequence), W)];
    match &subject.past {
        Some(past) => {
            let broken = past.broken();
            let count = plural(past.moments.len(), "attestation");
            let noted: Vec<_> = past.findings.iter().map(|(text, _)| text.as_str()).collect();
            said.push(match (broken.is_empty(), noted.is_empty()) {
                (true, true) => {
                    Said::new(format!("{count} of the history verify and follow each other"), R)
                }
                (true, false) => Said::new(format!("{count} verify; {}", noted.join("; ")), R),
                (false, _) => {
                    Said::wrong(format!("the history does not hold: {}", broken.join("; ")), R)
                }
            });
        }
        None => said.push(Said::unknown("gaps and forks: no history was given")),
    }
    said.push(Said::unknown("the digest on a chain or at observers (pacioli status)"));
    said
}

fn times(subject: &Subject<'_>) -> Vec<Said> {
    let findings = subject.findings;
    let attestation = &findings.attestation;
    let as_of = attestation.header.as_of;
    let mut said = vec![Said::new(format!("snapshot {as_of}"), W)];
    if let Some(draw) = &findings.draw {
        let by = draw.by(&findings.block_hashes);
        let text = format!("drawn from {} of {}", draw.source, draw.day);
        said.push(match by {
            Some(by) => Said::new(text, Some(Letter::from(by))),
            None => Said::wrong(format!("{text}, of a block that you do not know"), W),
        });
    }
    let of = |what: &str, time: jiff::Timestamp| {
        let distance = apart(time.duration_since(as_of), "the snapshot");
        Said::new(format!("{what} {time}, {distance}"), W)
    };
    said.push(of("prices", attestation.prices.as_of));
    said.push(match &attestation.reserves {
        Some(reserves) => of("reserves", reserves.as_of),
        None => Said::wrong("no reserves are stated", W),
    });
    said
}

fn balance() -> Vec<Said> {
    vec![Said::new("0 in every scenario of every volume: a check of consistency", R)]
}

/// `mark`, and the scenario that is covered worst.
fn scenarios(covers: &[Cover]) -> Vec<Said> {
    let mut said = Vec::new();
    let Some(mark) = covers.first() else { return vec![Said::unknown("no scenario")] };
    said.push(Said::new(format!("{} owed at mark", brief(&mark.word.owed, Toward::More)), P));
    let worst = covers.iter().max_by_key(|cover| &cover.word.bad_debt.units).unwrap_or(mark);
    let debt = brief(&worst.word.bad_debt, Toward::More);
    let (accounts, scenario) = (plural(worst.accounts, "account"), &worst.word.scenario);
    said.push(Said::new(format!("worst bad debt {debt} in {accounts}, in {scenario}"), P));
    match (&worst.word.fund, worst.is_stated) {
        (Some(fund), true) if fund.negative => {
            let text = format!(
                "the fund does not meet it: {} is missing",
                brief(&fund.size, Toward::More)
            );
            said.push(Said::wrong(text, W));
        }
        (Some(fund), true) => {
            said.push(Said::new(format!("{} is left for the fund then", brief_signed(fund)), W));
        }
        _ => said.push(Said::unknown("what is left for the fund then")),
    }
    let short: Vec<_> = covers.iter().filter(|cover| cover.reach() == Reach::Short).collect();
    if let Some(one) = short
        .iter()
        .min_by_key(|one| one.worse_word().coverage.as_ref().map(|own| own.units.clone()))
    {
        let count = plural(covers.len(), "scenario");
        let (scenario, coverage) = (&one.word.scenario, coverage(one.worse_word()));
        let text =
            format!("not covered in {} of {count}, worst {coverage} in {scenario}", short.len());
        said.push(Said::wrong(text, W));
    }
    said
}

fn assets(subject: &Subject<'_>) -> Vec<Said> {
    let assets = all_assets(subject);
    let count = plural(assets.len(), "asset");
    let covered = |place: usize| assets.iter().filter(|one| one.is_covered[place]).count();
    let mut said = vec![
        Said::new(format!("{} of {count} covered by what was read or signed", covered(0)), CO),
        Said::new(format!("{} of {count} covered with the venue’s word", covered(1)), W),
    ];
    let short: Vec<_> =
        assets.iter().filter(|one| !one.is_covered[1]).map(|one| one.name.as_str()).collect();
    if !short.is_empty() {
        said.push(Said::wrong(format!("short of reserves: {}", crate::headline::named(&short)), W));
    }
    said.push(Said::unknown("which of them is the venue’s own token"));
    said
}

fn reserves(subject: &Subject<'_>) -> Vec<Said> {
    let held = subject.held();
    if held.is_empty() {
        return vec![Said::wrong("none are stated", W)];
    }
    let of = |letter| held.iter().filter(|one| one.by() == letter).count();
    let [chain, signed, word] = LETTERS.map(of);
    let entries =
        |count: usize| if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") };
    let mut said = vec![
        Said::new(format!("{} read on a chain", entries(chain)), Some(Letter("C"))),
        Said::new(format!("{} signed by others", entries(signed)), Some(Letter("O"))),
        Said::new(format!("{} by the venue’s word", entries(word)), W),
    ];
    let pledged = held.iter().filter(|one| one.reserve.is_pledged()).count();
    said.push(Said::new(format!("{} pledged, and not counted", entries(pledged)), W));
    let gone = held.iter().filter(|one| one.is_gone()).count();
    if gone > 0 {
        let text = format!("{} of which less is there now", entries(gone));
        said.push(Said::wrong(text, Some(Letter("C"))));
    }
    let faults = held.iter().filter(|one| !one.faults().is_empty()).count();
    if faults > 0 {
        said.push(Said::wrong(format!("{} with evidence that is WRONG", entries(faults)), R));
    }
    said
}

fn prices(subject: &Subject<'_>, covers: &[Cover]) -> Vec<Said> {
    let findings = subject.findings;
    let prices = &findings.attestation.prices;
    let mut said = vec![Said::new(
        format!(
            "{}, source: {}",
            plural(prices.prices.len(), "price"),
            prices.source.as_deref().unwrap_or("not stated")
        ),
        W,
    )];
    match &subject.second {
        None => said.push(Said::unknown("how far from a second source: none was given")),
        Some(second) => match second.largest(findings) {
            None => said.push(Said::unknown("how far from the second source: it has none of them")),
            Some(largest) => {
                let count = second.differences(findings).len();
                let apart = largest
                    .basis_points
                    .as_ref()
                    .map_or_else(|| "from nothing".to_owned(), percent);
                let text = format!(
                    "{count} of them beside {}: at most {apart}, {}",
                    second.name, largest.name
                );
                said.push(Said::new(text, R));
            }
        },
    }
    let second = subject.second.as_ref();
    let contradicts =
        second.map(|second| second.contradicts(findings, &subject.held())).unwrap_or_default();
    said.extend(contradicts.into_iter().map(|text| Said::wrong(text, R)));
    let at_second = covers.first().and_then(|mark| mark.second.as_ref());
    if let Some(one) = at_second.filter(|_| findings.attestation.reserves.is_some()) {
        let known = one.known.as_ref().map_or_else(|| "none stated".to_owned(), coverage);
        said.push(Said::new(format!("coverage at mark at these: {known} at least"), CO));
        said.push(Said::new(format!("with the venue’s word: {} at least", coverage(&one.word)), W));
    }
    if !prices.refused.is_empty() {
        let text = format!("{} without a price", plural(prices.refused.len(), "asset"));
        said.push(Said::wrong(text, W));
    }
    said
}

fn policies(subject: &Subject<'_>) -> Vec<Said> {
    let of = |clauses: &[pacioli_attestation::Clause], whose: &str| {
        let by = clauses.iter().map(|clause| clause.by).max().map(Letter::from);
        let fail = failing(clauses);
        match (clauses.is_empty(), fail.is_empty()) {
            (true, _) => Said::wrong(format!("no clause {whose}"), R),
            (_, true) => {
                Said::new(format!("{} {whose}: all hold", plural(clauses.len(), "clause")), by)
            }
            (_, false) => Said::wrong(some(&fail, clauses.len(), whose), by),
        }
    };
    let own = of(&subject.findings.clauses, "of the venue’s own");
    let yours = match &subject.asked {
        Some(asked) => of(&asked.clauses, "of yours"),
        None => Said::unknown("your own policy: you gave none"),
    };
    vec![yours, own]
}

fn moves(subject: &Subject<'_>) -> Vec<Said> {
    let stresses = subject.findings.rules.scenarios.iter();
    let stresses: Vec<_> = stresses.filter(|one| one.kind == pacioli_rules::Kind::Stress).collect();
    /// Scenarios that the first page has room for.
    const TOLD: usize = 3;
    let mut said: Vec<Said> = stresses
        .iter()
        .take(TOLD)
        .map(|one| {
            let words = words(one, subject.findings);
            let brief: String = words.chars().take(90).collect();
            let dots = if brief.len() < words.len() { "…" } else { "" };
            Said::new(format!("{}: {brief}{dots}", one.name), W)
        })
        .collect();
    if stresses.len() > TOLD {
        said.push(Said::new(format!("and {} more", stresses.len() - TOLD), W));
    }
    if said.is_empty() {
        said.push(Said::wrong("the venue’s rules have no stress", W));
    }
    said
}

fn concentration(subject: &Subject<'_>, covers: &[Cover]) -> Vec<Said> {
    let mut said = Vec::new();
    let worst = covers.iter().max_by_key(|cover| &cover.word.bad_debt.units);
    if let Some(worst) = worst {
        let text = format!(
            "bad debt in {} is of at most {}",
            worst.word.scenario,
            plural(worst.accounts, "account")
        );
        said.push(Said::new(text, P));
    }
    said.push(Said::unknown("how many accounts owe half of it: no proof says it"));
    let sums = by_custodian(subject);
    let worth = |parts: &[pacioli_rules::Amount; 3]| {
        parts.iter().map(|part| part.units.clone()).sum::<num_bigint::BigUint>()
    };
    let largest = sums.iter().max_by_key(|(_, parts)| worth(parts));
    if let Some((name, parts)) = largest {
        let decimals = parts[0].decimals;
        let all = sums.values().map(worth).sum::<num_bigint::BigUint>();
        let [own, all] =
            [worth(parts), all].map(|units| pacioli_rules::Amount::new(units, decimals));
        said.push(Said::new(format!("{} of reserves are with {name}", share(&own, &all)), W));
    }
    said
}

fn completeness(subject: &Subject<'_>) -> Vec<Said> {
    let header = &subject.findings.attestation.header;
    let left = match (header.accounts_left_out, header.left_out.len()) {
        (0, 0) => "nothing left out".to_owned(),
        (accounts, assets) => format!(
            "left out: {} and {} without a price",
            plural(accounts, "account"),
            plural(assets, "asset")
        ),
    };
    vec![
        Said::new(format!("{} accounts", thousands(header.accounts)), W),
        Said::new(left, W),
        Said::unknown("how many holders checked, and which auditor has the list of accounts"),
    ]
}

fn changed(subject: &Subject<'_>) -> Vec<Said> {
    let Some(previous) = &subject.previous else {
        let is_first = subject.findings.attestation.header.previous.is_none();
        return vec![match is_first {
            true => Said::new("it calls itself the first", W),
            false => Said::unknown("the one before was not given (--previous, --history)"),
        }];
    };
    let mut said = vec![match previous.changes.len() {
        0 => Said::new("nothing in rules, key, setup, price method or places of reserves", R),
        count => {
            Said::new(format!("{} since number {}", plural(count, "change"), previous.sequence), R)
        }
    }];
    let first = previous.changes.iter().take(2);
    said.extend(first.map(|change| Said::new(change, R)));
    if !previous.is_verified {
        said.push(Said::wrong("the one before was read, not verified", R));
    }
    said
}

fn not_covered() -> Vec<Said> {
    vec![
        Said::unknown(
            "legal entity and claim, liabilities outside of the book, custody of keys, controls",
        ),
        Said::new("nobody outside the project has audited the code", None),
    ]
}
