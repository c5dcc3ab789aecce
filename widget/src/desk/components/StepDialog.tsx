import { useState } from "react";
import { LONGEST_NOTE, stepBody, type Step, type StepForm } from "../state/steps";
import { useStore } from "../state/store";
import type { Talk } from "../state/talk";
import { toField } from "../time";
import { RESULTS } from "../words";
import { useDesk, useDeskState } from "./context";
import { Dialog } from "./Dialog";
import { Field } from "./Field";

interface Props {
  talk: Talk;
  step: Step;
  number: string;
  /** Names of missing evidence, offered as a start. */
  gaps: string[];
  onClose(): void;
}

const DUE_HOURS = 48;

/** One step of an intervention. The buyer is told of it in the chat. */
export function StepDialog({ talk, step, number, gaps, onClose }: Props) {
  const desk = useDesk();
  const { skew } = useDeskState();
  const { busy } = useStore(talk);
  const now = (): Date => new Date(Date.now() + skew);
  const [form, setForm] = useState<StepForm>(() => ({
    note: "",
    items: gaps.join("\n"),
    due: step.kind === "ask_evidence" ? toField(new Date(now().getTime() + DUE_HOURS * 3_600_000)) : "",
    amount: "",
    result: "",
  }));
  const [error, setError] = useState("");
  const put = (patch: Partial<StepForm>): void => setForm({ ...form, ...patch });

  async function submit(): Promise<void> {
    const body = stepBody(step, form, now());
    if (typeof body === "string") return setError(body);
    setError("");
    if (await talk.change(() => desk.api.step(number, body))) onClose();
    else setError(desk.state.notice ?? "没有提交成功，请再试一次。");
  }

  return (
    <Dialog
      title={`${step.name} · ${number}`}
      submit="提交"
      busy={busy}
      error={error}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p className="soft">提交后买家会在对话里收到通知，并记入介入单。</p>
      {step.fields.includes("items") && (
        <Field label="要补充的证据" hint="每行一项。">
          <textarea rows={4} value={form.items} onChange={(event) => put({ items: event.target.value })} />
        </Field>
      )}
      {step.fields.includes("due_at") && (
        <Field
          label={step.kind === "ask_evidence" ? "提交期限（北京时间）" : "答复期限（北京时间）"}
          optional={step.kind !== "ask_evidence"}
        >
          <input type="datetime-local" value={form.due} onChange={(event) => put({ due: event.target.value })} />
        </Field>
      )}
      {step.fields.includes("result") && (
        <fieldset>
          <legend>结果</legend>
          {RESULTS.map(([code, name]) => (
            <label key={code} className="choice">
              <input
                type="radio"
                name="result"
                value={code}
                checked={form.result === code}
                onChange={() => put({ result: code })}
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      {step.fields.includes("amount") && form.result !== "rejected" && (
        <Field label="金额（元）" optional>
          <input inputMode="decimal" value={form.amount} onChange={(event) => put({ amount: event.target.value })} />
        </Field>
      )}
      <Field label={step.note} optional={step.kind === "accept"}>
        <textarea rows={4} maxLength={LONGEST_NOTE} value={form.note} onChange={(event) => put({ note: event.target.value })} />
      </Field>
    </Dialog>
  );
}
