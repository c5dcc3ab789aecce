import type { Canned } from "../model";

interface Props {
  items: Canned[];
  chosen: number;
  onChoose(one: Canned): void;
}

export function CannedList({ items, chosen, onChoose }: Props) {
  return (
    <ul id="canned" className="canned" role="listbox" aria-label="常用语">
      {items.length === 0 && <li className="soft pad">还没有设置常用语。</li>}
      {items.map((one, index) => (
        <li
          key={one.title}
          id={`canned-${index}`}
          role="option"
          aria-selected={index === chosen}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(one)}
        >
          <b>{one.title}</b>
          <span className="soft">{one.text}</span>
        </li>
      ))}
    </ul>
  );
}
