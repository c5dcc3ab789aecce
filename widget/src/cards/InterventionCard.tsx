import { Step, Stepper } from "../chatui";
import { when } from "../format";
import { Frame, Rows } from "./CardView";
import type { Card } from "./model";
import { stepsOf } from "./steps";

export function InterventionCard({ card }: { card: Extract<Card, { type: "intervention" }> }) {
  const steps = stepsOf(card);
  const current = steps.indexOf(card.current ?? card.state);
  return (
    <Frame icon="shield" title="平台介入" aside={<b className="state">{card.state}</b>}>
      <p className="case-number">
        <span>介入编号</span>
        <b>{card.number}</b>
      </p>
      {card.opened_at && <p className="card-note">提交时间 {when(card.opened_at)}</p>}
      {steps.length > 0 && (
        <Stepper current={current} className="steps" aria-label="进度">
          {steps.map((step, i) => (
            <Step key={step} title={step} aria-current={i === current ? "step" : undefined} />
          ))}
        </Stepper>
      )}
      {!!card.rows?.length && <Rows rows={card.rows} />}
    </Frame>
  );
}
