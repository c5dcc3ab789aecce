import { Bubble } from "../chatui";
import type { Pending, PendingFile } from "../conversation/model";
import { fileSize } from "../format";
import { useController, useConversation } from "./context";
import { Icon } from "./icons";
import { LocalPreview } from "./LocalPreview";

/** A line of ours that the server has not shown back yet. */
export function PendingView({ id }: { id: string }) {
  const pending = useConversation().pending.find((p) => p.client_msg_id === id);
  if (!pending) return null;
  return (
    <div className="entry pending" data-author="buyer" data-status={pending.status}>
      {pending.kind === "file" ? (
        <FileBubble pending={pending} />
      ) : (
        <Bubble type="text" content={pending.text} />
      )}
      {pending.status === "failed" ? <Failure pending={pending} /> : <Sending pending={pending} />}
    </div>
  );
}

function Sending({ pending }: { pending: Pending }) {
  if (pending.kind === "file") return null;
  return <p className="pending-note">{pending.status === "sending" ? "发送中…" : "已送达"}</p>;
}

function Failure({ pending }: { pending: Pending }) {
  const controller = useController();
  return (
    <div className="failure" role="status">
      <span>{pending.error ?? "没有发送成功。"}</span>
      <span className="failure-buttons">
        {pending.retryable && (
          <button type="button" className="link-button" onClick={() => controller.retry(pending.client_msg_id)}>
            <Icon name="retry" size={16} /> 重试
          </button>
        )}
        <button type="button" className="link-button quiet" onClick={() => controller.discard(pending.client_msg_id)}>
          移除
        </button>
      </span>
    </div>
  );
}

function FileBubble({ pending }: { pending: PendingFile }) {
  const controller = useController();
  const { file, progress, status } = pending;
  const percent = Math.round(progress * 100);
  return (
    <Bubble type="evidence">
      <div className="file">
        <LocalPreview file={file} />
        <div className="file-text">
          <b className="file-name">{file.name}</b>
          <span className="file-meta">
            {fileSize(file.size)}
            {status === "sending" && (percent < 100 ? ` · 上传中 ${percent}%` : " · 正在核对…")}
          </span>
          {status === "sending" && (
            <progress className="file-progress" max={100} value={percent} aria-label={`${file.name} 上传进度`} />
          )}
        </div>
        {/* Once every byte has left, the server keeps the file whatever we do: no cancelling that is not one. */}
        {status === "sending" && percent < 100 && (
          <button
            type="button"
            className="icon-button"
            aria-label={`取消上传 ${file.name}`}
            onClick={() => controller.uploads.cancel(pending.client_msg_id)}
          >
            <Icon name="close" size={18} />
          </button>
        )}
      </div>
    </Bubble>
  );
}
