import type { ExportFormat, Handoff, Line } from "./model";

/** The Chinese words for the API's codes. An unknown code is shown as it is rather than hidden. */
const CHANNELS: Record<string, string> = { web: "网页", wechat: "微信" };

const STATES: Record<string, string> = {
  queued: "等待中",
  human: "人工接待中",
  wrap_up: "收尾中",
  returned: "已交还小助手",
  closed: "已关闭",
  cancelled: "买家已取消",
  timed_out: "无人接待，已超时",
  left_message: "留言",
};

const ORIGINS: Record<string, string> = {
  buyer: "买家说",
  button: "点选",
  page: "页面",
  document: "凭证",
  rule: "推断",
};

/** Where a fact does not rest on the buyer's word alone. */
const CONFIRMED = new Set(["page", "document"]);

const DELIVERIES: Record<string, string> = {
  pending: "待发送",
  sending: "发送中",
  sent: "已送达",
  held: "暂存，买家再发言时送出",
  failed: "未送达",
};

export const DISPOSITIONS = [
  ["resolved", "已解决"],
  ["unresolved", "未解决"],
  ["referred", "转其他渠道"],
  ["spam", "无效会话"],
] as const;

/** Sent as they are. 同意 and 已退款 tell the assistant that the merchant has agreed. */
export const OUTCOMES = [
  "商家同意退款",
  "商家同意退货退款",
  "商家同意换货或补发",
  "商家同意补偿",
  "商家不接受",
  "已退款",
  "已答复疑问",
  "转平台处理",
  "其他",
];

export const RESULTS = [
  ["supported", "支持买家"],
  ["partly", "部分支持"],
  ["rejected", "不支持"],
] as const;

export const EXPORTS: readonly (readonly [ExportFormat, string, string])[] = [
  ["json", "JSON", "交接记录，程序可读"],
  ["html", "网页", "交接记录，可打印"],
  ["transcript", "transcript", "对话记录，Bot Framework 格式"],
  ["vcon", "vCon", "对话记录，IETF vCon 格式"],
];

const known = (words: Record<string, string>, code: string): string => words[code] ?? code;

export const channelWord = (code: string): string => known(CHANNELS, code);
export const originWord = (code: string): string => known(ORIGINS, code);
export const deliveryWord = (code: string): string => known(DELIVERIES, code);
export const isConfirmed = (origin: string): boolean => CONFIRMED.has(origin);

/** Who said a line, in words: never by colour alone. */
export function authorWord(author: Line["author"]): string {
  if (author.type === "agent") return author.name ? `人工 ${author.name}` : "人工";
  return { buyer: "买家", bot: "小助手", system: "系统" }[author.type] ?? author.type;
}

/** "等待中", "小李 接待中", "小李 收尾中". */
export function stateWord(handoff: Pick<Handoff, "state" | "agent">): string {
  const name = handoff.agent?.name;
  if (name && handoff.state === "human") return `${name} 接待中`;
  if (name && handoff.state === "wrap_up") return `${name} 收尾中`;
  return known(STATES, handoff.state);
}

/** A stored value as an agent reads it: 是/否, ¥129.00, 11月18日 19:30, the choice's label, or the text itself. */
export function valueWord(value: unknown, choices: Record<string, string> | undefined, day: (iso: string) => string): string {
  if (typeof value === "boolean") return value ? "是" : "否";
  if (value === null || value === undefined) return "—";
  const text = String(value);
  if (choices?.[text]) return choices[text];
  if (/^\d+\.\d{2}$/.test(text)) return `¥${text}`;
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return day(text);
  return text;
}
