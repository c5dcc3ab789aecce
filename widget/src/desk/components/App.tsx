import { useEffect } from "react";
import { inTab, pageTitle } from "../state/queue";
import { useDesk, useDeskState } from "./context";
import { LoginForm } from "./LoginForm";
import { Workbench } from "./Workbench";

export function App() {
  const desk = useDesk();
  const state = useDeskState();
  const waiting = inTab(state.queue, "waiting", 0).length;

  useEffect(() => {
    document.title = pageTitle(waiting);
  }, [waiting]);

  return (
    <>
      <div className="unseen" role="status" aria-label="排队通知">
        {state.announcement}
      </div>
      {state.phase === "checking" && <p className="full-page">正在打开工作台…</p>}
      {state.phase === "unreachable" && (
        <div className="full-page">
          <p role="alert">没有连上服务，请检查网络后重试。</p>
          <button type="button" className="button primary" onClick={() => void desk.start()}>
            重试
          </button>
        </div>
      )}
      {state.phase === "out" && <LoginForm ended={state.ended} />}
      {state.phase === "in" && <Workbench />}
    </>
  );
}
