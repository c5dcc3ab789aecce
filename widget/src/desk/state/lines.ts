import type { Line } from "../model";

/** A message of ours that the server has not confirmed yet. Its id makes sending it again harmless. */
export interface Unsent {
  client_msg_id: string;
  text: string;
  status: "sending" | "failed";
  error?: string;
  /** False when the same request can only fail again: no longer ours, too long. */
  retryable: boolean;
  /** Set by the server's answer; the line itself may still be on its way. */
  seq?: number;
}

/** Both lists joined by sequence number, ascending; a repeated line replaces the old one. */
export function merged(lines: Line[], incoming: Line[]): Line[] {
  if (incoming.length === 0) return lines;
  const bySeq = new Map(lines.map((line) => [line.seq, line]));
  for (const line of incoming) bySeq.set(line.seq, line);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The messages of ours that are not among the lines yet. */
export function unsettled(unsent: Unsent[], lines: Line[]): Unsent[] {
  const ids = new Set(lines.map((line) => line.client_msg_id));
  const seqs = new Set(lines.map((line) => line.seq));
  return unsent.filter((one) => !ids.has(one.client_msg_id) && !(one.seq !== undefined && seqs.has(one.seq)));
}

/** Highest sequence number held: where the stream goes on. */
export function cursor(lines: Line[]): number {
  return lines[lines.length - 1]?.seq ?? 0;
}

/** How many lines of the buyer stand after the last answer by a person or the assistant. */
export function unanswered(lines: Line[]): number {
  let count = 0;
  for (let i = lines.length - 1; i >= 0; i--) {
    const author = lines[i]!.author.type;
    if (author === "buyer") count += 1;
    else if (author !== "system") break;
  }
  return count;
}
