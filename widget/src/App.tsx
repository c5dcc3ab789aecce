import { ConfigProvider, MessageContainer, type MessageContainerHandle, type MessageProps, Typing } from "./chatui";
import { useCallback, useEffect, useRef, useState } from "react";
import { ConnectionBanner, Header } from "./components/Header";
import { useController, useConversation } from "./components/context";
import { DropZone } from "./components/DropZone";
import { EntryView } from "./components/EntryView";
import { ChatUiSprite } from "./components/icons";
import { InputArea } from "./components/InputArea";
import { OwnerBanner } from "./components/OwnerBanner";
import { type Content, messageList } from "./components/messages";
import { PendingView } from "./components/PendingView";
import { Welcome } from "./components/Welcome";

function renderMessage(message: MessageProps) {
  if (message.type === "typing") return <Typing text="助手正在输入" />;
  const content = message.content as Content;
  return "entry" in content ? <EntryView entry={content.entry} /> : <PendingView id={content.pendingId} />;
}

export function App({ onClose }: { onClose: (() => void) | null }) {
  return (
    <ConfigProvider locale="zh-CN">
      <ChatUiSprite />
      <DropZone>
        <Header onClose={onClose} />
        <OwnerBanner />
        <ConnectionBanner />
        <main className="main">
          <Log />
        </main>
        <InputArea />
      </DropZone>
    </ConfigProvider>
  );
}

/** The page's one live region: new lines are read out politely, a batch of old ones is not. */
function Log() {
  const controller = useController();
  const state = useConversation();
  const [toMessages] = useState(messageList);
  const [loadingOlder, setLoadingOlder] = useState(false);
  const quiet = !state.loaded || loadingOlder;
  const empty = state.loaded && state.entries.length === 0 && state.pending.length === 0;

  // A refusal appears under a line that is already there, and the banner takes room; ChatUI scrolls for new lines only.
  const container = useRef<MessageContainerHandle>(null);
  const lastFailed = state.pending[state.pending.length - 1]?.status === "failed";
  useEffect(() => {
    if (lastFailed) container.current?.scrollToEnd({ force: true });
  }, [lastFailed, state.connection, state.ownership.owner]);

  const older = useCallback(async () => {
    setLoadingOlder(true);
    await controller.loadOlder();
    setLoadingOlder(false);
    return { noMore: !controller.state.hasOlder };
  }, [controller]);

  return (
    <div
      className="log"
      role="log"
      aria-label="对话"
      aria-live={quiet ? "off" : "polite"}
      aria-relevant="additions"
      aria-busy={quiet}
    >
      {!state.loaded && <p className="loading">正在读取对话…</p>}
      {empty && <Welcome />}
      {state.loaded && !empty && (
        <MessageContainer
          ref={container}
          messages={toMessages(state)}
          renderMessageContent={renderMessage}
          isTyping={state.typing}
          loadMoreText="查看更早的消息"
          onRefresh={state.hasOlder ? older : undefined}
        />
      )}
    </div>
  );
}
