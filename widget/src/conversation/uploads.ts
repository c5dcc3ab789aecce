import type { Client } from "../transport/client";
import { ApiError } from "../transport/errors";
import { newMessageId, sha256Hex } from "../transport/hash";
import { upload, type UploadJob } from "../transport/upload";
import type { Controller } from "./controller";
import type { PendingFile } from "./model";
import { dropPending, patchPending, withPending } from "./state";

const MB = 1024 * 1024;
/** The server's limits, checked here too so that a buyer on a phone does not send 80 MB for nothing. */
const IMAGE_LIMIT = 10 * MB;
const FILE_LIMIT = 20 * MB;
/** Sent two at a time: a phone's uplink gains nothing from more, and the first files finish sooner. */
const AT_ONCE = 2;

export const ACCEPT =
  "image/jpeg,image/png,image/webp,image/heic,image/gif,application/pdf,video/mp4,video/quicktime,text/plain," +
  ".jpg,.jpeg,.png,.webp,.heic,.gif,.pdf,.mp4,.mov,.txt";

/** Why a file cannot be sent at all, or null. The server looks again, at the bytes. */
export function refusal(file: { name: string; size: number; type: string }): string | null {
  if (file.size === 0) return "这是一个空文件，请重新选择。";
  const image = file.type.startsWith("image/") || /\.(jpe?g|png|webp|heic|gif)$/i.test(file.name);
  if (image && file.size > IMAGE_LIMIT) return "图片超过 10 MB，请压缩或截取关键部分后再传。";
  if (file.size > FILE_LIMIT) return "文件超过 20 MB，请剪短视频或压缩后再传。";
  return null;
}

/** The queue of files: hashes each, sends it, compares what came back. */
export class Uploads {
  private readonly jobs = new Map<string, UploadJob>();
  private readonly waiting: PendingFile[] = [];
  private running = 0;

  constructor(
    private readonly client: Client,
    private readonly controller: Controller,
  ) {}

  add(files: Iterable<File>): void {
    for (const file of files) {
      const why = refusal(file);
      const pending: PendingFile = {
        kind: "file",
        client_msg_id: newMessageId(),
        at: Date.now(),
        file,
        progress: 0,
        retryable: why === null,
        status: why ? "failed" : "sending",
        ...(why ? { error: why } : {}),
      };
      this.controller.change((s) => withPending(s, pending));
      if (!why) this.run(pending);
    }
  }

  run(pending: PendingFile): void {
    this.waiting.push(pending);
    this.next();
  }

  cancel(id: string): void {
    const queued = this.waiting.findIndex((p) => p.client_msg_id === id);
    if (queued >= 0) this.waiting.splice(queued, 1);
    this.jobs.get(id)?.cancel();
    this.controller.change((s) => dropPending(s, id));
  }

  cancelAll(): void {
    this.waiting.length = 0;
    this.jobs.forEach((job) => job.cancel());
  }

  private next(): void {
    while (this.running < AT_ONCE) {
      const pending = this.waiting.shift();
      if (!pending) return;
      this.running += 1;
      void this.send(pending).finally(() => {
        this.running -= 1;
        this.next();
      });
    }
  }

  private async send(pending: PendingFile): Promise<void> {
    const id = pending.client_msg_id;
    const { controller, client } = this;
    const job = upload(client.base, client.session, pending.file, id, (progress) =>
      controller.change((s) => patchPending(s, id, { progress })),
    );
    this.jobs.set(id, job);
    try {
      // Side by side: on a phone hashing 20 MB takes a while, and the wire is the slower one anyway.
      const [mine, stored] = await Promise.all([sha256Hex(pending.file), job.done]);
      controller.change((s) => ({
        ...patchPending(s, id, { status: "sent", seq: stored.seq, progress: 1 }),
        hashChecks: mine
          ? { ...s.hashChecks, [stored.evidence_id]: mine === stored.sha256 ? "match" : "differs" }
          : s.hashChecks,
      }));
    } catch (error) {
      const failure = error instanceof ApiError ? error : new ApiError(0, "unknown", "上传没有成功，请重试。");
      if (failure.code === "cancelled") return;
      controller.change((s) =>
        patchPending(s, id, { status: "failed", error: failure.message, retryable: failure.retryable }),
      );
    } finally {
      this.jobs.delete(id);
    }
  }
}
