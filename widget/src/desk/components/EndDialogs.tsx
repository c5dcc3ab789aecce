import { useState } from "react";
import { yuan } from "../state/steps";
import type { Talk } from "../state/talk";
import { DISPOSITIONS, OUTCOMES } from "../words";
import { Dialog } from "./Dialog";
import { Field } from "./Field";

interface Props {
  talk: Talk;
  busy: boolean;
  onClose(): void;
}

/** 结束并交还小助手: the assistant goes on with what was settled, so that has to be said. */
export function ReturnDialog({ talk, busy, onClose }: Props) {
  const [text, setText] = useState("");
  const [outcome, setOutcome] = useState("");
  const [amount, setAmount] = useState("");
  const [error, setError] = useState("");

  async function submit(): Promise<void> {
    const money = amount.trim() ? yuan(amount) : undefined;
    if (!text.trim()) return setError("请填写处理结果。");
    if (money === null) return setError("金额请写成数字，例如 120.50。");
    const done = await talk.handBack({ text: text.trim(), outcome, ...(money ? { amount: money } : {}) });
    if (done) onClose();
    else setError("没有提交成功，原因见页面上方。");
  }

  return (
    <Dialog
      title="结束并交还小助手"
      submit="交还小助手"
      busy={busy}
      error={error}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Field label="处理结果" hint="买家会看到，小助手会接着它往下办。">
        <textarea rows={4} maxLength={2000} autoFocus value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <div className="field-row">
        <Field label="结果类别" optional>
          <select value={outcome} onChange={(event) => setOutcome(event.target.value)}>
            <option value="">未选</option>
            {OUTCOMES.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field label="金额（元）" optional>
          <input inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}

/** 关闭会话: nothing goes on afterwards. */
export function CloseDialog({ talk, busy, onClose }: Props) {
  const [disposition, setDisposition] = useState("");
  const [text, setText] = useState("");
  const [error, setError] = useState("");

  async function submit(): Promise<void> {
    if (!disposition) return setError("请选择处理结果。");
    if (!text.trim()) return setError("请写一句处理说明。");
    if (await talk.close({ disposition, text: text.trim() })) onClose();
    else setError("没有提交成功，原因见页面上方。");
  }

  return (
    <Dialog
      title="关闭会话"
      submit="关闭会话"
      danger
      busy={busy}
      error={error}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p className="soft">买家会看到会话已结束；买家再发言时，由小助手接待。</p>
      <fieldset>
        <legend>处理结果</legend>
        {DISPOSITIONS.map(([code, name]) => (
          <label key={code} className="choice">
            <input
              type="radio"
              name="disposition"
              value={code}
              checked={disposition === code}
              onChange={() => setDisposition(code)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <Field label="处理说明">
        <textarea rows={3} maxLength={2000} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
    </Dialog>
  );
}
