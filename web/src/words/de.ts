// All words of the web page, in German. See en.ts, which has the same names.

import type { Words } from "./text.ts";

export const de: Words = {
  // Everywhere.
  few: {
    one: "{first} und {count} weitere",
    other: "{first} und {count} weitere",
  },
  "letter.P": "der Beweis zeigt es, für die Konten im Buch",
  "letter.R": "diese Seite hat es berechnet, aus öffentlichen Daten oder Ihren eigenen Dateien",
  "letter.W": "das Wort des Herausgebers, hier nicht bewiesen",
  "legend.intro":
    "Ein Buchstabe neben einer Zahl sagt, wer für sie bürgt. Geldbeträge gelten zu den Preisen " +
    "des Herausgebers. Diese Seite liest keine Blockchain: ein C für das, was eine Blockchain " +
    "zeigt, steht nur in den Berichten der Befehlszeile.",
  "nothing.owed": "nichts geschuldet",
  "english.reason": "In den Worten des Programms, auf Englisch: {text}",

  // The venue: what it says of itself.
  "venue.title": "Der Handelsplatz",
  "venue.nothing": "Den Konten wird nichts geschuldet.",
  "venue.owed":
    "Den Konten werden zum Kurs höchstens {owed} geschuldet. Der Handelsplatz gibt für Kunden " +
    "Reserven von {ratio} {quote} je geschuldetem {quote} an.",
  "venue.about": "Über diese Bescheinigung",
  "venue.name": "Handelsplatz",
  "venue.attestation": "Bescheinigung",
  "venue.number": "Nummer {sequence}, Stand {time}",
  "venue.digest": "Ihr Fingerabdruck",
  "venue.previous": "Fingerabdruck der vorigen",
  "venue.first": "keiner: es ist die erste",
  "venue.accounts": "Konten",
  "venue.in.book": "{accounts} im Buch",
  "venue.volumes": "Bände",
  "venue.rules": "Regeln",
  "venue.rules.are": "{name} ({exactness}), aus {source}",
  "venue.rules.digest": "Fingerabdruck der Regeln",
  "venue.rules.text": "Die Regeln im Wortlaut",
  "venue.setup": "Setup",
  "venue.setup.word": "{setup} (nach Angabe des Handelsplatzes)",
  "venue.key": "Fingerabdruck des Schlüssels",
  "venue.software": "Programm",
  "venue.tau": "Der Punkt [tau]₂ des Setups, zum Vergleich mit dem einer Zeremonie",
  "venue.balance": "Probebilanz",
  "venue.balance.is": {
    one: "0 im einzigen Szenario jedes Bandes: was gehalten und was geschuldet wird, ist gleich",
    other:
      "0 in allen {count} Szenarien jedes Bandes: was gehalten und was geschuldet wird, ist gleich",
  },
  "setup.insecure": "UNSICHER: alle kennen seine geheime Zahl",
  "setup.vouched": "Sie haben sich durch den Fingerabdruck für den Schlüssel verbürgt",
  "setup.unknown": "UNBEKANNT, niemand bürgt für den Schlüssel",
  "setup.ceremony": "{trust}; die geheime Zahl ist die von {ceremony}",
  "setup.no.ceremony": "{trust}; aus keiner Zeremonie, die diese Seite kennt",
  "times.title": "Zeiten",
  "times.caption": "Alter nach der Uhr dieses Geräts",
  "times.of": "Von",
  "times.time": "Zeit",
  "times.distance": "Abstand vom Stichtag",
  "times.age": "Alter",
  "times.snapshot": "Stichtag",
  "times.prices": "Preise",
  "times.reserves": "Reserven",
  "times.same": "dieselbe Zeit",
  "times.after": "{length} danach",
  "times.before": "{length} davor",
  "times.future": "{length} in der Zukunft",
  "drawn.is":
    "Der Zeitpunkt ist die Sekunde des Tages {day}, die aus {from} gezogen wurde, {seen}. " +
    "Niemand kannte sie vor dem Ende dieses Tages.",

  // What is owed, and what is behind it.
  "backing.title": "Was geschuldet wird, und die Reserven dafür",
  "backing.bounds":
    "Geschuldetes, Ausfälle und Konten mit Fehlbetrag sind Obergrenzen für die Konten im Buch: " +
    "die wahren Zahlen können niedriger sein, nie höher.",
  "backing.caption": "In {quote}, je Szenario",
  "backing.scenario": "Szenario",
  "backing.owed": "Geschuldet, höchstens",
  "backing.reserves": "Reserven für Kunden",
  "backing.coverage": "Deckung",
  "backing.bad.debt": "Ausfälle, höchstens",
  "backing.accounts": "Konten mit Fehlbetrag, höchstens",
  "backing.fund": "Rest für den Sicherungsfonds",
  "backing.fund.is":
    "Der Rest für den Sicherungsfonds sind alle Reserven, im Szenario bewertet, abzüglich " +
    "dessen, was dort allen anderen geschuldet wird. Ein negativer Betrag fehlt.",
  "backing.contingencies": "Größte Verluste, für die Konten belastet werden, in {quote}",
  "backing.contingency": "Fall",
  "backing.sum": "Summe, höchstens",
  "backing.charged": "Konten",
  "scenarios.title": "Was jedes Szenario annimmt",
  "scenarios.chosen":
    "Der Herausgeber hat die Szenarien gewählt. Sie stehen in den Regeln, an die der Beweis " +
    "gebunden ist.",
  "scenarios.mark": "alles zu seinem Preis",
  "scenarios.maintenance": "alles zu seinem Preis, nach Gewichten und Margen für den Erhalt",
  "scenarios.initial": "alles zu seinem Preis, nach Gewichten und Margen für den Beginn",
  "scenarios.credit.maintenance":
    "wie die Erhaltungsmarge, aber nicht angerechnete Schulden zählen als 0",
  "scenarios.credit.initial": "wie die Anfangsmarge, aber nicht angerechnete Schulden zählen als 0",
  "scenarios.must.cover": "ein Verlust, den die Marge {margin} decken muss: {loss}",
  "scenarios.of.own": "{parts} des eigenen Preises",
  "scenarios.of.underlying": "{parts} des Preises des Basiswerts",
  "scenarios.delta": "{net} des Netto- und {gross} des Brutto-Deltas in {underlying}",
  "scenarios.only": "{loss}, nur von {names}",
  "scenarios.weight": "{loss}, wovon {part} zählen",
  "scenarios.others": "alle anderen {move}",
  "scenarios.everything": "alles {move}",
  "scenarios.still": {
    one: "{moves}; {names} bewegt sich nicht",
    other: "{moves}; {names} bewegen sich nicht",
  },
  "scenarios.without.rule": "jeder Wert ohne eigene Regel",

  // The policy.
  "policy.title": "Die eigene Richtlinie des Handelsplatzes",
  "policy.holds": "Erfüllt",
  "policy.fails": "Nicht erfüllt",
  "policy.none":
    "Die eigene Richtlinie des Handelsplatzes hat für dieses Buch keine Klausel: sie verlangt " +
    "nichts.",
  "policy.kept": {
    one: "Der Handelsplatz hält seine eigene Richtlinie ein: ihre einzige Klausel ist erfüllt.",
    other: "Der Handelsplatz hält seine eigene Richtlinie ein: alle {count} Klauseln sind erfüllt.",
  },
  "policy.broken.one": "Ihre einzige Klausel ist nicht erfüllt: {names}.",
  "policy.broken": {
    one: "{count} von {all} Klauseln ist nicht erfüllt: {names}.",
    other: "{count} von {all} Klauseln sind nicht erfüllt: {names}.",
  },
  "policy.not.kept": "Der Handelsplatz hält seine eigene Richtlinie NICHT ein.",
  "policy.unasked": {
    one: "Sie fragt nicht nach: {subjects}.",
    other: "Keine von ihnen fragt nach: {subjects}.",
  },
  "policy.rests": {
    one:
      "{count} dieser Klauseln stützt sich auf das Wort des Herausgebers über Reserven, Preise " +
      "oder Zeiten (W).",
    other:
      "{count} dieser Klauseln stützen sich auf das Wort des Herausgebers über Reserven, " +
      "Preise oder Zeiten (W).",
  },

  // Assets, markets, classes.
  "assets.title": "Werte",
  "assets.caption": "Die Reserven sind die für Kunden",
  "assets.asset": "Wert",
  "assets.deposited": "Eingelegt",
  "assets.borrowed": "Geliehen",
  "assets.reserves": "Reserven",
  "assets.coverage": "Reserven je eingelegter Einheit",
  "assets.credited": "Angerechnete Schulden, die zählen",
  "assets.credit":
    "Schulden von Konten, die der Handelsplatz zahlungsfähig nennt, werden gegen Einlagen " +
    "gerechnet, abzüglich {taken} an Fehlbeträgen und an Gewinnen, für die der Verlust keines " +
    "Kontos aufkommt.",
  "markets.title": "Märkte",
  "markets.caption": "Offene Positionen",
  "markets.market": "Markt",
  "markets.long": "Kauf (long)",
  "markets.short": "Verkauf (short)",
  "classes.title": "Klassen von Konten",
  "classes.no.clause":
    "Keine Klausel stützt sich auf diese Zahlen: ein Konto, das niemandem gehört, kann Wert " +
    "von einer Klasse in eine andere schieben.",
  "classes.caption": "Was die Konten jeder Klasse zusammen wert sind, in {quote}",
  "classes.class": "Klasse",

  // Reserves.
  "reserves.title": "Reserven",
  "reserves.none": "Der Handelsplatz gibt überhaupt keine Reserven an.",
  "reserves.entries": {
    one: "1 Eintrag, mit Blockchain, Adresse, Verwahrung und Nachweis",
    other: "{count} Einträge, je mit Blockchain, Adresse, Verwahrung und Nachweis",
  },
  "reserves.pledged": {
    one: "{count} davon sichert auch etwas anderes",
    other: "{count} davon sichern auch etwas anderes",
  },
  "reserves.idle": {
    one: "{count} davon zählt nicht",
    other: "{count} davon zählen nicht",
  },
  "reserves.intro":
    "All das ist das Wort des Herausgebers (W). Schlagen Sie die Adressen nach; Nachweise " +
    "neben der Bescheinigung prüft `pacioli reserves check`.",
  "reserves.counts": "Zählt",
  "reserves.counts.pledged": "nicht: es sichert etwas anderes, das zuerst darauf zugreifen kann",
  "reserves.counts.claim":
    "hier nicht: eine Forderung an einen anderen Handelsplatz zählt nur neben dessen " +
    "Bescheinigung, mit `pacioli contagion`",
  "reserves.counts.unknown": "nicht: es ist kein Wert dieser Regeln und Preise",
  "reserves.chain": "Blockchain",
  "reserves.address": "Adresse",
  "reserves.evidence": "Nachweis",
  "reserves.for": "Für",
  "reserves.for.customers": "Kunden",
  "reserves.for.insurance": "den Sicherungsfonds",
  "reserves.for.claim": "was immer der Handelsplatz schuldet",
  "reserves.custodian": "Verwahrer",
  "reserves.custodian.none": "nicht angegeben: also der Handelsplatz selbst",
  "reserves.owner": "Rechtlicher Eigentümer",
  "reserves.secures": "Sichert auch",
  "reserves.confirmed": "Bestätigt von",
  "reserves.by.chain": "einer Blockchain, wo alle es lesen können",
  "reserves.by.custodian": "dem Verwahrer",
  "reserves.by.auditor": "einem Prüfer",
  "reserves.by.self": "nur dem Handelsplatz",
  "reserves.by.nobody": "nicht angegeben",

  // Prices.
  "prices.title": "Preise",
  "prices.summary": {
    one: "{count} Preis in {quote}, Stand {time}",
    other: "{count} Preise in {quote}, Stand {time}",
  },
  "prices.method": "Verfahren",
  "prices.source": "Quelle",
  "prices.no.source": "nicht angegeben",
  "prices.caption": "Preise in {quote}: vergleichen Sie sie mit einer anderen Quelle",
  "prices.of": "Von",
  "prices.price": "Preis für eins",
  "prices.open.interest": "Offene Positionen, denen die Anfangssätze folgen, in ganzen Einheiten",
  "prices.stated": "Angegeben",
  "prices.refused": "Werte, für die keine Quelle einen brauchbaren Preis gab",
  "prices.reason": "Grund",
  "prices.volatilities":
    "Schwankungen, denen Margen und Gewichte folgen können: 1 ist 100 % im Jahr",
  "prices.what": "Was",

  // Left out.
  "left.title": "Weggelassen oder gerundet",
  "left.nothing": "Nichts, nach Angabe des Handelsplatzes.",
  "left.lines": {
    one: "{count} Zeile",
    other: "{count} Zeilen",
  },
  "left.accounts": {
    one: "{count} Konto",
    other: "{count} Konten",
  },
  "left.asset":
    "{asset}, ohne Preis: {deposits} eingelegt und {borrows} geliehen, {lines}, {accounts}",
  "left.all": "{accounts}, ganz weggelassen",
  "left.rounded": "{lines} gerundet, zusammen um weniger als {bound}",
  "left.by.instrument": "Was gerundet wurde, einzeln",
  "left.instrument": "{instrument}: {lines}, um weniger als {bound}",

  // Kinds of files, in the middle of a sentence.
  "kind.attestation": "Bescheinigung",
  "kind.statement": "Auszug",
  "kind.key": "Schlüsseldatei",
  "kind.prices": "Preisdatei",
  "kind.certificates": "Zertifikatsdatei",

  // Why something could not be checked. These accuse nobody.
  "why.other.kind": "Hier wurde eine andere Datei erwartet: {kind}. Diese ist: {other}.",
  "why.resaved":
    "Die Datei ({kind}) wurde unterwegs von einem Programm neu gespeichert und dabei " +
    "verändert. Besorgen Sie sie noch einmal, und lassen Sie sie, wie sie ist.",
  "why.version":
    "Die Datei ({kind}) hat eine andere Version, {got}. Diese Seite liest {own}: benutzen Sie " +
    "die Seite für jene Version.",
  "why.cut.off":
    "Die Datei ({kind}) wurde unterwegs abgeschnitten (bei Zeile {line}). Besorgen Sie sie " +
    "noch einmal.",
  "why.line.ends":
    "Die Zeilenenden der Datei ({kind}) wurden unterwegs geändert, wie es Mailprogramme tun. " +
    "Besorgen Sie sie noch einmal.",
  "why.malformed":
    "Die Datei ({kind}) wurde unterwegs verändert oder hat eine andere Version. Besorgen Sie " +
    "sie noch einmal. In den Worten des Programms: {text}.",
  "why.other.attestation":
    "Der Auszug gehört nicht zur hier gegebenen Bescheinigung, der Nummer {sequence} von " +
    "{venue}, Stand {time}. Geben Sie die Bescheinigung vom Zeitpunkt des Auszugs dazu.",
  "why.other.account": "Der Auszug ist der des Kontos {account}, nicht von {id}.",
  "why.future":
    "Die Bescheinigung nennt nach der Uhr dieses Geräts eine Zeit in der Zukunft: {time}. " +
    "Stellen Sie die Uhr, oder verlassen Sie sich nicht auf die Bescheinigung.",
  "why.no.key":
    "Die Bescheinigung entstand unter dem Setup {setup}. Geben Sie die zugehörige " +
    "Schlüsseldatei dazu.",
  "why.digest.alone":
    "Sie haben den Fingerabdruck eines Schlüssels eingegeben, aber es gibt keine " +
    "Schlüsseldatei zum Vergleich. Geben Sie die Schlüsseldatei dazu.",
  "why.other.digest":
    "Die Schlüsseldatei hat den Fingerabdruck {digest}; das ist nicht der, den Sie eingegeben " +
    "haben. Benutzen Sie diesen Schlüssel nicht: fragen Sie noch einmal, wer Ihnen den " +
    "Fingerabdruck oder die Datei gab.",
  "why.other.key":
    "Diese Schlüsseldatei gehört nicht zur Bescheinigung: ihr Fingerabdruck ist {digest}, und " +
    "die Bescheinigung nennt {key}. Geben Sie die zugehörige Schlüsseldatei.",
  "why.other.sizes":
    "Diese Schlüsseldatei ist für eine andere Größe des Buchs ({key}) als die der " +
    "Bescheinigung ({own}). Geben Sie die zugehörige.",
  "why.bad.key":
    "Die Schlüsseldatei ist unbrauchbar. Besorgen Sie sie noch einmal. In den Worten des " +
    "Programms: {text}.",
  "why.no.digest":
    "{typed} ist kein Fingerabdruck: das sind `0x` und 64 der Ziffern 0 bis 9 und Buchstaben a " +
    "bis f.",
  "why.line.differs": "Zeile {line} des Auszugs ist nicht, was das Buch an dieser Stelle enthält.",
  "why.line.worth": "Zeile {line} des Auszugs: der angegebene Wert von {name} ist falsch.",
  "why.no.balance": "Die Zeilen ergeben zusammen {sum} statt 0, im Szenario {name}.",
  "why.no.opening": "Die Öffnung zeigt diese Werte auf Seite {page} des Buchs nicht.",
  "why.page": "Seite {page} ist keine der {pages} Seiten, die zählen.",
  "why.volume": "Es gibt keinen Band {volume}; die Bescheinigung hat {volumes}.",
  "why.is": "Erwartet wurde: {kind}. Stattdessen ist da {other}.",

  // What a file is that this web page does not take.
  "other.empty": "eine leere Datei: nichts davon ist angekommen; besorgen Sie sie noch einmal",
  "other.reserves": "eine Datei mit Reserven, die schon in der Bescheinigung stehen",
  "other.unknown": "weder eine Bescheinigung noch ein Auszug noch eine Schlüsseldatei",
  "other.setup":
    "ein Setup, das für diese Seite zu groß ist: geben Sie die daraus gemachte Schlüsseldatei",
  "other.ptau":
    "die Datei einer Zeremonie (Potenzen von tau): geben Sie die daraus gemachte Schlüsseldatei",
  "other.snapshot": "ein Abzug eines ganzen Buchs, der vertraulich bleiben sollte",
  "other.parquet": "eine Parquet-Datei, keine Bescheinigung, kein Auszug und keine Schlüsseldatei",
  "other.compressed": "eine gepackte Datei: entpacken Sie sie zuerst",
  "other.pdf": "ein PDF-Dokument, keine Bescheinigung, kein Auszug und keine Schlüsseldatei",
  "other.web.page": "eine Webseite: besorgen Sie die Datei selbst, nicht die Seite um sie herum",

  // Clauses.
  "clause.coverage":
    "Reserven für Kunden sind {reserves} wert und {owed} wird geschuldet: Deckung {ratio}, " +
    "abgerundet, mindestens {asked} verlangt",
  "clause.coverage.nothing":
    "Reserven für Kunden sind {reserves} wert und {owed} wird geschuldet: nichts wird " +
    "geschuldet, mindestens {asked} verlangt",
  "clause.coverage.from":
    "Reserven für Kunden sind {reserves} wert und {least} bis {most} wird geschuldet: Deckung " +
    "von {low} bis {high}, mindestens {asked} verlangt",
  "clause.coverage.least":
    "Reserven für Kunden sind {reserves} wert und {least} bis {most} wird geschuldet: Deckung " +
    "mindestens {low}, mindestens {asked} verlangt",
  "clause.coverage.range":
    "Reserven für Kunden sind {reserves} wert und {owed} wird geschuldet: Deckung von {low} " +
    "bis {high}, mindestens {asked} verlangt",
  "clause.no.price": "es gibt keinen Preis dieses Werts",
  "clause.no.credit": "es gibt kein Szenario mit Anrechnung",
  "clause.asset": "Reserven von {reserves} für Einlagen von {deposits}",
  "clause.asset.credit":
    "Reserven von {reserves} für Einlagen von {deposits} abzüglich angerechneter Schulden von " +
    "{credited}",
  "clause.bad.debt": {
    one: "Ausfälle sind {debt} in {count} Konto, und die Grenze ist {limit}",
    other: "Ausfälle sind {debt} in {count} Konten, und die Grenze ist {limit}",
  },
  "clause.bad.debt.from": "Ausfälle sind {least} bis {most}, und die Grenze ist {limit}",
  "clause.bad.debt.is": "Ausfälle sind {debt}, und die Grenze ist {limit}",
  "clause.bad.debt.mark":
    "Ausfälle zum Kurs sind mindestens {debt}, hier fehlt nicht weniger, und die Grenze ist " +
    "{limit}",
  "clause.no.twin":
    "es gibt keinen Zwilling von {name}, der sagt, was allen außer dem Fonds geschuldet wird",
  "clause.fund": "alle Reserven sind {reserves} wert und {owed} wird geschuldet",
  "clause.fund.from": "alle Reserven sind {reserves} wert und {least} bis {most} wird geschuldet",
  "clause.fund.left":
    "alle Reserven sind {reserves} wert und {owed} wird geschuldet: {left} bleibt für den " +
    "Sicherungsfonds",
  "clause.fund.missing":
    "alle Reserven sind {reserves} wert und {owed} wird geschuldet: {left} fehlt",
  "clause.fund.others":
    "alle Reserven sind {reserves} wert und allen außer dem Sicherungsfonds wird {owed} geschuldet",
  "clause.fund.others.from":
    "alle Reserven sind {reserves} wert und allen außer dem Sicherungsfonds wird {least} bis " +
    "{most} geschuldet",
  "clause.fund.others.left":
    "alle Reserven sind {reserves} wert und allen außer dem Sicherungsfonds wird {owed} " +
    "geschuldet: {left} bleibt für den Sicherungsfonds",
  "clause.fund.others.missing":
    "alle Reserven sind {reserves} wert und allen außer dem Sicherungsfonds wird {owed} " +
    "geschuldet: {left} fehlt",
  "clause.open.interest": "Kauf {long}, Verkauf {short}",
  "clause.no.reserves": "es gibt keine Reserven",
  "clause.prices.time":
    "Preise von {time} sind {length} vom Stichtag entfernt, und höchstens {most} ist erlaubt",
  "clause.reserves.time":
    "Reserven von {time} sind {length} vom Stichtag entfernt, und höchstens {most} ist erlaubt",
  "clause.left.accounts": {
    one: "{count} Konto weggelassen, und höchstens {most} erlaubt",
    other: "{count} Konten weggelassen, und höchstens {most} erlaubt",
  },
  "clause.left.none": "kein Wert weggelassen",
  "clause.left.one": "1 Wert weggelassen, davon nicht mehr als erlaubt",
  "clause.left.allowed": {
    one: "{count} Wert weggelassen, davon nicht mehr als erlaubt",
    other: "{count} Werte weggelassen, von keinem mehr als erlaubt",
  },
  "clause.left.refused":
    "Einlagen von {deposits} und Schulden von {borrows} weggelassen, deren Preis abgelehnt " +
    "wurde: {reason}",
  "clause.left.most":
    "Einlagen von {deposits} und Schulden von {borrows} weggelassen, und höchstens {most} von " +
    "jedem ist erlaubt",
  "clause.left.not.allowed":
    "Einlagen von {deposits} und Schulden von {borrows} weggelassen, und nichts davon ist erlaubt",
  "clause.rounding": "Rundung änderte höchstens {changed}, und {most} ist erlaubt",
  "clause.not.drawn": "{time} wurde nicht gezogen",
  "clause.drawn": "{time} ist die Sekunde des Tages {day}, gezogen aus {from}, {seen}",
  "clause.drawn.other":
    "{time} ist die Sekunde des Tages {day}, gezogen aus {from}, {seen}, und sie muss aus " +
    "{asked} gezogen sein",
  "clause.drawn.before": "Reserven von {time} sind von vor dem Ende des Tages {day}",
  "clause.drawn.after":
    "Reserven von {time} sind von nach dem Ende des Tages {day}, als seine Sekunde bekannt war",
  "clause.volatility.age":
    "{what} ist von {time}, {length} vom Stichtag entfernt, und höchstens {most} ist erlaubt",
  "clause.volatility.fresh": {
    one:
      "{count} Quelle gibt eine nicht zu alte Schwankung von {asset} an, und mindestens " +
      "{least} sind verlangt",
    other:
      "{count} Quellen geben eine nicht zu alte Schwankung von {asset} an, und mindestens " +
      "{least} sind verlangt",
  },
  "clause.volatility.sources": {
    one: "{count} Quelle gibt eine Schwankung von {asset} an, und mindestens {least} sind verlangt",
    other:
      "{count} Quellen geben eine Schwankung von {asset} an, und mindestens {least} sind verlangt",
  },
  "clause.volatility.alone":
    "ein Satz folgt {what}, {rate}, und keine andere Quelle sagt, wie groß sie ist",
  "clause.volatility.alone.then":
    "ein Satz folgt {what}, {rate}, und keine andere Quelle sagt, wie groß sie um diese Zeit ist",
  "clause.volatility.band":
    "ein Satz folgt {what}, {rate}, und das Größte, was eine andere Quelle sagt, ist {most}, " +
    "{whose}: er darf um {band} davon darunter sein",
  "clause.too.coarse":
    "die Werteinheiten sind zu diesen Preisen zu grob: Rundung würde das Geschuldete ändern",

  // What no clause asks about.
  "subject.reserves": "Reserven",
  "subject.stress": "Reserven in einem Stress",
  "subject.assets": "Reserven jedes einzelnen Werts",
  "subject.bad.debt": "Ausfälle",
  "subject.open.interest": "offene Positionen",
  "subject.times": "wie weit die Zeiten auseinander liegen",
  "subject.left.out": "was weggelassen ist",
  "subject.volatility.age": "wie alt Schwankungen sind",
  "subject.volatility.sources": "wie viele Quellen Schwankungen angeben",
  "subject.volatility.band": "ob Schwankungen zu niedrig angegeben sind",

  // The steps of a check.
  "step.files": "Beide Dateien sind vollständig und unverändert",
  "step.match": "Der Auszug gehört zu dieser Bescheinigung",
  "step.table": "Regeln und Preise ergeben die Tabelle der Instrumente",
  "step.totals": "Die Summen gleichen sich aus, passen zum Kopf und ergeben Zahlen und Richtlinie",
  "step.setup": "Ein Setup ist bekannt, um Öffnungen damit zu prüfen",
  "step.page": "Das Konto steht auf einer Seite, die zählt",
  "step.worth": "Jede Zeile ist wert, was sie sagt",
  "step.order": "Die Zeilen sind in der Reihenfolge, und jede Stufe hält ihre Grenze ein",
  "step.balance": "Die Zeilen ergeben in jedem Szenario 0",
  "step.opening": "Die Festlegungen des Buchs öffnen sich zu dieser Seite",
  "step.lines": "Die Seite enthält diese Zeilen unter dieser Kennung",
  "step.files.found": "jedes Byte ist in seiner einzigen Form",
  "step.match.own": "Fingerabdruck {digest}; nur Sie können sagen, ob die Kennung {id} Ihre ist",
  "step.match.typed": "Fingerabdruck {digest}, und die Kennung ist die eingegebene",
  "step.table.found": {
    one: "{count} Instrument in {scenarios} Szenarien, und das Programm, das der Kopf nennt",
    other: "{count} Instrumente in {scenarios} Szenarien, und das Programm, das der Kopf nennt",
  },
  "step.table.no.program": {
    one: "{count} Instrument in {scenarios} Szenarien, und kein Programm für einen Vertrag: {text}",
    other:
      "{count} Instrumente in {scenarios} Szenarien, und kein Programm für einen Vertrag: {text}",
  },
  "step.totals.found":
    "die Probebilanz ist in jedem Szenario 0; {kept} von {all} Klauseln der Richtlinie sind " +
    "erfüllt",
  "step.setup.vouched":
    "der Schlüssel ist der von der Bescheinigung genannte, seine Potenzen sind Potenzen einer " +
    "Zahl, und sein Fingerabdruck ist der von Ihnen angegebene",
  "step.setup.unknown":
    "der Schlüssel ist der von der Bescheinigung genannte, seine Potenzen sind Potenzen einer " +
    "Zahl, und niemand bürgt für ihn",
  "step.setup.insecure":
    "der Schlüssel ist der von der Bescheinigung genannte, und alle kennen die geheime Zahl " +
    "dahinter",
  "step.setup.no.file": "UNSICHER: alle kennen die geheime Zahl dahinter",
  "step.page.found": "Band {volume}, Seite {page}, ab Platz {slot}",
  "step.lines.counted": {
    one: "{count} Zeile",
    other: "{count} Zeilen",
  },
  "step.order.found": "geführt als {name}",
  "step.opening.found": {
    one: "eine Paarungsgleichung über {count} Platz",
    other: "eine Paarungsgleichung über {count} Plätze",
  },
  "step.seals": {
    one: "{count} Siegel",
    other: "{count} Siegel",
  },

  // Verdicts: the words of the native programs, and a sentence each.
  "word.in.book": "IM BUCH",
  "word.in.book.unknown": "IM BUCH, WENN NIEMAND DAS GEHEIMNIS DES SETUPS KENNT",
  "word.in.book.insecure": "IM BUCH, UNTER EINEM UNSICHEREN SETUP",
  "word.holds": "GILT",
  "word.holds.unknown": "GILT NUR, WENN NIEMAND DAS GEHEIMNIS DES SETUPS KENNT",
  "word.holds.insecure": "GILT, UNTER EINEM UNSICHEREN SETUP",
  "word.fails": "GILT NICHT",
  "word.unchecked": "NICHT GEPRÜFT",
  "word.unproved": "DER BEWEIS WURDE HIER NICHT GEPRÜFT",
  "word.checking": "WIRD GEPRÜFT",
  "says.in.book": "Ihr Konto steht in diesem Buch, seine Zeilen gehen auf, und der Beweis gilt.",
  "says.in.book.broken":
    "Ihr Konto steht in diesem Buch. Der Handelsplatz hält seine eigene Richtlinie NICHT ein.",
  "says.in.book.unknown":
    "Ihr Konto steht in diesem Buch, wenn niemand das Geheimnis des Setups kennt: Sie haben " +
    "keinen Fingerabdruck des Schlüssels angegeben, also bürgt niemand für ihn.",
  "says.in.book.insecure":
    "Nur ein Test: die Zeilen gehen auf, aber alle kennen das Geheimnis des Setups, und diese " +
    "Dateien beweisen nichts.",
  "says.holds": "Die Beweise gelten, und der Handelsplatz hält seine eigene Richtlinie ein.",
  "says.holds.unknown":
    "Die Beweise gelten und der Handelsplatz hält seine eigene Richtlinie ein, wenn niemand " +
    "das Geheimnis des Setups kennt: Sie haben keinen Fingerabdruck des Schlüssels angegeben, " +
    "also bürgt niemand für ihn.",
  "says.holds.insecure":
    "Nur ein Test: die Zahlen gehen auf, aber alle kennen das Geheimnis des Setups, und diese " +
    "Dateien beweisen nichts.",
  "says.policy.broken":
    "Die Beweise gelten, aber der Handelsplatz hält seine eigene Richtlinie NICHT ein.",
  "says.statement.refused": "Verlassen Sie sich nicht auf diesen Auszug.",
  "says.attestation.refused": "Verlassen Sie sich nicht auf diese Bescheinigung.",
  "says.proof.refused": "Verlassen Sie sich nicht darauf: der Beweis gilt nicht.",
  "says.statement.unproved":
    "Die Zeilen gehen auf, aber diese Seite konnte den Beweis nicht prüfen: die Summen des " +
    "Handelsplatzes sind nur seine Behauptung.",
  "says.attestation.unproved":
    "Die Zahlen gehen auf, aber diese Seite konnte den Beweis nicht prüfen: sie sind nur die " +
    "Behauptung des Handelsplatzes.",
  "says.unchecked": "Das konnte nicht geprüft werden.",
  "says.checking": "Bis hierher stimmt alles. Jetzt wird der Beweis geprüft.",
  "refused.keep":
    "Die Dateien sind vollständig. Wenn es die richtigen sind, bewahren Sie sie unverändert " +
    "auf: sie sind der Beleg, den Sie anderen zeigen können.",
  "unchecked.nobody":
    "Das beschuldigt niemanden: Mailprogramme, Editoren und Downloads verändern Dateien, und " +
    "Dateien werden leicht verwechselt.",

  // The five lines.
  "line.account": "Konto:",
  "line.account.is": "{account} bei {venue}, Stand {time}.",
  "line.account.yours": "Sind das Sie, und niemand sonst? Das können nur Sie sagen.",
  "line.worth": "Ihre Zeilen:",
  "line.worth.is":
    "zusammen {amount} wert, zu den Preisen jener Zeit. So viel wird Ihnen geschuldet.",
  "line.worth.lacks":
    "zusammen {amount} unter null, zu den Preisen jener Zeit: so viel schulden Sie.",
  "line.worth.compare":
    "Vergleichen Sie sie unten mit Ihren eigenen Aufzeichnungen: keine fehlt, keine ist zu viel.",
  "line.proof": "Beweis:",
  "line.proof.holds": {
    one: "von dieser Seite geprüft: er gilt.",
    other: "alle {count} von dieser Seite geprüft: sie gelten.",
  },
  "line.proof.checking": {
    one: "wird geprüft …",
    other: "{checked} von {count} geprüft …",
  },
  "line.proof.bar": "Wie weit der Beweis geprüft ist",
  "line.proof.refused": "von dieser Seite geprüft: er gilt NICHT.",
  "line.proof.unchecked": "von dieser Seite nicht geprüft.",
  "line.proof.instead":
    "Bis jemand `pacioli verify` auf die Bescheinigung anwendet, sind die Summen des " +
    "Handelsplatzes nur seine Behauptung.",
  "line.proof.shows": "Er zeigt, dass jedes Konto im Buch aufgeht, und dass die Summen ihre sind.",
  "line.key": "Schlüssel:",
  "line.key.vouched": "sein Fingerabdruck ist der, den Sie eingegeben haben.",
  "line.key.remembered": "sein Fingerabdruck ist der, den Sie am {since} eingegeben haben.",
  "line.key.means":
    "Wer Ihnen diesen Fingerabdruck gab, bürgt dafür, dass niemand das Geheimnis hinter dem " +
    "Schlüssel kennt.",
  "line.key.unknown": "niemand bürgt für ihn.",
  "line.key.forge":
    "Wer ihn gemacht hat oder das Geheimnis seines Setups kennt, kann alles auf dieser Seite " +
    "fälschen.",
  "line.key.ceremony":
    "Sein Geheimnis ist das einer öffentlichen Zeremonie ({name}), aber das genügt nicht: die " +
    "anderen Zahlen in einer Schlüsseldatei könnten beliebig sein.",
  "line.key.digest": "Der Fingerabdruck dieser Schlüsseldatei",
  "line.key.ask":
    "Fragen Sie jemanden, dem Sie vertrauen, nicht den Handelsplatz, nach dem Fingerabdruck " +
    "des Schlüssels, den er selbst aus dem Setup gemacht hat, und geben Sie ihn oben ein.",
  "line.key.insecure": "UNSICHER: alle kennen sein Geheimnis.",
  "line.key.insecure.means":
    "Jeder hätte diese Dateien machen können, mit beliebigen Zeilen. Sie sind für Tests und " +
    "Vorführungen.",
  "line.policy": "Richtlinie:",
  "line.policy.means":
    "Was der Handelsplatz von sich selbst verlangt. Unten steht es Klausel für Klausel.",
  "line.time": "Stichtag:",
  "line.time.is": "Nummer {sequence}, Stand {time}. Alter: {age}.",
  "line.time.only": "Nichts hier handelt von einer Zeit davor oder danach.",
  "line.owed": "Geschuldet:",
  "line.owed.is":
    "höchstens {owed}. Angegebene Reserven für Kunden: {ratio} je geschuldetem {quote}. " +
    "Ausfälle: höchstens {debt}.",
  "line.owed.word": "Die Reserven und die Preise sind das Wort des Herausgebers.",
  "you.title": "Was nur Sie prüfen können",
  "you.lines": {
    one:
      "Die Zeile unten entspricht Ihren eigenen Aufzeichnungen von damals: keine fehlt, keine " +
      "ist zu viel.",
    other:
      "Die {count} Zeilen unten entsprechen Ihren eigenen Aufzeichnungen von damals: keine " +
      "fehlt, keine ist zu viel.",
  },
  "you.id": "Die Kennung ist Ihre, und niemand sonst am Handelsplatz hat sie.",
  "you.same": "Andere sehen dieselbe Bescheinigung: vergleichen Sie deren Fingerabdruck mit ihrem.",

  // A holder's lines.
  "account.title.of": {
    one: "Ihre {count} Zeile: Konto {account}",
    other: "Ihre {count} Zeilen: Konto {account}",
  },
  "account.booked":
    "Konto {account}, geführt in der Klasse {class}. Werte sind in {quote}, zu den Preisen der " +
    "Bescheinigung.",
  "account.room": "Platz in einer Stufe ist 0 wert: er zeigt, dass die Stufe ihre Grenze einhält.",
  "account.plain":
    "Schlicht gehalten: in jedem Szenario mindestens nichts wert, also kann kein Szenario es " +
    "nehmen.",
  "account.covered":
    "Gedeckt: zusammen in jedem Szenario mindestens so viel wert wie geschuldet wird, also " +
    "wurde für keines abgeschlossen.",
  "account.asset": "Wert",
  "account.side": "Seite",
  "account.amount": "Menge",
  "account.at.mark": "Wert zum Kurs",
  "account.lines": {
    one: "{count} Zeile",
    other: "{count} Zeilen",
  },
  "account.and.balancing": {
    one: "{lines}, und {count} weitere, die sie ausgleicht",
    other: "{lines}, und {count} weitere, die sie ausgleichen",
  },
  "account.and.closing": {
    one: "{lines}, und {count} weitere, die Guthaben oder Fehlbetrag angibt",
    other: "{lines}, und {count} weitere, die Guthaben oder Fehlbetrag angeben",
  },
  "account.sum": "Ihre Summe in jedem Szenario",
  "account.equity": "Ihr Guthaben",
  "account.shortfall": "Ihr Fehlbetrag",
  "account.first.tier": "gilt die erste Stufe für alles",
  "account.no.loss": "wird kein größter Verlust abgezogen",
  "account.less":
    "Nach Gewichten und Margen kann es weniger sein: bei einer schlichten oder gedeckten Zeile " +
    "{why}.",
  "account.each": "Jede Zeile in jedem Szenario",
  "account.each.caption":
    "Zum Kurs heißt zu den Preisen; die anderen wenden Gewichte und Margen an oder bewegen die " +
    "Preise",
  "account.cover":
    "Der Auszug hat ein weiteres Szenario, `cover`, das kein Einbruch ist: eine gedeckte Zeile " +
    "zählt dort so viel, wie sie in irgendeinem anderen mindestens wert ist, und jede andere " +
    "Zeile nichts.",
  "account.slack":
    "Jedes Szenario unten nennt Ihren Gewinn oder Verlust darin. Ihre Marge ist der größte " +
    "Verlust; der Spielraum ist dieser größte Verlust abzüglich des Verlusts in diesem " +
    "Szenario.",
  "account.slack.caption": "Spielraum",
  "account.twins": {
    one:
      "Der Auszug hat {count} weiteres Szenario, benannt nach einem Stress und `~insurance`: " +
      "derselbe Stress, wobei die eigenen Zeilen des Sicherungsfonds 0 wert sind.",
    other:
      "Der Auszug hat {count} weitere Szenarien, benannt nach einem Stress und `~insurance`: " +
      "derselbe Stress, wobei die eigenen Zeilen des Sicherungsfonds 0 wert sind.",
  },
  "side.deposit": "Einlage",
  "side.borrow": "Schuld",
  "side.uncredited": "Schuld, nicht angerechnet",
  "side.long": "Kaufposition (long)",
  "side.short": "Verkaufsposition (short)",
  "side.tier": "{side}, Stufe {tier}",
  "side.room": "freier Platz in {side}",
  "side.owed.to.you": "Ihnen geschuldet",
  "side.owed.by.you": "von Ihnen geschuldet",
  "side.contingency": "größter Verlust, {name}",
  "side.plain": "{side}, schlicht",
  "side.covered": "{side}, gedeckt",

  // What was done, and what nobody proves.
  "steps.title": "Was diese Seite getan hat, und was niemand beweist",
  "steps.summary": {
    one: "{count} Schritt, hier berechnet",
    other: "{count} Schritte, hier berechnet",
  },
  "step.unchecked": "Konnte nicht geprüft werden",
  "step.not.reached": "Nicht erreicht",
  "taken.title": "Vom Herausgeber übernommen, hier nicht geprüft",
  "taken.proofs":
    "Die Beweise der Bände, die zeigen, dass das festgelegte Buch aufgeht und die Summen " +
    "ergibt. Um sie zu prüfen, führen Sie `pacioli verify` aus.",
  "taken.prices": "Die Preise und die Reserven: ihre Beträge und Orte.",
  "taken.header":
    "Der Kopf: Name des Handelsplatzes, Zeiten, Anzahl der Konten, weggelassene Werte, " +
    "Rundung. Ein Kopf, der den Summen widerspricht, wird abgelehnt.",
  "taken.key.vouched":
    "Dass die Schlüsseldatei aus einem Setup gemacht wurde, dessen Geheimnis niemand kennt: " +
    "das sagt, wer Ihnen ihren Fingerabdruck gab.",
  "taken.key.unknown":
    "Die Schlüsseldatei, für die niemand bürgt: diese Seite hat geprüft, dass die " +
    "Bescheinigung sie nennt, und dass ihre Potenzen Potenzen einer Zahl sind.",
  "nobody.title": "Von niemandem bewiesen",
  "nobody.complete":
    "Dass kein Konto weggelassen, zusammengelegt oder geteilt wurde. Inhaber prüfen nur ihre " +
    "eigenen Konten, und wer einen Fehlbetrag hat, hat keinen Grund dazu. Nur ein Prüfer mit " +
    "der Liste der Konten kann versteckte Ausfälle finden.",
  "nobody.prices": "Dass die Preise stimmen: sie stehen oben, vergleichen Sie sie.",
  "nobody.reserves":
    "Dass es die Reserven gibt und sie nicht geliehen sind: ihre Adressen stehen oben, " +
    "schlagen Sie sie nach.",
  "nobody.time": "Dass das Buch von der Zeit ist, die es nennt.",
  "nobody.after": "Alles außerhalb des Stichtags, davor oder danach.",
  "nobody.crash": "Der Verlauf eines Einbruchs: Zwangsverkäufe, Kursrutsch, die Reihenfolge.",
  "nobody.law": "Rechtliche Ansprüche.",
  "nobody.bugs":
    "Dass dieses Programm fehlerfrei ist: niemand außerhalb des Projekts hat es geprüft.",

  // At other prices.
  "other.title": "Zu anderen Preisen",
  "other.intro":
    "Die Bescheinigung gilt zu den Preisen ihrer Zeit. Aus ihren Summen kann jeder sagen, wie " +
    "viel zu beliebigen Preisen höchstens und mindestens geschuldet wird und ausfällt, ohne " +
    "den Handelsplatz und ohne einen weiteren Beweis. Margen, und was Rundung änderte, sind " +
    "nur zu den Preisen des Beweises bekannt.",
  "other.file": "Eine Preisdatei",
  "other.file.hint":
    "Oder lassen Sie sie irgendwo hier fallen. Eine Zertifikatsdatei, wie diese Seite oder " +
    "`pacioli reprice --json` sie macht, wird geprüft, statt dass hier welche gesucht werden.",
  "other.move": "Bewegen",
  "other.move.by": "Alle Preise bewegen um",
  "other.from": "Von den Preisen der Bescheinigung aus, um so viel Prozent.",
  "other.still": "Unverändert, wie in den Stress-Szenarien des Handelsplatzes: {names}.",
  "other.change": {
    one: "{count} Preis in {quote}, zum Ändern",
    other: "{count} Preise in {quote}, zum Ändern",
  },
  "other.show": "Zeigen, was folgt",
  "other.find": "Stattdessen hier Zertifikate suchen",
  "other.outdated": "Seitdem wurde ein Preis geändert: fragen Sie neu, was folgt.",
  "other.nothing": "Zu diesen Preisen kann nichts gesagt werden.",
  "other.of.file": "Die Preise sind aus {file}, Stand {time}.",
  "other.typed": "Über die aus {file}, Stand {time}, geschrieben: {names}.",
  "other.differ": {
    one: "{count} von {all} Preisen der Bescheinigung weicht ab.",
    other: "{count} von {all} Preisen der Bescheinigung weichen ab.",
  },
  "other.own":
    "Märkte, die hier einen eigenen Preis haben und im Beweis den ihres Basiswerts: {names}.",
  "other.certificates":
    "Die Grenzen sind, was die Zertifikate in {name} zeigen; andere zeigen vielleicht engere.",
  "bounds.holds":
    "Zu diesen Preisen wird die eigene Richtlinie des Handelsplatzes sicher eingehalten.",
  "bounds.fails":
    "Zu diesen Preisen wird die eigene Richtlinie des Handelsplatzes NICHT eingehalten.",
  "bounds.unknown":
    "Ob zu diesen Preisen die eigene Richtlinie des Handelsplatzes eingehalten wird, ist " +
    "unbekannt.",
  "bounds.missing":
    "Ob zu diesen Preisen die eigene Richtlinie des Handelsplatzes eingehalten wird, ist " +
    "unbekannt. Es lässt sich nicht sagen, was mit diesem ist: {missing}.",
  "bounds.margins": "ihre Margen",
  "bounds.rounding": "was Rundung änderte",
  "bounds.rest.holds": "Alles andere ist sicher erfüllt.",
  "bounds.broken":
    "Zu den Preisen der Bescheinigung wird sie nicht eingehalten, und keine anderen heilen das.",
  "bounds.list.fails": "Kann nicht erfüllt sein: {names}.",
  "bounds.list.failed": "Im Beweis nicht erfüllt: {names}.",
  "bounds.list.unknown": "Unbekannt: {names}.",
  "bounds.list.held": "Im Beweis erfüllt, hier unbekannt: {names}.",
  "bounds.coarse":
    "Für {names} gibt es keine Zahlen: die Werteinheiten sind zu diesen Preisen zu grob, und " +
    "Rundung würde das Geschuldete ändern.",
  "bounds.uncounted":
    "Reserven von {names} zählen nicht, wie im Beweis, der dafür keinen Preis hat: halten " +
    "Konten es ebenfalls, so wurde es aus dem Buch weggelassen.",
  "bounds.rounded": "Gegen den Handelsplatz gerundet; Klauseln haben alle Nachkommastellen.",
  "bounds.policy": "Die eigene Richtlinie des Handelsplatzes zu diesen Preisen",
  "bounds.are": "Was diese Zahlen sind",
  "bounds.of":
    "Es sind Grenzen über das Buch vom {time}: nichts, was seither eingelegt, abgehoben, " +
    "gehandelt oder zwangsverkauft wurde, ist darin.",
  "bounds.own.prices":
    "Das sind die Preise des Beweises, also gilt, was er über Margen und Rundung sagt.",
  "bounds.no.margins":
    "Für Margen folgt keine Grenze, auch nicht für das, was Rundung änderte: Klauseln darüber " +
    "waren im Beweis erfüllt oder nicht, und ob sie es zu diesen Preisen sind, ist unbekannt.",
  "bounds.reserves": "Die Reserven sind die vom Herausgeber angegebenen, zu diesen Preisen.",
  "bounds.totals":
    "All das stützt sich auf die Summen des Handelsplatzes, und so auf seine Beweise.",
  "bounds.certificates": "Die Zertifikate, damit andere prüfen können",
  "bounds.certificates.are":
    "Für jedes Szenario, wie oft jedes bewiesene Szenario zählt. Wer die Bescheinigung und " +
    "diese Preise hat, kann die Grenzen neu berechnen und muss niemandem vertrauen, der sie " +
    "fand: jede Zahl darin ist gültig, gute machen eine Grenze eng.",
  "bounds.certificates.label": "Zertifikate",
  "bounds.caption": "In {quote}, zu diesen Preisen und in jedem Stress davon",
  "bounds.owed.least": "Geschuldet, mindestens",
  "bounds.coverage": "Deckung, mindestens",
  "bounds.fund": "Rest für den Sicherungsfonds, mindestens",
  "standing.unknown": "Unbekannt",
  "standing.held": "Im Beweis erfüllt",
  "standing.failed": "Im Beweis nicht erfüllt",
  "standing.holds": "Sicher erfüllt",
  "standing.holds.any": "Erfüllt, zu jedem Preis",
  "standing.fails": "Kann nicht erfüllt sein",
  "standing.fails.any": "Nicht erfüllt, zu jedem Preis",

  // The record.
  "history.title": {
    one: "Die Reihe: {count} Bescheinigung",
    other: "Die Reihe: {count} Bescheinigungen",
  },
  "history.intro":
    "Ein Beweis gilt für eine Sekunde. Hier steht, ob diese Bescheinigungen aufeinander " +
    "folgen, und was sich änderte. Was zwischen zweien geschah, beweist niemand.",
  "history.broken": "Unterbrochen",
  "history.missing": "Fehlend",
  "history.chain": "Eine Kette:",
  "history.chain.means":
    "die Nummern folgen einander, jede Bescheinigung nennt die vorige, und jede ist später.",
  "history.caption": "Jede Bescheinigung, die früheste zuerst",
  "history.number": "Nummer",
  "history.worst": "Größte Ausfälle, höchstens",
  "history.clauses": "Erfüllte Klauseln",
  "history.verdict": "Urteil",
  "history.of": "{kept} von {all}",
  "history.other.venue":
    "Nummer {number} ist von {one}, und Nummer {next} von {other}: das sind zwei Handelsplätze.",
  "history.fork": "zwei verschiedene Bescheinigungen haben die Nummer {number}.",
  "history.back": "Nummer {next} ist nicht von einer späteren Zeit als Nummer {number}.",
  "history.gap": {
    one: "{count} Bescheinigung zwischen den Nummern {number} und {next}.",
    other: "{count} Bescheinigungen zwischen den Nummern {number} und {next}.",
  },
  "history.unlinked": "Nummer {next} nennt nicht die hier gegebene Nummer {number} als vorige.",
  "history.changes": "Was sich änderte",
  "history.with": "Nummer {number}, {day}:",
  "history.same": "nur Zahlen und Preise.",
  "history.rules": "Die Regeln sind andere.",
  "history.program": "Das Programm für Verträge ist ein anderes.",
  "history.key": "Der Schlüssel ist ein anderer.",
  "history.setup": "Das Setup ist ein anderes.",
  "history.software": "Das Programm, das sie machte, ist ein anderes.",
  "history.method": "Preise kommen nach einem anderen Verfahren oder aus einer anderen Quelle.",
  "history.added": "Neue Orte von Reserven: {names}.",
  "history.gone": "Orte von Reserven, die weg sind: {names}.",

  // The page around it.
  "page.name": "Pacioli: Ihr Konto prüfen, oder einen Handelsplatz",
  "page.title": "Ihr Konto prüfen, oder einen Handelsplatz",
  "page.intro":
    "Steht Ihr Konto im Buch des Handelsplatzes, mit genau Ihren Zeilen? Ist gedeckt, was er " +
    "schuldet? Geben Sie unten die Dateien. Nichts verlässt dieses Gerät: diese Seite arbeitet " +
    "ohne Netz und benutzt nie eines.",
  "page.language": "Sprache",
  "page.reset": "Von vorn",
  "page.onward": "Zum Ergebnis",
  "page.save": "Ergebnis speichern",
  "page.save.hint":
    "Eine Datei, die sagt, was geprüft wurde, von welcher Seite, und welche Dateien. Sie " +
    "enthält Ihre Kontokennung und keine Ihrer Zeilen.",
  "page.print": "Drucken",
  "page.own":
    "Paciolis Webseite, Version {version}. Eine Datei, kein Netz. Ihren Quelltext können Sie " +
    "in jedem Editor lesen. Das SHA-256 dieser Datei ist {digest}. Eine gefälschte Seite " +
    "zeigt, was sie will: vergleichen Sie die Datei selbst, mit `pacioli page --digest` oder " +
    "`sha256sum`.",
  "page.checking": "Wird geprüft …",
  "page.said": "Ergebnis: {verdict}.",
  "page.missing": "Noch fehlt: {missing}.",
  "page.venue.of": "Alles über {venue}: Zahlen, Richtlinie, Reserven, Preise",
  "page.venue.number": "Nummer {sequence} von {venue}, {day}",
  "place.pick": "Dateien wählen oder hier fallen lassen",
  "place.attestation": "1. Die Bescheinigung, die öffentlich ist",
  "place.attestation.hint":
    "Allein mit dem Schlüssel zeigt sie den Handelsplatz. Mehrere zeigen, wie es mit ihm " +
    "weiterging.",
  "place.attestation.given": "Gegebene Bescheinigungen",
  "place.key": "2. Die Schlüsseldatei",
  "place.key.hint": "Für eine Vorführung unter dem unsicheren Setup nicht nötig.",
  "place.key.given": "Gegebene Schlüsseldateien",
  "place.digest":
    "Der Fingerabdruck des Schlüssels, von jemandem, dem Sie vertrauen, nicht vom Handelsplatz",
  "place.digest.hint":
    "Schreiben Sie ihn nie von hier oder aus der Schlüsseldatei ab. Ohne ihn bürgt niemand für " +
    "den Schlüssel, und die beste Antwort ist: wenn niemand das Geheimnis des Setups kennt.",
  "place.remember": "Diesen Fingerabdruck auf diesem Gerät merken",
  "place.remembered":
    "Gemerkt seit {time}. Andere Webseiten, die Sie als Dateien öffnen, können ändern, was ein " +
    "Browser sich merkt: vergleichen Sie ihn ab und zu. Nehmen Sie das Häkchen weg, um ihn zu " +
    "vergessen.",
  "place.remember.is":
    "Er bleibt in diesem Browser und geht nirgendwohin. Sonst wird nur die Sprache gemerkt.",
  "place.remember.cannot":
    "Dieser Browser lässt eine Datei sich nichts merken: bewahren Sie den Fingerabdruck selbst " +
    "auf.",
  "place.statement": "3. Ihr Auszug, der vertraulich ist",
  "place.statement.hint":
    "Um nur den Handelsplatz zu sehen, lassen Sie ihn weg. Mehrere werden zugleich geprüft.",
  "place.statement.given": "Gegebene Auszüge",
  "place.id": "Ihre Kontokennung am Handelsplatz (freiwillig)",
  "place.id.hint":
    "Mit ihr wird ein Auszug abgelehnt, der für jemand anderen gemacht ist. Geben Sie mehrere " +
    "Auszüge, so wird sie mit allen verglichen, und einer muss der ihre sein.",
  "given.attestation": "{name}: Nummer {sequence} von {venue}, {time}",
  "given.statement": "{name}: vom Konto {account}",
  "given.key": "{name}: eine Schlüsseldatei",
  "given.prices": "{name}: andere Preise",
  "given.certificates": "{name}: Zertifikate",
  "given.damaged": "{name}: konnte nicht gelesen werden.",
  "given.moved": "Das ist: {kind}. Es wurde hierher verschoben.",
  "given.useless": "{name}: das ist {what}.",
  "given.remove": "{name} wegnehmen",

  // Terms, explained where they stand.
  "terms.title": "Was diese Wörter bedeuten",
  "term.scenario": "Szenario",
  "term.scenario.is":
    "Ein Fall, für den alles bewertet wird: zu heutigen Preisen, zu Preisen nach einem " +
    "Einbruch oder zu Preisen abzüglich Sicherheitsmargen.",
  "term.mark": "Zum Kurs (mark)",
  "term.mark.is": "Das Szenario der gegenwärtigen Preise, ohne Abzug.",
  "term.stress": "Stress",
  "term.stress.is":
    "Ein Szenario, in dem sich Preise wie bei einem Einbruch bewegen, um die genannten Teile.",
  "term.owed": "Geschuldet",
  "term.owed.is":
    "Was für alle Konten zusammen übrig bleibt, wenn von jedem die eigenen Schulden abgezogen " +
    "sind.",
  "term.reserves": "Reserven",
  "term.reserves.is":
    "Was der Handelsplatz zu halten angibt, um zu zahlen, was er schuldet. Der Beweis handelt " +
    "nicht davon.",
  "term.coverage": "Deckung",
  "term.coverage.is": "Reserven für Kunden je geschuldeter Einheit: 1 genügt, weniger als 1 nicht.",
  "term.bad.debt": "Ausfälle",
  "term.bad.debt.is":
    "Was allen Konten zusammen fehlt, die weniger halten, als sie schulden. Jemand anderes " +
    "muss es tragen.",
  "term.shortfall": "Fehlbetrag",
  "term.shortfall.is":
    "Was einem Konto in einem Szenario fehlt: seine Schulden abzüglich dessen, was es hält.",
  "term.equity": "Guthaben",
  "term.equity.is": "Was einem Konto in einem Szenario übrig bleibt: was ihm geschuldet wird.",
  "term.fund": "Sicherungsfonds",
  "term.fund.is": "Geld, das ein Handelsplatz zurücklegt, um Ausfälle zu tragen.",
  "term.custody": "Verwahrung",
  "term.custody.is":
    "Wer die Schlüssel oder das Konto hat, worin eine Reserve liegt: der Handelsplatz oder ein " +
    "Verwahrer für ihn.",
  "term.evidence": "Nachweis",
  "term.evidence.is":
    "Was der Handelsplatz dafür nennt, dass eine Reserve da ist und er über sie verfügt. Diese " +
    "Seite wiederholt es und prüft nichts davon.",
  "term.policy": "Richtlinie",
  "term.policy.is":
    "Was der Handelsplatz in seinen eigenen Regeln einzuhalten versprach. Eine Richtlinie kann " +
    "wenig verlangen: lesen Sie, welche Klauseln es gibt.",
  "term.clause": "Klausel",
  "term.clause.is": "Eine Forderung einer Richtlinie, zum Beispiel: die Deckung ist mindestens 1.",
  "term.snapshot": "Stichtag",
  "term.snapshot.is": "Alle Konten, und was sie zu einem Zeitpunkt halten.",
  "term.deposit": "Einlage",
  "term.deposit.is": "Ein positiver Bestand eines Werts in einem Konto.",
  "term.borrow": "Schuld",
  "term.borrow.is": "Ein negativer Bestand eines Werts: das Konto schuldet ihn dem Handelsplatz.",
  "term.open.interest": "Offene Positionen",
  "term.open.interest.is":
    "Alle Positionen eines Markts zusammen. Jede Kaufposition hat eine Verkaufsposition auf " +
    "ihrer anderen Seite.",
  "term.attestation": "Bescheinigung",
  "term.attestation.is":
    "Die Datei, die ein Handelsplatz für alle veröffentlicht: Regeln, Preise, Reserven, Summen " +
    "und Beweise.",
  "term.statement": "Auszug",
  "term.statement.is": "Ihre eigene Datei: Ihre Zeilen, und was zeigt, dass sie im Buch stehen.",
  "term.digest": "Fingerabdruck",
  "term.digest.is":
    "Ein kurzer Name, der aus den Bytes einer Datei berechnet wird. Zwei Dateien mit demselben " +
    "Fingerabdruck sind dieselbe Datei.",
  "term.volume": "Band",
  "term.volume.is": "Ein Teil des Buchs, der einen eigenen Beweis hat.",
  "term.trial.balance": "Probebilanz",
  "term.trial.balance.is":
    "Die Summe aus allem, was gehalten und geschuldet wird, zu den Werten eines Szenarios. In " +
    "jedem ehrlichen Buch ist sie 0.",
  "term.proof": "Beweis",
  "term.proof.is":
    "Zahlen, die niemand für ein Buch machen kann, das nicht aufgeht, außer wer das Geheimnis " +
    "des Setups kennt.",
  "term.setup": "Setup",
  "term.setup.is":
    "Zahlen, mit denen Beweise gemacht und geprüft werden. Wer das Geheimnis kennt, aus dem " +
    "sie stammen, kann Beweise fälschen; darum machen viele Leute sie gemeinsam.",
  "term.key": "Schlüsseldatei",
  "term.key.is":
    "Der kleine Teil eines Setups, den das Prüfen braucht. Er stimmt, wenn jemand, dem Sie " +
    "vertrauen, ihn aus dem Setup gemacht und Ihnen seinen Fingerabdruck gesagt hat.",
  "term.rules": "Regeln",
  "term.rules.is":
    "Was gehalten werden darf, wie viel es zählt und was gelten muss: vom Handelsplatz gewählt.",
  "term.line": "Zeile",
  "term.line.is": "Eine Sache, die ein Konto hält oder schuldet, und wie viel davon.",
  "term.class": "Klasse",
  "term.class.is":
    "Wessen Konto es ist: das eines Kunden oder ein eigenes des Handelsplatzes, etwa seines " +
    "Fonds. Ihres sollte `customer` sein.",
  "term.plain": "Schlicht",
  "term.plain.is": "Ohne Schulden gehalten: in jedem Szenario mindestens nichts wert.",
  "term.covered": "Gedeckt",
  "term.covered.is":
    "In einem Konto, dessen Bestände in jedem Szenario mindestens so viel wert sind wie seine " +
    "Schulden, Zeile für Zeile.",
  "term.number": "Nummer",
  "term.number.is":
    "Der Platz einer Bescheinigung in der Kette des Handelsplatzes, von 0 an gezählt. Jede " +
    "nennt die vorige.",
  "term.bound": "Grenze",
  "term.bound.is": "Eine Zahl, die höchstens oder mindestens die wahre ist.",
  "term.certificate": "Zertifikat",
  "term.certificate.is": "Einige Zahlen, mit denen jeder eine Grenze prüfen kann.",
};
