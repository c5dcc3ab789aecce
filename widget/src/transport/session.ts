import { ApiError, errorFromBody, sentenceFor } from "./errors";

export interface StoredSession {
  token: string;
  session_id: string;
  /** Milliseconds since the epoch. */
  expires_at: number;
}

/** The part of localStorage we use; it may be missing or throw when a browser partitions or blocks it. */
export interface KeyValue {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const RENEW_BEFORE_MS = 60 * 60 * 1000;

/** Owns the signed token: one session per site and browser, kept over reloads, renewed before it expires. */
export class Session {
  private current: StoredSession | null;
  private inFlight: Promise<StoredSession> | null = null;
  /** Why the link did not open its conversation, in the server's words. */
  linkRefused: string | null = null;
  private readonly key: string;

  constructor(
    private readonly base: string,
    private readonly site: string,
    private readonly storage: KeyValue,
    private readonly identityJwt: string | null = null,
    /** The token of a link from another channel; it goes before the session this browser has. */
    private link: string | null = null,
  ) {
    this.key = `dispute-chat:${site}`;
    this.current = this.read();
  }

  get id(): string | null {
    return this.current?.session_id ?? null;
  }

  /** True until the server has answered for the link; a broken line leaves it waiting. */
  get linkWaits(): boolean {
    return this.link !== null;
  }

  /** A token that is good for a while; asks the server only when it must. */
  async token(): Promise<string> {
    if (this.link) return (await this.open()).token;
    const left = this.current ? this.current.expires_at - Date.now() : 0;
    if (this.current && left > RENEW_BEFORE_MS) return this.current.token;
    try {
      return (await this.open()).token;
    } catch (error) {
      // Renewing early failed; until it really ends the old token is as good as before.
      if (this.current && left > 0) return this.current.token;
      throw error;
    }
  }

  /** Resumes the stored session or starts a new one. Calls made meanwhile share the one request. */
  open(): Promise<StoredSession> {
    this.inFlight ??= this.request().finally(() => {
      this.inFlight = null;
    });
    return this.inFlight;
  }

  forget(): void {
    this.current = null;
    this.storage.removeItem(this.key);
  }

  private async request(): Promise<StoredSession> {
    const linked = this.link ? await this.follow(this.link) : null;
    if (linked) return linked;
    const known = this.current?.token ?? null;
    let response = await this.post(known);
    if (response.status === 401 && known) {
      this.forget();
      response = await this.post(null);
    }
    if (!response.ok) {
      throw errorFromBody(response.status, await response.text(), response.headers.get("Retry-After"));
    }
    return this.keep(response);
  }

  /** Exchanges the link for its conversation's session; null when it is refused and things go on without it. */
  private async follow(link: string): Promise<StoredSession | null> {
    const response = await this.post(null, { resume: link });
    if (response.ok) {
      this.link = null;
      return this.keep(response);
    }
    const error = errorFromBody(response.status, await response.text(), response.headers.get("Retry-After"));
    if (error.retryable) throw error;
    this.link = null;
    this.linkRefused = error.message;
    return null;
  }

  private async keep(response: Response): Promise<StoredSession> {
    const body = (await response.json()) as { token: string; session_id: string; expires_in: number };
    this.current = {
      token: body.token,
      session_id: body.session_id,
      expires_at: Date.now() + body.expires_in * 1000,
    };
    this.storage.setItem(this.key, JSON.stringify(this.current));
    return this.current;
  }

  private async post(token: string | null, asked: Record<string, string> = {}): Promise<Response> {
    const payload = { ...asked };
    if (this.site) payload.site = this.site;
    if (this.identityJwt) payload.identity_jwt = this.identityJwt;
    try {
      return await fetch(`${this.base}/session`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
        },
        body: JSON.stringify(payload),
      });
    } catch {
      throw new ApiError(0, "network", sentenceFor(0));
    }
  }

  private read(): StoredSession | null {
    try {
      const found = JSON.parse(this.storage.getItem(this.key) ?? "null") as StoredSession | null;
      return found && typeof found.token === "string" && typeof found.expires_at === "number" ? found : null;
    } catch {
      return null;
    }
  }
}

/** localStorage when it works, else memory: the chat then lasts as long as the page. */
export function safeStorage(): KeyValue {
  try {
    const probe = "dispute-chat:probe";
    window.localStorage.setItem(probe, "1");
    window.localStorage.removeItem(probe);
    return window.localStorage;
  } catch {
    const memory = new Map<string, string>();
    return {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
      removeItem: (key) => void memory.delete(key),
    };
  }
}
