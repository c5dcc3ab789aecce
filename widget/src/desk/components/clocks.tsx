import { remaining } from "../../format";
import type { Handoff, Nearest } from "../model";
import { clock, waited } from "../time";
import { useDeskState, useNow } from "./context";

/** "已等 03:07" while in the queue, counted on from what the server said. */
export function WaitingTime({ item }: { item: Handoff }) {
  const { fetchedAt, skew } = useDeskState();
  const now = useNow();
  const seconds = item.waiting_s + (now.getTime() - skew - fetchedAt) / 1_000;
  return (
    <span className="waiting" role="timer" aria-label="已等待">
      <span aria-hidden="true">已等 </span>
      {waited(seconds)}
    </span>
  );
}

/** "举证截止 还剩 5 小时", coloured and worded by how near it is. */
export function NearestClock({ nearest }: { nearest: Nearest }) {
  return (
    <span className="nearest">
      {nearest.name} <TimeLeft due={nearest.due} />
    </span>
  );
}

export function TimeLeft({ due }: { due: string }) {
  const left = remaining(due, useNow());
  if (!left) return null;
  return (
    <span className="left" data-level={left.late ? "late" : left.soon ? "soon" : "far"}>
      {left.text}
    </span>
  );
}

/** A time of day; with the day when it is not today. */
export function Clock({ at }: { at: string }) {
  const { skew } = useDeskState();
  return <time dateTime={at}>{clock(at, new Date(Date.now() + skew))}</time>;
}
