/** One line of the conversation as the server stores it. `seq` grows by one within a conversation. */
export interface Entry {
  seq: number;
  id: string;
  /** ISO 8601 with offset. */
  ts: string;
  author: { type: "bot" | "buyer" | "agent" | "system"; name?: string };
  text?: string;
  buttons?: Button[];
  card?: unknown;
  attachment?: Attachment;
  client_msg_id?: string;
  /** The line whose button this one is the press of. */
  in_reply_to?: string;
}

export interface Button {
  title: string;
  /** Opaque; bound to this conversation by the server. */
  token: string;
}

export interface Attachment {
  evidence_id: string;
  name: string;
  mime: string;
  size: number;
  sha256: string;
  thumb: string | null;
}

interface PendingBase {
  client_msg_id: string;
  /** Milliseconds since the epoch, for ordering and display until the server's time is known. */
  at: number;
  status: "sending" | "sent" | "failed";
  error?: string;
  /** False when the same request can only fail again: a refused file, an expired button. */
  retryable: boolean;
  /** Set by the server's acknowledgement; the entry itself may still be on its way. */
  seq?: number;
}

export interface PendingText extends PendingBase {
  kind: "text";
  text: string;
}

export interface PendingButton extends PendingBase {
  kind: "button";
  text: string;
  token: string;
}

export interface PendingFile extends PendingBase {
  kind: "file";
  /** Gone after a reload, and then the upload cannot be retried. */
  file: File;
  /** 0..1 */
  progress: number;
}

export type Pending = PendingText | PendingButton | PendingFile;

/** What we ourselves computed over the file, against what the server says it stored. */
export type HashCheck = "match" | "differs";
