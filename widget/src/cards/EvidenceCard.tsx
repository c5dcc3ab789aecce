import { Frame } from "./CardView";
import type { Card, EvidenceItem } from "./model";

const LEVEL = {
  must: { stars: "★★★", text: "必备" },
  should: { stars: "★★", text: "重要" },
  nice: { stars: "★", text: "加分" },
} as const;

const ORDER: EvidenceItem["level"][] = ["must", "should", "nice"];

/** What to collect, most important first; the "how" stays folded so that the list can be taken in at a glance. */
export function EvidenceCard({ card }: { card: Extract<Card, { type: "evidence" }> }) {
  const items = [...card.items].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  const have = items.filter((item) => item.have).length;
  return (
    <Frame
      icon="file"
      title={card.title ?? "证据清单"}
      aside={
        <span className="card-aside">
          已备 {have}/{items.length}
          {card.grade && <b className="grade">{card.grade} 级</b>}
        </span>
      }
    >
      <ul className="evidence">
        {items.map((item) => (
          <Item item={item} key={item.kind + item.name} />
        ))}
      </ul>
    </Frame>
  );
}

function Item({ item }: { item: EvidenceItem }) {
  const level = LEVEL[item.level] ?? LEVEL.nice;
  return (
    <li data-have={item.have}>
      <span className="tick" role="img" aria-label={item.have ? "已有" : "还缺"}>
        {item.have ? "✓" : ""}
      </span>
      <div className="evidence-body">
        <p className="evidence-name">
          <b>{item.name}</b>
          <span className="stars" role="img" aria-label={level.text}>
            {level.stars}
          </span>
          <span className="level">{level.text}</span>
        </p>
        {item.why && <p className="evidence-why">{item.why}</p>}
        {(item.how || item.substitute) && (
          <details open={!item.have && item.level === "must"}>
            <summary>怎么准备</summary>
            {item.how && <p>{item.how}</p>}
            {item.substitute && <p>没有的话：{item.substitute}</p>}
          </details>
        )}
      </div>
    </li>
  );
}
