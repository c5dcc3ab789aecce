import type { HandoffEvent } from "../model";
import { Section } from "./CasePane";
import { Clock } from "./clocks";

/** Who did what with this handoff. */
export function History({ events }: { events: HandoffEvent[] }) {
  if (events.length === 0) return null;
  return (
    <Section title="处理记录">
      <details>
        <summary>{events.length} 条</summary>
        <ul className="plain-list">
          {events.map((one, index) => (
            <li key={index}>
              <Clock at={one.at} /> {one.actor} · {one.what}
            </li>
          ))}
        </ul>
      </details>
    </Section>
  );
}
