import { useSyncExternalStore } from "react";

/** State that the page reads; only its owner's methods change it. */
export class Store<S extends object> {
  private readonly listeners = new Set<() => void>();

  constructor(public state: S) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): S => this.state;

  protected set(patch: Partial<S>): void {
    this.state = { ...this.state, ...patch };
    this.listeners.forEach((listener) => listener());
  }
}

export function useStore<S extends object>(store: Store<S>): S {
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
