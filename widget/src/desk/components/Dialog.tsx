import { type FormEvent, type ReactNode, useEffect, useId, useRef } from "react";

interface Props {
  title: string;
  submit: string;
  danger?: boolean;
  busy?: boolean;
  error?: string;
  children: ReactNode;
  onSubmit(): void;
  onClose(): void;
}

/** A native modal form: the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function Dialog({ title, submit, danger, busy, error, children, onSubmit, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();

  useEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    return () => shown?.close();
  }, []);

  function onForm(event: FormEvent): void {
    event.preventDefault();
    if (!busy) onSubmit();
  }

  return (
    <dialog className="dialog" ref={dialog} aria-labelledby={heading} onCancel={onClose}>
      <form onSubmit={onForm} noValidate>
        <h2 id={heading}>{title}</h2>
        {children}
        {error && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            取消
          </button>
          <button type="submit" className={danger ? "button danger" : "button primary"} disabled={busy}>
            {submit}
          </button>
        </div>
      </form>
    </dialog>
  );
}
