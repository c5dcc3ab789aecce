import type { Canned } from "../model";

/** The canned replies whose title or text holds what was typed after "/". */
export function cannedFor(items: Canned[], typed: string): Canned[] {
  const wanted = typed.trim().toLowerCase();
  return items.filter((one) => `${one.title}\n${one.text}`.toLowerCase().includes(wanted));
}
