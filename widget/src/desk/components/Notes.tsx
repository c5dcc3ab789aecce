import { type FormEvent, useState } from "react";
import type { Note } from "../model";
import { useStore } from "../state/store";
import type { Talk } from "../state/talk";
import { Section } from "./CasePane";
import { Clock } from "./clocks";
import { useDesk } from "./context";

interface Props {
  talk: Talk;
  notes: Note[];
  handoffId: string;
}

/** For colleagues only; the buyer never sees these. */
export function Notes({ talk, notes, handoffId }: Props) {
  const desk = useDesk();
  const { busy } = useStore(talk);
  const [text, setText] = useState("");

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const written = text.trim();
    if (!written || busy) return;
    if (await talk.change(() => desk.api.note(handoffId, written))) setText("");
  }

  return (
    <Section title="备注" count={notes.length}>
      <ul className="plain-list">
        {notes.map((note, index) => (
          <li key={index}>
            <span className="soft">
              {note.agent_name} <Clock at={note.at} />
            </span>
            <p className="wrap">{note.text}</p>
          </li>
        ))}
      </ul>
      <form className="note-form" onSubmit={(event) => void submit(event)}>
        <textarea
          rows={2}
          maxLength={2000}
          aria-label="写备注"
          placeholder="只有同事能看到"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button small" disabled={!text.trim() || busy}>
          添加备注
        </button>
      </form>
    </Section>
  );
}
