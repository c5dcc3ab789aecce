import { Client, type Outgoing } from "../transport/client";
import { ApiError } from "../transport/errors";
import { newMessageId } from "../transport/hash";
import { LiveFeed } from "../transport/live";
import type { KeyValue, Session } from "../transport/session";
import type { Button, Entry, Pending } from "./model";
import { Outbox } from "./outbox";
import { CANCEL_QUEUE } from "./owner";
import { Uploads } from "./uploads";
import {
  type ConversationState,
  EMPTY,
  cursorOf,
  dropPending,
  patchPending,
  withEntries,
  withPending,
} from "./state";

const TYPING_GIVES_UP_MS = 60_000;
const NOTICE_MS = 8_000;
const RENEWAL_LOOK_MS = 10 * 60_000;
/** The server stores up to this many characters of one message. */
export const TEXT_LIMIT = 5_000;

function fresh(): { client_msg_id: string; at: number; status: "sending"; retryable: boolean } {
  return { client_msg_id: newMessageId(), at: Date.now(), status: "sending", retryable: true };
}

/** Joins state and transport. The page reads `state` and calls the methods; nothing else changes the state. */
export class Controller {
  state: ConversationState = EMPTY;
  readonly uploads: Uploads;
  private readonly listeners = new Set<() => void>();
  private readonly outbox: Outbox;
  private live: LiveFeed | null = null;
  private sessionId: string | null = null;
  private linkUnsettled = false;
  private typingTimer = 0;
  private noticeTimer = 0;
  private renewal = 0;

  constructor(
    private readonly client: Client,
    private readonly session: Session,
    storage: KeyValue,
    /** Called for each line that comes in while the page is open (not for history). */
    private readonly onArrival: (entry: Entry) => void = () => undefined,
  ) {
    this.outbox = new Outbox(storage, "dispute-chat:outbox");
    this.uploads = new Uploads(client, this);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): ConversationState => this.state;

  change(next: (state: ConversationState) => ConversationState): void {
    const before = this.state;
    this.state = next(before);
    if (this.state === before) return;
    if (this.state.pending !== before.pending) this.outbox.save(this.state.pending);
    this.listeners.forEach((listener) => listener());
  }

  async start(): Promise<void> {
    this.linkUnsettled = this.session.linkWaits;
    if (!this.linkUnsettled) this.restoreUnsent();
    try {
      this.sessionId = (await this.session.open()).session_id;
      this.settleLink();
      await this.loadHistory();
    } catch (error) {
      this.tell(error);
    }
    this.change((s) => ({ ...s, loaded: true }));
    this.connect();
  }

  stop(): void {
    window.clearInterval(this.renewal);
    this.live?.stop();
    this.live = null;
  }

  sendText(text: string): void {
    this.post({ kind: "text", text, ...fresh() });
  }

  press(button: Button): void {
    if (this.state.pressed.includes(button.token)) return;
    this.change((s) => ({ ...s, pressed: [...s.pressed, button.token] }));
    this.post({
      kind: "button",
      text: button.title,
      token: button.token,
      ...fresh(),
    });
  }

  /** Leaves the queue as the bot's own button does; without that button the word says the same. */
  leaveQueue(): void {
    const titled = this.state.entries.flatMap((e) => e.buttons ?? []).filter((b) => b.title === CANCEL_QUEUE);
    const button = titled[titled.length - 1];
    if (button && !this.state.pressed.includes(button.token)) this.press(button);
    else this.sendText(CANCEL_QUEUE);
  }

  retry(id: string): void {
    const found = this.state.pending.find((p) => p.client_msg_id === id);
    if (!found) return;
    this.change((s) => patchPending(s, id, { status: "sending", error: undefined }));
    if (found.kind === "file") this.uploads.run(found);
    else void this.deliver(found);
  }

  discard(id: string): void {
    const found = this.state.pending.find((p) => p.client_msg_id === id);
    this.change((s) => dropPending(s, id));
    // A button whose press never arrived must be free to press again.
    if (found?.kind === "button") {
      this.change((s) => ({ ...s, pressed: s.pressed.filter((token) => token !== found.token) }));
    }
  }

  async loadOlder(): Promise<void> {
    const oldest = this.state.entries[0]?.seq;
    if (oldest === undefined) return;
    try {
      const page = await this.client.history(oldest);
      this.change((s) => ({ ...withEntries(s, page.entries), hasOlder: page.has_more }));
    } catch (error) {
      this.tell(error);
    }
  }

  transcript(format: "html" | "txt" | "json"): Promise<Blob> {
    return this.client.transcript(format);
  }

  calendar(): Promise<Blob> {
    return this.client.calendar();
  }

  /** Erases everything on the server and begins a new, empty conversation. */
  async erase(): Promise<void> {
    this.stop(); // Or the stream would report the erasure as an error of its own.
    this.uploads.cancelAll();
    try {
      await this.client.erase();
    } catch (error) {
      this.connect();
      throw error;
    }
    this.change(() => ({ ...EMPTY }));
    await this.start();
  }

  /** Shows the sentence of an error for a while. */
  tell(error: unknown): void {
    this.say(error instanceof ApiError ? error.message : "出了点问题，请刷新页面再试。");
  }

  /** `stays`: until the buyer closes it. */
  say(notice: string | null, stays = false): void {
    window.clearTimeout(this.noticeTimer);
    this.change((s) => ({ ...s, notice }));
    if (notice && !stays) this.noticeTimer = window.setTimeout(() => this.say(null), NOTICE_MS);
  }

  retryConnection(): void {
    this.live?.retryNow();
  }

  private restoreUnsent(): void {
    for (const unsent of this.outbox.load()) this.change((s) => withPending(s, unsent));
  }

  /** Once the server has answered for the link: text left unsent belongs to the conversation before it. */
  private settleLink(): void {
    if (!this.linkUnsettled || this.session.linkWaits) return;
    this.linkUnsettled = false;
    if (this.session.linkRefused) {
      this.restoreUnsent();
      this.say(this.session.linkRefused, true);
    } else {
      this.outbox.save([]);
      this.say("已接上您之前的对话。");
    }
  }

  private async loadHistory(): Promise<void> {
    const page = await this.client.history();
    this.change((s) => ({ ...withEntries(s, page.entries), hasOlder: page.has_more }));
  }

  private connect(): void {
    this.stop();
    this.live = new LiveFeed(this.client, {
      cursor: () => cursorOf(this.state),
      onEntry: (entry) => this.arrive(entry),
      onTyping: (on) => this.setTyping(on),
      onOwnership: (ownership) => this.change((s) => ({ ...s, ownership })),
      onConnection: (connection) => this.change((s) => (s.connection === connection ? s : { ...s, connection })),
      onServerError: (message) => this.say(message),
      onSession: (id) => this.confirmSession(id),
    });
    this.live.start();
    // An open page renews its token before the end; an expired one could only start a new conversation.
    this.renewal = window.setInterval(() => void this.session.token().catch(() => undefined), RENEWAL_LOOK_MS);
  }

  private confirmSession(id: string): void {
    this.settleLink();
    if (this.sessionId !== null && this.sessionId !== id) {
      // The old session expired and could not be resumed; showing its lines would mix two conversations.
      this.change((s) => ({ ...EMPTY, loaded: true, pending: s.pending, connection: s.connection }));
      void this.loadHistory().catch((error: unknown) => this.tell(error));
    }
    this.sessionId = id;
  }

  private arrive(entry: Entry): void {
    const known = this.state.entries.some((other) => other.seq === entry.seq);
    this.change((s) => withEntries(s, [entry]));
    if (!known && entry.author.type !== "buyer") this.onArrival(entry);
  }

  private setTyping(typing: boolean): void {
    window.clearTimeout(this.typingTimer);
    this.change((s) => (s.typing === typing ? s : { ...s, typing }));
    // The "off" may be lost with a broken line; dots that never stop are a lie.
    if (typing) this.typingTimer = window.setTimeout(() => this.setTyping(false), TYPING_GIVES_UP_MS);
  }

  private post(message: Exclude<Pending, { kind: "file" }>): void {
    this.change((s) => withPending(s, message));
    void this.deliver(message);
  }

  private async deliver(message: Exclude<Pending, { kind: "file" }>): Promise<void> {
    const id = message.client_msg_id;
    const body: Outgoing =
      message.kind === "text"
        ? { client_msg_id: id, text: message.text }
        : { client_msg_id: id, button: message.token };
    try {
      const { seq } = await this.client.send(body);
      this.change((s) => patchPending(s, id, { status: "sent", seq }));
    } catch (error) {
      const known = error instanceof ApiError ? error : null;
      const why = known?.message ?? "没有发送成功。";
      const retryable = known?.retryable ?? true;
      this.change((s) => patchPending(s, id, { status: "failed", error: why, retryable }));
    }
  }
}
