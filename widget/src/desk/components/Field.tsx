import { type ReactElement, cloneElement, useId } from "react";

interface Props {
  label: string;
  hint?: string;
  optional?: boolean;
  /** One input, select or textarea; it gets the label's id. */
  children: ReactElement<{ id?: string; "aria-describedby"?: string }>;
}

export function Field({ label, hint, optional, children }: Props) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {optional && <span className="soft">（可不填）</span>}
      </label>
      {cloneElement(children, { id, ...(hint ? { "aria-describedby": `${id}-hint` } : {}) })}
      {hint && (
        <p id={`${id}-hint`} className="soft hint">
          {hint}
        </p>
      )}
    </div>
  );
}
