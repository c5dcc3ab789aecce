/** One text of the record that is masked for everybody but who reveals it. */
export interface Revealed {
  label: string;
  full: string;
}

/** What the page reads of a record: where something was masked, as paths like "/transcript/3/text". */
export interface HandoffRecord {
  privacy?: { masked_fields?: { field: string }[] };
}

const PARTS: Record<string, string> = {
  customer: "买家",
  channel: "渠道",
  conversation_id: "会话编号",
  reason: "转人工原因",
  summary: "摘要",
  left_message: "留言",
  outcome: "处理结果",
  case: "案件",
  evidence: "证据",
  rounds: "协商记录",
  intervention: "介入单",
  drafts: "文稿",
  timeline: "经过",
  advice_given: "给过的建议",
  notes: "备注",
  transcript: "对话",
};

/** The full texts at the places that the masked record names; the same words in two fields are shown once. */
export function revealed(masked: HandoffRecord, full: HandoffRecord): Revealed[] {
  const found = new Map<string, Revealed>();
  for (const { field } of masked.privacy?.masked_fields ?? []) {
    const path = field.split("/").slice(1);
    const holders = [full as unknown];
    for (const key of path) holders.push((holders[holders.length - 1] as Record<string, unknown> | null)?.[key]);
    const text = holders.pop();
    if (typeof text !== "string" || !text) continue;
    const one = { label: labelOf(path, holders), full: text };
    found.set(`${one.label}\n${text}`, one);
  }
  return [...found.values()];
}

/** The label that stands beside the text (a fact's), the line's number, or the part of the record. */
function labelOf(path: string[], holders: unknown[]): string {
  const beside = holders[holders.length - 1] as { label?: unknown } | null;
  if (typeof beside?.label === "string" && path[path.length - 1] !== "label") return beside.label;
  const line = holders[2] as { seq?: unknown } | undefined;
  if (path[0] === "transcript" && typeof line?.seq === "number") return `对话第 ${line.seq} 条`;
  return PARTS[path[0] ?? ""] ?? path.join(" / ");
}
