import { Bubble } from "../chatui";
import { CardView } from "../cards/CardView";
import { asCard } from "../cards/model";
import type { Entry } from "../conversation/model";
import { chosenToken, isNote, openButtons } from "../conversation/state";
import { initial } from "../format";
import { AttachmentView } from "./AttachmentView";
import { useController, useConversation } from "./context";
import { Icon } from "./icons";

/** One stored line. The card stands in for the text when we can draw it: both say the same. */
export function EntryView({ entry }: { entry: Entry }) {
  if (isNote(entry)) return <Note entry={entry} />;
  const card = asCard(entry.card);
  return (
    <div className="entry" data-author={entry.author.type} data-seq={entry.seq}>
      {entry.author.type === "agent" && <AgentName name={entry.author.name} />}
      {card ? <CardView card={card} /> : entry.attachment ? <AttachmentView entry={entry} /> : <TextBubble entry={entry} />}
      {!!entry.buttons?.length && <ButtonRow entry={entry} />}
    </div>
  );
}

function Note({ entry }: { entry: Entry }) {
  return (
    <p className="note" data-author="system" data-seq={entry.seq}>
      <span className="unseen">系统：</span>
      {entry.text}
    </p>
  );
}

/** A person is told apart from the assistant by word, name, letter and colour: no single one has to be seen. */
function AgentName({ name }: { name: string | undefined }) {
  return (
    <p className="agent-name">
      <span className="letter" aria-hidden="true">
        {initial(name)}
      </span>
      <span className="agent-role">人工客服</span>
      {name && <b>{name}</b>}
    </p>
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
