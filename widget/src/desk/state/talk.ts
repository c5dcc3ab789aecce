import { ApiError } from "../../transport/errors";
import { newMessageId } from "../../transport/hash";
import { type Deed, sentence } from "../api/client";
import { Feed } from "../api/feed";
import type { Agent, Handoff, Line } from "../model";
import { writeAddress } from "./address";
import type { Desk } from "./desk";
import type { Keep } from "./keep";
import { cursor, merged, type Unsent, unsettled } from "./lines";
import { heldBy } from "./queue";
import { Store } from "./store";
import { EMPTY_TALK, type TalkState } from "./talk_state";

const PAGE = 50;
const LONGEST_PAGE = 200;
const TYPING_GIVES_UP_MS = 30_000;
const DELIVERY_MS = 3_000;
/** The assistant learns facts while the talk goes on; a burst of lines asks for the case once. */
const CASE_SETTLES_MS = 1_200;
export const TEXT_LIMIT = 2_000;

/** One open conversation: its lines, its handoff, its case. */
export class Talk extends Store<TalkState> {
  private feed: Feed | null = null;
  private stopped = false;
  private loadingOlder = false;
  private typingTimer = 0;
  private caseTimer = 0;
  private deliveryTimer = 0;

  constructor(
    private readonly desk: Desk,
    private readonly keep: Keep,
    readonly agent: Agent,
    readonly conversationId: string,
    handoffId: string | null,
  ) {
    super({ ...EMPTY_TALK, ...keep.load(conversationId), handoffId });
  }

  start(): void {
    void this.loadDetail();
    void this.loadCase();
    void this.loadLines();
  }

  stop(): void {
    this.stopped = true;
    window.clearTimeout(this.typingTimer);
    window.clearTimeout(this.caseTimer);
    window.clearTimeout(this.deliveryTimer);
    this.feed?.stop();
  }

  /** The first page of history, then the stream from where it ends. Also the way to try again. */
  async loadLines(): Promise<void> {
    this.set({ loadError: null });
    try {
      const page = await this.desk.api.history(this.conversationId, { limit: PAGE });
      if (this.stopped) return;
      this.take(page.entries);
      this.set({ loaded: true, hasOlder: page.has_more });
      this.connect();
    } catch (error) {
      this.set({ loadError: sentence(error) });
    }
  }

  async loadOlder(): Promise<void> {
    const oldest = this.state.lines[0]?.seq;
    if (oldest === undefined || !this.state.hasOlder || this.loadingOlder) return;
    this.loadingOlder = true;
    try {
      const page = await this.desk.api.history(this.conversationId, { before_seq: oldest, limit: PAGE });
      this.take(page.entries);
      this.set({ hasOlder: page.has_more });
    } catch (error) {
      this.desk.say(sentence(error));
    } finally {
      this.loadingOlder = false;
    }
  }

  /** Something changed on the server: who holds it, a note, the intervention. */
  lookAgain(): void {
    void this.loadDetail();
    this.caseSoon();
  }

  setDraft(draft: string): void {
    this.set({ draft });
    this.store();
  }

  send(): void {
    const text = this.state.draft.trim();
    if (!text || text.length > TEXT_LIMIT) return;
    const message: Unsent = { client_msg_id: newMessageId(), text, status: "sending", retryable: true };
    this.set({ draft: "", unsent: [...this.state.unsent, message] });
    this.store();
    void this.deliver(message);
  }

  retry(clientMsgId: string): void {
    const found = this.state.unsent.find((one) => one.client_msg_id === clientMsgId);
    if (!found) return;
    this.patch(clientMsgId, { status: "sending", error: undefined });
    void this.deliver(found);
  }

  /** Takes a message that was not sent back into the composer. */
  rewrite(clientMsgId: string): void {
    const found = this.state.unsent.find((one) => one.client_msg_id === clientMsgId);
    if (!found) return;
    this.discard(clientMsgId);
    this.setDraft(this.state.draft ? `${found.text}\n${this.state.draft}` : found.text);
  }

  discard(clientMsgId: string): void {
    this.set({ unsent: this.state.unsent.filter((one) => one.client_msg_id !== clientMsgId) });
    this.store();
  }

  act(deed: Deed): Promise<boolean> {
    const id = this.state.handoffId;
    return id ? this.change(() => this.desk.api.act(id, deed)) : Promise.resolve(false);
  }

  takeOver(): Promise<boolean> {
    return this.change(() => this.desk.api.takeOver(this.conversationId));
  }

  handBack(settlement: { text: string; outcome: string; amount?: string }): Promise<boolean> {
    const id = this.state.handoffId;
    return id ? this.change(() => this.desk.api.handBack(id, settlement)) : Promise.resolve(false);
  }

  close(ending: { disposition: string; text: string }): Promise<boolean> {
    const id = this.state.handoffId;
    return id ? this.change(() => this.desk.api.close(id, ending)) : Promise.resolve(false);
  }

  /** Runs a request that changes the handoff or its intervention, then shows how things stand. */
  async change(request: () => Promise<unknown>): Promise<boolean> {
    this.set({ busy: true });
    const result = await this.desk.attempt(request);
    this.set({ busy: false });
    if (isHandoff(result) && !this.stopped) {
      this.set({ handoffId: result.id });
      writeAddress({ conversationId: this.conversationId, handoffId: result.id });
    }
    else if (isAside(result)) this.desk.say(result.message);
    this.lookAgain();
    return result !== null;
  }

  private async deliver(message: Unsent): Promise<void> {
    const handoff = this.state.handoffId;
    if (!handoff) return;
    try {
      const { seq } = await this.desk.api.send(handoff, message.text, message.client_msg_id);
      this.patch(message.client_msg_id, { seq });
      // The stream brings the line; how far a platform took it is only in the history.
      this.readAgainLater();
    } catch (error) {
      const retryable = !(error instanceof ApiError) || error.retryable;
      this.patch(message.client_msg_id, { status: "failed", error: sentence(error), retryable });
      if (!retryable) this.lookAgain();
    }
  }

  /** The lines held, once more: their masking, their delivery, and whatever a broken stream did not bring. */
  private async readAgain(): Promise<void> {
    const limit = Math.min(Math.max(this.state.lines.length, PAGE), LONGEST_PAGE);
    const page = await this.desk.api.history(this.conversationId, { limit }).catch(() => null);
    if (!page || this.stopped) return;
    this.take(page.entries);
    const underWay = page.entries.some((line) => line.delivery === "pending" || line.delivery === "sending");
    if (underWay) this.readAgainLater();
  }

  private readAgainLater(): void {
    window.clearTimeout(this.deliveryTimer);
    this.deliveryTimer = window.setTimeout(() => void this.readAgain(), DELIVERY_MS);
  }

  private erased(message: string): void {
    this.feed?.stop();
    this.set({ lines: [], unsent: [], hasOlder: false, case: null, caseState: "none", loadError: message });
    this.store();
  }

  private async loadDetail(): Promise<void> {
    const id = this.state.handoffId;
    if (!id) return;
    const detail = await this.desk.api.handoff(id).catch(() => null);
    if (!detail || this.stopped || id !== this.state.handoffId) return;
    const before = this.state.detail?.handoff;
    this.set({ detail });
    // Who holds a conversation reads it as it was written, others with personal data masked.
    if (before && heldBy(before, this.agent.id) !== heldBy(detail.handoff, this.agent.id)) {
      void this.readAgain();
      this.caseSoon();
    }
  }

  private async loadCase(): Promise<void> {
    try {
      const found = await this.desk.api.case(this.conversationId);
      if (!this.stopped) this.set({ case: found, caseState: "ready" });
      if (found.intervention) {
        const { allowed } = await this.desk.api.intervention(found.intervention.number).catch(() => ({ allowed: null }));
        if (!this.stopped) this.set({ allowed: allowed ?? null });
      }
    } catch (error) {
      if (this.stopped || this.state.case) return;
      this.set({ caseState: error instanceof ApiError && error.status === 404 ? "none" : "failed" });
    }
  }

  private caseSoon(): void {
    window.clearTimeout(this.caseTimer);
    this.caseTimer = window.setTimeout(() => void this.loadCase(), CASE_SETTLES_MS);
  }

  private connect(): void {
    if (this.feed) return;
    this.feed = new Feed({
      open: (signal) => this.desk.api.talkEvents(this.conversationId, cursor(this.state.lines), signal),
      onEvent: (name, data) => this.onEvent(name, data),
      onConnection: (connection) => this.set({ connection }),
    });
    this.feed.start();
  }

  private onEvent(name: string, data: Record<string, unknown>): void {
    if (name === "message") {
      this.take([data as unknown as Line]);
      this.caseSoon();
    } else if (name === "typing") {
      this.setTyping(data.on === true);
    } else if (name === "error") {
      if (data.code === "conversation_erased") this.erased(String(data.message ?? ""));
      else void this.desk.refresh(); // Finds out whether the session has ended.
    } else if (name === "owner_changed") {
      const owner = typeof data.owner === "string" ? data.owner : null;
      if (owner !== this.state.owner) void this.loadDetail();
      this.set({ owner });
    }
  }

  private take(incoming: Line[]): void {
    const lines = merged(this.state.lines, incoming);
    this.set({ lines, unsent: unsettled(this.state.unsent, lines) });
    this.store();
  }

  private setTyping(typing: boolean): void {
    window.clearTimeout(this.typingTimer);
    if (typing) this.typingTimer = window.setTimeout(() => this.set({ typing: false }), TYPING_GIVES_UP_MS);
    this.set({ typing });
  }

  private patch(clientMsgId: string, patch: Partial<Unsent>): void {
    const unsent = this.state.unsent.map((one) => (one.client_msg_id === clientMsgId ? { ...one, ...patch } : one));
    this.set({ unsent: unsettled(unsent, this.state.lines) });
    this.store();
  }

  private store(): void {
    this.keep.save(this.conversationId, { draft: this.state.draft, unsent: this.state.unsent });
  }
}

/** An answer that says something besides success: a step that takes effect later. */
function isAside(value: unknown): value is { message: string } {
  return typeof value === "object" && value !== null && typeof (value as { message?: unknown }).message === "string";
}

function isHandoff(value: unknown): value is Handoff {
  return typeof value === "object" && value !== null && "conversation_id" in value && "requested_at" in value;
}
