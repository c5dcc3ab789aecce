import { createContext, useContext, useSyncExternalStore } from "react";
import type { Controller } from "../conversation/controller";
import type { ConversationState } from "../conversation/state";

export const ControllerContext = createContext<Controller | null>(null);

export function useController(): Controller {
  const controller = useContext(ControllerContext);
  if (!controller) throw new Error("ControllerContext is missing");
  return controller;
}

export function useConversation(): ConversationState {
  const controller = useController();
  return useSyncExternalStore(controller.subscribe, controller.snapshot);
}
