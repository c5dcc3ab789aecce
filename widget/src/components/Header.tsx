import { useState } from "react";
import { useController, useConversation } from "./context";
import { ConfirmDialog } from "./ConfirmDialog";
import { Icon } from "./icons";
import { Menu } from "./Menu";
import { dated, save } from "./save";

type Asked = "restart" | "erase" | null;

export function Header({ onClose }: { onClose: (() => void) | null }) {
  const controller = useController();
  const { owner } = useConversation().ownership;
  const [asked, setAsked] = useState<Asked>(null);

  function download(format: "html" | "txt" | "json"): void {
    controller
      .transcript(format)
      .then((blob) => save(blob, dated("维权对话记录", format)))
      .catch((error: unknown) => controller.tell(error));
  }

  function confirmed(): void {
    if (asked === "restart") controller.sendText("重新开始");
    if (asked === "erase") {
      controller
        .erase()
        .then(() => controller.say("您的对话和上传的文件已经删除。"))
        .catch((error: unknown) => controller.tell(error));
    }
    setAsked(null);
  }

  return (
    <header className="header">
      <span className="header-mark">
        <Icon name="shield" size={24} />
      </span>
      <div className="header-text">
        <h1>买家维权助手</h1>
        <p>智能助手，不是律师，仅供参考</p>
      </div>
      <Menu
        items={[
          { label: "下载对话记录（网页）", run: () => download("html") },
          { label: "下载对话记录（文本）", run: () => download("txt") },
          // Only the assistant can begin again; to a person those would just be two odd words.
          ...(owner === "bot" || owner === "closed"
            ? [{ label: "重新开始", run: () => setAsked("restart") }]
            : []),
          { label: "删除我的数据", run: () => setAsked("erase"), danger: true },
        ]}
      />
      {onClose && (
        <button type="button" className="icon-button" aria-label="关闭聊天窗口" onClick={onClose}>
          <Icon name="close" />
        </button>
      )}
      {asked && (
        <ConfirmDialog
          title={asked === "restart" ? "重新开始？" : "删除我的数据？"}
          text={
            asked === "restart"
              ? "现在这件纠纷会结束，助手将从头了解新的情况。之前的对话仍会保留。"
              : "对话内容和您上传的文件都会从服务器删除，不能恢复。建议先下载对话记录。"
          }
          confirm={asked === "restart" ? "重新开始" : "全部删除"}
          danger={asked === "erase"}
          onConfirm={confirmed}
          onCancel={() => setAsked(null)}
        />
      )}
    </header>
  );
}

/** Says so when the line is down; a first connection in progress is not worth a word. */
export function ConnectionBanner() {
  const controller = useController();
  const { connection, loaded } = useConversation();
  if (!loaded || connection === "online" || connection === "connecting") return null;
  return (
    <div className="banner" role="status">
      <span>网络断开，正在重连…内容不会丢。</span>
      <button type="button" onClick={() => controller.retryConnection()}>
        立即重连
      </button>
    </div>
  );
}
