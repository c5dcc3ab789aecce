/** Who answers the buyer at the moment, as the server says. */
export type Owner = "bot" | "queued" | "human" | "wrap_up" | "closed";

export interface Ownership {
  owner: Owner;
  /** From 1, which is the next one. */
  position: number | null;
  agent: string | null;
}

export const BOT: Ownership = { owner: "bot", position: null, agent: null };
/** The words of the button that leaves the queue; typed they mean the same. */
export const CANCEL_QUEUE = "取消排队";

const OWNERS: readonly string[] = ["bot", "queued", "human", "wrap_up", "closed"];

/** What an `owner_changed` event says. An owner of a newer server, unknown here, shows nothing rather than a guess. */
export function readOwnership(data: Record<string, unknown>): Ownership {
  if (typeof data.owner !== "string" || !OWNERS.includes(data.owner)) return BOT;
  const position = Number.isInteger(data.queue_position) ? (data.queue_position as number) : null;
  const agent = typeof data.agent_name === "string" ? data.agent_name.trim() : "";
  return { owner: data.owner as Owner, position, agent: agent || null };
}

/** True while a person answers, so that the assistant's questions wait. */
export function isHuman({ owner }: Ownership): boolean {
  return owner === "human" || owner === "wrap_up";
}

/** The line under the header; null when there is nothing to say. */
export function bannerText(ownership: Ownership): string | null {
  const who = ownership.agent ? `人工客服 ${ownership.agent} ` : "人工客服";
  switch (ownership.owner) {
    case "queued":
      return `正在为您转接人工客服，${waiting(ownership.position)}`;
    case "human":
      return `${who}正在为您服务`;
    case "wrap_up":
      return `${who}正在收尾，还有问题请接着说`;
    default:
      return null;
  }
}

function waiting(position: number | null): string {
  if (position === null || position < 1) return "请稍等";
  return position === 1 ? "下一位就是您" : `前面还有\u00a0${position - 1}\u00a0位`;
}

export function placeholder({ owner }: Ownership): string {
  switch (owner) {
    case "queued":
      return "排队时可以先补充情况…";
    case "human":
      return "和人工客服说…";
    case "wrap_up":
      return "还有问题请接着说…";
    default:
      return "说说发生了什么…";
  }
}
