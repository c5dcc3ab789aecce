import type { InterventionItem } from "../model";
import { NearestClock, Clock } from "./clocks";
import { useDesk } from "./context";

export function InterventionRow({ item, open }: { item: InterventionItem; open: boolean }) {
  const desk = useDesk();
  return (
    <li className="row" data-open={open || undefined}>
      <button
        type="button"
        className="row-body"
        aria-current={open || undefined}
        onClick={() => desk.open(item.conversation_id, item.handoff_id)}
      >
        <span className="row-line">
          <b className="row-buyer number">{item.number}</b>
          <span className="tag">{item.state}</span>
        </span>
        <span className="row-line soft">
          <span className="row-reason">{item.types.join("、") || "类型未定"}</span>
          {item.amount && <span>¥{item.amount}</span>}
          <Clock at={item.updated_at} />
        </span>
        {item.nearest && (
          <span className="row-line">
            <NearestClock nearest={item.nearest} />
          </span>
        )}
      </button>
    </li>
  );
}
