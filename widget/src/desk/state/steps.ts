import { fromField } from "../time";

/** The way of an intervention, as the buyer sees it too. */
export const COURSE = ["受理", "双方举证", "调解", "判决", "申诉复审", "结案"];

export type StepKind = "accept" | "ask_evidence" | "propose" | "rule" | "open_review" | "decide_review" | "close";
export type StepField = "items" | "due_at" | "amount" | "result";

export interface Step {
  kind: StepKind;
  name: string;
  /** The states it can be taken from; the server has the last word. */
  from: readonly string[];
  fields: readonly StepField[];
  note: string;
}

export const STEPS: readonly Step[] = [
  { kind: "accept", name: "受理", from: ["受理"], fields: [], note: "受理说明" },
  {
    kind: "ask_evidence",
    name: "要求补充证据",
    from: ["受理", "双方举证"],
    fields: ["items", "due_at"],
    note: "补充说明",
  },
  {
    kind: "propose",
    name: "调解方案",
    from: ["受理", "双方举证", "调解"],
    fields: ["amount", "due_at"],
    note: "方案内容",
  },
  {
    kind: "rule",
    name: "判决",
    from: ["受理", "双方举证", "调解"],
    fields: ["result", "amount"],
    note: "判决理由",
  },
  { kind: "open_review", name: "受理申诉", from: ["判决"], fields: [], note: "受理说明" },
  { kind: "decide_review", name: "复审结论", from: ["申诉复审"], fields: ["result", "amount"], note: "结论和理由" },
  {
    kind: "close",
    name: "结案",
    from: ["受理", "双方举证", "调解", "判决", "申诉复审"],
    fields: [],
    note: "结案说明",
  },
];

/** The steps that can be taken now: those the server names, or as far as we know ourselves. */
export function stepsFrom(state: string, allowed: string[] | null = null): Step[] {
  return STEPS.filter((step) => (allowed ? allowed.includes(step.kind) : step.from.includes(state)));
}

/** As much as the server takes. */
export const LONGEST_NOTE = 500;
const MOST_ITEMS = 10;
const LONGEST_ITEM = 100;

export interface StepForm {
  note: string;
  /** One piece of evidence a line. */
  items: string;
  /** A datetime-local value, China's time. */
  due: string;
  amount: string;
  result: string;
}

export interface StepBody {
  kind: StepKind;
  note: string;
  items?: string[];
  due_at?: string;
  amount?: string;
  result?: string;
}

/** "12", "12.5" and "12.50" as "12.50"; null for nothing and anything else. Full-width digits and ¥ are forgiven. */
export function yuan(text: string): string | null {
  const plain = text.normalize("NFKC").replace(/[¥元,\s]/g, "");
  const found = /^(\d{1,8})(?:\.(\d{1,2}))?$/.exec(plain);
  return found && /[1-9]/.test(plain) ? `${Number(found[1])}.${(found[2] ?? "").padEnd(2, "0")}` : null;
}

/** What to send, or a sentence saying what is missing. `now` decides whether the due time lies ahead. */
export function stepBody(step: Step, form: StepForm, now: Date): StepBody | string {
  const body: StepBody = { kind: step.kind, note: form.note.trim() };
  if (step.fields.includes("items")) {
    body.items = form.items.split("\n").map((line) => line.trim()).filter(Boolean);
    if (body.items.length === 0) return "请写明要补充哪些证据，每行一项。";
    if (body.items.length > MOST_ITEMS) return `一次最多要求 ${MOST_ITEMS} 项证据。`;
    if (body.items.some((item) => item.length > LONGEST_ITEM)) return `每项证据最多写 ${LONGEST_ITEM} 字。`;
  }
  if (step.fields.includes("due_at") && (form.due || step.kind === "ask_evidence")) {
    const due = fromField(form.due);
    if (!due) return "请填写期限。";
    if (new Date(due) <= now) return "期限要晚于现在。";
    body.due_at = due;
  }
  if (step.fields.includes("result")) {
    if (!form.result) return "请选择结果。";
    body.result = form.result;
  }
  if (step.fields.includes("amount") && form.amount.trim() && form.result !== "rejected") {
    const amount = yuan(form.amount);
    if (!amount) return "金额请写成数字，例如 120.50。";
    body.amount = amount;
  }
  if (!body.note && step.kind !== "accept") return `请填写${step.note}。`;
  return body;
}
