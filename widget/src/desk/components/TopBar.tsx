import { useDesk, useDeskState } from "./context";

export function TopBar() {
  const desk = useDesk();
  const { agent, officeOpen, connection, notice, loaded } = useDeskState();
  return (
    <header className="top-bar">
      <h1>工作台</h1>
      {loaded && (
        <span className={officeOpen ? "tag ok" : "tag"}>{officeOpen ? "工作时间" : "非工作时间：买家只能留言"}</span>
      )}
      <span className="top-notes">
        {connection === "offline" && (
          <span className="banner warn" role="status">
            连接中断，正在重连
          </span>
        )}
        {notice && (
          <span className="banner bad" role="alert">
            {notice}
            <button type="button" className="plain" aria-label="知道了" onClick={() => desk.say(null)}>
              ✕
            </button>
          </span>
        )}
      </span>
      <span className="who">
        {agent?.display_name}
        {agent?.role === "supervisor" && <span className="tag">主管</span>}
      </span>
      <button type="button" className="button small" onClick={() => void desk.logout()}>
        退出
      </button>
    </header>
  );
}
