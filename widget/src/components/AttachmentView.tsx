import { Bubble } from "../chatui";
import { useState } from "react";
import type { Entry } from "../conversation/model";
import { fileSize } from "../format";
import { shortHash } from "../transport/hash";
import { useConversation } from "./context";
import { Icon } from "./icons";
import { fileIcon } from "./LocalPreview";

const VERDICT = {
  match: "与您手机/电脑上的原文件一致",
  differs: "与原文件不一致，请重新上传",
} as const;

/** A stored piece of evidence with its fingerprint. */
export function AttachmentView({ entry }: { entry: Entry }) {
  const file = entry.attachment!;
  const check = useConversation().hashChecks[file.evidence_id];
  const [broken, setBroken] = useState(false);
  return (
    <Bubble type="evidence">
      <div className="file">
        {file.thumb && !broken ? (
          <img className="file-thumb" src={file.thumb} alt={`${file.name} 的缩略图`} onError={() => setBroken(true)} />
        ) : (
          <span className="file-thumb">
            <Icon name={fileIcon(file.mime)} size={26} />
          </span>
        )}
        <div className="file-text">
          <b className="file-name">{file.name}</b>
          <span className="file-meta">{fileSize(file.size)} · 已存为证据</span>
          <span className="file-hash" data-check={check} title={`SHA-256 ${file.sha256}`}>
            指纹 <code>{shortHash(file.sha256)}</code>
            {check && (
              <span className="file-verdict">
                {check === "match" && <Icon name="check" size={14} />} {VERDICT[check]}
              </span>
            )}
          </span>
        </div>
      </div>
    </Bubble>
  );
}
