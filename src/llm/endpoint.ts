/** How an endpoint is reached, and what it is called there. */
export interface Endpoint {
  /** `azure` puts the deployment into the path and the key into the header `api-key`. */
  kind: 'openai' | 'azure';
  /** `https://host/v1`; of Azure the resource, `https://name.openai.azure.com`. */
  baseUrl: string;
  /** Name of the model; of Azure the name of the deployment. */
  model: string;
  apiKey?: string;
  /** Azure's `api-version`. */
  apiVersion?: string;
  /** Model for embeddings, where there is one. */
  embeddingModel?: string;
}

/**
 * Whether an address stays within the machine or the plant's own network: loopback, the private and link-local ranges
 * of IPv4 and IPv6, a bare host name, and names under `.local`, `.lan`, `.internal` and `.home.arpa`.
 */
export function isPrivateAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host.includes(':')) return host === '::1' || /^f[cd][0-9a-f]{2}:/.test(host) || /^fe[89ab][0-9a-f]:/.test(host);
  const bytes = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
  if (!bytes) return !host.includes('.') || /\.(local|lan|internal|localhost)$|\.home\.arpa$/.test(host);
  const [first = 0, second = 0] = bytes;
  return (
    first === 127 ||
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254)
  );
}

/** An address as it may be shown: without user, password and query. */
export function shownAddress(url: string): string {
  if (!URL.canParse(url)) return url.slice(0, 200);
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname.replace(/\/$/, '')}`;
}

/** The same address with `/v1` at its end, where it lacks a version: most servers answer only there. */
export function withVersion(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const shown = shownAddress(url);
  return /\/v\d+[a-z0-9]*$/.test(shown) ? undefined : `${shown}/v1`;
}
