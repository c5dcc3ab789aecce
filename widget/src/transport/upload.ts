import type { Session } from "./session";
import { ApiError, errorFromBody, sentenceFor } from "./errors";

export interface Uploaded {
  evidence_id: string;
  sha256: string;
  size: number;
  mime: string;
  name: string;
  thumb: string | null;
  seq: number;
  dup: boolean;
}

export interface UploadJob {
  done: Promise<Uploaded>;
  cancel(): void;
}

/**
 * Sends one file. XMLHttpRequest because fetch has no upload progress. `onProgress` gets 0..1.
 * Rejects with ApiError; a cancelled job rejects with code "cancelled".
 */
export function upload(
  base: string,
  session: Session,
  file: File,
  clientMsgId: string,
  onProgress: (fraction: number) => void,
): UploadJob {
  let request: XMLHttpRequest | null = null;
  let cancelled = false;

  async function attempt(): Promise<Uploaded> {
    const token = await session.token();
    if (cancelled) throw new ApiError(0, "cancelled", "已取消上传。");
    return new Promise<Uploaded>((resolve, reject) => {
      const xhr = new XMLHttpRequest();
      request = xhr;
      xhr.open("POST", `${base}/upload`);
      xhr.setRequestHeader("Authorization", `Bearer ${token}`);
      xhr.upload.onprogress = (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      };
      xhr.onload = () => {
        if (xhr.status < 200 || xhr.status >= 300) {
          reject(errorFromBody(xhr.status, xhr.responseText, xhr.getResponseHeader("Retry-After")));
          return;
        }
        try {
          resolve(JSON.parse(xhr.responseText) as Uploaded);
        } catch {
          reject(new ApiError(502, "bad_body", sentenceFor(502)));
        }
      };
      xhr.onerror = () => reject(new ApiError(0, "network", sentenceFor(0)));
      xhr.onabort = () => reject(new ApiError(0, "cancelled", "已取消上传。"));
      const form = new FormData();
      form.append("client_msg_id", clientMsgId);
      form.append("file", file, file.name);
      xhr.send(form);
    });
  }

  async function run(): Promise<Uploaded> {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await session.open();
      return attempt();
    }
  }

  return {
    done: run(),
    cancel() {
      cancelled = true;
      request?.abort();
    },
  };
}
