import type { Handoff } from "../model";
import { heldBy } from "../state/queue";
import { channelWord, stateWord } from "../words";
import { Clock, NearestClock, WaitingTime } from "./clocks";
import { useDesk, useDeskState } from "./context";

interface Props {
  item: Handoff;
  open: boolean;
  /** Lines of the buyer that wait for me while another conversation is open. */
  unanswered: number;
}

export function QueueRow({ item, open, unanswered }: Props) {
  const desk = useDesk();
  const { agent } = useDeskState();
  const mine = agent !== null && heldBy(item, agent.id);
  const claimable = item.state === "queued" || item.state === "left_message";
  const high = item.priority === "high";
  return (
    <li className="row" data-priority={item.priority} data-open={open || undefined} data-claimable={claimable || undefined}>
      <button
        type="button"
        className="row-body"
        aria-current={open || undefined}
        onClick={() => desk.open(item.conversation_id, item.id)}
      >
        <span className="row-line">
          <span className={high ? "tag high" : "tag quiet"}>{high ? "优先" : "普通"}</span>
          <b className="row-buyer">{item.buyer}</b>
          <span className="tag channel">{channelWord(item.channel)}</span>
          {item.state === "queued" ? <WaitingTime item={item} /> : <Clock at={item.claimed_at ?? item.requested_at} />}
        </span>
        <span className="row-line soft">
          <span className="row-reason">{item.reason.label}</span>
          {item.state === "queued" && item.position ? <span>第 {item.position} 位</span> : null}
          {item.state !== "queued" && <span className={mine ? "tag mine" : ""}>{mine ? "我的" : stateWord(item)}</span>}
          {unanswered > 0 && <span className="tag high">待回复 {unanswered}</span>}
        </span>
        {item.nearest && (
          <span className="row-line">
            <NearestClock nearest={item.nearest} />
          </span>
        )}
        <span className="row-summary">{item.left_text ? `留言：${item.left_text}` : item.summary}</span>
      </button>
      {claimable && (
        <button
          type="button"
          className="button small primary row-claim"
          aria-label={`接待 ${item.buyer}`}
          onClick={() => void desk.claim(item)}
        >
          接待
        </button>
      )}
    </li>
  );
}
