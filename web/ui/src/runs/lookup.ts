/** Whom or what a person looks for, as the lists take it. */
export interface Lookup {
  email?: string;
  entity?: string;
}

const kinds = ["order", "cart", "customer", "shipment"] as const;
const cartId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads what is typed into the search box: an e-mail address, "order 251", "#251", "251", "cart 1b8e…", "customer 7". undefined: it is
 * none of these.
 */
export function readLookup(typed: string): Lookup | undefined {
  const text = typed.trim();
  if (text === "") {
    return {};
  }
  if (/^[^\s@]+@[^\s@]+$/.test(text)) {
    return { email: text.toLowerCase() };
  }
  if (/^#?\d+$/.test(text)) {
    return { entity: `order/${text.replace("#", "")}` };
  }
  if (cartId.test(text)) {
    return { entity: `cart/${text.toLowerCase()}` };
  }
  const found = /^([a-z]+)[\s/#:]+([0-9a-z-]+)$/i.exec(text);
  const kind = kinds.find((k) => k === found?.[1]?.toLowerCase());
  return found && kind ? { entity: `${kind}/${found[2]}` } : undefined;
}

/** The other way: what stands in the box for a filter. */
export function writeLookup(lookup: Lookup): string {
  return lookup.email ?? lookup.entity?.replace("/", " ") ?? "";
}
