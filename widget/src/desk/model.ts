/** What the desk's API answers (GET /desk/api/…). Times are ISO 8601 with offset, money is text in yuan. */

export interface Agent {
  id: number;
  name: string;
  display_name: string;
  role: "agent" | "supervisor";
}

export interface SignedIn {
  agent: Agent;
  csrf: string;
}

export type HandoffState =
  | "queued"
  | "human"
  | "wrap_up"
  | "returned"
  | "closed"
  | "cancelled"
  | "timed_out"
  | "left_message";

/** The clock that runs out first. */
export interface Nearest {
  name: string;
  due: string;
}

export interface Handoff {
  id: string;
  conversation_id: string;
  channel: string;
  state: HandoffState;
  reason: { code: string; label: string; detail: string };
  priority: string;
  summary: string;
  requested_at: string;
  claimed_at: string | null;
  waiting_s: number;
  nearest: Nearest | null;
  agent: { id: number; name: string } | null;
  buyer: string;
  position: number | null;
  intervention_number: string | null;
  case_id: string | null;
  left_text: string | null;
}

export interface Queue {
  now: string;
  office_open: boolean;
  items: Handoff[];
}

export interface InterventionItem {
  number: string;
  state: string;
  conversation_id: string;
  case_id: string;
  types: string[];
  opened_at: string;
  updated_at: string;
  amount: string | null;
  nearest: Nearest | null;
  handoff_id: string | null;
}

export interface Note {
  at: string;
  agent_name: string;
  text: string;
}

export interface HandoffEvent {
  at: string;
  actor: string;
  /** In Chinese words. */
  what: string;
  detail: unknown;
}

export interface HandoffDetail {
  handoff: Handoff;
  notes: Note[];
  events: HandoffEvent[];
}

export interface Attachment {
  evidence_id: string;
  name: string;
  mime: string;
  size: number;
  sha256: string;
  url?: string | null;
  thumb?: string | null;
}

/** One line of the conversation. `seq` grows by one within a conversation. */
export interface Line {
  seq: number;
  id: string;
  ts: string;
  author: { type: "bot" | "buyer" | "agent" | "system"; name?: string };
  text?: string;
  buttons?: { title: string }[];
  attachment?: Attachment;
  client_msg_id?: string;
  /** How far the platform took it: pending, sending, sent, held or failed. */
  delivery?: string;
}

export interface Fact {
  value: unknown;
  certainty: string;
  at: string;
  origin: string;
}

export interface EvidenceItem {
  id: string;
  kind: string | null;
  name: string;
  mime: string;
  size: number;
  sha256: string;
  uploaded_at: string;
  url?: string | null;
  thumb?: string | null;
}

export interface Deadline {
  id: string;
  name: string;
  kind: string;
  due: string | null;
  consequence: string;
}

export interface Round {
  no: number;
  at: string;
  ours: string | null;
  theirs: string | null;
  stance: string | null;
  offer: string | null;
  verdict: string | null;
}

/** A text written for the buyer to hand in; nobody has sent it. */
export interface Draft {
  kind: string;
  title: string;
  at: string;
  text: string;
  blanks: string[];
}

export interface Intervention {
  number: string;
  state: string;
  opened_at: string;
  statement: string;
  demand: string;
  history: { state: string; at: string; note: string }[];
}

export interface CaseFile {
  id: string;
  types_zh: string[];
  stage_zh: string;
  facts: Record<string, Fact>;
  /** Chinese name of each fact. */
  labels: Record<string, string>;
  /** Chinese name of each choice of a fact: {"demand": {"refund_only": "仅退款"}}. */
  choices?: Record<string, Record<string, string>>;
  /** Chinese name of each kind of evidence: {"E08": "开箱视频"}. */
  evidence_names?: Record<string, string>;
  gaps: { name: string; why: string }[];
  deadlines_open: Deadline[];
  evidence: EvidenceItem[];
  rounds: Round[];
  intervention: Intervention | null;
  drafts?: Draft[];
}

export interface Canned {
  title: string;
  text: string;
}

export type ExportFormat = "json" | "html" | "transcript" | "vcon";
