import type { Entry } from "../conversation/model";
import { type Ownership, readOwnership } from "../conversation/owner";
import type { Client } from "./client";
import { ApiError } from "./errors";
import { sseParser, type ServerEvent } from "./sse";

export type Connection = "connecting" | "online" | "offline";

export interface LiveHandlers {
  /** The highest sequence number we hold; the server sends what comes after it. */
  cursor(): number;
  onEntry(entry: Entry): void;
  onTyping(on: boolean): void;
  onOwnership(ownership: Ownership): void;
  onConnection(state: Connection): void;
  /** A sentence from the server that is not the answer to one of our requests. */
  onServerError(message: string): void;
  /** The server answers for another session than before: what we show is no longer true. */
  onSession(id: string): void;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 30_000;
/** The server pings every 15 s; three missed pings mean the line is dead though no error came. */
const SILENCE_MS = 45_000;

/** Doubling delay with jitter, so that a restarted server is not met by every browser at once. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}

/** Keeps one event stream open and resumes it by sequence number after every break. */
export class LiveFeed {
  private stopped = false;
  private attempt = 0;
  private abort: AbortController | null = null;
  private wake: (() => void) | null = null;

  constructor(
    private readonly client: Client,
    private readonly handlers: LiveHandlers,
  ) {}

  start(): void {
    window.addEventListener("online", this.retryNow);
    window.addEventListener("offline", this.lost);
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.retryNow);
    window.removeEventListener("offline", this.lost);
    this.abort?.abort();
    this.wake?.();
  }

  readonly retryNow = (): void => {
    this.attempt = 0;
    this.wake?.();
  };

  private readonly lost = (): void => {
    this.handlers.onConnection("offline");
    this.abort?.abort();
  };

  private async run(): Promise<void> {
    this.handlers.onConnection("connecting");
    while (!this.stopped) {
      try {
        await this.readOnce();
      } catch (error) {
        if (error instanceof ApiError && error.status !== 0 && !error.retryable) {
          this.handlers.onServerError(error.message);
        }
      }
      if (this.stopped) return;
      // A single break is routine (a proxy's time limit, a restart) and mended before anyone would have noticed.
      this.handlers.onConnection(this.attempt > 0 || !navigator.onLine ? "offline" : "connecting");
      await this.pause(backoff(this.attempt));
      this.attempt += 1;
    }
  }

  private async readOnce(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    const response = await this.client.events(this.handlers.cursor(), abort.signal);
    if (!response.body) return;
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const feed = sseParser((event) => this.dispatch(event));
    let watchdog = 0;
    try {
      for (;;) {
        window.clearTimeout(watchdog);
        watchdog = window.setTimeout(() => abort.abort(), SILENCE_MS);
        const { done, value } = await reader.read();
        if (done) return;
        feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      window.clearTimeout(watchdog);
    }
  }

  private dispatch(event: ServerEvent): void {
    let data: Record<string, unknown>;
    try {
      data = JSON.parse(event.data) as Record<string, unknown>;
    } catch {
      return; // One unreadable event must not cost the stream.
    }
    if (event.event === "session_confirm") {
      this.attempt = 0;
      this.handlers.onConnection("online");
      if (typeof data.session_id === "string") this.handlers.onSession(data.session_id);
    } else if (event.event === "message") {
      this.handlers.onEntry(data as unknown as Entry);
    } else if (event.event === "owner_changed") {
      this.handlers.onOwnership(readOwnership(data));
    } else if (event.event === "typing") {
      this.handlers.onTyping(data.on === true);
    } else if (event.event === "error" && typeof data.message === "string") {
      this.handlers.onServerError(data.message);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = window.setTimeout(resolve, ms);
      this.wake = () => {
        window.clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      this.wake = null;
    });
  }
}
