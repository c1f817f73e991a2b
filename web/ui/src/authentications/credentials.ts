/** What a pasted text says about a store's API account. Nothing leaves the browser before the form is saved. */
export interface Credentials {
  store_hash?: string;
  access_token?: string;
  client_id?: string;
  client_secret?: string;
}

// The lines of the file that a store's control panel gives: "ACCESS TOKEN: abc". Older files write them in mixed case.
const lines: [keyof Credentials, RegExp][] = [
  ["access_token", /^\s*access[ _-]?token\s*[:=]\s*(\S+)\s*$/im],
  ["client_id", /^\s*client[ _-]?id\s*[:=]\s*(\S+)\s*$/im],
  ["client_secret", /^\s*client[ _-]?secret\s*[:=]\s*(\S+)\s*$/im],
];

const places: RegExp[] = [
  /\/stores\/([a-z0-9]{4,20})(?:\/|\b)/i, // an API path
  /\bstore-([a-z0-9]{4,20})\.mybigcommerce\.com/i, // the control panel
  /^\s*api[ _-]?path\s*[:=].*?([a-z0-9]{4,20})\/v[23]\/?\s*$/im,
];

/** Finds credentials in a downloaded file, an API path, a control-panel address or a bare store hash. */
export function readCredentials(text: string): Credentials {
  const found: Credentials = {};
  for (const [name, pattern] of lines) {
    const value = pattern.exec(text)?.[1];
    if (value) {
      found[name] = value;
    }
  }
  for (const pattern of places) {
    const hash = pattern.exec(text)?.[1];
    if (hash) {
      found.store_hash = hash.toLowerCase();
      break;
    }
  }
  if (!found.store_hash && /^\s*[a-z0-9]{5,20}\s*$/i.test(text)) {
    found.store_hash = text.trim().toLowerCase();
  }
  return found;
}
