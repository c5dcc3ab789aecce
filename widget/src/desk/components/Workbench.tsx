import { useEffect, useState } from "react";
import { CasePane } from "./CasePane";
import { useDeskState } from "./context";
import { QueuePane } from "./QueuePane";
import { TalkPane } from "./TalkPane";
import { TopBar } from "./TopBar";

/** The three columns. On a narrow screen the case lies over the talk and is called up by a button. */
export function Workbench() {
  const { talk } = useDeskState();
  const [caseOpen, setCaseOpen] = useState(false);

  useEffect(() => setCaseOpen(false), [talk]);

  return (
    <div className="workbench" data-case-open={caseOpen || undefined}>
      <TopBar />
      <QueuePane />
      {talk ? (
        <>
          <TalkPane key={talk.conversationId} talk={talk} caseOpen={caseOpen} onCase={() => setCaseOpen(!caseOpen)} />
          <CasePane key={`case ${talk.conversationId}`} talk={talk} onClose={() => setCaseOpen(false)} />
        </>
      ) : (
        <main className="empty-talk">
          <p>从左边选一位买家。</p>
          <p className="soft">“接待”后由您和买家对话；只看不接待时，小助手照常回答。</p>
        </main>
      )}
    </div>
  );
}
