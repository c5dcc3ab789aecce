/**
 * The script a shop puts on its page. It draws a launcher in a shadow root and loads the chat in an iframe on
 * first use. No dependency, no cookie, no access to the shop's page: all it hears from the iframe is
 * "ready", "close" and the number of unread messages, and only from the exact origin it was served from.
 *
 *   <script async src="https://bot.example.com/widget/loader.js" data-site="shop-a"
 *           data-color="#ff5000" data-position="right" data-user-token="JWT"></script>
 */
(() => {
  interface Api {
    open(): void;
    close(): void;
    toggle(): void;
    destroy(): void;
  }
  const page = window as unknown as { DisputeChat?: Api };
  const script = document.currentScript as HTMLScriptElement | null;
  if (!script?.src || page.DisputeChat) return;

  const origin = new URL(script.src).origin;
  const { site = "", color = "", position, userToken } = script.dataset;
  const accent = /^#[0-9a-f]{3,8}$/i.test(color) ? color : "#d14000";
  const side = position === "left" ? "left" : "right";

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>
:host{all:initial}
button,.panel{position:fixed;${side}:max(20px,env(safe-area-inset-${side}));z-index:2147483000}
button{bottom:max(20px,env(safe-area-inset-bottom));min-width:56px;height:56px;padding:0 18px 0 16px;border:0;border-radius:28px;
background:${accent};color:#fff;font:600 16px/1 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;cursor:pointer;
display:flex;align-items:center;gap:8px;box-shadow:0 4px 16px rgba(0,0,0,.22)}
button:focus-visible{outline:3px solid #1a73e8;outline-offset:3px}
.badge{position:absolute;top:-6px;right:-4px;min-width:22px;height:22px;border-radius:11px;background:#b3001b;font-size:13px;
line-height:22px;text-align:center;padding:0 5px;box-sizing:border-box}
[hidden]{display:none!important}
.panel{bottom:88px;width:400px;height:min(680px,calc(100vh - 108px));border:0;border-radius:14px;overflow:hidden;
background:#fff;box-shadow:0 12px 40px rgba(0,0,0,.24);color-scheme:light dark}
@media(max-width:480px){.panel{inset:0;width:100%;height:100%;height:100dvh;border-radius:0}}
</style><button type="button" aria-haspopup="dialog" aria-expanded="false"><svg width="24" height="24" viewBox="0 0 24 24"
fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true"><path d="M4 5h16v11H10l-4 4v-4H4z"/></svg
><span>维权助手</span><span class="badge" hidden></span></button>`;
  const button = root.querySelector("button")!;
  const badge = root.querySelector<HTMLElement>(".badge")!;
  let frame: HTMLIFrameElement | null = null;

  function tell(type: string, extra: Record<string, unknown> = {}): void {
    frame?.contentWindow?.postMessage({ source: "dispute-chat", type, ...extra }, origin);
  }

  function unread(count: number): void {
    badge.hidden = count < 1;
    badge.textContent = count > 99 ? "99+" : String(count);
    button.setAttribute("aria-label", count > 0 ? `维权助手，${count} 条未读消息` : "维权助手");
  }

  function create(): HTMLIFrameElement {
    const made = document.createElement("iframe");
    made.className = "panel";
    made.title = "买家维权助手";
    made.allow = "clipboard-write";
    made.src = `${origin}/widget/?site=${encodeURIComponent(site)}&parent=${encodeURIComponent(location.origin)}`;
    root.append(made);
    return made;
  }

  function show(open: boolean): void {
    if (open) frame ??= create();
    if (!frame) return;
    frame.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    tell(open ? "open" : "close");
    if (open) {
      unread(0);
      frame.focus();
    } else {
      button.focus();
    }
  }

  const isOpen = (): boolean => !!frame && !frame.hidden;

  function onMessage(event: MessageEvent): void {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    const data = event.data as { source?: unknown; type?: unknown; count?: unknown } | null;
    if (data?.source !== "dispute-chat") return;
    if (data.type === "ready") {
      tell("init", { identity_jwt: userToken ?? null });
      tell(isOpen() ? "open" : "close");
    } else if (data.type === "close") {
      show(false);
    } else if (data.type === "unread" && typeof data.count === "number" && !isOpen()) {
      unread(data.count);
    }
  }

  const api: Api = {
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!isOpen()),
    destroy() {
      window.removeEventListener("message", onMessage);
      host.remove();
      delete page.DisputeChat;
    },
  };
  button.addEventListener("click", api.toggle);
  window.addEventListener("message", onMessage);
  unread(0);
  const attach = (): void => void document.body.append(host);
  if (document.body) attach();
  else document.addEventListener("DOMContentLoaded", attach);
  page.DisputeChat = api;
})();
