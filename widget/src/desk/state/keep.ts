import type { KeyValue } from "../../transport/session";
import type { Unsent } from "./lines";

export interface Kept {
  draft: string;
  unsent: Unsent[];
}

/** Words not sent yet, per agent and conversation: they outlive a reload and a session that ended. */
export class Keep {
  constructor(
    private readonly storage: KeyValue,
    private readonly agentId: number,
  ) {}

  load(conversationId: string): Kept {
    try {
      const found = JSON.parse(this.storage.getItem(this.key(conversationId)) ?? "null") as Partial<Kept> | null;
      const unsent = Array.isArray(found?.unsent) ? found.unsent : [];
      return {
        draft: typeof found?.draft === "string" ? found.draft : "",
        unsent: unsent
          .filter((one) => typeof one?.client_msg_id === "string" && typeof one.text === "string")
          .map((one) => ({ ...one, status: "failed", error: one.error ?? "上次没有发送成功。", retryable: true })),
      };
    } catch {
      return { draft: "", unsent: [] };
    }
  }

  save(conversationId: string, kept: Kept): void {
    const key = this.key(conversationId);
    try {
      if (kept.draft || kept.unsent.length) this.storage.setItem(key, JSON.stringify(kept));
      else this.storage.removeItem(key);
    } catch {
      // A full or blocked storage costs only the copy that would have outlived the page.
    }
  }

  private key(conversationId: string): string {
    return `dispute-desk:${this.agentId}:${conversationId}`;
  }
}

/** sessionStorage: another person at the same machine must not find these words in a new tab. */
export function tabStorage(): KeyValue {
  try {
    window.sessionStorage.setItem("dispute-desk:probe", "1");
    window.sessionStorage.removeItem("dispute-desk:probe");
    return window.sessionStorage;
  } catch {
    const memory = new Map<string, string>();
    return {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
      removeItem: (key) => void memory.delete(key),
    };
  }
}

/** After logging out nothing of the agent's words stays in this tab. */
export function forgetAll(): void {
  try {
    Object.keys(window.sessionStorage)
      .filter((key) => key.startsWith("dispute-desk:"))
      .forEach((key) => window.sessionStorage.removeItem(key));
  } catch {
    // Nothing was kept either.
  }
}
