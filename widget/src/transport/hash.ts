/**
 * SHA-256 of a file as lower-case hex, so that a buyer can see the server kept exactly these bytes.
 * Null where the browser offers no crypto.subtle (a page that is neither https nor localhost).
 */
export async function sha256Hex(file: Blob): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return null; // The file became unreadable (removed card, revoked permission): the upload will say so.
  }
}

export function shortHash(hex: string): string {
  return `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

/** Unique per message; the server drops a second arrival of the same id. */
export function newMessageId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
