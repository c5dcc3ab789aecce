import type { Entry } from "../conversation/model";
import { ApiError, errorFromBody, sentenceFor } from "./errors";
import type { Session } from "./session";

export interface Sent {
  seq: number;
  dup: boolean;
}

export type Outgoing = { client_msg_id: string; text: string } | { client_msg_id: string; button: string };

/** The request/response half of the web channel. Every call carries the Bearer token, never a session id. */
export class Client {
  constructor(
    readonly base: string,
    readonly session: Session,
  ) {}

  async send(message: Outgoing): Promise<Sent> {
    const response = await this.call("/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(message),
    });
    return (await response.json()) as Sent;
  }

  /** Entries in ascending order of `seq`; `has_more` is about older ones. */
  async history(beforeSeq?: number, limit = 50): Promise<{ entries: Entry[]; has_more: boolean }> {
    const query = new URLSearchParams({ limit: String(limit) });
    if (beforeSeq !== undefined) query.set("before_seq", String(beforeSeq));
    const response = await this.call(`/history?${query}`);
    const page = (await response.json()) as { entries: Entry[]; has_more: boolean };
    return { ...page, entries: [...page.entries].sort((a, b) => a.seq - b.seq) };
  }

  async transcript(format: "html" | "txt" | "json"): Promise<Blob> {
    return (await this.call(`/transcript?format=${format}`)).blob();
  }

  /** The time limits of the present dispute that lie ahead, for the buyer's own calendar. */
  async calendar(): Promise<Blob> {
    return (await this.call("/deadlines.ics")).blob();
  }

  /** Erases the conversation's text and files on the server, then forgets the token here. */
  async erase(): Promise<void> {
    await this.call("/session", { method: "DELETE" });
    this.session.forget();
  }

  /** Opens the event stream; the caller reads the body. */
  events(afterSeq: number, signal: AbortSignal): Promise<Response> {
    return this.call(`/events?after_seq=${afterSeq}`, { headers: { Accept: "text/event-stream" }, signal });
  }

  private async call(path: string, init: RequestInit = {}): Promise<Response> {
    let response = await this.attempt(path, init);
    if (response.status === 401) {
      // The token expired under us; a fresh one and a single second try. Sends are idempotent.
      await this.session.open();
      response = await this.attempt(path, init);
    }
    if (!response.ok) {
      throw errorFromBody(response.status, await response.text(), response.headers.get("Retry-After"));
    }
    return response;
  }

  private async attempt(path: string, init: RequestInit): Promise<Response> {
    const token = await this.session.token();
    try {
      return await fetch(this.base + path, {
        ...init,
        cache: "no-store",
        headers: { ...init.headers, Authorization: `Bearer ${token}` },
      });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiError(0, "network", sentenceFor(0));
    }
  }
}
