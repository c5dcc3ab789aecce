/** The page's side of the talk with loader.ts, when the page sits in a shop's iframe. */

export interface Embedding {
  site: string;
  embedded: boolean;
  /** Resolves with the shop's signed statement of who the buyer is, or null when there is none. */
  identity: Promise<string | null>;
  announceUnread(count: number): void;
  close(): void;
  /** False while the shop's page has the panel closed. */
  isOpen(): boolean;
  onOpen(listener: () => void): void;
}

const IDENTITY_WAIT_MS = 2_000;

/** The embedding page's origin as the loader states it, unless the browser itself says otherwise. */
function parentOrigin(params: URLSearchParams): string | null {
  if (window.parent === window) return null;
  const stated = params.get("parent");
  const actual = (window.location as { ancestorOrigins?: DOMStringList }).ancestorOrigins?.[0];
  if (!stated || !/^https?:\/\/[^/]+$/.test(stated)) return null;
  return actual && actual !== stated ? null : stated;
}

export function connectToParent(): Embedding {
  const params = new URLSearchParams(window.location.search);
  const origin = parentOrigin(params);
  const openListeners: (() => void)[] = [];
  let open = true;
  let takeIdentity: (jwt: string | null) => void = () => undefined;
  const identity = new Promise<string | null>((resolve) => {
    takeIdentity = resolve;
  });

  function tell(type: string, extra: Record<string, unknown> = {}): void {
    if (origin) window.parent.postMessage({ source: "dispute-chat", type, ...extra }, origin);
  }

  if (origin) {
    window.addEventListener("message", (event: MessageEvent) => {
      if (event.source !== window.parent || event.origin !== origin) return;
      const data = event.data as { source?: unknown; type?: unknown; identity_jwt?: unknown } | null;
      if (data?.source !== "dispute-chat") return;
      if (data.type === "init") takeIdentity(typeof data.identity_jwt === "string" ? data.identity_jwt : null);
      if (data.type === "open" || data.type === "close") open = data.type === "open";
      if (data.type === "open") openListeners.forEach((listener) => listener());
    });
    window.setTimeout(() => takeIdentity(null), IDENTITY_WAIT_MS);
    tell("ready");
  } else {
    takeIdentity(null);
  }

  return {
    site: params.get("site") ?? "",
    embedded: origin !== null,
    identity,
    announceUnread: (count) => tell("unread", { count }),
    close: () => tell("close"),
    isOpen: () => open,
    onOpen: (listener) => void openListeners.push(listener),
  };
}
