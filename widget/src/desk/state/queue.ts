import type { Handoff, InterventionItem } from "../model";

export type Tab = "waiting" | "mine" | "all" | "left" | "interventions";

export const TABS: readonly (readonly [Tab, string])[] = [
  ["waiting", "等待中"],
  ["mine", "我的"],
  ["all", "全部"],
  ["left", "留言"],
  ["interventions", "介入单"],
];

/** Whether that agent may write to the buyer, or would after 继续处理. */
export function heldBy(handoff: Handoff, agentId: number): boolean {
  return handoff.agent?.id === agentId && (handoff.state === "human" || handoff.state === "wrap_up");
}

export function inTab(items: Handoff[], tab: Tab, agentId: number): Handoff[] {
  if (tab === "waiting") return items.filter((item) => item.state === "queued");
  if (tab === "mine") return items.filter((item) => heldBy(item, agentId));
  if (tab === "left") return items.filter((item) => item.state === "left_message");
  return items;
}

/** What stands behind each tab's name. */
export function counts(items: Handoff[], interventions: InterventionItem[], agentId: number): Record<Tab, number> {
  return {
    waiting: inTab(items, "waiting", agentId).length,
    mine: inTab(items, "mine", agentId).length,
    all: items.length,
    left: inTab(items, "left", agentId).length,
    interventions: interventions.filter((one) => one.state !== "结案").length,
  };
}

/** Those who wait now and did not wait before. */
export function newcomers(before: Handoff[], after: Handoff[]): Handoff[] {
  const waited = new Set(before.filter((item) => item.state === "queued").map((item) => item.id));
  return after.filter((item) => item.state === "queued" && !waited.has(item.id));
}

export function pageTitle(waiting: number): string {
  return waiting ? `(${waiting}) 工作台` : "工作台";
}

/** One sentence for the live region. */
export function announcement(arrived: Handoff[], waiting: number): string {
  const first = arrived[0];
  if (!first) return "";
  const who = arrived.length === 1 ? `${first.buyer}，${first.reason.label}` : `${arrived.length} 位买家`;
  return `新的排队：${who}。现有 ${waiting} 位等待。`;
}
