import type { Connection } from "../api/feed";
import type { CaseFile, HandoffDetail, Line } from "../model";
import type { Unsent } from "./lines";

/** What the page knows of the open conversation. */
export interface TalkState {
  handoffId: string | null;
  detail: HandoffDetail | null;
  lines: Line[];
  unsent: Unsent[];
  hasOlder: boolean;
  loaded: boolean;
  /** Why there is no history to show. */
  loadError: string | null;
  typing: boolean;
  connection: Connection;
  owner: string | null;
  case: CaseFile | null;
  caseState: "loading" | "ready" | "none" | "failed";
  /** Kinds of the steps that the case's intervention can take now; null while not known. */
  allowed: string[] | null;
  draft: string;
  /** A request that changes this handoff is under way. */
  busy: boolean;
}

export const EMPTY_TALK: TalkState = {
  handoffId: null,
  detail: null,
  lines: [],
  unsent: [],
  hasOlder: false,
  loaded: false,
  loadError: null,
  typing: false,
  connection: "connecting",
  owner: null,
  case: null,
  caseState: "loading",
  allowed: null,
  draft: "",
  busy: false,
};
