import { useState } from "react";
import { heldBy } from "../state/queue";
import { useStore } from "../state/store";
import type { Talk } from "../state/talk";
import { Composer } from "./Composer";
import { useDeskState } from "./context";
import { CloseDialog, ReturnDialog } from "./EndDialogs";
import { LineList } from "./LineList";
import { TalkHead } from "./TalkHead";

interface Props {
  talk: Talk;
  caseOpen: boolean;
  onCase(): void;
}

/** The conversation in the middle: head with the buttons, lines, composer. */
export function TalkPane({ talk, caseOpen, onCase }: Props) {
  const state = useStore(talk);
  const { queue, agent } = useDeskState();
  const [dialog, setDialog] = useState<"return" | "close" | null>(null);
  const handoff = state.detail?.handoff ?? queue.find((item) => item.id === state.handoffId) ?? null;
  const mine = handoff !== null && agent !== null && heldBy(handoff, agent.id);
  const close = (): void => setDialog(null);
  return (
    <main className="talk" aria-label="对话">
      <TalkHead
        talk={talk}
        handoff={handoff}
        mine={mine}
        caseOpen={caseOpen}
        onCase={onCase}
        onReturn={() => setDialog("return")}
        onClose={() => setDialog("close")}
      />
      {state.connection === "offline" && (
        <p className="banner warn talk-banner" role="status">
          对话连接中断，正在重连。新消息会在连上后补齐。
        </p>
      )}
      <LineList talk={talk} />
      <Composer talk={talk} handoff={handoff} mine={mine} />
      {dialog === "return" && <ReturnDialog talk={talk} busy={state.busy} onClose={close} />}
      {dialog === "close" && <CloseDialog talk={talk} busy={state.busy} onClose={close} />}
    </main>
  );
}
