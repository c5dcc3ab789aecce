import { createContext, useContext, useSyncExternalStore } from "react";
import type { Desk, DeskState } from "../state/desk";
import { useStore } from "../state/store";

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("outside of DeskContext");
  return desk;
}

export function useDeskState(): DeskState {
  return useStore(useDesk());
}

const listeners = new Set<() => void>();
let timer = 0;

function onTick(listener: () => void): () => void {
  if (listeners.size === 0) timer = window.setInterval(() => listeners.forEach((tell) => tell()), 1_000);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearInterval(timer);
  };
}

/** The server's time, a second at a time. For small components: each of them is drawn again every second. */
export function useNow(): Date {
  const { skew } = useDeskState();
  const second = useSyncExternalStore(onTick, () => Math.floor(Date.now() / 1_000));
  return new Date(second * 1_000 + skew);
}
