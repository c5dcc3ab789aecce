export interface EvidenceItem {
  kind: string;
  name: string;
  level: "must" | "should" | "nice";
  have: boolean;
  why?: string;
  how?: string;
  substitute?: string;
}

export interface Row {
  label: string;
  value: string;
}

export interface Deadline {
  name: string;
  due?: string;
  kind?: "platform" | "statutory";
  consequence?: string;
  source?: string;
}

export type Card =
  | { type: "evidence"; title?: string; grade?: string; items: EvidenceItem[] }
  | { type: "draft"; title?: string; text: string }
  | { type: "read_back"; title?: string; rows: Row[] }
  | {
      type: "intervention";
      number: string;
      state: string;
      opened_at?: string;
      rows?: Row[];
      steps?: string[];
      current?: string;
    }
  | { type: "deadlines"; items: Deadline[] }
  | { type: "sources"; items: { label: string; fact?: string }[] };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown, ...strings: string[]): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => isRecord(item) && strings.every((key) => typeof item[key] === "string"))
  );
}

/**
 * The card if it is one we can draw whole, else null: the message's text says the same in words, so a newer
 * server's card is never half shown.
 */
export function asCard(value: unknown): Card | null {
  if (!isRecord(value)) return null;
  return typeof value.type === "string" && DRAWABLE.get(value.type)?.(value) ? (value as unknown as Card) : null;
}

const absentOr = (value: unknown, check: (value: unknown) => boolean): boolean => value == null || check(value);

const DRAWABLE = new Map<string, (card: Record<string, unknown>) => boolean>([
  ["evidence", (card) => listOf(card.items, "name", "level")],
  ["draft", (card) => typeof card.text === "string"],
  ["read_back", (card) => listOf(card.rows, "label", "value")],
  [
    "intervention",
    (card) =>
      typeof card.number === "string" &&
      typeof card.state === "string" &&
      absentOr(card.rows, (rows) => listOf(rows, "label", "value")) &&
      absentOr(card.steps, (steps) => Array.isArray(steps) && steps.every((step) => typeof step === "string")),
  ],
  ["deadlines", (card) => listOf(card.items, "name")],
  ["sources", (card) => listOf(card.items, "label")],
]);
