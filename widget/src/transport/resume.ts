/** Links that other channels hand out: `/widget/#resume=<token>`. */

const tokenIn = (hash: string): string | null => new URLSearchParams(hash.replace(/^#/, "")).get("resume");

/** The token of the link, if the page was opened by one; gone from the address bar, so nobody passes it on unawares. */
export function takeResumeToken(location: Location, history: History): string | null {
  const token = tokenIn(location.hash);
  if (token === null) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return token || null;
}

/** A link opened in a page that is already there changes the hash only: begin again, with the link. */
export function restartOnLink(target: Window): void {
  target.addEventListener("hashchange", () => {
    if (tokenIn(target.location.hash)) target.location.reload();
  });
}
