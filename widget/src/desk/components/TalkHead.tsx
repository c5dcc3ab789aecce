import type { Handoff } from "../model";
import { useStore } from "../state/store";
import type { Talk } from "../state/talk";
import { channelWord, stateWord } from "../words";
import { WaitingTime } from "./clocks";

interface Props {
  talk: Talk;
  handoff: Handoff | null;
  mine: boolean;
  caseOpen: boolean;
  onCase(): void;
  onReturn(): void;
  onClose(): void;
}

const ACTIVE = new Set(["queued", "human", "wrap_up", "left_message"]);

export function TalkHead(props: Props) {
  const { handoff, caseOpen, onCase } = props;
  return (
    <header className="talk-head">
      <div className="talk-title">
        <h2>{handoff?.buyer ?? "买家"}</h2>
        {handoff && <span className="tag channel">{channelWord(handoff.channel)}</span>}
        <span className="tag">{handoff ? stateWord(handoff) : "小助手接待中"}</span>
        {handoff?.state === "queued" && <WaitingTime item={handoff} />}
        <button type="button" className="button small case-toggle" aria-expanded={caseOpen} onClick={onCase}>
          案件
        </button>
      </div>
      <Deeds {...props} />
    </header>
  );
}

/** Only what can be done now. Somebody else's conversation shows no button at all. */
function Deeds({ talk, handoff, mine, onReturn, onClose }: Props) {
  const { busy } = useStore(talk);
  const ended = !handoff || !ACTIVE.has(handoff.state);
  const waiting = handoff?.state === "queued" || handoff?.state === "left_message";
  const held = mine && handoff?.state === "human";
  return (
    <div className="deeds" role="group" aria-label="会话操作">
      {ended && (
        <button type="button" className="button small" disabled={busy} onClick={() => void talk.takeOver()}>
          主动接入
        </button>
      )}
      {waiting && (
        <button type="button" className="button small primary" disabled={busy} onClick={() => void talk.act("claim")}>
          接待
        </button>
      )}
      {held && (
        <>
          <button type="button" className="button small" disabled={busy} onClick={() => void talk.act("release")}>
            退回排队
          </button>
          <button type="button" className="button small" disabled={busy} onClick={() => void talk.act("wrap-up")}>
            转入收尾
          </button>
        </>
      )}
      {mine && handoff?.state === "wrap_up" && (
        <button type="button" className="button small" disabled={busy} onClick={() => void talk.act("resume")}>
          继续处理
        </button>
      )}
      {mine && (
        <>
          <button type="button" className="button small" disabled={busy} onClick={onClose}>
            关闭会话
          </button>
          <button type="button" className="button small primary" disabled={busy} onClick={onReturn}>
            结束并交还小助手
          </button>
        </>
      )}
    </div>
  );
}
