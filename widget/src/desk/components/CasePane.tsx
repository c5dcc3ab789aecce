import type { KeyboardEvent, ReactNode } from "react";
import { useStore } from "../state/store";
import type { Talk } from "../state/talk";
import { Deadlines, Drafts, Facts, Rounds } from "./CaseParts";
import { NearestClock } from "./clocks";
import { EvidenceList } from "./EvidenceList";
import { History } from "./History";
import { InterventionPart } from "./InterventionPart";
import { Notes } from "./Notes";
import { RecordTools } from "./RecordTools";

export function Section({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  return (
    <section className="part" aria-label={title}>
      <h3>
        {title}
        {count ? <span className="count">{count}</span> : null}
      </h3>
      {children}
    </section>
  );
}

/** Everything known of the case, the most urgent first. */
export function CasePane({ talk, onClose }: { talk: Talk; onClose(): void }) {
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" && !(event.target as Element).closest("dialog")) onClose();
  }

  const { detail, case: file, caseState, allowed } = useStore(talk);
  return (
    <aside className="case" aria-label="案件" onKeyDown={onKeyDown}>
      <header className="case-head">
        <h2>{file?.types_zh.join("、") || "案件"}</h2>
        {file && <span className="tag">{file.stage_zh}</span>}
        <button type="button" className="button small case-close" onClick={onClose}>
          收起
        </button>
      </header>
      {detail && <Summary talk={talk} />}
      {caseState === "loading" && <p className="soft pad">正在读取案件…</p>}
      {caseState === "none" && <p className="soft pad">买家还没有说到具体的纠纷，没有案件。</p>}
      {caseState === "failed" && <p className="soft pad">暂时读不到案件。</p>}
      {file && (
        <>
          {file.deadlines_open.length > 0 && <Deadlines items={file.deadlines_open} />}
          <Facts file={file} />
          <EvidenceList file={file} />
          {file.rounds.length > 0 && <Rounds file={file} />}
          {(file.drafts ?? []).length > 0 && <Drafts drafts={file.drafts ?? []} />}
          {file.intervention && <InterventionPart talk={talk} intervention={file.intervention} allowed={allowed} gaps={file.gaps} />}
        </>
      )}
      {detail && (
        <>
          <Notes talk={talk} notes={detail.notes} handoffId={detail.handoff.id} />
          <History events={detail.events} />
          <RecordTools key={detail.handoff.id} handoffId={detail.handoff.id} />
        </>
      )}
    </aside>
  );
}

function Summary({ talk }: { talk: Talk }) {
  const handoff = useStore(talk).detail!.handoff;
  return (
    <Section title="摘要">
      <p className="row-line">
        <span className={handoff.priority === "high" ? "tag high" : "tag quiet"}>
          {handoff.priority === "high" ? "优先" : "普通"}
        </span>
        <span>转人工原因：{handoff.reason.label}</span>
      </p>
      {handoff.reason.detail && <p className="soft">{handoff.reason.detail}</p>}
      {handoff.nearest && <NearestClock nearest={handoff.nearest} />}
      <p className="wrap">{handoff.summary}</p>
      {handoff.left_text && <blockquote className="wrap">买家留言：{handoff.left_text}</blockquote>}
    </Section>
  );
}
