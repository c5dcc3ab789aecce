import { useState } from "react";
import type { Intervention } from "../model";
import { COURSE, type Step, stepsFrom } from "../state/steps";
import type { Talk } from "../state/talk";
import { Section } from "./CasePane";
import { Clock } from "./clocks";
import { StepDialog } from "./StepDialog";

interface Props {
  talk: Talk;
  intervention: Intervention;
  /** Kinds of the steps that the server would take now; null while that is not known. */
  allowed: string[] | null;
  gaps: { name: string; why: string }[];
}

export function InterventionPart({ talk, intervention, allowed, gaps }: Props) {
  const [step, setStep] = useState<Step | null>(null);
  const next = stepsFrom(intervention.state, allowed);
  return (
    <Section title="介入单">
      <p className="row-line">
        <b className="number">{intervention.number}</b>
        <span className="soft">
          提交于 <Clock at={intervention.opened_at} />
        </span>
      </p>
      <Course intervention={intervention} />
      <p className="wrap">诉求：{intervention.demand}</p>
      <details>
        <summary>申请说明</summary>
        <p className="wrap">{intervention.statement}</p>
      </details>
      <details>
        <summary>进展 {intervention.history.length} 条</summary>
        <ul className="plain-list">
          {intervention.history.map((one, index) => (
            <li key={index}>
              <Clock at={one.at} /> <b>{one.state}</b> <span className="wrap">{one.note}</span>
            </li>
          ))}
        </ul>
      </details>
      {next.length > 0 ? (
        <div className="deeds" role="group" aria-label="介入单操作">
          {next.map((one) => (
            <button key={one.kind} type="button" className="button small" onClick={() => setStep(one)}>
              {one.name}
            </button>
          ))}
        </div>
      ) : (
        <p className="soft">已结案。</p>
      )}
      {step && (
        <StepDialog
          talk={talk}
          step={step}
          number={intervention.number}
          gaps={gaps.map((gap) => gap.name)}
          onClose={() => setStep(null)}
        />
      )}
    </Section>
  );
}

/** Where it stands: past states are those of the history, the present one is named for screen readers too. */
function Course({ intervention }: { intervention: Intervention }) {
  const passed = new Set(intervention.history.map((one) => one.state));
  return (
    <ol className="course" aria-label="介入进度">
      {COURSE.map((state) => (
        <li
          key={state}
          aria-current={state === intervention.state ? "step" : undefined}
          data-passed={passed.has(state) || undefined}
        >
          {state}
        </li>
      ))}
    </ol>
  );
}
