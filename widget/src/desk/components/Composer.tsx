import { type KeyboardEvent, useRef, useState } from "react";
import type { Canned, Handoff } from "../model";
import { cannedFor } from "../state/canned";
import { useStore } from "../state/store";
import { TEXT_LIMIT, type Talk } from "../state/talk";
import { stateWord } from "../words";
import { CannedList } from "./CannedList";
import { useDeskState } from "./context";

interface Props {
  talk: Talk;
  handoff: Handoff | null;
  mine: boolean;
}

export function Composer({ talk, handoff, mine }: Props) {
  if (mine && handoff?.state === "human") return <Writing talk={talk} />;
  return <p className="composer closed soft">{whyNot(handoff, mine)}</p>;
}

function whyNot(handoff: Handoff | null, mine: boolean): string {
  if (mine) return "收尾中：要再和买家说话，请先点“继续处理”。";
  if (handoff?.state === "queued") return "接待后才能和买家对话。";
  if (handoff?.state === "left_message") return "买家留了言。接待后可以回复。";
  if (handoff?.state === "human" || handoff?.state === "wrap_up") return `${stateWord(handoff)}，您现在只能查看。`;
  return "现在由小助手接待，您只能查看。";
}

function Writing({ talk }: { talk: Talk }) {
  const { draft } = useStore(talk);
  const { canned } = useDeskState();
  const [asked, setAsked] = useState(false);
  const [dismissed, setDismissed] = useState(false);
  const [at, setAt] = useState(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const slash = draft.startsWith("/") && !draft.includes("\n") && !dismissed;
  const offered = asked ? canned : slash ? cannedFor(canned, draft.slice(1)) : [];
  const listed = asked || (slash && offered.length > 0);
  const chosen = Math.min(at, offered.length - 1);
  const over = draft.trim().length - TEXT_LIMIT;

  function choose(one: Canned): void {
    talk.setDraft(draft.startsWith("/") || !draft ? one.text : `${draft}${one.text}`);
    closeList();
    field.current?.focus();
  }

  function closeList(): void {
    setAsked(false);
    setDismissed(true);
    setAt(0);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return; // Enter belongs to the input method.
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (listed && step) setAt((chosen + step + offered.length) % offered.length);
    else if (listed && event.key === "Escape") closeList();
    else if (listed && event.key === "Enter" && offered[chosen]) choose(offered[chosen]);
    else if (event.key === "Enter" && !event.shiftKey) talk.send();
    else return;
    event.preventDefault();
  }

  return (
    <div className="composer">
      {listed && <CannedList items={offered} chosen={chosen} onChoose={choose} />}
      <textarea
        ref={field}
        rows={3}
        value={draft}
        placeholder="回复买家…  Enter 发送，Shift+Enter 换行，/ 调出常用语"
        aria-label="回复买家"
        aria-controls={listed ? "canned" : undefined}
        aria-activedescendant={listed && offered.length ? `canned-${chosen}` : undefined}
        onChange={(event) => {
          talk.setDraft(event.target.value);
          setAsked(false);
          setDismissed(false);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="composer-row">
        <button type="button" className="button small" aria-expanded={asked} onClick={() => setAsked(!asked)}>
          常用语
        </button>
        <span className={over > 0 ? "field-error" : "soft"} role={over > 0 ? "alert" : undefined}>
          {over > 0 ? `超出 ${over} 字，请分几条发送` : draft.length > TEXT_LIMIT / 2 ? `${draft.length}/${TEXT_LIMIT}` : ""}
        </span>
        <button
          type="button"
          className="button primary"
          disabled={!draft.trim() || over > 0}
          onClick={() => {
            talk.send();
            field.current?.focus();
          }}
        >
          发送
        </button>
      </div>
    </div>
  );
}
