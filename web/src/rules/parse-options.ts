// Reads what a rules file says of options. Only its form is checked here (parse.ts).

import { whole } from "../encoding/decimal.ts";
import { SIDES } from "./black76/black.ts";
import type {
  ExpiryMoves,
  OptionMargin,
  OptionMargins,
  OptionRule,
  ShortMargin,
} from "./schema.ts";
import type { Table } from "./toml.ts";

/** Reads an option. */
export function readOption(table: Table): OptionRule {
  return {
    underlying: table.need("underlying", table.text("underlying")),
    strike: table.need("strike", table.decimal("strike")),
    expiry: table.need("expiry", table.text("expiry")),
    side: table.need("side", table.oneOf("side", SIDES)),
    decimals: table.need("decimals", table.decimals("decimals")),
  };
}

/** Reads the margins of options on one underlying. */
export function readOptionMargins(table: Table): OptionMargins {
  return {
    maintenance: table.table("maintenance")?.read(readMargin),
    initial: table.table("initial")?.read(readMargin),
  };
}

function readMargin(table: Table): OptionMargin {
  return {
    long: table.need("long", table.decimal("long")),
    call: table.need("call", table.table("call")).read(readShort),
    put: table.need("put", table.table("put")).read(readShort),
  };
}

function readShort(table: Table): ShortMargin {
  return {
    base: table.need("base", table.decimal("base")),
    floor: table.need("floor", table.decimal("floor")),
    premium: table.decimal("premium") ?? whole(0n),
  };
}

/** Reads the differences for options of one expiry. */
export function readExpiryMoves(table: Table): ExpiryMoves {
  return {
    move: table.decimal("move"),
    volMove: table.decimal("vol_move"),
    discount: table.decimal("discount"),
    weight: table.decimal("weight"),
  };
}
