import type { Connection } from "../transport/live";
import type { Button, Entry, HashCheck, Pending } from "./model";
import { BOT, isHuman, type Ownership } from "./owner";

export interface ConversationState {
  /** False until the first page of history came or failed. */
  loaded: boolean;
  entries: Entry[];
  pending: Pending[];
  hasOlder: boolean;
  typing: boolean;
  connection: Connection;
  ownership: Ownership;
  /** A passing sentence above the composer (rate limit, refused text). */
  notice: string | null;
  /** By evidence id. */
  hashChecks: Record<string, HashCheck>;
  /** Button tokens pressed in this page, to mark the chosen one. */
  pressed: string[];
}

export const EMPTY: ConversationState = {
  loaded: false,
  entries: [],
  pending: [],
  hasOlder: false,
  typing: false,
  connection: "connecting",
  ownership: BOT,
  notice: null,
  hashChecks: {},
  pressed: [],
};

/** Adds entries by sequence number (a repeated one replaces) and settles the pending messages they answer. */
export function withEntries(state: ConversationState, incoming: Entry[]): ConversationState {
  if (incoming.length === 0) return state;
  const bySeq = new Map(state.entries.map((entry) => [entry.seq, entry]));
  for (const entry of incoming) bySeq.set(entry.seq, entry);
  const entries = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  return { ...state, entries, pending: unsettled(state.pending, entries) };
}

function unsettled(pending: Pending[], entries: Entry[]): Pending[] {
  const ids = new Set(entries.map((entry) => entry.client_msg_id));
  const seqs = new Set(entries.map((entry) => entry.seq));
  return pending.filter((p) => !ids.has(p.client_msg_id) && !(p.seq !== undefined && seqs.has(p.seq)));
}

export function withPending(state: ConversationState, added: Pending): ConversationState {
  return { ...state, pending: [...state.pending, added] };
}

export function patchPending(state: ConversationState, id: string, patch: Partial<Pending>): ConversationState {
  const pending = state.pending.map((p) => (p.client_msg_id === id ? ({ ...p, ...patch } as Pending) : p));
  return { ...state, pending: unsettled(pending, state.entries) };
}

export function dropPending(state: ConversationState, id: string): ConversationState {
  return { ...state, pending: state.pending.filter((p) => p.client_msg_id !== id) };
}

/** Highest sequence number we hold: the point to resume the stream from. */
export function cursorOf(state: ConversationState): number {
  return state.entries[state.entries.length - 1]?.seq ?? 0;
}

/** An attachment is something handed in along the way; only words and buttons answer a question. */
function isAnswer(entry: Entry): boolean {
  return entry.author.type === "buyer" && !entry.attachment;
}

/**
 * The buttons still waiting for an answer: those of the newest message with buttons after the last answer. None
 * while a person answers. In the queue nobody reads yet, so words leave the question open; a press does not.
 */
export function openButtons(state: ConversationState): { seq: number; buttons: Button[] } | null {
  if (isHuman(state.ownership)) return null;
  const queued = state.ownership.owner === "queued";
  const answers = (p: Pending): boolean => p.kind === "button" || (p.kind === "text" && !queued);
  if (state.pending.some((p) => answers(p) && p.status !== "failed")) return null;
  for (let i = state.entries.length - 1; i >= 0; i--) {
    const entry = state.entries[i]!;
    if (isAnswer(entry) && !(queued && !entry.in_reply_to)) return null;
    if (entry.buttons?.length) return { seq: entry.seq, buttons: entry.buttons };
  }
  return null;
}

/** A remark of the system, told in passing: centred, without an author. */
export function isNote(entry: Entry): boolean {
  return entry.author.type === "system" && !entry.card && !entry.attachment && !entry.buttons?.length;
}

/** Which button of an old message was chosen, as far as the log shows it. */
export function chosenToken(state: ConversationState, entry: Entry): string | null {
  const pressed = entry.buttons?.find((button) => state.pressed.includes(button.token));
  if (pressed) return pressed.token;
  const press = state.entries.find((other) => other.in_reply_to === entry.id);
  const answer = press ?? state.entries.find((other) => other.seq > entry.seq && isAnswer(other));
  return entry.buttons?.find((button) => button.title === answer?.text)?.token ?? null;
}
