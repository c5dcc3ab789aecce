(()=>{(()=>{let d=window,o=document.currentScript;if(!(o!=null&&o.src)||d.DisputeChat)return;let r=new URL(o.src).origin,{site:y="",color:h="",position:k,userToken:l}=o.dataset,E=/^#[0-9a-f]{3,8}$/i.test(h)?h:"#d14000",b=k==="left"?"left":"right",p=document.createElement("div"),i=p.attachShadow({mode:"open"});i.innerHTML=`<style>
:host{all:initial}
button,.panel{position:fixed;${b}:max(20px,env(safe-area-inset-${b}));z-index:2147483000}
button{bottom:max(20px,env(safe-area-inset-bottom));min-width:56px;height:56px;padding:0 18px 0 16px;border:0;border-radius:28px;
background:${E};color:#fff;font:600 16px/1 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;cursor:pointer;
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
><span>\u7EF4\u6743\u52A9\u624B</span><span class="badge" hidden></span></button>`;let s=i.querySelector("button"),x=i.querySelector(".badge"),t=null;function c(e,n={}){var v;(v=t==null?void 0:t.contentWindow)==null||v.postMessage({source:"dispute-chat",type:e,...n},r)}function u(e){x.hidden=e<1,x.textContent=e>99?"99+":String(e),s.setAttribute("aria-label",e>0?`\u7EF4\u6743\u52A9\u624B\uFF0C${e} \u6761\u672A\u8BFB\u6D88\u606F`:"\u7EF4\u6743\u52A9\u624B")}function L(){let e=document.createElement("iframe");return e.className="panel",e.title="\u4E70\u5BB6\u7EF4\u6743\u52A9\u624B",e.allow="clipboard-write",e.src=`${r}/widget/?site=${encodeURIComponent(y)}&parent=${encodeURIComponent(location.origin)}`,i.append(e),e}function a(e){e&&(t!=null||(t=L())),t&&(t.hidden=!e,s.setAttribute("aria-expanded",String(e)),c(e?"open":"close"),e?(u(0),t.focus()):s.focus())}let g=()=>!!t&&!t.hidden;function f(e){if(e.origin!==r||!t||e.source!==t.contentWindow)return;let n=e.data;(n==null?void 0:n.source)==="dispute-chat"&&(n.type==="ready"?(c("init",{identity_jwt:l!=null?l:null}),c(g()?"open":"close")):n.type==="close"?a(!1):n.type==="unread"&&typeof n.count=="number"&&!g()&&u(n.count))}let m={open:()=>a(!0),close:()=>a(!1),toggle:()=>a(!g()),destroy(){window.removeEventListener("message",f),p.remove(),delete d.DisputeChat}};s.addEventListener("click",m.toggle),window.addEventListener("message",f),u(0);let w=()=>void document.body.append(p);document.body?w():document.addEventListener("DOMContentLoaded",w),d.DisputeChat=m})();})();
