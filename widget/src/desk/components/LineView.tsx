import { memo } from "react";
import type { Line } from "../model";
import type { Unsent } from "../state/lines";
import type { Talk } from "../state/talk";
import { authorWord, deliveryWord } from "../words";
import { Clock } from "./clocks";
import { useDeskState } from "./context";
import { FileView } from "./FileView";

export const LineView = memo(function LineView({ line }: { line: Line }) {
  const delivery = typeof line.delivery === "string" ? line.delivery : null;
  return (
    <article className="line" data-author={line.author.type} data-seq={line.seq}>
      <header>
        <b>{authorWord(line.author)}</b> <Clock at={line.ts} />
        {delivery && delivery !== "sent" && (
          <span className={delivery === "failed" ? "tag high" : "tag quiet"}>{deliveryWord(delivery)}</span>
        )}
        {delivery === "sent" && <span className="soft">{deliveryWord(delivery)}</span>}
      </header>
      {line.text && <p>{line.text}</p>}
      {line.attachment && <FileView file={line.attachment} />}
      {line.buttons && line.buttons.length > 0 && (
        <p className="offered soft">可选：{line.buttons.map((button) => button.title).join(" / ")}</p>
      )}
    </article>
  );
});

/** A message of mine that is on its way, or did not get there: its text is never lost. */
export function UnsentView({ message, talk }: { message: Unsent; talk: Talk }) {
  const { agent } = useDeskState();
  const id = message.client_msg_id;
  return (
    <article className="line" data-author="agent" data-status={message.status}>
      <header>
        <b>{authorWord({ type: "agent", name: agent?.display_name })}</b>
        <span className="soft">{message.status === "sending" ? "发送中…" : ""}</span>
      </header>
      <p>{message.text}</p>
      {message.status === "failed" && (
        <div className="unsent" role="alert">
          <span className="field-error">未发出：{message.error}</span>
          {message.retryable && (
            <button type="button" className="button small" onClick={() => talk.retry(id)}>
              重试
            </button>
          )}
          <button type="button" className="button small" onClick={() => talk.rewrite(id)}>
            放回输入框
          </button>
          <button type="button" className="button small" onClick={() => talk.discard(id)}>
            删除
          </button>
        </div>
      )}
    </article>
  );
}
