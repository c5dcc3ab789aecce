import type { KeyValue } from "../transport/session";
import type { Pending, PendingButton, PendingText } from "./model";

type Stored = PendingText | PendingButton;

/** Text not yet acknowledged survives a reload; its id makes sending it again harmless. */
export class Outbox {
  constructor(
    private readonly storage: KeyValue,
    private readonly key: string,
  ) {}

  save(pending: Pending[]): void {
    const texts = pending.filter((p) => p.kind !== "file" && p.status !== "sent");
    try {
      if (texts.length > 0) this.storage.setItem(this.key, JSON.stringify(texts));
      else this.storage.removeItem(this.key);
    } catch {
      // A full storage costs only the copy that would have survived a reload.
    }
  }

  load(): Stored[] {
    try {
      const found: unknown = JSON.parse(this.storage.getItem(this.key) ?? "[]");
      if (!Array.isArray(found)) return [];
      return (found as Stored[])
        .filter((p) => typeof p?.client_msg_id === "string" && typeof p.text === "string")
        .map((p) => ({ ...p, status: "failed", error: "上次没有发送成功。", retryable: true }));
    } catch {
      return [];
    }
  }
}
