// All words of the web page, in English. Other languages have the same names (language.ts). In a
// text, a name in braces is filled in, and what stands between two backticks is code. Where the
// plural matters there is a text for each form, told by `count`.

export const en = {
  // Everywhere.
  few: {
    one: "{first}, and {count} more",
    other: "{first}, and {count} more",
  },
  "letter.P": "the proof shows it, for the accounts in the book",
  "letter.R": "this web page computed it, from public data or your own files",
  "letter.W": "the publisher’s word, not proved here",
  "legend.intro":
    "A letter beside a figure says who vouches for it. Amounts of money are at the publisher’s " +
    "prices. This web page reads no chain: a C for what a chain shows is only in the reports " +
    "of the command line.",
  "nothing.owed": "nothing owed",
  "english.reason": "The program’s own words, in English: {text}",

  // The venue: what it says of itself.
  "venue.title": "The venue",
  "venue.nothing": "Nothing is owed to accounts.",
  "venue.owed":
    "At most {owed} is owed to accounts at mark. The venue claims reserves for customers of " +
    "{ratio} {quote} for each {quote} owed.",
  "venue.about": "About this attestation",
  "venue.name": "Venue",
  "venue.attestation": "Attestation",
  "venue.number": "number {sequence}, as of {time}",
  "venue.digest": "Its digest",
  "venue.previous": "Digest of the one before it",
  "venue.first": "none: it is the first",
  "venue.accounts": "Accounts",
  "venue.in.book": "{accounts} in the book",
  "venue.volumes": "Volumes",
  "venue.rules": "Rules",
  "venue.rules.are": "{name} ({exactness}), from {source}",
  "venue.rules.digest": "The rules’ digest",
  "venue.rules.text": "The rules, word for word",
  "venue.setup": "Setup",
  "venue.setup.word": "{setup} (according to the venue)",
  "venue.key": "The key’s digest",
  "venue.software": "Software",
  "venue.tau": "The setup’s point [tau]₂, to compare with a ceremony’s",
  "venue.balance": "Trial balance",
  "venue.balance.is": {
    one: "0 in the one scenario of every volume: what is held and what is owed are equal",
    other: "0 in all {count} scenarios of every volume: what is held and what is owed are equal",
  },
  "setup.insecure": "INSECURE: everyone knows its secret number",
  "setup.vouched": "you vouched for the key by its digest",
  "setup.unknown": "UNKNOWN, nobody vouches for the key",
  "setup.ceremony": "{trust}; its secret number is that of {ceremony}",
  "setup.no.ceremony": "{trust}; not of a ceremony that this web page knows",
  "times.title": "Times",
  "times.caption": "Ages are by this device’s clock",
  "times.of": "Of the",
  "times.time": "Time",
  "times.distance": "From the snapshot",
  "times.age": "Age",
  "times.snapshot": "Snapshot",
  "times.prices": "Prices",
  "times.reserves": "Reserves",
  "times.same": "the same time",
  "times.after": "{length} after it",
  "times.before": "{length} before it",
  "times.future": "{length} in the future",
  "drawn.is":
    "The snapshot’s time is the second of {day} drawn from {from}, {seen}. Nobody knew it " +
    "before that day had ended.",

  // What is owed, and what is behind it.
  "backing.title": "What is owed, and the reserves behind it",
  "backing.bounds":
    "What is owed, bad debt and accounts with shortfall are upper bounds for the accounts in " +
    "the book: the true figures can be lower, never higher.",
  "backing.caption": "In {quote}, in each scenario",
  "backing.scenario": "Scenario",
  "backing.owed": "Owed, at most",
  "backing.reserves": "Reserves for customers",
  "backing.coverage": "Coverage",
  "backing.bad.debt": "Bad debt, at most",
  "backing.accounts": "Accounts with shortfall, at most",
  "backing.fund": "Left for the insurance fund",
  "backing.fund.is":
    "Left for the insurance fund is all reserves, valued in the scenario, less what everyone " +
    "else is owed there. A negative amount is missing.",
  "backing.contingencies": "Worst losses that accounts are charged for, in {quote}",
  "backing.contingency": "Contingency",
  "backing.sum": "Sum, at most",
  "backing.charged": "Accounts",
  "scenarios.title": "What each scenario assumes",
  "scenarios.chosen":
    "The publisher chose the scenarios. They are in the rules, to which the proof is bound.",
  "scenarios.mark": "everything at its price",
  "scenarios.maintenance": "everything at its price, after maintenance weights and margins",
  "scenarios.initial": "everything at its price, after initial weights and margins",
  "scenarios.credit.maintenance":
    "as maintenance margin, but borrows that are not credited count as 0",
  "scenarios.credit.initial": "as initial margin, but borrows that are not credited count as 0",
  "scenarios.must.cover": "a loss that the margin {margin} must cover: {loss}",
  "scenarios.of.own": "{parts} of its own price",
  "scenarios.of.underlying": "{parts} of the underlying’s price",
  "scenarios.delta": "{net} of the net and {gross} of the gross delta in {underlying}",
  "scenarios.only": "{loss}, only of {names}",
  "scenarios.weight": "{loss}, of which {part} counts",
  "scenarios.others": "all others {move}",
  "scenarios.everything": "everything {move}",
  "scenarios.still": {
    one: "{moves}; {names} does not move",
    other: "{moves}; {names} do not move",
  },
  "scenarios.without.rule": "any asset without a rule of its own",

  // The policy.
  "policy.title": "The venue’s own policy",
  "policy.holds": "Holds",
  "policy.fails": "Does not hold",
  "policy.none": "The venue’s own policy has no clause for this book: it asks for nothing.",
  "policy.kept": {
    one: "The venue keeps its own policy: its one clause holds.",
    other: "The venue keeps its own policy: all {count} clauses hold.",
  },
  "policy.broken.one": "Its one clause does not hold: {names}.",
  "policy.broken": {
    one: "{count} of its {all} clauses does not hold: {names}.",
    other: "{count} of its {all} clauses do not hold: {names}.",
  },
  "policy.not.kept": "The venue does NOT keep its own policy.",
  "policy.unasked": {
    one: "It does not ask about {subjects}.",
    other: "None of them asks about {subjects}.",
  },
  "policy.rests": {
    one: "{count} of these clauses goes by the publisher’s word for reserves, prices or times (W).",
    other: "{count} of these clauses go by the publisher’s word for reserves, prices or times (W).",
  },

  // Assets, markets, classes.
  "assets.title": "Assets",
  "assets.caption": "The reserves are those for customers",
  "assets.asset": "Asset",
  "assets.deposited": "Deposited",
  "assets.borrowed": "Borrowed",
  "assets.reserves": "Reserves",
  "assets.coverage": "Reserves per unit deposited",
  "assets.credited": "Credited borrows that count",
  "assets.credit":
    "Borrows by accounts that the venue calls solvent count against deposits, less {taken} of " +
    "shortfalls and of gains that no account’s loss pays for.",
  "markets.title": "Markets",
  "markets.caption": "Open interest",
  "markets.market": "Market",
  "markets.long": "Long",
  "markets.short": "Short",
  "classes.title": "Classes of accounts",
  "classes.no.clause":
    "No clause rests on these figures: an account that belongs to nobody can move worth from " +
    "one class to another.",
  "classes.caption": "The worth of each class’s accounts together, in {quote}",
  "classes.class": "Class",

  // Reserves.
  "reserves.title": "Reserves",
  "reserves.none": "The venue claims no reserves at all.",
  "reserves.entries": {
    one: "1 entry, with its chain, address, custody and evidence",
    other: "{count} entries, each with its chain, address, custody and evidence",
  },
  "reserves.pledged": {
    one: "{count} of them also secures something else",
    other: "{count} of them also secure something else",
  },
  "reserves.idle": {
    one: "{count} of them counts nothing",
    other: "{count} of them count nothing",
  },
  "reserves.intro":
    "All of it is the publisher’s word (W). Look the addresses up; evidence beside the " +
    "attestation is checked by `pacioli reserves check`.",
  "reserves.counts": "Counts",
  "reserves.counts.pledged": "nothing: it secures something else, which may take it first",
  "reserves.counts.claim":
    "nothing here: a claim on another venue counts only beside that venue’s attestation, with " +
    "`pacioli contagion`",
  "reserves.counts.unknown": "nothing: it is no asset of these rules and prices",
  "reserves.chain": "Chain",
  "reserves.address": "Address",
  "reserves.evidence": "Evidence",
  "reserves.for": "For",
  "reserves.for.customers": "customers",
  "reserves.for.insurance": "the insurance fund",
  "reserves.for.claim": "whatever the venue owes",
  "reserves.custodian": "Custodian",
  "reserves.custodian.none": "not stated: the venue itself, then",
  "reserves.owner": "Legal owner",
  "reserves.secures": "Also secures",
  "reserves.confirmed": "Confirmed by",
  "reserves.by.chain": "a chain, where anyone can read it",
  "reserves.by.custodian": "the custodian",
  "reserves.by.auditor": "an auditor",
  "reserves.by.self": "only the venue",
  "reserves.by.nobody": "not stated",

  // Prices.
  "prices.title": "Prices",
  "prices.summary": {
    one: "{count} price in {quote}, as of {time}",
    other: "{count} prices in {quote}, as of {time}",
  },
  "prices.method": "Method",
  "prices.source": "Source",
  "prices.no.source": "not stated",
  "prices.caption": "Prices in {quote}: compare them with another source",
  "prices.of": "Of",
  "prices.price": "Price of one",
  "prices.open.interest": "Open interest that initial rates follow, in whole units",
  "prices.stated": "Stated",
  "prices.refused": "Assets that sources gave no price of that could be used",
  "prices.reason": "Reason",
  "prices.volatilities": "Volatilities that margins and weights may follow: 1 is 100 % a year",
  "prices.what": "What",

  // Left out.
  "left.title": "Left out or rounded",
  "left.nothing": "Nothing, according to the venue.",
  "left.lines": {
    one: "{count} line",
    other: "{count} lines",
  },
  "left.accounts": {
    one: "{count} account",
    other: "{count} accounts",
  },
  "left.asset":
    "{asset}, without a price: {deposits} deposited and {borrows} borrowed, in {lines} of " +
    "{accounts}",
  "left.all": "{accounts}, with everything in them left out",
  "left.rounded": "{lines} rounded, by less than {bound} together",
  "left.by.instrument": "What was rounded, by instrument",
  "left.instrument": "{instrument}: {lines}, by less than {bound}",

  // Kinds of files, in the middle of a sentence.
  "kind.attestation": "attestation",
  "kind.statement": "statement",
  "kind.key": "key file",
  "kind.prices": "prices file",
  "kind.certificates": "file of certificates",

  // Why something could not be checked. These accuse nobody.
  "why.other.kind": "A different file was expected here: this is the {other}, not the {kind}.",
  "why.resaved":
    "The file with the {kind} was saved again by some program on its way, which changed it. " +
    "Get it again, and keep it as it is.",
  "why.version":
    "The {kind} is of another version, {got}. This web page reads {own}: use the web page for " +
    "that version.",
  "why.cut.off": "The file with the {kind} was cut off on its way (at line {line}). Get it again.",
  "why.line.ends":
    "The line ends of the file with the {kind} were changed on its way, as mail programs do. " +
    "Get it again.",
  "why.malformed":
    "The file with the {kind} was changed on its way, or is of another version. Get it again. " +
    "In the program’s words: {text}.",
  "why.other.attestation":
    "The statement is not of the attestation given here, which is number {sequence} of " +
    "{venue}, of {time}. Add the attestation of the statement’s own time.",
  "why.other.account": "The statement is that of account {account}, not of {id}.",
  "why.future":
    "The attestation has a time of the future by this device’s clock: {time}. Set the clock, " +
    "or do not rely on the attestation.",
  "why.no.key":
    "The attestation was made under the setup {setup}. Add the key file that belongs to it.",
  "why.digest.alone":
    "You typed a key’s digest, but there is no key file to compare it with. Add the key file.",
  "why.other.digest":
    "The key file has the digest {digest}, which is not the one that you typed. Do not use " +
    "this key: ask whoever gave you the digest, or the file, again.",
  "why.other.key":
    "This key file does not belong to the attestation: its digest is {digest}, and the " +
    "attestation names {key}. Add the key file that belongs to it.",
  "why.other.sizes":
    "This key file is for another size of book ({key}) than the attestation’s ({own}). Add the " +
    "one that belongs to it.",
  "why.bad.key": "The key file cannot be used. Get it again. In the program’s words: {text}.",
  "why.no.digest":
    "{typed} is not a digest: a digest is `0x` and 64 of the digits 0 to 9 and letters a to f.",
  "why.line.differs": "Line {line} of the statement is not what the book holds in this place.",
  "why.line.worth": "Line {line} of the statement: the worth stated for {name} is wrong.",
  "why.no.balance": "The lines add up to {sum}, not 0, in the scenario {name}.",
  "why.no.opening": "The opening does not show these values on page {page} of the book.",
  "why.page": "Page {page} is not one of the {pages} pages that are counted.",
  "why.volume": "There is no volume {volume}; the attestation has {volumes}.",
  "why.is": "Where the {kind} should be there is {other}.",

  // What a file is that this web page does not take.
  "other.empty": "an empty file: nothing of it arrived; get it again",
  "other.reserves": "a file of reserves, which the attestation already contains",
  "other.unknown": "neither an attestation nor a statement nor a key file",
  "other.setup": "a setup, which is too large for this web page: add the key file made from it",
  "other.ptau": "a ceremony’s powers of tau: add the key file made from it",
  "other.snapshot": "a snapshot of a whole book, which should stay private",
  "other.parquet": "a Parquet file, not an attestation, a statement or a key file",
  "other.compressed": "a compressed file: unpack it first",
  "other.pdf": "a PDF document, not an attestation, a statement or a key file",
  "other.web.page": "a web page: get the file itself, not the page around it",

  // Clauses.
  "clause.coverage":
    "reserves for customers are worth {reserves} and {owed} is owed: coverage {ratio} rounded " +
    "down, at least {asked} required",
  "clause.coverage.nothing":
    "reserves for customers are worth {reserves} and {owed} is owed: nothing is owed, at least " +
    "{asked} required",
  "clause.coverage.from":
    "reserves for customers are worth {reserves} and from {least} to {most} is owed: coverage " +
    "from {low} to {high}, at least {asked} required",
  "clause.coverage.least":
    "reserves for customers are worth {reserves} and from {least} to {most} is owed: coverage " +
    "at least {low}, at least {asked} required",
  "clause.coverage.range":
    "reserves for customers are worth {reserves} and {owed} is owed: coverage from {low} to " +
    "{high}, at least {asked} required",
  "clause.no.price": "there is no price of the asset",
  "clause.no.credit": "there is no credit scenario",
  "clause.asset": "reserves of {reserves} for deposits of {deposits}",
  "clause.asset.credit":
    "reserves of {reserves} for deposits of {deposits} less credited borrows of {credited}",
  "clause.bad.debt": {
    one: "bad debt is {debt} in {count} account, and the limit is {limit}",
    other: "bad debt is {debt} in {count} accounts, and the limit is {limit}",
  },
  "clause.bad.debt.from": "bad debt is from {least} to {most}, and the limit is {limit}",
  "clause.bad.debt.is": "bad debt is {debt}, and the limit is {limit}",
  "clause.bad.debt.mark":
    "bad debt at mark is {debt} at least, no less is lacking here, and the limit is {limit}",
  "clause.no.twin": "there is no twin of {name}, which says what all but the fund are owed",
  "clause.fund": "all reserves are worth {reserves} and {owed} is owed",
  "clause.fund.from": "all reserves are worth {reserves} and from {least} to {most} is owed",
  "clause.fund.left":
    "all reserves are worth {reserves} and {owed} is owed: {left} is left for the insurance fund",
  "clause.fund.missing": "all reserves are worth {reserves} and {owed} is owed: {left} is missing",
  "clause.fund.others":
    "all reserves are worth {reserves} and all but the insurance fund are owed {owed}",
  "clause.fund.others.from":
    "all reserves are worth {reserves} and all but the insurance fund are owed from {least} to " +
    "{most}",
  "clause.fund.others.left":
    "all reserves are worth {reserves} and all but the insurance fund are owed {owed}: {left} " +
    "is left for the insurance fund",
  "clause.fund.others.missing":
    "all reserves are worth {reserves} and all but the insurance fund are owed {owed}: {left} " +
    "is missing",
  "clause.open.interest": "long {long}, short {short}",
  "clause.no.reserves": "there are no reserves",
  "clause.prices.time":
    "prices of {time} are {length} away from the snapshot, and at most {most} is allowed",
  "clause.reserves.time":
    "reserves of {time} are {length} away from the snapshot, and at most {most} is allowed",
  "clause.left.accounts": {
    one: "{count} account left out, and at most {most} allowed",
    other: "{count} accounts left out, and at most {most} allowed",
  },
  "clause.left.none": "no asset left out",
  "clause.left.one": "1 asset left out, no more of it than is allowed",
  "clause.left.allowed": {
    one: "{count} asset left out, no more of it than is allowed",
    other: "{count} assets left out, no more of each than is allowed",
  },
  "clause.left.refused":
    "deposits of {deposits} and borrows of {borrows} left out, whose price was refused: {reason}",
  "clause.left.most":
    "deposits of {deposits} and borrows of {borrows} left out, and at most {most} of either is " +
    "allowed",
  "clause.left.not.allowed":
    "deposits of {deposits} and borrows of {borrows} left out, and none of it is allowed",
  "clause.rounding": "rounding changed {changed} at most, and {most} is allowed",
  "clause.not.drawn": "{time} was not drawn",
  "clause.drawn": "{time} is the second of {day} drawn from {from}, {seen}",
  "clause.drawn.other":
    "{time} is the second of {day} drawn from {from}, {seen}, and it has to be drawn from {asked}",
  "clause.drawn.before": "reserves of {time} are of before the end of {day}",
  "clause.drawn.after":
    "reserves of {time} are of after the end of {day}, when its second was known",
  "clause.volatility.age":
    "{what} is of {time}, {length} away from the snapshot, and at most {most} is allowed",
  "clause.volatility.fresh": {
    one:
      "{count} source states a volatility of {asset} that is not too old, and at least {least} " +
      "is asked for",
    other:
      "{count} sources state a volatility of {asset} that is not too old, and at least {least} " +
      "is asked for",
  },
  "clause.volatility.sources": {
    one: "{count} source states a volatility of {asset}, and at least {least} is asked for",
    other: "{count} sources state a volatility of {asset}, and at least {least} is asked for",
  },
  "clause.volatility.alone": "a rate follows {what}, {rate}, and no other source says what it is",
  "clause.volatility.alone.then":
    "a rate follows {what}, {rate}, and no other source says what it is at about that time",
  "clause.volatility.band":
    "a rate follows {what}, {rate}, and the most that another source says is {most}, {whose}: " +
    "it may be below that by {band} of it",
  "clause.too.coarse":
    "units of value are too coarse at these prices: rounding would change what is owed",

  // What no clause asks about.
  "subject.reserves": "reserves",
  "subject.stress": "reserves in a stress",
  "subject.assets": "reserves of each asset",
  "subject.bad.debt": "bad debt",
  "subject.open.interest": "open interest",
  "subject.times": "how far apart the times are",
  "subject.left.out": "what is left out",
  "subject.volatility.age": "how old volatilities are",
  "subject.volatility.sources": "how many sources state volatilities",
  "subject.volatility.band": "whether volatilities are understated",

  // The steps of a check.
  "step.files": "Both files are complete and unchanged",
  "step.match": "The statement is for this attestation",
  "step.table": "Rules and prices give the instrument table",
  "step.totals": "The totals balance, fit the header, and give figures and policy",
  "step.setup": "A setup is known, to check openings with",
  "step.page": "The account is on a page that is counted",
  "step.worth": "Each line is worth what it says",
  "step.order": "The lines are in order, and each tier is within its cap",
  "step.balance": "The lines add up to 0 in every scenario",
  "step.opening": "The book’s commitments open to this page",
  "step.lines": "The page holds these lines under this id",
  "step.files.found": "every byte is in its canonical form",
  "step.match.own": "digest {digest}; only you can tell whether the id {id} is yours",
  "step.match.typed": "digest {digest}, and the id is the one that you typed",
  "step.table.found": {
    one: "{count} instrument in {scenarios} scenarios, and the program that the header names",
    other: "{count} instruments in {scenarios} scenarios, and the program that the header names",
  },
  "step.table.no.program": {
    one: "{count} instrument in {scenarios} scenarios, and no program for a contract: {text}",
    other: "{count} instruments in {scenarios} scenarios, and no program for a contract: {text}",
  },
  "step.totals.found":
    "the trial balance is 0 in every scenario; {kept} of {all} policy clauses hold",
  "step.setup.vouched":
    "the key is the one that the attestation names, its powers are powers of one number, and " +
    "its digest is the one that you gave",
  "step.setup.unknown":
    "the key is the one that the attestation names, its powers are powers of one number, and " +
    "nobody vouches for it",
  "step.setup.insecure":
    "the key is the one that the attestation names, and everyone knows the secret number behind it",
  "step.setup.no.file": "INSECURE: everyone knows the secret number behind it",
  "step.page.found": "volume {volume}, page {page}, from slot {slot}",
  "step.lines.counted": {
    one: "{count} line",
    other: "{count} lines",
  },
  "step.order.found": "booked as {name}",
  "step.opening.found": {
    one: "one pairing equation over {count} slot",
    other: "one pairing equation over {count} slots",
  },
  "step.seals": {
    one: "{count} seal",
    other: "{count} seals",
  },

  // Verdicts: the words of the native programs, and a sentence each.
  "word.in.book": "IN THE BOOK",
  "word.in.book.unknown": "IN THE BOOK IF NOBODY KNOWS THE SETUP’S SECRET",
  "word.in.book.insecure": "IN THE BOOK, UNDER AN INSECURE SETUP",
  "word.holds": "HOLDS",
  "word.holds.unknown": "HOLDS ONLY IF NOBODY KNOWS THE SETUP’S SECRET",
  "word.holds.insecure": "HOLDS, UNDER AN INSECURE SETUP",
  "word.fails": "DOES NOT HOLD",
  "word.unchecked": "NOT CHECKED",
  "word.unproved": "THE PROOF WAS NOT CHECKED HERE",
  "word.checking": "CHECKING",
  "says.in.book": "Your account is in this book, its lines add up, and the proof holds.",
  "says.in.book.broken": "Your account is in this book. The venue does NOT keep its own policy.",
  "says.in.book.unknown":
    "Your account is in this book, if nobody knows the setup’s secret: you gave no digest of " +
    "the key, so nobody vouches for it.",
  "says.in.book.insecure":
    "Only a test: the lines add up, but everyone knows the setup’s secret, and these files " +
    "prove nothing.",
  "says.holds": "The proofs hold, and the venue keeps its own policy.",
  "says.holds.unknown":
    "The proofs hold and the venue keeps its own policy, if nobody knows the setup’s secret: " +
    "you gave no digest of the key, so nobody vouches for it.",
  "says.holds.insecure":
    "Only a test: the figures add up, but everyone knows the setup’s secret, and these files " +
    "prove nothing.",
  "says.policy.broken": "The proofs hold, but the venue does NOT keep its own policy.",
  "says.statement.refused": "Do not rely on this statement.",
  "says.attestation.refused": "Do not rely on this attestation.",
  "says.proof.refused": "Do not rely on this: the proof does not hold.",
  "says.statement.unproved":
    "The lines add up, but this web page could not check the proof: the venue’s totals are " +
    "only its claim.",
  "says.attestation.unproved":
    "The figures add up, but this web page could not check the proof: they are only the " +
    "venue’s claim.",
  "says.unchecked": "This could not be checked.",
  "says.checking": "So far all is right. The proof is being checked now.",
  "refused.keep":
    "The files are complete. If they are the right ones, keep them unchanged: they are the " +
    "evidence that you can show to others.",
  "unchecked.nobody":
    "This does not accuse anybody: mail, editors and downloads change files, and files are " +
    "easily mixed up.",

  // The five lines.
  "line.account": "Account:",
  "line.account.is": "{account} at {venue}, as of {time}.",
  "line.account.yours": "Is this you, and nobody else? Only you can tell.",
  "line.worth": "Your lines:",
  "line.worth.is": "together worth {amount} at that time’s prices. That is what you are owed.",
  "line.worth.lacks": "together {amount} short of nothing at that time’s prices: you owe that.",
  "line.worth.compare": "Compare them below with your own records: none missing, none extra.",
  "line.proof": "Proof:",
  "line.proof.holds": {
    one: "checked by this web page: it holds.",
    other: "all {count} were checked by this web page: they hold.",
  },
  "line.proof.checking": {
    one: "being checked …",
    other: "{checked} of {count} checked …",
  },
  "line.proof.bar": "How far the proof is checked",
  "line.proof.refused": "checked by this web page: it does NOT hold.",
  "line.proof.unchecked": "not checked by this web page.",
  "line.proof.instead":
    "Until somebody runs `pacioli verify` on the attestation, the venue’s totals are only its " +
    "claim.",
  "line.proof.shows":
    "It shows that every account in the book balances, and that the totals are theirs.",
  "line.key": "Key:",
  "line.key.vouched": "its digest is the one that you typed.",
  "line.key.remembered": "its digest is the one that you typed on {since}.",
  "line.key.means":
    "Whoever gave you that digest vouches that nobody knows the secret behind the key.",
  "line.key.unknown": "nobody vouches for it.",
  "line.key.forge":
    "Whoever made it, or knows the secret of its setup, can forge everything on this web page.",
  "line.key.ceremony":
    "Its secret is that of a public ceremony ({name}), but that is not enough: the other " +
    "numbers in a key file could be anything.",
  "line.key.digest": "The digest of this key file",
  "line.key.ask":
    "Ask somebody you trust, not the venue, for the digest of the key that they made from the " +
    "setup, and type it above.",
  "line.key.insecure": "INSECURE: everyone knows its secret.",
  "line.key.insecure.means":
    "Anyone could have made these files, with any lines. They are for tests and demonstrations.",
  "line.policy": "Policy:",
  "line.policy.means": "What the venue asks of itself. It is shown below, clause by clause.",
  "line.time": "Snapshot:",
  "line.time.is": "number {sequence}, as of {time}. Age: {age}.",
  "line.time.only": "Nothing here is about any time before it or after it.",
  "line.owed": "Owed:",
  "line.owed.is":
    "at most {owed}. Claimed reserves for customers: {ratio} for each {quote} owed. Bad debt: " +
    "at most {debt}.",
  "line.owed.word": "The reserves and the prices are the publisher’s word.",
  "you.title": "What only you can check",
  "you.lines": {
    one: "The line below is your own record of that time: none missing, none extra.",
    other: "The {count} lines below are your own records of that time: none missing, none extra.",
  },
  "you.id": "The id is yours, and nobody else at the venue has it.",
  "you.same": "Others see the same attestation: compare its digest with theirs.",

  // A holder's lines.
  "account.title.of": {
    one: "Your {count} line: account {account}",
    other: "Your {count} lines: account {account}",
  },
  "account.booked":
    "Account {account}, booked under the class {class}. Values are in {quote}, at the " +
    "attestation’s prices.",
  "account.room": "Room left in a tier is worth 0: it shows that the tier is within its cap.",
  "account.plain":
    "Held plainly: worth at least nothing in every scenario, so no scenario can take it.",
  "account.covered":
    "Covered: together worth at least what is owed in every scenario, so none was closed for it.",
  "account.asset": "Asset",
  "account.side": "Side",
  "account.amount": "Amount",
  "account.at.mark": "Worth at mark",
  "account.lines": {
    one: "{count} line",
    other: "{count} lines",
  },
  "account.and.balancing": {
    one: "{lines}, and {count} more that balances them",
    other: "{lines}, and {count} more that balance them",
  },
  "account.and.closing": {
    one: "{lines}, and {count} more that states equity or shortfall",
    other: "{lines}, and {count} more that state equity or shortfall",
  },
  "account.sum": "Their sum in each scenario",
  "account.equity": "Your equity",
  "account.shortfall": "Your shortfall",
  "account.first.tier": "the first tier counts for all of it",
  "account.no.loss": "no worst loss is taken off",
  "account.less":
    "After weights and margins it can be less than this: of a plain or covered line {why}.",
  "account.each": "Each line in every scenario",
  "account.each.caption":
    "Mark is the value at the prices; the others apply weights and margins, or move the prices",
  "account.cover":
    "The statement has one more scenario, `cover`, which is no crash: a covered line counts " +
    "there for the least that it is worth in any other, and every other line for nothing.",
  "account.slack":
    "Each scenario below gives your gain or loss in it. Your margin is the worst loss; slack " +
    "is that worst loss less the loss in this scenario.",
  "account.slack.caption": "Slack",
  "account.twins": {
    one:
      "The statement has {count} more scenario, named after a stress and `~insurance`: the " +
      "same stress with the insurance fund’s own lines worth 0.",
    other:
      "The statement has {count} more scenarios, named after a stress and `~insurance`: the " +
      "same stress with the insurance fund’s own lines worth 0.",
  },
  "side.deposit": "deposit",
  "side.borrow": "borrow",
  "side.uncredited": "borrow, not credited",
  "side.long": "long position",
  "side.short": "short position",
  "side.tier": "{side}, tier {tier}",
  "side.room": "room left in {side}",
  "side.owed.to.you": "owed to you",
  "side.owed.by.you": "owed by you",
  "side.contingency": "worst loss, {name}",
  "side.plain": "{side}, plain",
  "side.covered": "{side}, covered",

  // What was done, and what nobody proves.
  "steps.title": "What this web page did, and what nobody proves",
  "steps.summary": {
    one: "{count} step, computed here",
    other: "{count} steps, computed here",
  },
  "step.unchecked": "Could not be checked",
  "step.not.reached": "Not reached",
  "taken.title": "Taken from the publisher, not checked here",
  "taken.proofs":
    "The proofs of the volumes, which show that the committed book balances and adds up to the " +
    "totals. To check them, run `pacioli verify`.",
  "taken.prices": "The prices and the reserves: their amounts and places.",
  "taken.header":
    "The header: the venue’s name, times, numbers of accounts, assets left out, rounding. A " +
    "header that contradicts the totals is refused.",
  "taken.key.vouched":
    "That the key file was made from a setup whose secret nobody knows: whoever gave you its " +
    "digest says so.",
  "taken.key.unknown":
    "The key file, for which nobody vouches: this web page checked that the attestation names " +
    "it, and that its powers are powers of one number.",
  "nobody.title": "Proved by nobody",
  "nobody.complete":
    "That no account was left out, merged or split. Holders check only their own accounts, and " +
    "those with a shortfall have no reason to. Only an auditor with the list of accounts can " +
    "find hidden bad debt.",
  "nobody.prices": "That the prices are right: they are listed above, compare them.",
  "nobody.reserves":
    "That the reserves exist and are not borrowed: their addresses are listed above, look them up.",
  "nobody.time": "That the book is of the time it states.",
  "nobody.after": "Anything outside the snapshot, before it or after it.",
  "nobody.crash": "The course of a crash: liquidations, slippage, the order of closing.",
  "nobody.law": "Legal claims.",
  "nobody.bugs": "That this code has no bugs: nobody outside the project has audited it.",

  // At other prices.
  "other.title": "At other prices",
  "other.intro":
    "The attestation is at the prices of its time. From its totals anyone can tell how much is " +
    "owed and how much bad debt there is at any prices, at most and at least, without the " +
    "venue and without another proof. Margins, and what rounding changed, are known at the " +
    "prices of the proof alone.",
  "other.file": "A prices file",
  "other.file.hint":
    "Or drop it anywhere here. A file of certificates, such as this web page or `pacioli " +
    "reprice --json` makes, is checked instead of finding some.",
  "other.move": "Move",
  "other.move.by": "Move all prices by",
  "other.from": "From the attestation’s prices, by so many percent.",
  "other.still": "Unchanged, as in the venue’s stresses: {names}.",
  "other.change": {
    one: "{count} price in {quote}, to change",
    other: "{count} prices in {quote}, to change",
  },
  "other.show": "Show what follows",
  "other.find": "Find certificates here instead",
  "other.outdated": "A price was changed since: ask again for what follows.",
  "other.nothing": "Nothing can be said at these prices.",
  "other.of.file": "The prices are of {file}, as of {time}.",
  "other.typed": "Typed over those of {file}, as of {time}: {names}.",
  "other.differ": {
    one: "{count} of the attestation’s {all} prices differs.",
    other: "{count} of the attestation’s {all} prices differ.",
  },
  "other.own":
    "Markets with a price of their own here, and that of their underlying in the proof: {names}.",
  "other.certificates":
    "The bounds are what the certificates in {name} show; others may show tighter ones.",
  "bounds.holds": "At these prices the venue’s own policy holds for certain.",
  "bounds.fails": "At these prices the venue’s own policy does NOT hold.",
  "bounds.unknown": "At these prices it is unknown whether the venue’s own policy holds.",
  "bounds.missing":
    "At these prices it is unknown whether the venue’s own policy holds: {missing} cannot be told.",
  "bounds.margins": "its margins",
  "bounds.rounding": "what rounding changed",
  "bounds.rest.holds": "All else holds for certain.",
  "bounds.broken": "At the attestation’s own prices it does not hold, and no others mend that.",
  "bounds.list.fails": "Cannot hold: {names}.",
  "bounds.list.failed": "Failed in the proof: {names}.",
  "bounds.list.unknown": "Unknown: {names}.",
  "bounds.list.held": "Held in the proof, and unknown here: {names}.",
  "bounds.coarse":
    "There are no figures for {names}: units of value are too coarse at these prices, and " +
    "rounding would change what is owed.",
  "bounds.uncounted":
    "Reserves of {names} count as nothing, as in the proof, which has no price of that: if " +
    "accounts hold it as well, it was left out of the book.",
  "bounds.rounded": "Rounded against the venue; clauses have all decimals.",
  "bounds.policy": "The venue’s own policy at these prices",
  "bounds.are": "What these figures are",
  "bounds.of":
    "These are bounds over the book of {time}: nothing deposited, withdrawn, traded or " +
    "liquidated since is in it.",
  "bounds.own.prices":
    "These are the prices of the proof, so what it says of margins and rounding stands.",
  "bounds.no.margins":
    "No bound follows for margins, nor for what rounding changed: clauses about them held or " +
    "failed in the proof, and it is not known whether they hold at these prices.",
  "bounds.reserves": "The reserves are those that the publisher states, at these prices.",
  "bounds.totals": "All of it rests on the venue’s totals, and so on its proofs.",
  "bounds.certificates": "The certificates, for others to check",
  "bounds.certificates.are":
    "For each scenario, how often each proved scenario counts. Whoever has the attestation and " +
    "these prices can compute the bounds again and need not trust whoever found them: any " +
    "multipliers are valid, good ones make a bound tight.",
  "bounds.certificates.label": "Certificates",
  "bounds.caption": "In {quote}, at these prices and in each stress of them",
  "bounds.owed.least": "Owed, at least",
  "bounds.coverage": "Coverage, at least",
  "bounds.fund": "Left for the insurance fund, at least",
  "standing.unknown": "Unknown",
  "standing.held": "Held in the proof",
  "standing.failed": "Failed in the proof",
  "standing.holds": "Holds for certain",
  "standing.holds.any": "Holds, at any price",
  "standing.fails": "Cannot hold",
  "standing.fails.any": "Does not hold, at any price",

  // The record.
  "history.title": {
    one: "The record: {count} attestation",
    other: "The record: {count} attestations",
  },
  "history.intro":
    "A proof is of one second. Here is whether these attestations follow one another, and what " +
    "changed. What happened between two of them nobody proves.",
  "history.broken": "Broken",
  "history.missing": "Missing",
  "history.chain": "One chain:",
  "history.chain.means":
    "the numbers are in a row, each attestation names the one before it, and each is later.",
  "history.caption": "Each attestation, the earliest first",
  "history.number": "Number",
  "history.worst": "Worst bad debt, at most",
  "history.clauses": "Clauses that hold",
  "history.verdict": "Verdict",
  "history.of": "{kept} of {all}",
  "history.other.venue":
    "number {number} is of {one}, and number {next} of {other}: these are two venues.",
  "history.fork": "two different attestations have the number {number}.",
  "history.back": "number {next} is not of a later time than number {number}.",
  "history.gap": {
    one: "{count} attestation between numbers {number} and {next}.",
    other: "{count} attestations between numbers {number} and {next}.",
  },
  "history.unlinked": "number {next} does not name number {number}, as given here, before it.",
  "history.changes": "What changed",
  "history.with": "Number {number}, {day}:",
  "history.same": "nothing but figures and prices.",
  "history.rules": "The rules are others.",
  "history.program": "The program for contracts is another.",
  "history.key": "The key is another.",
  "history.setup": "The setup is another.",
  "history.software": "The software is another.",
  "history.method": "Prices come by another method, or from another source.",
  "history.added": "New places of reserves: {names}.",
  "history.gone": "Places of reserves that are gone: {names}.",

  // The page around it.
  "page.name": "Pacioli: check your account, or a venue",
  "page.title": "Check your account, or a venue",
  "page.intro":
    "Is your account in the venue’s book, with exactly your lines? Is what the venue owes " +
    "covered? Give the files below. Nothing leaves this device: this web page works without a " +
    "network and never uses one.",
  "page.language": "Language",
  "page.reset": "Start again",
  "page.onward": "To the result",
  "page.save": "Save this result",
  "page.save.hint":
    "A file that says what was checked, by which web page, and of which files. It has your " +
    "account id, and none of your lines.",
  "page.print": "Print",
  "page.own":
    "Pacioli’s web page, version {version}. One file, no network. You can read its source in " +
    "any editor. The SHA-256 of this file is {digest}. A forged page shows whatever it likes: " +
    "compare the file itself, by `pacioli page --digest` or `sha256sum`.",
  "page.checking": "Checking …",
  "page.said": "Result: {verdict}.",
  "page.missing": "Still missing: {missing}.",
  "page.venue.of": "All about {venue}: figures, policy, reserves, prices",
  "page.venue.number": "Number {sequence} of {venue}, {day}",
  "place.pick": "Choose files, or drop them here",
  "place.attestation": "1. The attestation, which is public",
  "place.attestation.hint":
    "Alone with the key it shows the venue. With several of them it shows the venue’s record.",
  "place.attestation.given": "Attestations given",
  "place.key": "2. The key file",
  "place.key.hint": "Not needed for a demonstration under the insecure setup.",
  "place.key.given": "Key files given",
  "place.digest": "The key’s digest, from somebody you trust, not from the venue",
  "place.digest.hint":
    "Never copy it from here or from the key file. Without it nobody vouches for the key, and " +
    "the best answer is: if nobody knows the setup’s secret.",
  "place.remember": "Remember this digest on this device",
  "place.remembered":
    "Remembered since {time}. Other web pages that you open as files can change what a browser " +
    "remembers: compare it now and then. Take the tick away to forget it.",
  "place.remember.is":
    "It stays in this browser and goes nowhere. Nothing else but the language is remembered.",
  "place.remember.cannot":
    "This browser does not let a file remember anything: keep the digest yourself.",
  "place.statement": "3. Your statement, which is private",
  "place.statement.hint": "To see the venue alone, leave this out. Several are checked at once.",
  "place.statement.given": "Statements given",
  "place.id": "Your account id at the venue (optional)",
  "place.id.hint":
    "With it, a statement made for somebody else is refused. If you give several statements, " +
    "it is compared with all, and one of them must be of it.",
  "given.attestation": "{name}: number {sequence} of {venue}, {time}",
  "given.statement": "{name}: of account {account}",
  "given.key": "{name}: a key file",
  "given.prices": "{name}: other prices",
  "given.certificates": "{name}: certificates",
  "given.damaged": "{name}: this could not be read.",
  "given.moved": "This is the {kind}, and was moved here.",
  "given.useless": "{name}: this is {what}.",
  "given.remove": "Remove {name}",

  // Terms, explained where they stand.
  "terms.title": "What these words mean",
  "term.scenario": "Scenario",
  "term.scenario.is":
    "A case for which everything is valued: today’s prices, prices after a crash, or prices " +
    "less safety margins.",
  "term.mark": "Mark",
  "term.mark.is": "The scenario of the present prices, with nothing taken off.",
  "term.stress": "Stress",
  "term.stress.is": "A scenario in which prices move as in a crash, by the parts listed.",
  "term.owed": "Owed",
  "term.owed.is":
    "What is left over for all accounts together, each account’s debts taken off its own holdings.",
  "term.reserves": "Reserves",
  "term.reserves.is":
    "What the venue says it holds to pay what it owes. The proof is not about it.",
  "term.coverage": "Coverage",
  "term.coverage.is":
    "Reserves for customers, for each unit owed: 1 is enough, less than 1 is not.",
  "term.bad.debt": "Bad debt",
  "term.bad.debt.is":
    "What all accounts together lack whose holdings are worth less than their debts. Somebody " +
    "else has to bear it.",
  "term.shortfall": "Shortfall",
  "term.shortfall.is": "What one account lacks in a scenario: its debts less what it holds.",
  "term.equity": "Equity",
  "term.equity.is": "What is left over for one account in a scenario: what it is owed.",
  "term.fund": "Insurance fund",
  "term.fund.is": "Money that a venue sets aside to bear bad debt.",
  "term.custody": "Custody",
  "term.custody.is":
    "Who holds the keys or the account in which a reserve lies: the venue, or a custodian for it.",
  "term.evidence": "Evidence",
  "term.evidence.is":
    "What the venue names to show that a reserve is there and that it controls it. This web " +
    "page repeats it, and checks none of it.",
  "term.policy": "Policy",
  "term.policy.is":
    "What the venue promised to keep, in its own rules. A policy can ask for little: read " +
    "which clauses there are.",
  "term.clause": "Clause",
  "term.clause.is": "One demand of a policy, such as: coverage is at least 1.",
  "term.snapshot": "Snapshot",
  "term.snapshot.is": "All accounts and what they hold, at one time.",
  "term.deposit": "Deposit",
  "term.deposit.is": "A positive balance of an asset in an account.",
  "term.borrow": "Borrow",
  "term.borrow.is": "A negative balance of an asset: the account owes it to the venue.",
  "term.open.interest": "Open interest",
  "term.open.interest.is":
    "All positions of a market together. Every long position has a short one on its other side.",
  "term.attestation": "Attestation",
  "term.attestation.is":
    "The file that a venue publishes for everyone: rules, prices, reserves, totals and proofs.",
  "term.statement": "Statement",
  "term.statement.is": "Your own file: your lines, and what shows them to be in the book.",
  "term.digest": "Digest",
  "term.digest.is":
    "A short name that is computed from a file’s bytes. Two files with one digest are the same " +
    "file.",
  "term.volume": "Volume",
  "term.volume.is": "A part of the book that has a proof of its own.",
  "term.trial.balance": "Trial balance",
  "term.trial.balance.is":
    "The sum of all that is held and owed, at a scenario’s values. It is 0 in every honest book.",
  "term.proof": "Proof",
  "term.proof.is":
    "Numbers that nobody can make for a book that does not balance, unless they know the " +
    "secret of the setup.",
  "term.setup": "Setup",
  "term.setup.is":
    "Numbers with which proofs are made and checked. Whoever knows the secret that they come " +
    "from can forge proofs, so many people make them together.",
  "term.key": "Key file",
  "term.key.is":
    "The small part of a setup that checking takes. It is right if somebody you trust made it " +
    "from the setup and told you its digest.",
  "term.rules": "Rules",
  "term.rules.is": "What may be held, what it counts for, and what must hold: chosen by the venue.",
  "term.line": "Line",
  "term.line.is": "One thing that an account holds or owes, and how much of it.",
  "term.class": "Class",
  "term.class.is":
    "Whose account it is: a customer’s, or one of the venue’s own, such as its fund’s. Yours " +
    "should be `customer`.",
  "term.plain": "Plain",
  "term.plain.is": "Held without debts: worth at least nothing in every scenario.",
  "term.covered": "Covered",
  "term.covered.is":
    "In an account whose holdings are worth at least its debts in every scenario, line by line.",
  "term.number": "Number",
  "term.number.is":
    "The place of an attestation in the venue’s chain of them, counted from 0. Each names the " +
    "one before it.",
  "term.bound": "Bound",
  "term.bound.is": "A figure that is at most, or at least, the true one.",
  "term.certificate": "Certificate",
  "term.certificate.is": "A few numbers by which anyone can check a bound.",
};
