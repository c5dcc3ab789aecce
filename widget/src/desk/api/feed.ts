import { backoff } from "../../transport/live";
import { sseParser } from "../../transport/sse";

export type Connection = "connecting" | "online" | "offline";

export interface FeedHandlers {
  open(signal: AbortSignal): Promise<Response>;
  onEvent(name: string, data: Record<string, unknown>): void;
  onConnection(state: Connection): void;
}

/** The server pings every 15 s; three missed pings mean the line is dead though no error came. */
const SILENCE_MS = 45_000;

/** Keeps one event stream open: reads, and after every break tries again, later each time. */
export class Feed {
  private stopped = false;
  private attempt = 0;
  private abort: AbortController | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly handlers: FeedHandlers) {}

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
    this.wake();
  }

  readonly retryNow = (): void => {
    this.attempt = 0;
    this.wake();
  };

  private readonly lost = (): void => {
    this.handlers.onConnection("offline");
    this.abort?.abort();
  };

  private async run(): Promise<void> {
    this.handlers.onConnection("connecting");
    while (!this.stopped) {
      await this.readOnce().catch(() => undefined);
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
    const response = await this.handlers.open(abort.signal);
    if (!response.body || this.stopped) return;
    this.handlers.onConnection("online");
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    const feed = sseParser((event) => this.dispatch(event.event, event.data));
    let watchdog = 0;
    try {
      for (;;) {
        window.clearTimeout(watchdog);
        watchdog = window.setTimeout(() => abort.abort(), SILENCE_MS);
        const { done, value } = await reader.read();
        if (done || this.stopped) return;
        this.attempt = 0; // Only now: a server that opens streams and drops them at once is not well.
        feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      window.clearTimeout(watchdog);
    }
  }

  private dispatch(name: string, text: string): void {
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch {
      return; // One unreadable event must not cost the stream.
    }
    if (typeof data === "object" && data !== null) this.handlers.onEvent(name, data as Record<string, unknown>);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = window.setTimeout(resolve, ms);
      this.wake = () => {
        window.clearTimeout(timer);
        resolve();
      };
    });
  }
}
