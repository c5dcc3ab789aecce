import { useEffect, useRef } from "react";

interface Props {
  title: string;
  text: string;
  confirm: string;
  danger: boolean;
  onConfirm(): void;
  onCancel(): void;
}

/** A native modal dialog: the browser keeps the focus inside, closes it on Escape and gives the focus back. */
export function ConfirmDialog({ title, text, confirm, danger, onConfirm, onCancel }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);

  return (
    <dialog className="confirm" ref={dialog} aria-labelledby="confirm-title" onCancel={onCancel}>
      <h2 id="confirm-title">{title}</h2>
      <p>{text}</p>
      <div className="confirm-buttons">
        <button type="button" className="button" autoFocus onClick={onCancel}>
          取消
        </button>
        <button type="button" className={danger ? "button danger" : "button primary"} onClick={onConfirm}>
          {confirm}
        </button>
      </div>
    </dialog>
  );
}
