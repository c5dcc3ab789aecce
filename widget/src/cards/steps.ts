import type { Card } from "./model";

type Way = Pick<Extract<Card, { type: "intervention" }>, "steps" | "current" | "state">;

const CLOSED = "结案";

/** The way as it is drawn. The end is not always listed; with a step we do not know, the state's word stands alone. */
export function stepsOf(card: Way): string[] {
  const steps = card.steps ?? [];
  const current = card.current ?? card.state;
  if (steps.includes(current)) return steps;
  return current === CLOSED && steps.length > 0 ? [...steps, CLOSED] : [];
}
