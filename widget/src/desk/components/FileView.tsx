import { type ReactNode, useState } from "react";
import { fileSize } from "../../format";

interface Shown {
  name: string;
  mime: string;
  size: number;
  sha256: string;
  url?: string | null;
  thumb?: string | null;
}

/** Only addresses of the desk's own API are followed, whatever a record may hold. */
function own(address: string | null | undefined): string | undefined {
  return address?.startsWith("/desk/api/") ? address : undefined;
}

/** A file with its picture, if it has one, and its fingerprint. Opens in a new tab. */
export function FileView({ file, children }: { file: Shown; children?: ReactNode }) {
  const [broken, setBroken] = useState(false);
  const thumb = own(file.thumb);
  const url = own(file.url);
  const picture = (
    <span className="file-picture">
      {thumb && !broken ? (
        <img src={thumb} alt={`${file.name} 的缩略图`} loading="lazy" onError={() => setBroken(true)} />
      ) : (
        <span aria-hidden="true">{(file.mime.split("/")[1] ?? "文件").slice(0, 4).toUpperCase()}</span>
      )}
    </span>
  );
  return (
    <div className="file">
      {url ? (
        <a href={url} target="_blank" rel="noopener noreferrer" aria-label={`打开 ${file.name}`}>
          {picture}
        </a>
      ) : (
        picture
      )}
      <div className="file-text">
        {url ? (
          <a href={url} target="_blank" rel="noopener noreferrer">
            {file.name}
          </a>
        ) : (
          <b>{file.name}</b>
        )}
        <span className="soft" title={`SHA-256 ${file.sha256}`}>
          {fileSize(file.size)} · 指纹 {file.sha256.slice(0, 8)}
        </span>
        {children}
      </div>
    </div>
  );
}
