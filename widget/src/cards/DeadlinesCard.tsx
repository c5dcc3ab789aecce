import { useController } from "../components/context";
import { dated, save } from "../components/save";
import { remaining, when } from "../format";
import { Frame } from "./CardView";
import type { Card } from "./model";

const KIND = { platform: "平台时限", statutory: "法定时限" } as const;

export function DeadlinesCard({ card }: { card: Extract<Card, { type: "deadlines" }> }) {
  return (
    <Frame icon="clock" title="时间节点">
      <ul className="deadlines">
        {card.items.map((item, i) => {
          const left = item.due ? remaining(item.due) : null;
          return (
            <li key={i}>
              <p className="deadline-name">
                <b>{item.name}</b>
                {item.kind && <span className="level">{KIND[item.kind]}</span>}
              </p>
              {item.due && (
                <p className="deadline-due">
                  <time dateTime={item.due}>{when(item.due)}</time>
                  {left && (
                    <span className="time-left" data-urgent={left.late || left.soon}>
                      {left.text}
                    </span>
                  )}
                </p>
              )}
              {item.consequence && <p>{item.consequence}</p>}
              {item.source && <p className="card-note">依据：{item.source}</p>}
            </li>
          );
        })}
      </ul>
      {card.items.some((item) => item.due && remaining(item.due)?.late === false) && <ToCalendar />}
    </Frame>
  );
}

/** The server reckons the file anew, so it holds what counts now and not what counted when the card was shown. */
function ToCalendar() {
  const controller = useController();
  function download(): void {
    controller
      .calendar()
      .then((blob) => save(blob, dated("维权期限", "ics")))
      .catch((error: unknown) => controller.tell(error));
  }
  return (
    <button type="button" className="link-button" onClick={download}>
      存到我的日历（.ics）
    </button>
  );
}
