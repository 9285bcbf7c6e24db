// Where a reserve is, as text: one key for each place however it is written. Twin of
// attestation/src/place.rs.

import { seen } from "../rules/names.ts";

const ETHEREUM = "eip155:1";
const BITCOIN = "bip122:000000000019d6689c085ae165831e93";

/** A chain's name as it is compared with others. */
export function chainKey(chain: string): string {
  const key = seen(chain).toLowerCase();
  if (key === "ethereum") return ETHEREUM;
  if (key === "bitcoin") return BITCOIN;
  return key.replace(/^eip155:0+(?=[^0])/s, "eip155:");
}

/** A place as it is compared with others: chain and address. */
export function placeKey(chain: string, address: string): readonly [string, string] {
  const ofChain = chainKey(chain);
  let own = seen(address).toLowerCase();
  for (const before of [ofChain, "ethereum", "bitcoin"]) {
    if (own.startsWith(`${before}:`)) own = own.slice(before.length + 1);
  }
  if (ofChain.startsWith("eip155:") && own.startsWith("0x")) own = own.slice(2);
  return [ofChain, own];
}
