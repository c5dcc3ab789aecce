import type { ReactNode } from "react";
import { Icon } from "../components/icons";
import { DeadlinesCard } from "./DeadlinesCard";
import { DraftCard } from "./DraftCard";
import { EvidenceCard } from "./EvidenceCard";
import { InterventionCard } from "./InterventionCard";
import type { Card, Row } from "./model";

export function CardView({ card }: { card: Card }) {
  switch (card.type) {
    case "evidence":
      return <EvidenceCard card={card} />;
    case "draft":
      return <DraftCard card={card} />;
    case "read_back":
      return (
        <Frame icon="check" title={card.title ?? "请核对您的情况"}>
          <Rows rows={card.rows} />
        </Frame>
      );
    case "intervention":
      return <InterventionCard card={card} />;
    case "deadlines":
      return <DeadlinesCard card={card} />;
    case "sources":
      return (
        <Frame icon="book" title="依据">
          <ul className="sources">
            {card.items.map((item, i) => (
              <li key={i}>
                <b>{item.label}</b>
                {item.fact && <span>{item.fact}</span>}
              </li>
            ))}
          </ul>
        </Frame>
      );
  }
}

/** The common shell: a title line and a body. */
export function Frame(props: { icon: string; title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="card" aria-label={props.title}>
      <div className="card-head">
        <Icon name={props.icon} size={18} />
        <h3>{props.title}</h3>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

export function Rows({ rows }: { rows: Row[] }) {
  return (
    <table className="rows">
      <tbody>
        {rows.map((row, i) => (
          <tr key={i}>
            <th scope="row">{row.label}</th>
            <td>{row.value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
