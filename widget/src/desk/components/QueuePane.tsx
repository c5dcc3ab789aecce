import { type KeyboardEvent, useRef } from "react";
import { counts, inTab, type Tab, TABS } from "../state/queue";
import { useDesk, useDeskState } from "./context";
import { InterventionRow } from "./InterventionRow";
import { QueueRow } from "./QueueRow";

const NOTHING: Record<Tab, string> = {
  waiting: "没有人在等。",
  mine: "您现在没有接待中的会话。",
  all: "现在没有会话。",
  left: "没有留言。",
  interventions: "没有介入单。",
};

export function QueuePane() {
  const { tab, loaded, connection } = useDeskState();
  return (
    <nav className="queue" aria-label="会话列表">
      <TabList />
      <div id="queue-panel" className="queue-list" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {loaded ? <Rows /> : <p className="soft pad">{connection === "offline" ? "暂时读不到列表。" : "正在读取…"}</p>}
      </div>
    </nav>
  );
}

function Rows() {
  const { tab, queue, interventions, agent, talk, waitingForMe } = useDeskState();
  const shown = inTab(queue, tab, agent?.id ?? 0);
  const empty = tab === "interventions" ? interventions.length === 0 : shown.length === 0;
  if (empty) return <p className="soft pad">{NOTHING[tab]}</p>;
  return (
    <ul>
      {tab === "interventions"
        ? interventions.map((one) => (
            <InterventionRow key={one.number} item={one} open={talk?.conversationId === one.conversation_id} />
          ))
        : shown.map((one) => (
            <QueueRow
              key={one.id}
              item={one}
              open={talk?.conversationId === one.conversation_id}
              unanswered={waitingForMe[one.conversation_id] ?? 0}
            />
          ))}
    </ul>
  );
}

/** Arrow keys, Home and End go from tab to tab; only the chosen one is in the Tab order. */
function TabList() {
  const desk = useDesk();
  const { tab, queue, interventions, agent } = useDeskState();
  const list = useRef<HTMLDivElement>(null);
  const number = counts(queue, interventions, agent?.id ?? 0);

  function onKeyDown(event: KeyboardEvent): void {
    const at = TABS.findIndex(([id]) => id === tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = TABS[(to + TABS.length) % TABS.length]![0];
    desk.setTab(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  }

  return (
    <div className="tabs" role="tablist" aria-label="会话分类" ref={list} onKeyDown={onKeyDown}>
      {TABS.map(([id, name]) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={tab === id}
          aria-controls="queue-panel"
          tabIndex={tab === id ? 0 : -1}
          onClick={() => desk.setTab(id)}
        >
          {name}
          <span className="count">{number[id]}</span>
        </button>
      ))}
    </div>
  );
}
