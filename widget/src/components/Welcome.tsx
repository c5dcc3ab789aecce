import { useController } from "./context";

const STARTERS = ["收到的东西有质量问题", "一直没收到货", "商家拖着不退款", "需要准备哪些证据？"];

/** What an empty conversation shows until the first line exists. */
export function Welcome() {
  const controller = useController();
  return (
    <section className="welcome" aria-label="开始">
      <h2>网购遇到麻烦？说说看</h2>
      <p>我会帮您理清情况、准备证据、写好和商家沟通的话，谈不拢时整理好申请平台介入的材料。</p>
      <div className="buttons">
        {STARTERS.map((text) => (
          <button type="button" className="button choice" key={text} onClick={() => controller.sendText(text)}>
            {text}
          </button>
        ))}
      </div>
      <p className="welcome-note">
        上传截图前，请遮住身份证号、银行卡号等无关信息。您可以随时在右上角菜单里下载或删除全部记录。
      </p>
    </section>
  );
}
