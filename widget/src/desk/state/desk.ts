import { ApiError } from "../../transport/errors";
import type { KeyValue } from "../../transport/session";
import { type Deed, type DeskApi, sentence } from "../api/client";
import { type Connection, Feed } from "../api/feed";
import type { Agent, Canned, Handoff, InterventionItem, SignedIn } from "../model";
import { readAddress, writeAddress } from "./address";
import { forgetAll, Keep } from "./keep";
import { announcement, heldBy, inTab, newcomers, type Tab } from "./queue";
import { Store } from "./store";
import { Talk } from "./talk";
import { Waiting } from "./waiting";

export interface DeskState {
  phase: "checking" | "unreachable" | "out" | "in";
  /** The session ended under the agent; the log-in page says so. */
  ended: boolean;
  agent: Agent | null;
  /** False until the first queue came. */
  loaded: boolean;
  queue: Handoff[];
  officeOpen: boolean;
  /** When the queue came, in this machine's milliseconds; `waiting_s` counts on from there. */
  fetchedAt: number;
  /** Server's clock minus ours, in milliseconds. */
  skew: number;
  interventions: InterventionItem[];
  canned: Canned[];
  connection: Connection;
  tab: Tab;
  talk: Talk | null;
  /** What went wrong, or what was done; the agent closes it. */
  notice: string | null;
  announcement: string;
  /** By conversation: lines of the buyer that nobody has answered, of conversations that I hold. */
  waitingForMe: Record<string, number>;
}

const EMPTY: DeskState = {
  phase: "checking",
  ended: false,
  agent: null,
  loaded: false,
  queue: [],
  officeOpen: true,
  fetchedAt: 0,
  skew: 0,
  interventions: [],
  canned: [],
  connection: "connecting",
  tab: "waiting",
  talk: null,
  notice: null,
  announcement: "",
  waitingForMe: {},
};

/** Events may be lost with a broken line: look by ourselves now and then. */
const LOOK_MS = 60_000;

/** Who is signed in, the queue, and the one conversation that is open. */
export class Desk extends Store<DeskState> {
  private feed: Feed | null = null;
  private look = 0;
  private asking: Promise<void> | null = null;
  private askAgain = false;
  private readonly waiting: Waiting;

  constructor(
    readonly api: DeskApi,
    private readonly storage: KeyValue,
  ) {
    super(EMPTY);
    this.waiting = new Waiting(api, (waitingForMe) => this.set({ waitingForMe }));
    api.onEnded = () => this.sessionEnded();
  }

  async start(): Promise<void> {
    this.set({ phase: "checking" });
    try {
      const found = await this.api.me();
      if (found) await this.enter(found);
      else this.set({ phase: "out" });
    } catch {
      this.set({ phase: "unreachable" });
    }
  }

  /** Throws ApiError for the log-in form to show. */
  async login(name: string, password: string): Promise<void> {
    await this.enter(await this.api.login(name, password));
  }

  async logout(): Promise<void> {
    try {
      await this.api.logout();
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) {
        this.say(sentence(error));
        return;
      }
    }
    this.leave();
    forgetAll();
    writeAddress(null);
    this.set({ ...EMPTY, phase: "out" });
  }

  say(notice: string | null): void {
    this.set({ notice });
  }

  setTab(tab: Tab): void {
    this.set({ tab });
  }

  /** Opens a conversation; `handoffId` is null for an intervention that no person was asked for. */
  open(conversationId: string, handoffId: string | null): void {
    const { talk, agent } = this.state;
    if (!agent || (talk?.conversationId === conversationId && talk.state.handoffId === handoffId)) return;
    talk?.stop();
    const opened = new Talk(this, new Keep(this.storage, agent.id), agent, conversationId, handoffId);
    this.set({ talk: opened });
    this.watchMine();
    writeAddress({ conversationId, handoffId });
    opened.start();
  }

  /** Claims from the queue. When somebody was faster, the message says who, and the queue shows it. */
  async claim(handoff: Handoff): Promise<void> {
    this.open(handoff.conversation_id, handoff.id);
    if (await this.state.talk?.act("claim")) this.setTab("mine");
  }

  /** Changes a handoff's state; a refusal becomes a notice. Returns the handoff as it is now. */
  async act(handoffId: string, deed: Deed): Promise<Handoff | null> {
    return this.attempt(() => this.api.act(handoffId, deed));
  }

  /** Runs a request; whatever comes of it, the queue is looked at again. */
  async attempt<T>(request: () => Promise<T>): Promise<T | null> {
    try {
      const result = await request();
      this.set({ notice: null });
      return result;
    } catch (error) {
      if (this.state.phase === "in") this.say(sentence(error));
      return null;
    } finally {
      void this.refresh();
    }
  }

  /** Asks for the queue. Calls that come while one is under way share the next one. */
  refresh(): Promise<void> {
    if (this.asking) {
      this.askAgain = true;
      return this.asking;
    }
    this.asking = this.ask().finally(() => {
      this.asking = null;
      if (this.askAgain) {
        this.askAgain = false;
        void this.refresh();
      }
    });
    return this.asking;
  }

  private async ask(): Promise<void> {
    if (this.state.phase !== "in") return;
    const [queue, interventions] = await Promise.all([
      this.api.queue().catch(() => null),
      this.api.interventions().catch(() => null),
    ]);
    if (this.state.phase !== "in") return;
    if (interventions) this.set({ interventions: interventions.items });
    if (!queue) return;
    const arrived = this.state.loaded ? newcomers(this.state.queue, queue.items) : [];
    const waiting = inTab(queue.items, "waiting", 0).length;
    this.set({
      loaded: true,
      queue: queue.items,
      officeOpen: queue.office_open,
      fetchedAt: Date.now(),
      skew: Date.parse(queue.now) - Date.now() || 0,
      announcement: arrived.length ? announcement(arrived, waiting) : this.state.announcement,
    });
    this.watchMine();
  }

  private watchMine(): void {
    const { queue, agent, talk } = this.state;
    const mine = queue.filter((item) => agent && heldBy(item, agent.id)).map((item) => item.conversation_id);
    this.waiting.watch(mine.filter((id) => id !== talk?.conversationId));
  }

  private async enter(found: SignedIn): Promise<void> {
    this.set({ ...EMPTY, phase: "in", agent: found.agent });
    this.feed = new Feed({
      open: this.api.deskEvents,
      onEvent: () => this.changed(),
      onConnection: (connection) => {
        this.set({ connection });
        if (connection === "online") void this.refresh();
      },
    });
    this.feed.start();
    this.look = window.setInterval(() => void this.refresh(), LOOK_MS);
    void this.api.canned().then(({ items }) => this.set({ canned: items }), () => undefined);
    await this.refresh();
    await this.openAddress();
  }

  private changed(): void {
    void this.refresh();
    this.state.talk?.lookAgain();
  }

  private async openAddress(): Promise<void> {
    const wanted = readAddress();
    if (!wanted) return;
    if (wanted.conversationId) {
      this.open(wanted.conversationId, wanted.handoffId);
      return;
    }
    if (!wanted.handoffId) return;
    const detail = await this.api.handoff(wanted.handoffId).catch(() => null);
    if (detail) this.open(detail.handoff.conversation_id, detail.handoff.id);
  }

  private sessionEnded(): void {
    if (this.state.phase !== "in") return;
    this.leave();
    this.set({ ...EMPTY, phase: "out", ended: true, tab: this.state.tab });
  }

  private leave(): void {
    window.clearInterval(this.look);
    this.waiting.watch([]);
    this.feed?.stop();
    this.feed = null;
    this.state.talk?.stop();
  }
}
