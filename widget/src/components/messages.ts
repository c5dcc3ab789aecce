import type { MessageProps } from "../chatui";
import type { Entry, Pending } from "../conversation/model";
import { type ConversationState, isNote } from "../conversation/state";

export type Content = { entry: Entry } | { pendingId: string; kind: Pending["kind"] };

/** A time is shown where the talk paused for longer than this. */
const PAUSE_MS = 5 * 60_000;

/** Above the line; an agent's line names its author itself. */
function authorLabel(entry: Entry): string | undefined {
  switch (entry.author.type) {
    case "buyer":
      return "我";
    case "agent":
      return undefined;
    case "system":
      return "系统";
    default:
      return "助手";
  }
}

function fromEntry(entry: Entry, hasTime: boolean): MessageProps {
  const note = isNote(entry);
  return {
    _id: entry.client_msg_id ?? `s${entry.seq}`,
    type: note ? "note" : "entry",
    content: { entry },
    createdAt: Date.parse(entry.ts),
    hasTime,
    user: { name: note ? undefined : authorLabel(entry) },
    position: note ? "center" : entry.author.type === "buyer" ? "right" : "left",
  };
}

function fromPending(pending: Pending, hasTime: boolean): MessageProps {
  return {
    _id: pending.client_msg_id,
    type: "pending",
    content: { pendingId: pending.client_msg_id, kind: pending.kind },
    createdAt: pending.at,
    hasTime,
    user: { name: "我" },
    position: "right",
  };
}

interface Cached {
  source: Entry | string;
  hasTime: boolean;
  message: MessageProps;
}

/**
 * Turns the state into ChatUI's messages, giving back the very same object for an unchanged line: ChatUI
 * scrolls and counts "new" whenever the last object differs. What changes within a line (progress, pressed
 * buttons) is read from the store by the line itself.
 */
export function messageList(): (state: ConversationState) => MessageProps[] {
  let cache = new Map<string, Cached>();

  return (state) => {
    const next = new Map<string, Cached>();
    let last = 0;

    function take(id: string, at: number, source: Entry | string, make: (hasTime: boolean) => MessageProps) {
      const hasTime = at - last > PAUSE_MS;
      last = at;
      const old = cache.get(id);
      const message = old && old.source === source && old.hasTime === hasTime ? old.message : make(hasTime);
      next.set(id, { source, hasTime, message });
      return message;
    }

    const messages = [
      ...state.entries.map((e) => take(`e${e.seq}`, Date.parse(e.ts), e, (t) => fromEntry(e, t))),
      ...state.pending.map((p) => take(`p${p.client_msg_id}`, p.at, p.client_msg_id, (t) => fromPending(p, t))),
    ];
    cache = next;
    return messages;
  };
}
