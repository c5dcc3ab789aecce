import { bannerText, isHuman } from "../conversation/owner";
import { initial } from "../format";
import { useController, useConversation } from "./context";
import { Icon } from "./icons";

/**
 * Who answers now, when it is not the assistant. The region stays in the page while it is empty: a screen reader
 * announces only what changes in a region it already knows.
 */
export function OwnerBanner() {
  const controller = useController();
  const { ownership } = useConversation();
  const text = bannerText(ownership);
  return (
    <div className={text ? "owner shown" : "owner"} data-owner={ownership.owner}>
      {isHuman(ownership) && (
        <span className="letter" aria-hidden="true">
          {initial(ownership.agent)}
        </span>
      )}
      {ownership.owner === "queued" && <Icon name="clock" size={20} />}
      <p className="owner-text" role="status">
        {text}
      </p>
      {ownership.owner === "queued" && (
        <button type="button" className="link-button" onClick={() => controller.leaveQueue()}>
          取消排队
        </button>
      )}
    </div>
  );
}
