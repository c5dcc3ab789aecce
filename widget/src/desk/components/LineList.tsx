import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useStore } from "../state/store";
import type { Talk } from "../state/talk";
import { LineView, UnsentView } from "./LineView";

/** Within this many pixels of an edge counts as being there. */
const EDGE = 60;

export function LineList({ talk }: { talk: Talk }) {
  const { lines, unsent, loaded, loadError, hasOlder, typing } = useStore(talk);
  const box = useRef<HTMLDivElement>(null);
  const place = useRef({ first: 0, last: 0, height: 0, atEnd: true });
  const boxHeight = useRef(0);
  const [below, setBelow] = useState(false);
  const first = lines[0]?.seq ?? 0;
  const last = lines[lines.length - 1]?.seq ?? 0;

  // Read out are the buyer's new lines alone, not the history that is being loaded.
  const known = useRef<number | null>(null);
  if (known.current === null && loaded) known.current = last;
  const newest = lines[lines.length - 1];
  const heard = newest?.author.type === "buyer" && last > (known.current ?? last) ? `买家：${newest.text ?? "发来文件"}` : "";

  // Older lines push down what is being read: put it back. New ones are followed only from the end.
  useLayoutEffect(() => {
    const [shown, was] = [box.current!, place.current];
    if (was.first && first < was.first) shown.scrollTop += shown.scrollHeight - was.height;
    else if (was.atEnd) shown.scrollTop = shown.scrollHeight;
    else if (last > was.last) setBelow(true);
    place.current = { ...was, first, last, height: shown.scrollHeight };
  }, [first, last, unsent.length, typing]);

  function toEnd(): void {
    box.current!.scrollTop = box.current!.scrollHeight;
  }

  // The composer opens, the window shrinks: who was at the end stays there.
  useEffect(() => {
    const shown = box.current!;
    const observer = new ResizeObserver(() => {
      boxHeight.current = shown.clientHeight;
      if (place.current.atEnd) shown.scrollTop = shown.scrollHeight;
    });
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);

  function onScroll(): void {
    const shown = box.current!;
    // A scroll reported after the box changed its size says nothing of what the reader wants.
    if (shown.clientHeight !== boxHeight.current) return;
    place.current.atEnd = shown.scrollHeight - shown.scrollTop - shown.clientHeight < EDGE;
    if (place.current.atEnd) setBelow(false);
    if (shown.scrollTop < EDGE && hasOlder) void talk.loadOlder();
  }

  return (
    <div className="lines-frame">
      <p className="unseen" aria-live="polite">
        {heard}
      </p>
      <div className="lines" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label="对话内容" aria-live="off">
        {loadError && (
          <p className="pad" role="alert">
            {loadError}{" "}
            <button type="button" className="button small" onClick={() => void talk.loadLines()}>
              重试
            </button>
          </p>
        )}
        {!loaded && !loadError && <p className="soft pad">正在读取对话…</p>}
        {hasOlder && (
          <button type="button" className="button small older" onClick={() => void talk.loadOlder()}>
            更早的消息
          </button>
        )}
        {loaded && lines.length === 0 && <p className="soft pad">还没有对话。</p>}
        {lines.map((line) => (
          <LineView key={line.seq} line={line} />
        ))}
        {unsent.map((one) => (
          <UnsentView key={one.client_msg_id} message={one} talk={talk} />
        ))}
        {typing && <p className="typing soft">对方正在输入…</p>}
      </div>
      {below && (
        <button type="button" className="button small below" onClick={toEnd}>
          有新消息 ↓
        </button>
      )}
    </div>
  );
}
