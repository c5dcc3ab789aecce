import type { DeskApi } from "../api/client";
import { unanswered } from "./lines";

const EVERY_MS = 8_000;
const LINES = 20;

/**
 * Counts the buyer's unanswered lines in conversations that I hold but do not have open. Asked for now and
 * then instead of streamed: a browser gives one host only six connections over HTTP/1.1.
 */
export class Waiting {
  private conversations: string[] = [];
  private timer = 0;
  private counts: Record<string, number> = {};

  constructor(
    private readonly api: DeskApi,
    private readonly onCounts: (counts: Record<string, number>) => void,
  ) {}

  watch(conversations: string[]): void {
    if (conversations.join("\n") === this.conversations.join("\n")) return;
    this.conversations = conversations;
    window.clearInterval(this.timer);
    if (conversations.length) this.timer = window.setInterval(() => void this.look(), EVERY_MS);
    void this.look();
  }

  private async look(): Promise<void> {
    const asked = this.conversations;
    const found: Record<string, number> = {};
    for (const id of asked) {
      const page = await this.api.history(id, { limit: LINES }).catch(() => null);
      const count = page ? unanswered(page.entries) : (this.counts[id] ?? 0);
      if (count) found[id] = count;
    }
    if (asked !== this.conversations || JSON.stringify(found) === JSON.stringify(this.counts)) return;
    this.counts = found;
    this.onCounts(found);
  }
}
