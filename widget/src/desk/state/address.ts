/** The open conversation in the page's address (after #), so that a reload and a link find it again. */
export interface Address {
  conversationId: string | null;
  handoffId: string | null;
}

export function parseAddress(hash: string): Address | null {
  const found = new URLSearchParams(hash.replace(/^#/, ""));
  const address = { conversationId: found.get("conversation"), handoffId: found.get("handoff") };
  return address.conversationId || address.handoffId ? address : null;
}

export function addressHash(address: Address): string {
  const hash = new URLSearchParams();
  if (address.handoffId) hash.set("handoff", address.handoffId);
  if (address.conversationId) hash.set("conversation", address.conversationId);
  return `#${hash}`;
}

export const readAddress = (): Address | null => parseAddress(window.location.hash);

export function writeAddress(address: Address | null): void {
  const { pathname, search } = window.location;
  window.history.replaceState(null, "", pathname + search + (address ? addressHash(address) : ""));
}
