import { Composer, type ComposerHandle, QuickReplies } from "../chatui";
import { type ClipboardEvent, useRef, useState } from "react";
import { TEXT_LIMIT } from "../conversation/controller";
import { isHuman, placeholder } from "../conversation/owner";
import { openButtons } from "../conversation/state";
import { ACCEPT } from "../conversation/uploads";
import { useController, useConversation } from "./context";
import { Icon } from "./icons";

/** The assistant reads this many characters of one message; longer ones are stored but only partly understood. */
const READ_LIMIT = 2_000;

export function InputArea() {
  const controller = useController();
  const state = useConversation();
  const composer = useRef<ComposerHandle>(null);
  const [length, setLength] = useState(0);
  // In the queue the banner has the one answer there is, always in view.
  const open = state.ownership.owner === "queued" ? null : openButtons(state);

  /** Files on the clipboard are evidence, unless text came along: office programs add a picture of the text. */
  function onPaste(event: ClipboardEvent): void {
    const files = Array.from(event.clipboardData.files);
    if (files.length === 0 || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    controller.uploads.add(files);
  }

  function mayPass(_type: string, text: string): boolean {
    if (!text.trim()) return false;
    if (text.length <= TEXT_LIMIT) return true;
    controller.say(`一次最多发 ${TEXT_LIMIT} 字，现在是 ${text.length} 字，请分成几条发送。`);
    return false;
  }

  function send(_type: string, text: string): void {
    setLength(0);
    controller.sendText(text.trim());
  }

  return (
    <footer className="input-area" onPaste={onPaste}>
      {state.notice && (
        <div className="notice" role="status">
          <span>{state.notice}</span>
          <button type="button" className="icon-button" aria-label="知道了" onClick={() => controller.say(null)}>
            <Icon name="close" size={16} />
          </button>
        </div>
      )}
      {length > READ_LIMIT && !isHuman(state.ownership) && (
        <p className="hint" role="status">
          已写 {length} 字。助手一次读前 {READ_LIMIT} 字，建议分成几条发送。
        </p>
      )}
      {open && (
        <div className="quick" role="group" aria-label="快捷回答">
          <QuickReplies
            key={open.seq}
            items={open.buttons.map((button) => ({ name: button.title, code: button.token }))}
            onClick={(item) => {
              const button = open.buttons.find((b) => b.token === item.code);
              if (button) controller.press(button);
            }}
          />
        </div>
      )}
      <div className="composer-row">
        <AttachButton />
        <Composer
          ref={composer}
          placeholder={placeholder(state.ownership)}
          inputOptions={{ "aria-label": "输入消息", autoComplete: "off" }}
          onChange={(value) => setLength(value.length)}
          onBeforeSend={mayPass}
          onSend={send}
        />
      </div>
    </footer>
  );
}

function AttachButton() {
  const controller = useController();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="icon-button attach"
        aria-label="上传证据：图片、视频、PDF 或文本，可多选"
        title="上传证据"
        onClick={() => picker.current?.click()}
      >
        <Icon name="attach" size={22} />
      </button>
      <input
        ref={picker}
        className="file-input"
        type="file"
        multiple
        accept={ACCEPT}
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => {
          controller.uploads.add(Array.from(event.target.files ?? []));
          event.target.value = ""; // The same file may be chosen again after it was removed.
        }}
      />
    </>
  );
}
