import { ApiError, errorFromBody, sentenceFor } from "../../transport/errors";
import type {
  Canned,
  CaseFile,
  ExportFormat,
  Handoff,
  HandoffDetail,
  InterventionItem,
  Line,
  Queue,
  SignedIn,
} from "../model";
import type { HandoffRecord } from "../state/reveal";
import type { StepBody } from "../state/steps";

export type Deed = "claim" | "release" | "wrap-up" | "resume";

const BASE = "/desk/api";
const id = encodeURIComponent;

/** The desk's API. The session is a cookie that scripts cannot read; what changes anything also carries `csrf`. */
export class DeskApi {
  private csrf = "";
  private agentId: number | null = null;

  /** Told when a request finds that the session has ended. */
  onEnded: () => void = () => undefined;

  async login(name: string, password: string): Promise<SignedIn> {
    return this.signedIn(await this.answer("/login", this.json({ name, password })));
  }

  /** Who is signed in, or null. */
  async me(): Promise<SignedIn | null> {
    const response = await this.fetch("/me");
    if (response.status === 401) return null;
    return this.signedIn(await this.checked(response));
  }

  async logout(): Promise<void> {
    await this.call("/logout", this.json({}));
  }

  queue = (): Promise<Queue> => this.read("/queue");
  /** The steps of an intervention that can be taken now. */
  intervention = (number: string): Promise<{ allowed?: string[] }> => this.read(`/interventions/${id(number)}`);
  interventions = (): Promise<{ items: InterventionItem[] }> => this.read("/interventions");
  canned = (): Promise<{ items: Canned[] }> => this.read("/canned");
  handoff = (handoff: string): Promise<HandoffDetail> => this.read(`/handoffs/${id(handoff)}`);
  case = (conversation: string): Promise<CaseFile> => this.read(`/conversations/${id(conversation)}/case`);

  async history(conversation: string, query: Record<string, number>): Promise<{ entries: Line[]; has_more: boolean }> {
    const wanted = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    return this.read(`/conversations/${id(conversation)}/history?${wanted}`);
  }

  act = (handoff: string, deed: Deed): Promise<Handoff> => this.write(`/handoffs/${id(handoff)}/${deed}`, {});

  takeOver = (conversation: string): Promise<Handoff> => this.write(`/conversations/${id(conversation)}/claim`, {});

  send = (handoff: string, text: string, clientMsgId: string): Promise<{ seq: number; dup: boolean }> =>
    this.write(`/handoffs/${id(handoff)}/messages`, { text, client_msg_id: clientMsgId });

  handBack = (handoff: string, settlement: { text: string; outcome: string; amount?: string }): Promise<unknown> =>
    this.write(`/handoffs/${id(handoff)}/return`, settlement);

  close = (handoff: string, ending: { disposition: string; text: string }): Promise<unknown> =>
    this.write(`/handoffs/${id(handoff)}/close`, ending);

  note = (handoff: string, text: string): Promise<unknown> => this.write(`/handoffs/${id(handoff)}/notes`, { text });

  step = (number: string, body: StepBody): Promise<unknown> => this.write(`/interventions/${id(number)}/steps`, body);

  /** The record; unmasked only for supervisors, and the server writes down that it was asked for. */
  record = (handoff: string, reveal: boolean): Promise<HandoffRecord> =>
    this.read(`/handoffs/${id(handoff)}/record${reveal ? "?reveal=1" : ""}`);

  async export(handoff: string, format: ExportFormat): Promise<{ blob: Blob; name: string }> {
    const response = await this.call(`/handoffs/${id(handoff)}/export?format=${format}`);
    const named = /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "");
    return { blob: await response.blob(), name: named?.[1] ?? `${handoff}.${format}` };
  }

  /** Opens an event stream; the caller reads the body. */
  events(path: string, signal: AbortSignal): Promise<Response> {
    return this.call(path, { headers: { Accept: "text/event-stream" }, signal });
  }

  deskEvents = (signal: AbortSignal): Promise<Response> => this.events("/events", signal);

  talkEvents = (conversation: string, after: number, signal: AbortSignal): Promise<Response> =>
    this.events(`/conversations/${id(conversation)}/events?after_seq=${after}`, signal);

  private async read<T>(path: string): Promise<T> {
    return (await (await this.call(path)).json()) as T;
  }

  /** The answer's JSON; an empty object when there is nothing to say. */
  private async write<T>(path: string, body: object): Promise<T> {
    const text = await (await this.call(path, this.json(body))).text();
    return ((text && JSON.parse(text)) || {}) as T;
  }

  private json(body: object): RequestInit {
    return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  }

  private async call(path: string, init: RequestInit = {}): Promise<Response> {
    let response = await this.fetch(path, init);
    // Another tab may have logged in again: same person, new session, other csrf.
    if (response.status === 403 && init.method === "POST" && (await this.samePerson())) {
      response = await this.fetch(path, init);
    }
    if (response.status === 401) this.onEnded();
    return this.checked(response);
  }

  private async samePerson(): Promise<boolean> {
    const [before, csrf] = [this.agentId, this.csrf];
    const found = await this.me().catch(() => null);
    if (found?.agent.id !== before) {
      this.onEnded();
      return false;
    }
    return this.csrf !== csrf;
  }

  private async answer(path: string, init: RequestInit): Promise<Response> {
    return this.checked(await this.fetch(path, init));
  }

  private async checked(response: Response): Promise<Response> {
    if (response.ok) return response;
    throw errorFromBody(response.status, await response.text(), response.headers.get("Retry-After"));
  }

  private async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (init.method === "POST" && this.csrf) headers.set("X-CSRF-Token", this.csrf);
    try {
      return await fetch(BASE + path, { ...init, headers, cache: "no-store", credentials: "same-origin" });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiError(0, "network", sentenceFor(0));
    }
  }

  private async signedIn(response: Response): Promise<SignedIn> {
    const body = (await response.json()) as SignedIn;
    this.csrf = body.csrf;
    this.agentId = body.agent.id;
    return body;
  }
}

/** A sentence for the agent, whatever was thrown. */
export function sentence(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "出了点问题，请再试一次。";
}
