import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiError } from "../../transport/errors";
import { sentence } from "../api/client";
import { waited } from "../time";
import { useDesk } from "./context";

export function LoginForm({ ended }: { ended: boolean }) {
  const desk = useDesk();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useState(0);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (wait <= 0) return;
    const timer = window.setTimeout(() => setWait(wait - 1), 1_000);
    return () => window.clearTimeout(timer);
  }, [wait]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (busy || wait > 0) return;
    if (!name.trim() || !password) {
      setError("请填写用户名和密码。");
      return;
    }
    setBusy(true);
    setError("");
    try {
      await desk.login(name.trim(), password);
    } catch (problem) {
      if (problem instanceof ApiError && problem.retryAfter) setWait(Math.ceil(problem.retryAfter));
      setError(problem instanceof ApiError && problem.code === "http_401" ? "用户名或密码不对。" : sentence(problem));
      setPassword("");
      setBusy(false);
      field.current?.focus();
    }
  }

  return (
    <main className="login">
      <form className="login-box" onSubmit={(event) => void submit(event)}>
        <h1>工作台</h1>
        <p className="soft">买家维权助手 · 人工客服与介入处理</p>
        {ended && !error && <p className="banner warn">登录已失效，请重新登录。没发出的文字都还在。</p>}
        <label htmlFor="login-name">用户名</label>
        <input
          id="login-name"
          autoComplete="username"
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <label htmlFor="login-password">密码</label>
        <input
          id="login-password"
          ref={field}
          type="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {error && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
        {wait > 0 && <p className="soft">还要等 {waited(wait)}</p>}
        <button type="submit" className="button primary wide" disabled={busy || wait > 0}>
          {busy ? "正在登录…" : "登录"}
        </button>
      </form>
    </main>
  );
}
