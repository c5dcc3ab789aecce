import { createRoot } from "react-dom/client";
import "@chatui/core/dist/index.css";
import "./styles/index.css";
import { App } from "./App";
import { ControllerContext } from "./components/context";
import { Controller } from "./conversation/controller";
import { connectToParent } from "./embed";
import { Client } from "./transport/client";
import { restartOnLink, takeResumeToken } from "./transport/resume";
import { safeStorage, Session } from "./transport/session";

const API = "/webhooks/web";

/** ChatUI reads its dark colours from an attribute, not from the media query. */
function followColourScheme(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = (): void => {
    document.documentElement.dataset.colorScheme = dark.matches ? "dark" : "light";
  };
  dark.addEventListener("change", apply);
  apply();
}

async function main(): Promise<void> {
  followColourScheme();
  const link = takeResumeToken(window.location, window.history);
  restartOnLink(window);
  const parent = connectToParent();
  const storage = safeStorage();
  const session = new Session(API, parent.site, storage, await parent.identity, link);
  let unread = 0;
  const controller = new Controller(new Client(API, session), session, storage, () => {
    if (parent.isOpen()) return;
    unread += 1;
    parent.announceUnread(unread);
  });
  parent.onOpen(() => {
    unread = 0;
    document.querySelector<HTMLElement>(".Composer-input")?.focus();
  });
  createRoot(document.getElementById("root")!).render(
    <ControllerContext.Provider value={controller}>
      <App onClose={parent.embedded ? () => parent.close() : null} />
    </ControllerContext.Provider>,
  );
  await controller.start();
}

void main();
