import { createRoot } from "react-dom/client";
import "./styles/index.css";
import { DeskApi } from "./api/client";
import { App } from "./components/App";
import { DeskContext } from "./components/context";
import { Desk } from "./state/desk";
import { tabStorage } from "./state/keep";

const desk = new Desk(new DeskApi(), tabStorage());
createRoot(document.getElementById("root")!).render(
  <DeskContext.Provider value={desk}>
    <App />
  </DeskContext.Provider>,
);
void desk.start();
