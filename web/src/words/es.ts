// All words of the web page, in Spanish. See en.ts, which has the same names.

import type { Words } from "./text.ts";

export const es: Words = {
  // Everywhere.
  few: {
    one: "{first} y {count} más",
    other: "{first} y {count} más",
  },
  "letter.P": "la prueba lo muestra, para las cuentas del libro",
  "letter.R": "esta página lo ha calculado, con datos públicos o con sus propios archivos",
  "letter.W": "la palabra del editor, no probada aquí",
  "legend.intro":
    "La letra junto a una cifra dice quién responde de ella. Los importes están a los precios " +
    "del editor. Esta página no lee ninguna cadena de bloques: una C, de lo que una cadena " +
    "muestra, solo está en los informes de la línea de órdenes.",
  "nothing.owed": "no se debe nada",
  "english.reason": "Con las palabras del programa, en inglés: {text}",

  // The venue: what it says of itself.
  "venue.title": "La plataforma",
  "venue.nothing": "No se debe nada a las cuentas.",
  "venue.owed":
    "Se debe a las cuentas como máximo {owed} a precio actual. La plataforma declara reservas " +
    "para clientes de {ratio} {quote} por cada {quote} que debe.",
  "venue.about": "Sobre esta atestación",
  "venue.name": "Plataforma",
  "venue.attestation": "Atestación",
  "venue.number": "número {sequence}, a fecha de {time}",
  "venue.digest": "Su huella",
  "venue.previous": "Huella de la anterior",
  "venue.first": "ninguna: es la primera",
  "venue.accounts": "Cuentas",
  "venue.in.book": "{accounts} en el libro",
  "venue.volumes": "Volúmenes",
  "venue.rules": "Reglas",
  "venue.rules.are": "{name} ({exactness}), de {source}",
  "venue.rules.digest": "La huella de las reglas",
  "venue.rules.text": "Las reglas, palabra por palabra",
  "venue.setup": "Configuración",
  "venue.setup.word": "{setup} (según la plataforma)",
  "venue.key": "La huella de la clave",
  "venue.software": "Programa",
  "venue.tau": "El punto [tau]₂ de la configuración, para compararlo con el de una ceremonia",
  "venue.balance": "Balance de comprobación",
  "venue.balance.is": {
    one: "0 en el único escenario de cada volumen: lo que se tiene y lo que se debe son iguales",
    other:
      "0 en los {count} escenarios de cada volumen: lo que se tiene y lo que se debe son iguales",
  },
  "setup.insecure": "INSEGURA: todos conocen su número secreto",
  "setup.vouched": "usted respondió de la clave con su huella",
  "setup.unknown": "DESCONOCIDA, nadie responde de la clave",
  "setup.ceremony": "{trust}; su número secreto es el de {ceremony}",
  "setup.no.ceremony": "{trust}; de ninguna ceremonia que esta página conozca",
  "times.title": "Tiempos",
  "times.caption": "Las antigüedades son según el reloj de este dispositivo",
  "times.of": "De",
  "times.time": "Tiempo",
  "times.distance": "Respecto a la instantánea",
  "times.age": "Antigüedad",
  "times.snapshot": "Instantánea",
  "times.prices": "Precios",
  "times.reserves": "Reservas",
  "times.same": "el mismo tiempo",
  "times.after": "{length} después",
  "times.before": "{length} antes",
  "times.future": "{length} en el futuro",
  "drawn.is":
    "El tiempo de la instantánea es el segundo del día {day} sorteado de {from}, {seen}. Nadie " +
    "lo conocía antes de que terminara ese día.",

  // What is owed, and what is behind it.
  "backing.title": "Lo que se debe, y las reservas que lo respaldan",
  "backing.bounds":
    "Lo que se debe, los impagos y las cuentas con déficit son cotas superiores para las " +
    "cuentas del libro: las cifras verdaderas pueden ser menores, nunca mayores.",
  "backing.caption": "En {quote}, en cada escenario",
  "backing.scenario": "Escenario",
  "backing.owed": "Se debe, como máximo",
  "backing.reserves": "Reservas para clientes",
  "backing.coverage": "Cobertura",
  "backing.bad.debt": "Impagos, como máximo",
  "backing.accounts": "Cuentas con déficit, como máximo",
  "backing.fund": "Queda para el fondo de garantía",
  "backing.fund.is":
    "Lo que queda para el fondo de garantía son todas las reservas, valoradas en el escenario, " +
    "menos lo que allí se debe a todos los demás. Un importe negativo falta.",
  "backing.contingencies": "Peores pérdidas que se cargan a las cuentas, en {quote}",
  "backing.contingency": "Contingencia",
  "backing.sum": "Suma, como máximo",
  "backing.charged": "Cuentas",
  "scenarios.title": "Lo que supone cada escenario",
  "scenarios.chosen":
    "El editor eligió los escenarios. Están en las reglas, a las que está ligada la prueba.",
  "scenarios.mark": "todo a su precio",
  "scenarios.maintenance": "todo a su precio, tras los pesos y márgenes de mantenimiento",
  "scenarios.initial": "todo a su precio, tras los pesos y márgenes iniciales",
  "scenarios.credit.maintenance":
    "como el margen de mantenimiento, pero los préstamos no acreditados cuentan como 0",
  "scenarios.credit.initial":
    "como el margen inicial, pero los préstamos no acreditados cuentan como 0",
  "scenarios.must.cover": "una pérdida que el margen {margin} debe cubrir: {loss}",
  "scenarios.of.own": "{parts} de su propio precio",
  "scenarios.of.underlying": "{parts} del precio del subyacente",
  "scenarios.delta": "{net} del delta neto y {gross} del delta bruto en {underlying}",
  "scenarios.only": "{loss}, solo de {names}",
  "scenarios.weight": "{loss}, de la que cuenta {part}",
  "scenarios.others": "todos los demás {move}",
  "scenarios.everything": "todo {move}",
  "scenarios.still": {
    one: "{moves}; {names} no se mueve",
    other: "{moves}; {names} no se mueven",
  },
  "scenarios.without.rule": "todo activo sin regla propia",

  // The policy.
  "policy.title": "La política propia de la plataforma",
  "policy.holds": "Se cumple",
  "policy.fails": "No se cumple",
  "policy.none":
    "La política propia de la plataforma no tiene ninguna cláusula para este libro: no pide nada.",
  "policy.kept": {
    one: "La plataforma cumple su propia política: se cumple su única cláusula.",
    other: "La plataforma cumple su propia política: se cumplen sus {count} cláusulas.",
  },
  "policy.broken.one": "No se cumple su única cláusula: {names}.",
  "policy.broken": {
    one: "No se cumple {count} de sus {all} cláusulas: {names}.",
    other: "No se cumplen {count} de sus {all} cláusulas: {names}.",
  },
  "policy.not.kept": "La plataforma NO cumple su propia política.",
  "policy.unasked": {
    one: "No pregunta por: {subjects}.",
    other: "Ninguna de ellas pregunta por: {subjects}.",
  },
  "policy.rests": {
    one:
      "{count} de estas cláusulas se apoya en la palabra del editor sobre reservas, precios o " +
      "tiempos (W).",
    other:
      "{count} de estas cláusulas se apoyan en la palabra del editor sobre reservas, precios o " +
      "tiempos (W).",
  },

  // Assets, markets, classes.
  "assets.title": "Activos",
  "assets.caption": "Las reservas son las de los clientes",
  "assets.asset": "Activo",
  "assets.deposited": "Depositado",
  "assets.borrowed": "Prestado",
  "assets.reserves": "Reservas",
  "assets.coverage": "Reservas por unidad depositada",
  "assets.credited": "Préstamos acreditados que cuentan",
  "assets.credit":
    "Los préstamos de cuentas que la plataforma llama solventes se restan de los depósitos, " +
    "menos {taken} de déficits y de ganancias que la pérdida de ninguna cuenta paga.",
  "markets.title": "Mercados",
  "markets.caption": "Interés abierto",
  "markets.market": "Mercado",
  "markets.long": "Largo",
  "markets.short": "Corto",
  "classes.title": "Clases de cuentas",
  "classes.no.clause":
    "Ninguna cláusula se apoya en estas cifras: una cuenta que no es de nadie puede mover " +
    "valor de una clase a otra.",
  "classes.caption": "Lo que valen juntas las cuentas de cada clase, en {quote}",
  "classes.class": "Clase",

  // Reserves.
  "reserves.title": "Reservas",
  "reserves.none": "La plataforma no declara ninguna reserva.",
  "reserves.entries": {
    one: "1 entrada, con su cadena, dirección, custodia y evidencia",
    other: "{count} entradas, cada una con su cadena, dirección, custodia y evidencia",
  },
  "reserves.pledged": {
    one: "{count} de ellas garantiza también otra cosa",
    other: "{count} de ellas garantizan también otra cosa",
  },
  "reserves.idle": {
    one: "{count} de ellas no cuenta",
    other: "{count} de ellas no cuentan",
  },
  "reserves.intro":
    "Todo ello es la palabra del editor (W). Busque las direcciones; la evidencia junto a la " +
    "atestación la comprueba `pacioli reserves check`.",
  "reserves.counts": "Cuenta",
  "reserves.counts.pledged": "nada: garantiza otra cosa, que puede tomarla primero",
  "reserves.counts.claim":
    "nada aquí: un crédito contra otra plataforma solo cuenta junto a la atestación de esta, " +
    "con `pacioli contagion`",
  "reserves.counts.unknown": "nada: no es ningún activo de estas reglas y precios",
  "reserves.chain": "Cadena",
  "reserves.address": "Dirección",
  "reserves.evidence": "Evidencia",
  "reserves.for": "Para",
  "reserves.for.customers": "los clientes",
  "reserves.for.insurance": "el fondo de garantía",
  "reserves.for.claim": "todo lo que la plataforma debe",
  "reserves.custodian": "Custodio",
  "reserves.custodian.none": "no consta: entonces, la propia plataforma",
  "reserves.owner": "Dueño legal",
  "reserves.secures": "Garantiza también",
  "reserves.confirmed": "Confirmado por",
  "reserves.by.chain": "una cadena, donde cualquiera puede leerlo",
  "reserves.by.custodian": "el custodio",
  "reserves.by.auditor": "un auditor",
  "reserves.by.self": "solo la plataforma",
  "reserves.by.nobody": "no consta",

  // Prices.
  "prices.title": "Precios",
  "prices.summary": {
    one: "{count} precio en {quote}, a fecha de {time}",
    other: "{count} precios en {quote}, a fecha de {time}",
  },
  "prices.method": "Método",
  "prices.source": "Fuente",
  "prices.no.source": "no consta",
  "prices.caption": "Precios en {quote}: compárelos con otra fuente",
  "prices.of": "De",
  "prices.price": "Precio de uno",
  "prices.open.interest": "Interés abierto que siguen las tasas iniciales, en unidades enteras",
  "prices.stated": "Declarado",
  "prices.refused": "Activos de los que ninguna fuente dio un precio utilizable",
  "prices.reason": "Razón",
  "prices.volatilities": "Volatilidades que los márgenes y pesos pueden seguir: 1 es 100 % al año",
  "prices.what": "Qué",

  // Left out.
  "left.title": "Omitido o redondeado",
  "left.nothing": "Nada, según la plataforma.",
  "left.lines": {
    one: "{count} línea",
    other: "{count} líneas",
  },
  "left.accounts": {
    one: "{count} cuenta",
    other: "{count} cuentas",
  },
  "left.asset":
    "{asset}, sin precio: {deposits} depositados y {borrows} prestados, en {lines} de {accounts}",
  "left.all": "{accounts}, omitidas con todo lo que tienen",
  "left.rounded": "{lines} con redondeo, de menos de {bound} en conjunto",
  "left.by.instrument": "Lo que se redondeó, por instrumento",
  "left.instrument": "{instrument}: {lines}, de menos de {bound}",

  // Kinds of files, in the middle of a sentence.
  "kind.attestation": "atestación",
  "kind.statement": "extracto",
  "kind.key": "archivo de clave",
  "kind.prices": "archivo de precios",
  "kind.certificates": "archivo de certificados",

  // Why something could not be checked. These accuse nobody.
  "why.other.kind": "Aquí se esperaba otro archivo: {kind}. Este es: {other}.",
  "why.resaved":
    "Algún programa volvió a guardar el archivo ({kind}) por el camino y lo cambió. Consígalo " +
    "otra vez y déjelo como está.",
  "why.version":
    "El archivo ({kind}) es de otra versión, {got}. Esta página lee {own}: use la página de " +
    "aquella versión.",
  "why.cut.off":
    "El archivo ({kind}) se cortó por el camino (en la línea {line}). Consígalo otra vez.",
  "why.line.ends":
    "Los finales de línea del archivo ({kind}) cambiaron por el camino, como hacen los " +
    "programas de correo. Consígalo otra vez.",
  "why.malformed":
    "El archivo ({kind}) cambió por el camino, o es de otra versión. Consígalo otra vez. Con " +
    "las palabras del programa: {text}.",
  "why.other.attestation":
    "El extracto no es de la atestación dada aquí, que es la número {sequence} de {venue}, de " +
    "{time}. Añada la atestación del tiempo del extracto.",
  "why.other.account": "El extracto es el de la cuenta {account}, no el de {id}.",
  "why.future":
    "La atestación tiene un tiempo del futuro según el reloj de este dispositivo: {time}. " +
    "Ponga el reloj en hora, o no confíe en la atestación.",
  "why.no.key":
    "La atestación se hizo con la configuración {setup}. Añada el archivo de clave que le " +
    "corresponde.",
  "why.digest.alone":
    "Escribió la huella de una clave, pero no hay archivo de clave con que compararla. Añada " +
    "el archivo de clave.",
  "why.other.digest":
    "El archivo de clave tiene la huella {digest}, que no es la que usted escribió. No use " +
    "esta clave: pregunte otra vez a quien le dio la huella o el archivo.",
  "why.other.key":
    "Este archivo de clave no corresponde a la atestación: su huella es {digest}, y la " +
    "atestación nombra {key}. Añada el archivo de clave que le corresponde.",
  "why.other.sizes":
    "Este archivo de clave es para otro tamaño de libro ({key}) que el de la atestación " +
    "({own}). Añada el que le corresponde.",
  "why.bad.key":
    "El archivo de clave no se puede usar. Consígalo otra vez. Con las palabras del programa: " +
    "{text}.",
  "why.no.digest":
    "{typed} no es una huella: una huella es `0x` y 64 de las cifras 0 a 9 y letras a a f.",
  "why.line.differs": "La línea {line} del extracto no es lo que el libro contiene en este lugar.",
  "why.line.worth": "Línea {line} del extracto: el valor declarado de {name} es erróneo.",
  "why.no.balance": "Las líneas suman {sum}, no 0, en el escenario {name}.",
  "why.no.opening": "La apertura no muestra estos valores en la página {page} del libro.",
  "why.page": "La página {page} no es una de las {pages} páginas que cuentan.",
  "why.volume": "No hay volumen {volume}; la atestación tiene {volumes}.",
  "why.is": "Se esperaba: {kind}. En su lugar hay {other}.",

  // What a file is that this web page does not take.
  "other.empty": "un archivo vacío: no llegó nada de él; consígalo otra vez",
  "other.reserves": "un archivo de reservas, que la atestación ya contiene",
  "other.unknown": "ni una atestación ni un extracto ni un archivo de clave",
  "other.setup":
    "una configuración, demasiado grande para esta página: añada el archivo de clave hecho de ella",
  "other.ptau": "las potencias de tau de una ceremonia: añada el archivo de clave hecho de ellas",
  "other.snapshot": "una instantánea de un libro entero, que debería ser privada",
  "other.parquet": "un archivo Parquet, no una atestación, un extracto ni un archivo de clave",
  "other.compressed": "un archivo comprimido: descomprímalo primero",
  "other.pdf": "un documento PDF, no una atestación, un extracto ni un archivo de clave",
  "other.web.page": "una página web: consiga el archivo mismo, no la página que lo rodea",

  // Clauses.
  "clause.coverage":
    "las reservas para clientes valen {reserves} y se debe {owed}: cobertura {ratio} " +
    "redondeada hacia abajo, al menos {asked} exigida",
  "clause.coverage.nothing":
    "las reservas para clientes valen {reserves} y se debe {owed}: no se debe nada, al menos " +
    "{asked} exigida",
  "clause.coverage.from":
    "las reservas para clientes valen {reserves} y se debe de {least} a {most}: cobertura de " +
    "{low} a {high}, al menos {asked} exigida",
  "clause.coverage.least":
    "las reservas para clientes valen {reserves} y se debe de {least} a {most}: cobertura de " +
    "al menos {low}, al menos {asked} exigida",
  "clause.coverage.range":
    "las reservas para clientes valen {reserves} y se debe {owed}: cobertura de {low} a " +
    "{high}, al menos {asked} exigida",
  "clause.no.price": "no hay precio del activo",
  "clause.no.credit": "no hay escenario de crédito",
  "clause.asset": "reservas de {reserves} para depósitos de {deposits}",
  "clause.asset.credit":
    "reservas de {reserves} para depósitos de {deposits} menos préstamos acreditados de {credited}",
  "clause.bad.debt": {
    one: "los impagos son {debt} en {count} cuenta, y el límite es {limit}",
    other: "los impagos son {debt} en {count} cuentas, y el límite es {limit}",
  },
  "clause.bad.debt.from": "los impagos son de {least} a {most}, y el límite es {limit}",
  "clause.bad.debt.is": "los impagos son {debt}, y el límite es {limit}",
  "clause.bad.debt.mark":
    "los impagos a precio actual son al menos {debt}, aquí no falta menos, y el límite es {limit}",
  "clause.no.twin": "no hay gemelo de {name} que diga lo que se debe a todos menos al fondo",
  "clause.fund": "todas las reservas valen {reserves} y se debe {owed}",
  "clause.fund.from": "todas las reservas valen {reserves} y se debe de {least} a {most}",
  "clause.fund.left":
    "todas las reservas valen {reserves} y se debe {owed}: queda {left} para el fondo de garantía",
  "clause.fund.missing": "todas las reservas valen {reserves} y se debe {owed}: falta {left}",
  "clause.fund.others":
    "todas las reservas valen {reserves} y a todos menos al fondo de garantía se debe {owed}",
  "clause.fund.others.from":
    "todas las reservas valen {reserves} y a todos menos al fondo de garantía se debe de " +
    "{least} a {most}",
  "clause.fund.others.left":
    "todas las reservas valen {reserves} y a todos menos al fondo de garantía se debe {owed}: " +
    "queda {left} para el fondo de garantía",
  "clause.fund.others.missing":
    "todas las reservas valen {reserves} y a todos menos al fondo de garantía se debe {owed}: " +
    "falta {left}",
  "clause.open.interest": "largo {long}, corto {short}",
  "clause.no.reserves": "no hay reservas",
  "clause.prices.time":
    "los precios de {time} están a {length} de la instantánea, y se permite como máximo {most}",
  "clause.reserves.time":
    "las reservas de {time} están a {length} de la instantánea, y se permite como máximo {most}",
  "clause.left.accounts": {
    one: "{count} cuenta omitida, y se permiten como máximo {most}",
    other: "{count} cuentas omitidas, y se permiten como máximo {most}",
  },
  "clause.left.none": "ningún activo omitido",
  "clause.left.one": "1 activo omitido, no más de él que lo permitido",
  "clause.left.allowed": {
    one: "{count} activo omitido, no más de él que lo permitido",
    other: "{count} activos omitidos, de ninguno más que lo permitido",
  },
  "clause.left.refused":
    "omitidos depósitos de {deposits} y préstamos de {borrows}, cuyo precio se rechazó: {reason}",
  "clause.left.most":
    "omitidos depósitos de {deposits} y préstamos de {borrows}, y se permite como máximo " +
    "{most} de cada uno",
  "clause.left.not.allowed":
    "omitidos depósitos de {deposits} y préstamos de {borrows}, y no se permite nada de ello",
  "clause.rounding": "el redondeo cambió como máximo {changed}, y se permite {most}",
  "clause.not.drawn": "{time} no fue sorteado",
  "clause.drawn": "{time} es el segundo del día {day} sorteado de {from}, {seen}",
  "clause.drawn.other":
    "{time} es el segundo del día {day} sorteado de {from}, {seen}, y tiene que sortearse de " +
    "{asked}",
  "clause.drawn.before": "las reservas de {time} son de antes del fin del día {day}",
  "clause.drawn.after":
    "las reservas de {time} son de después del fin del día {day}, cuando su segundo era conocido",
  "clause.volatility.age":
    "{what} es de {time}, a {length} de la instantánea, y se permite como máximo {most}",
  "clause.volatility.fresh": {
    one:
      "{count} fuente declara una volatilidad de {asset} no demasiado antigua, y se piden al " +
      "menos {least}",
    other:
      "{count} fuentes declaran una volatilidad de {asset} no demasiado antigua, y se piden al " +
      "menos {least}",
  },
  "clause.volatility.sources": {
    one: "{count} fuente declara una volatilidad de {asset}, y se piden al menos {least}",
    other: "{count} fuentes declaran una volatilidad de {asset}, y se piden al menos {least}",
  },
  "clause.volatility.alone":
    "una tasa sigue a {what}, {rate}, y ninguna otra fuente dice cuánto es",
  "clause.volatility.alone.then":
    "una tasa sigue a {what}, {rate}, y ninguna otra fuente dice cuánto es hacia ese tiempo",
  "clause.volatility.band":
    "una tasa sigue a {what}, {rate}, y lo más que dice otra fuente es {most}, {whose}: puede " +
    "estar por debajo de eso en {band} de ello",
  "clause.too.coarse":
    "las unidades de valor son demasiado gruesas a estos precios: el redondeo cambiaría lo que " +
    "se debe",

  // What no clause asks about.
  "subject.reserves": "reservas",
  "subject.stress": "reservas en un estrés",
  "subject.assets": "reservas de cada activo",
  "subject.bad.debt": "impagos",
  "subject.open.interest": "interés abierto",
  "subject.times": "lo apartados que están los tiempos",
  "subject.left.out": "lo que se omite",
  "subject.volatility.age": "la antigüedad de las volatilidades",
  "subject.volatility.sources": "cuántas fuentes declaran volatilidades",
  "subject.volatility.band": "si las volatilidades se declaran por debajo",

  // The steps of a check.
  "step.files": "Los dos archivos están completos y sin cambios",
  "step.match": "El extracto es de esta atestación",
  "step.table": "Las reglas y los precios dan la tabla de instrumentos",
  "step.totals": "Los totales cuadran, concuerdan con la cabecera y dan cifras y política",
  "step.setup": "Se conoce una configuración con que comprobar aperturas",
  "step.page": "La cuenta está en una página que cuenta",
  "step.worth": "Cada línea vale lo que dice",
  "step.order": "Las líneas están en orden, y cada tramo está dentro de su tope",
  "step.balance": "Las líneas suman 0 en cada escenario",
  "step.opening": "Los compromisos del libro se abren a esta página",
  "step.lines": "La página contiene estas líneas con este identificador",
  "step.files.found": "cada byte está en su forma única",
  "step.match.own": "huella {digest}; solo usted puede decir si el identificador {id} es suyo",
  "step.match.typed": "huella {digest}, y el identificador es el que usted escribió",
  "step.table.found": {
    one: "{count} instrumento en {scenarios} escenarios, y el programa que nombra la cabecera",
    other: "{count} instrumentos en {scenarios} escenarios, y el programa que nombra la cabecera",
  },
  "step.table.no.program": {
    one:
      "{count} instrumento en {scenarios} escenarios, y ningún programa para un contrato: {text}",
    other:
      "{count} instrumentos en {scenarios} escenarios, y ningún programa para un contrato: {text}",
  },
  "step.totals.found":
    "el balance de comprobación es 0 en cada escenario; se cumplen {kept} de {all} cláusulas " +
    "de la política",
  "step.setup.vouched":
    "la clave es la que nombra la atestación, sus potencias son potencias de un número, y su " +
    "huella es la que usted dio",
  "step.setup.unknown":
    "la clave es la que nombra la atestación, sus potencias son potencias de un número, y " +
    "nadie responde de ella",
  "step.setup.insecure":
    "la clave es la que nombra la atestación, y todos conocen el número secreto que hay detrás",
  "step.setup.no.file": "INSEGURA: todos conocen el número secreto que hay detrás",
  "step.page.found": "volumen {volume}, página {page}, desde el lugar {slot}",
  "step.lines.counted": {
    one: "{count} línea",
    other: "{count} líneas",
  },
  "step.order.found": "contabilizada como {name}",
  "step.opening.found": {
    one: "una ecuación de emparejamiento sobre {count} lugar",
    other: "una ecuación de emparejamiento sobre {count} lugares",
  },
  "step.seals": {
    one: "{count} sello",
    other: "{count} sellos",
  },

  // Verdicts: the words of the native programs, and a sentence each.
  "word.in.book": "EN EL LIBRO",
  "word.in.book.unknown": "EN EL LIBRO SI NADIE CONOCE EL SECRETO DE LA CONFIGURACIÓN",
  "word.in.book.insecure": "EN EL LIBRO, CON UNA CONFIGURACIÓN INSEGURA",
  "word.holds": "SE CUMPLE",
  "word.holds.unknown": "SE CUMPLE SOLO SI NADIE CONOCE EL SECRETO DE LA CONFIGURACIÓN",
  "word.holds.insecure": "SE CUMPLE, CON UNA CONFIGURACIÓN INSEGURA",
  "word.fails": "NO SE CUMPLE",
  "word.unchecked": "SIN COMPROBAR",
  "word.unproved": "LA PRUEBA NO SE COMPROBÓ AQUÍ",
  "word.checking": "COMPROBANDO",
  "says.in.book": "Su cuenta está en este libro, sus líneas cuadran y la prueba es válida.",
  "says.in.book.broken":
    "Su cuenta está en este libro. La plataforma NO cumple su propia política.",
  "says.in.book.unknown":
    "Su cuenta está en este libro, si nadie conoce el secreto de la configuración: usted no " +
    "dio ninguna huella de la clave, así que nadie responde de ella.",
  "says.in.book.insecure":
    "Solo es un ensayo: las líneas cuadran, pero todos conocen el secreto de la configuración, " +
    "y estos archivos no prueban nada.",
  "says.holds": "Las pruebas son válidas, y la plataforma cumple su propia política.",
  "says.holds.unknown":
    "Las pruebas son válidas y la plataforma cumple su propia política, si nadie conoce el " +
    "secreto de la configuración: usted no dio ninguna huella de la clave, así que nadie " +
    "responde de ella.",
  "says.holds.insecure":
    "Solo es un ensayo: las cifras cuadran, pero todos conocen el secreto de la configuración, " +
    "y estos archivos no prueban nada.",
  "says.policy.broken": "Las pruebas son válidas, pero la plataforma NO cumple su propia política.",
  "says.statement.refused": "No confíe en este extracto.",
  "says.attestation.refused": "No confíe en esta atestación.",
  "says.proof.refused": "No confíe en esto: la prueba no es válida.",
  "says.statement.unproved":
    "Las líneas cuadran, pero esta página no pudo comprobar la prueba: los totales de la " +
    "plataforma son solo lo que ella afirma.",
  "says.attestation.unproved":
    "Las cifras cuadran, pero esta página no pudo comprobar la prueba: son solo lo que la " +
    "plataforma afirma.",
  "says.unchecked": "Esto no se pudo comprobar.",
  "says.checking": "Hasta aquí todo está bien. Ahora se comprueba la prueba.",
  "refused.keep":
    "Los archivos están completos. Si son los correctos, consérvelos sin cambios: son la " +
    "evidencia que puede mostrar a otros.",
  "unchecked.nobody":
    "Esto no acusa a nadie: los programas de correo, los editores y las descargas cambian " +
    "archivos, y los archivos se confunden con facilidad.",

  // The five lines.
  "line.account": "Cuenta:",
  "line.account.is": "{account} en {venue}, a fecha de {time}.",
  "line.account.yours": "¿Es usted, y nadie más? Solo usted puede decirlo.",
  "line.worth": "Sus líneas:",
  "line.worth.is": "juntas valen {amount} a los precios de aquel tiempo. Es lo que se le debe.",
  "line.worth.lacks":
    "juntas están {amount} por debajo de cero a los precios de aquel tiempo: usted debe eso.",
  "line.worth.compare":
    "Compárelas abajo con sus propios registros: que no falte ni sobre ninguna.",
  "line.proof": "Prueba:",
  "line.proof.holds": {
    one: "comprobada por esta página: es válida.",
    other: "las {count} fueron comprobadas por esta página: son válidas.",
  },
  "line.proof.checking": {
    one: "comprobándose …",
    other: "{checked} de {count} comprobadas …",
  },
  "line.proof.bar": "Hasta dónde está comprobada la prueba",
  "line.proof.refused": "comprobada por esta página: NO es válida.",
  "line.proof.unchecked": "no comprobada por esta página.",
  "line.proof.instead":
    "Hasta que alguien ejecute `pacioli verify` con la atestación, los totales de la " +
    "plataforma son solo lo que ella afirma.",
  "line.proof.shows": "Muestra que cada cuenta del libro cuadra, y que los totales son los suyos.",
  "line.key": "Clave:",
  "line.key.vouched": "su huella es la que usted escribió.",
  "line.key.remembered": "su huella es la que usted escribió el {since}.",
  "line.key.means":
    "Quien le dio esa huella responde de que nadie conoce el secreto que hay detrás de la clave.",
  "line.key.unknown": "nadie responde de ella.",
  "line.key.forge":
    "Quien la hizo, o conoce el secreto de su configuración, puede falsificar todo lo que hay " +
    "en esta página.",
  "line.key.ceremony":
    "Su secreto es el de una ceremonia pública ({name}), pero no basta: los demás números de " +
    "un archivo de clave podrían ser cualesquiera.",
  "line.key.digest": "La huella de este archivo de clave",
  "line.key.ask":
    "Pida a alguien de confianza, no a la plataforma, la huella de la clave que hizo a partir " +
    "de la configuración, y escríbala arriba.",
  "line.key.insecure": "INSEGURA: todos conocen su secreto.",
  "line.key.insecure.means":
    "Cualquiera pudo hacer estos archivos, con las líneas que quisiera. Son para ensayos y " +
    "demostraciones.",
  "line.policy": "Política:",
  "line.policy.means":
    "Lo que la plataforma se exige a sí misma. Abajo está cláusula por cláusula.",
  "line.time": "Instantánea:",
  "line.time.is": "número {sequence}, a fecha de {time}. Antigüedad: {age}.",
  "line.time.only": "Nada de esto trata de un tiempo anterior o posterior.",
  "line.owed": "Se debe:",
  "line.owed.is":
    "como máximo {owed}. Reservas declaradas para clientes: {ratio} por cada {quote} que se " +
    "debe. Impagos: como máximo {debt}.",
  "line.owed.word": "Las reservas y los precios son la palabra del editor.",
  "you.title": "Lo que solo usted puede comprobar",
  "you.lines": {
    one:
      "La línea de abajo coincide con sus propios registros de aquel tiempo: no falta ni sobra " +
      "ninguna.",
    other:
      "Las {count} líneas de abajo coinciden con sus propios registros de aquel tiempo: no " +
      "falta ni sobra ninguna.",
  },
  "you.id": "El identificador es suyo, y nadie más lo tiene en la plataforma.",
  "you.same": "Otros ven la misma atestación: compare su huella con la de ellos.",

  // A holder's lines.
  "account.title.of": {
    one: "Su {count} línea: cuenta {account}",
    other: "Sus {count} líneas: cuenta {account}",
  },
  "account.booked":
    "Cuenta {account}, contabilizada en la clase {class}. Los valores están en {quote}, a los " +
    "precios de la atestación.",
  "account.room":
    "El espacio libre en un tramo vale 0: muestra que el tramo está dentro de su tope.",
  "account.plain":
    "Tenencia simple: vale al menos nada en cada escenario, así que ningún escenario puede " +
    "quitarla.",
  "account.covered":
    "Cubierta: en conjunto vale al menos lo que se debe en cada escenario, así que no se cerró " +
    "ninguna por él.",
  "account.asset": "Activo",
  "account.side": "Lado",
  "account.amount": "Cantidad",
  "account.at.mark": "Valor a precio actual",
  "account.lines": {
    one: "{count} línea",
    other: "{count} líneas",
  },
  "account.and.balancing": {
    one: "{lines}, y {count} más que las equilibra",
    other: "{lines}, y {count} más que las equilibran",
  },
  "account.and.closing": {
    one: "{lines}, y {count} más que declara patrimonio o déficit",
    other: "{lines}, y {count} más que declaran patrimonio o déficit",
  },
  "account.sum": "Su suma en cada escenario",
  "account.equity": "Su patrimonio",
  "account.shortfall": "Su déficit",
  "account.first.tier": "el primer tramo vale para todo",
  "account.no.loss": "no se resta ninguna peor pérdida",
  "account.less":
    "Tras los pesos y márgenes puede ser menos: de una línea simple o cubierta, {why}.",
  "account.each": "Cada línea en cada escenario",
  "account.each.caption":
    "A precio actual es el valor a los precios; los demás aplican pesos y márgenes, o mueven " +
    "los precios",
  "account.cover":
    "El extracto tiene un escenario más, `cover`, que no es un desplome: una línea cubierta " +
    "cuenta en él por lo menos que vale en cualquier otro, y toda otra línea por nada.",
  "account.slack":
    "Cada escenario de abajo da su ganancia o pérdida en él. Su margen es la peor pérdida; la " +
    "holgura es esa peor pérdida menos la pérdida en este escenario.",
  "account.slack.caption": "Holgura",
  "account.twins": {
    one:
      "El extracto tiene {count} escenario más, con el nombre de un estrés y `~insurance`: el " +
      "mismo estrés con las líneas propias del fondo de garantía valiendo 0.",
    other:
      "El extracto tiene {count} escenarios más, con el nombre de un estrés y `~insurance`: el " +
      "mismo estrés con las líneas propias del fondo de garantía valiendo 0.",
  },
  "side.deposit": "depósito",
  "side.borrow": "préstamo",
  "side.uncredited": "préstamo, no acreditado",
  "side.long": "posición larga",
  "side.short": "posición corta",
  "side.tier": "{side}, tramo {tier}",
  "side.room": "espacio libre en {side}",
  "side.owed.to.you": "se le debe a usted",
  "side.owed.by.you": "lo debe usted",
  "side.contingency": "peor pérdida, {name}",
  "side.plain": "{side}, simple",
  "side.covered": "{side}, cubierto",

  // What was done, and what nobody proves.
  "steps.title": "Lo que hizo esta página, y lo que nadie prueba",
  "steps.summary": {
    one: "{count} paso, calculado aquí",
    other: "{count} pasos, calculados aquí",
  },
  "step.unchecked": "No se pudo comprobar",
  "step.not.reached": "No alcanzado",
  "taken.title": "Tomado del editor, sin comprobar aquí",
  "taken.proofs":
    "Las pruebas de los volúmenes, que muestran que el libro comprometido cuadra y suma los " +
    "totales. Para comprobarlas, ejecute `pacioli verify`.",
  "taken.prices": "Los precios y las reservas: sus importes y lugares.",
  "taken.header":
    "La cabecera: el nombre de la plataforma, tiempos, números de cuentas, activos omitidos, " +
    "redondeo. Se rechaza una cabecera que contradiga los totales.",
  "taken.key.vouched":
    "Que el archivo de clave se hizo de una configuración cuyo secreto nadie conoce: lo dice " +
    "quien le dio su huella.",
  "taken.key.unknown":
    "El archivo de clave, del que nadie responde: esta página comprobó que la atestación lo " +
    "nombra, y que sus potencias son potencias de un número.",
  "nobody.title": "No lo prueba nadie",
  "nobody.complete":
    "Que no se omitió, unió ni dividió ninguna cuenta. Los titulares solo comprueban sus " +
    "propias cuentas, y los que tienen déficit no tienen motivo para hacerlo. Solo un auditor " +
    "con la lista de cuentas puede encontrar impagos ocultos.",
  "nobody.prices": "Que los precios son correctos: están arriba, compárelos.",
  "nobody.reserves":
    "Que las reservas existen y no son prestadas: sus direcciones están arriba, búsquelas.",
  "nobody.time": "Que el libro es del tiempo que declara.",
  "nobody.after": "Nada fuera de la instantánea, ni antes ni después.",
  "nobody.crash": "El curso de un desplome: liquidaciones, deslizamiento, el orden de los cierres.",
  "nobody.law": "Derechos legales.",
  "nobody.bugs": "Que este programa no tiene errores: nadie de fuera del proyecto lo ha auditado.",

  // At other prices.
  "other.title": "A otros precios",
  "other.intro":
    "La atestación está a los precios de su tiempo. Con sus totales cualquiera puede decir " +
    "cuánto se debe y cuántos impagos hay a cualesquiera precios, como máximo y como mínimo, " +
    "sin la plataforma y sin otra prueba. Los márgenes, y lo que cambió el redondeo, solo se " +
    "conocen a los precios de la prueba.",
  "other.file": "Un archivo de precios",
  "other.file.hint":
    "O suéltelo en cualquier lugar de aquí. Un archivo de certificados, como el que hacen esta " +
    "página o `pacioli reprice --json`, se comprueba en vez de buscar otros.",
  "other.move": "Mover",
  "other.move.by": "Mover todos los precios en",
  "other.from": "A partir de los precios de la atestación, en tanto por ciento.",
  "other.still": "Sin cambio, como en los escenarios de estrés de la plataforma: {names}.",
  "other.change": {
    one: "{count} precio en {quote}, para cambiar",
    other: "{count} precios en {quote}, para cambiar",
  },
  "other.show": "Mostrar lo que se sigue",
  "other.find": "Buscar certificados aquí en su lugar",
  "other.outdated": "Desde entonces cambió un precio: pregunte otra vez qué se sigue.",
  "other.nothing": "A estos precios no se puede decir nada.",
  "other.of.file": "Los precios son de {file}, a fecha de {time}.",
  "other.typed": "Escritos sobre los de {file}, a fecha de {time}: {names}.",
  "other.differ": {
    one: "{count} de los {all} precios de la atestación difiere.",
    other: "{count} de los {all} precios de la atestación difieren.",
  },
  "other.own":
    "Mercados que tienen aquí un precio propio, y en la prueba el de su subyacente: {names}.",
  "other.certificates":
    "Las cotas son lo que muestran los certificados de {name}; otros quizá muestren unas más " +
    "ajustadas.",
  "bounds.holds": "A estos precios la política propia de la plataforma se cumple con certeza.",
  "bounds.fails": "A estos precios la política propia de la plataforma NO se cumple.",
  "bounds.unknown": "A estos precios no se sabe si se cumple la política propia de la plataforma.",
  "bounds.missing":
    "A estos precios no se sabe si se cumple la política propia de la plataforma. No se puede " +
    "decir qué pasa con: {missing}.",
  "bounds.margins": "sus márgenes",
  "bounds.rounding": "lo que cambió el redondeo",
  "bounds.rest.holds": "Todo lo demás se cumple con certeza.",
  "bounds.broken": "A los precios de la atestación no se cumple, y ningunos otros lo remedian.",
  "bounds.list.fails": "No puede cumplirse: {names}.",
  "bounds.list.failed": "No se cumplió en la prueba: {names}.",
  "bounds.list.unknown": "Se desconoce: {names}.",
  "bounds.list.held": "Se cumplió en la prueba, y aquí se desconoce: {names}.",
  "bounds.coarse":
    "No hay cifras para {names}: las unidades de valor son demasiado gruesas a estos precios, " +
    "y el redondeo cambiaría lo que se debe.",
  "bounds.uncounted":
    "Las reservas de {names} no cuentan, como en la prueba, que no tiene precio de ello: si " +
    "las cuentas también lo tienen, se omitió del libro.",
  "bounds.rounded":
    "Redondeado en contra de la plataforma; las cláusulas tienen todos los decimales.",
  "bounds.policy": "La política propia de la plataforma a estos precios",
  "bounds.are": "Qué son estas cifras",
  "bounds.of":
    "Son cotas sobre el libro de {time}: nada depositado, retirado, negociado o liquidado " +
    "desde entonces está en él.",
  "bounds.own.prices":
    "Son los precios de la prueba, así que vale lo que esta dice de márgenes y redondeo.",
  "bounds.no.margins":
    "No se sigue ninguna cota para los márgenes, ni para lo que cambió el redondeo: las " +
    "cláusulas sobre ellos se cumplieron o no en la prueba, y no se sabe si se cumplen a estos " +
    "precios.",
  "bounds.reserves": "Las reservas son las que declara el editor, a estos precios.",
  "bounds.totals":
    "Todo ello se apoya en los totales de la plataforma, y por tanto en sus pruebas.",
  "bounds.certificates": "Los certificados, para que otros comprueben",
  "bounds.certificates.are":
    "Para cada escenario, cuántas veces cuenta cada escenario probado. Quien tenga la " +
    "atestación y estos precios puede calcular las cotas otra vez y no necesita confiar en " +
    "quien las halló: vale cualquier multiplicador, los buenos ajustan una cota.",
  "bounds.certificates.label": "Certificados",
  "bounds.caption": "En {quote}, a estos precios y en cada estrés de ellos",
  "bounds.owed.least": "Se debe, al menos",
  "bounds.coverage": "Cobertura, al menos",
  "bounds.fund": "Queda para el fondo de garantía, al menos",
  "standing.unknown": "Se desconoce",
  "standing.held": "Se cumplió en la prueba",
  "standing.failed": "No se cumplió en la prueba",
  "standing.holds": "Se cumple con certeza",
  "standing.holds.any": "Se cumple, a cualquier precio",
  "standing.fails": "No puede cumplirse",
  "standing.fails.any": "No se cumple, a ningún precio",

  // The record.
  "history.title": {
    one: "El registro: {count} atestación",
    other: "El registro: {count} atestaciones",
  },
  "history.intro":
    "Una prueba es de un segundo. Aquí está si estas atestaciones se siguen unas a otras, y " +
    "qué cambió. Lo que ocurrió entre dos de ellas no lo prueba nadie.",
  "history.broken": "Roto",
  "history.missing": "Faltan",
  "history.chain": "Una cadena:",
  "history.chain.means":
    "los números son seguidos, cada atestación nombra la anterior, y cada una es posterior.",
  "history.caption": "Cada atestación, la más antigua primero",
  "history.number": "Número",
  "history.worst": "Peores impagos, como máximo",
  "history.clauses": "Cláusulas que se cumplen",
  "history.verdict": "Veredicto",
  "history.of": "{kept} de {all}",
  "history.other.venue":
    "la número {number} es de {one}, y la número {next} de {other}: son dos plataformas.",
  "history.fork": "dos atestaciones distintas tienen el número {number}.",
  "history.back": "la número {next} no es de un tiempo posterior al de la número {number}.",
  "history.gap": {
    one: "{count} atestación entre los números {number} y {next}.",
    other: "{count} atestaciones entre los números {number} y {next}.",
  },
  "history.unlinked": "la número {next} no nombra como anterior a la número {number} dada aquí.",
  "history.changes": "Qué cambió",
  "history.with": "Número {number}, {day}:",
  "history.same": "nada más que cifras y precios.",
  "history.rules": "Las reglas son otras.",
  "history.program": "El programa para contratos es otro.",
  "history.key": "La clave es otra.",
  "history.setup": "La configuración es otra.",
  "history.software": "El programa que la hizo es otro.",
  "history.method": "Los precios vienen de otro método o de otra fuente.",
  "history.added": "Nuevos lugares de reservas: {names}.",
  "history.gone": "Lugares de reservas que ya no están: {names}.",

  // The page around it.
  "page.name": "Pacioli: compruebe su cuenta, o una plataforma",
  "page.title": "Compruebe su cuenta, o una plataforma",
  "page.intro":
    "¿Está su cuenta en el libro de la plataforma, con exactamente sus líneas? ¿Está cubierto " +
    "lo que la plataforma debe? Dé abajo los archivos. Nada sale de este dispositivo: esta " +
    "página funciona sin red y nunca usa ninguna.",
  "page.language": "Idioma",
  "page.reset": "Empezar de nuevo",
  "page.onward": "Al resultado",
  "page.save": "Guardar este resultado",
  "page.save.hint":
    "Un archivo que dice qué se comprobó, con qué página, y de qué archivos. Tiene el " +
    "identificador de su cuenta, y ninguna de sus líneas.",
  "page.print": "Imprimir",
  "page.own":
    "La página web de Pacioli, versión {version}. Un archivo, sin red. Puede leer su código en " +
    "cualquier editor. El SHA-256 de este archivo es {digest}. Una página falsificada muestra " +
    "lo que quiere: compare el archivo mismo, con `pacioli page --digest` o `sha256sum`.",
  "page.checking": "Comprobando …",
  "page.said": "Resultado: {verdict}.",
  "page.missing": "Falta todavía: {missing}.",
  "page.venue.of": "Todo sobre {venue}: cifras, política, reservas, precios",
  "page.venue.number": "Número {sequence} de {venue}, {day}",
  "place.pick": "Elija archivos, o suéltelos aquí",
  "place.attestation": "1. La atestación, que es pública",
  "place.attestation.hint":
    "Sola con la clave muestra la plataforma. Varias muestran el registro de la plataforma.",
  "place.attestation.given": "Atestaciones dadas",
  "place.key": "2. El archivo de clave",
  "place.key.hint": "No hace falta para una demostración con la configuración insegura.",
  "place.key.given": "Archivos de clave dados",
  "place.digest": "La huella de la clave, de alguien de confianza, no de la plataforma",
  "place.digest.hint":
    "Nunca la copie de aquí ni del archivo de clave. Sin ella nadie responde de la clave, y la " +
    "mejor respuesta es: si nadie conoce el secreto de la configuración.",
  "place.remember": "Recordar esta huella en este dispositivo",
  "place.remembered":
    "Recordada desde el {time}. Otras páginas web que usted abra como archivos pueden cambiar " +
    "lo que un navegador recuerda: compárela de vez en cuando. Quite la marca para olvidarla.",
  "place.remember.is":
    "Se queda en este navegador y no va a ninguna parte. No se recuerda nada más que el idioma.",
  "place.remember.cannot":
    "Este navegador no deja que un archivo recuerde nada: guarde usted la huella.",
  "place.statement": "3. Su extracto, que es privado",
  "place.statement.hint": "Para ver solo la plataforma, omítalo. Varios se comprueban a la vez.",
  "place.statement.given": "Extractos dados",
  "place.id": "El identificador de su cuenta en la plataforma (opcional)",
  "place.id.hint":
    "Con él se rechaza un extracto hecho para otra persona. Si da varios extractos, se compara " +
    "con todos, y uno de ellos tiene que ser el suyo.",
  "given.attestation": "{name}: número {sequence} de {venue}, {time}",
  "given.statement": "{name}: de la cuenta {account}",
  "given.key": "{name}: un archivo de clave",
  "given.prices": "{name}: otros precios",
  "given.certificates": "{name}: certificados",
  "given.damaged": "{name}: no se pudo leer.",
  "given.moved": "Esto es: {kind}. Se ha movido aquí.",
  "given.useless": "{name}: esto es {what}.",
  "given.remove": "Quitar {name}",

  // Terms, explained where they stand.
  "terms.title": "Qué significan estas palabras",
  "term.scenario": "Escenario",
  "term.scenario.is":
    "Un caso para el que se valora todo: a los precios de hoy, a los precios tras un desplome, " +
    "o a los precios menos márgenes de seguridad.",
  "term.mark": "A precio actual (mark)",
  "term.mark.is": "El escenario de los precios presentes, sin restar nada.",
  "term.stress": "Estrés",
  "term.stress.is":
    "Un escenario en que los precios se mueven como en un desplome, en las partes que se indican.",
  "term.owed": "Se debe",
  "term.owed.is":
    "Lo que sobra a todas las cuentas juntas, restadas a cada una sus propias deudas.",
  "term.reserves": "Reservas",
  "term.reserves.is":
    "Lo que la plataforma dice tener para pagar lo que debe. La prueba no trata de ello.",
  "term.coverage": "Cobertura",
  "term.coverage.is": "Reservas para clientes por cada unidad que se debe: 1 basta, menos de 1 no.",
  "term.bad.debt": "Impagos",
  "term.bad.debt.is":
    "Lo que falta a todas las cuentas juntas cuyas tenencias valen menos que sus deudas. Otro " +
    "tiene que soportarlo.",
  "term.shortfall": "Déficit",
  "term.shortfall.is": "Lo que falta a una cuenta en un escenario: sus deudas menos lo que tiene.",
  "term.equity": "Patrimonio",
  "term.equity.is": "Lo que sobra a una cuenta en un escenario: lo que se le debe.",
  "term.fund": "Fondo de garantía",
  "term.fund.is": "Dinero que una plataforma aparta para soportar impagos.",
  "term.custody": "Custodia",
  "term.custody.is":
    "Quién tiene las claves o la cuenta en que está una reserva: la plataforma, o un custodio " +
    "por ella.",
  "term.evidence": "Evidencia",
  "term.evidence.is":
    "Lo que la plataforma nombra para mostrar que una reserva está ahí y que la controla. Esta " +
    "página lo repite, y no comprueba nada de ello.",
  "term.policy": "Política",
  "term.policy.is":
    "Lo que la plataforma prometió cumplir, en sus propias reglas. Una política puede pedir " +
    "poco: lea qué cláusulas hay.",
  "term.clause": "Cláusula",
  "term.clause.is": "Una exigencia de una política, como: la cobertura es al menos 1.",
  "term.snapshot": "Instantánea",
  "term.snapshot.is": "Todas las cuentas y lo que tienen, en un momento.",
  "term.deposit": "Depósito",
  "term.deposit.is": "Un saldo positivo de un activo en una cuenta.",
  "term.borrow": "Préstamo",
  "term.borrow.is": "Un saldo negativo de un activo: la cuenta lo debe a la plataforma.",
  "term.open.interest": "Interés abierto",
  "term.open.interest.is":
    "Todas las posiciones de un mercado juntas. Cada posición larga tiene una corta al otro lado.",
  "term.attestation": "Atestación",
  "term.attestation.is":
    "El archivo que una plataforma publica para todos: reglas, precios, reservas, totales y " +
    "pruebas.",
  "term.statement": "Extracto",
  "term.statement.is": "Su propio archivo: sus líneas, y lo que muestra que están en el libro.",
  "term.digest": "Huella",
  "term.digest.is":
    "Un nombre corto que se calcula de los bytes de un archivo. Dos archivos con la misma " +
    "huella son el mismo archivo.",
  "term.volume": "Volumen",
  "term.volume.is": "Una parte del libro que tiene una prueba propia.",
  "term.trial.balance": "Balance de comprobación",
  "term.trial.balance.is":
    "La suma de todo lo que se tiene y se debe, a los valores de un escenario. Es 0 en todo " +
    "libro honrado.",
  "term.proof": "Prueba",
  "term.proof.is":
    "Números que nadie puede hacer para un libro que no cuadra, salvo quien conozca el secreto " +
    "de la configuración.",
  "term.setup": "Configuración",
  "term.setup.is":
    "Números con que se hacen y comprueban pruebas. Quien conozca el secreto del que salen " +
    "puede falsificar pruebas, por eso los hacen muchas personas juntas.",
  "term.key": "Archivo de clave",
  "term.key.is":
    "La pequeña parte de una configuración que hace falta para comprobar. Es correcto si " +
    "alguien de confianza lo hizo de la configuración y le dijo su huella.",
  "term.rules": "Reglas",
  "term.rules.is":
    "Qué se puede tener, por cuánto cuenta y qué tiene que cumplirse: lo elige la plataforma.",
  "term.line": "Línea",
  "term.line.is": "Una cosa que una cuenta tiene o debe, y cuánto de ella.",
  "term.class": "Clase",
  "term.class.is":
    "De quién es la cuenta: de un cliente, o propia de la plataforma, como la de su fondo. La " +
    "suya debería ser `customer`.",
  "term.plain": "Simple",
  "term.plain.is": "Se tiene sin deudas: vale al menos nada en cada escenario.",
  "term.covered": "Cubierta",
  "term.covered.is":
    "En una cuenta cuyas tenencias valen al menos sus deudas en cada escenario, línea por línea.",
  "term.number": "Número",
  "term.number.is":
    "El lugar de una atestación en la cadena de la plataforma, contado desde 0. Cada una " +
    "nombra la anterior.",
  "term.bound": "Cota",
  "term.bound.is": "Una cifra que es como máximo, o como mínimo, la verdadera.",
  "term.certificate": "Certificado",
  "term.certificate.is": "Unos pocos números con que cualquiera puede comprobar una cota.",
};
