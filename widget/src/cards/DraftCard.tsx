import { useEffect, useRef, useState } from "react";
import { Icon } from "../components/icons";
import { Frame } from "./CardView";
import type { Card } from "./model";

type Copied = "no" | "yes" | "failed";

/** The old way, for pages without https and for frames that were not allowed the clipboard. */
function copySelected(area: HTMLTextAreaElement): boolean {
  area.focus();
  area.select();
  return document.execCommand("copy");
}

/** A message ready to be sent to the seller: shown whole, copied with one press. */
export function DraftCard({ card }: { card: Extract<Card, { type: "draft" }> }) {
  const [copied, setCopied] = useState<Copied>("no");
  const area = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    if (copied === "no") return undefined;
    const timer = window.setTimeout(() => setCopied("no"), 3_000);
    return () => window.clearTimeout(timer);
  }, [copied]);

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(card.text);
      setCopied("yes");
    } catch {
      setCopied(area.current && copySelected(area.current) ? "yes" : "failed");
    }
  }

  const label = { no: "复制全文", yes: "已复制", failed: "请长按文字手动复制" }[copied];
  return (
    <Frame icon="copy" title={card.title ?? "可以直接发给商家的话"}>
      <p className="draft">{card.text}</p>
      <textarea ref={area} className="copy-source" value={card.text} readOnly tabIndex={-1} aria-hidden="true" />
      <button type="button" className="button primary wide" onClick={() => void copy()}>
        <Icon name={copied === "yes" ? "check" : "copy"} size={18} />
        <span aria-live="polite">{label}</span>
      </button>
    </Frame>
  );
}
