import { Bubble } from "../chatui";
import { CardView } from "../cards/CardView";
import { asCard } from "../cards/model";
import type { Entry } from "../conversation/model";
import { chosenToken, openButtons } from "../conversation/state";
import { AttachmentView } from "./AttachmentView";
import { useController, useConversation } from "./context";
import { Icon } from "./icons";

/** One stored line. The card stands in for the text when we can draw it: both say the same. */
export function EntryView({ entry }: { entry: Entry }) {
  const card = asCard(entry.card);
  return (
    <div className="entry" data-author={entry.author.type} data-seq={entry.seq}>
      {card ? <CardView card={card} /> : entry.attachment ? <AttachmentView entry={entry} /> : <TextBubble entry={entry} />}
      {!!entry.buttons?.length && <ButtonRow entry={entry} />}
    </div>
  );
}

function TextBubble({ entry }: { entry: Entry }) {
  return entry.text ? <Bubble type="text" content={entry.text} /> : null;
}

function ButtonRow({ entry }: { entry: Entry }) {
  const controller = useController();
  const state = useConversation();
  const open = openButtons(state)?.seq === entry.seq;
  const chosen = open ? null : chosenToken(state, entry);
  return (
    <div className="buttons" role="group" aria-label="可选回答">
      {entry.buttons!.map((button) => (
        <button
          type="button"
          className="button choice"
          key={button.token}
          disabled={!open}
          aria-pressed={button.token === chosen ? true : undefined}
          onClick={() => controller.press(button)}
        >
          {button.token === chosen && <Icon name="check" size={16} />}
          {button.title}
        </button>
      ))}
    </div>
  );
}
