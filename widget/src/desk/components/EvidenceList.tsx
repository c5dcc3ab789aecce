import type { CaseFile } from "../model";
import { Section } from "./CasePane";
import { Clock } from "./clocks";
import { FileView } from "./FileView";

/** What was handed in, with its fingerprint, and what is missing with the reason why it matters. */
export function EvidenceList({ file }: { file: CaseFile }) {
  return (
    <Section title="证据" count={file.evidence.length}>
      {file.evidence.length === 0 && <p className="soft">买家还没有交证据。</p>}
      <ul className="plain-list">
        {file.evidence.map((item) => (
          <li key={item.id}>
            <FileView file={item}>
              <span>
                {item.kind ? (file.evidence_names?.[item.kind] ?? item.kind) : "未说明用途"} ·{" "}
                <Clock at={item.uploaded_at} />
              </span>
            </FileView>
          </li>
        ))}
      </ul>
      {file.gaps.length > 0 && (
        <ul className="gaps" aria-label="还缺的证据">
          {file.gaps.map((gap) => (
            <li key={gap.name}>
              <b>缺：{gap.name}</b>
              {gap.why && <span className="soft"> {gap.why}</span>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
