import { when } from "../../format";
import type { CaseFile, Deadline, Draft, Fact } from "../model";
import { isConfirmed, originWord, valueWord } from "../words";
import { Section } from "./CasePane";
import { Clock, TimeLeft } from "./clocks";

/** What papers show stands apart from what is only said. */
export function Facts({ file }: { file: CaseFile }) {
  const all = Object.entries(file.facts);
  const confirmed = all.filter(([, fact]) => isConfirmed(fact.origin));
  const claimed = all.filter(([, fact]) => !isConfirmed(fact.origin));
  return (
    <Section title="事实" count={all.length}>
      {all.length === 0 && <p className="soft">还不知道什么。</p>}
      {confirmed.length > 0 && <FactList title="有页面或凭证" facts={confirmed} file={file} confirmed />}
      {claimed.length > 0 && <FactList title="陈述，未核实" facts={claimed} file={file} />}
    </Section>
  );
}

interface FactListProps {
  title: string;
  facts: [string, Fact][];
  file: CaseFile;
  confirmed?: boolean;
}

function FactList({ title, facts, file, confirmed = false }: FactListProps) {
  return (
    <div className="facts" data-confirmed={confirmed}>
      <h4>{title}</h4>
      <dl>
        {facts.map(([name, fact]) => (
          <div key={name}>
            <dt>{file.labels[name] ?? name}</dt>
            <dd>
              {fact.certainty === "approximate" || fact.certainty === "range" ? "约 " : ""}
              {valueWord(fact.value, file.choices?.[name], (iso) => when(iso))}{" "}
              <span className={confirmed ? "origin confirmed" : "origin"}>{originWord(fact.origin)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

export function Deadlines({ items }: { items: Deadline[] }) {
  return (
    <Section title="期限" count={items.length}>
      <ul className="plain-list">
        {items.map((one) => (
          <li key={one.id}>
            <span className="row-line">
              <b>{one.name}</b>
              {one.due ? <TimeLeft due={one.due} /> : <span className="soft">起算时间未知</span>}
            </span>
            <span className="soft">
              {one.due && <Clock at={one.due} />} {one.kind === "statutory" ? "法定" : "平台"}
              {one.consequence && ` · ${one.consequence}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function Rounds({ file }: { file: CaseFile }) {
  const stances = file.choices?.merchant_stance;
  return (
    <Section title="协商记录" count={file.rounds.length}>
      <ol className="plain-list">
        {file.rounds.map((round) => (
          <li key={round.no}>
            <span className="row-line soft">
              第 {round.no} 轮 <Clock at={round.at} />
            </span>
            {round.ours && <p className="wrap">买家：{round.ours}</p>}
            {round.theirs && <p className="wrap">商家：{round.theirs}</p>}
            <p className="soft">
              {[
                round.stance && `态度：${stances?.[round.stance] ?? round.stance}`,
                round.offer && `出价：¥${round.offer}`,
                round.verdict && `建议：${round.verdict}`,
              ]
                .filter(Boolean)
                .join("，")}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Texts written for the buyer to hand in: what was drafted, and what is still blank in it. */
export function Drafts({ drafts }: { drafts: Draft[] }) {
  return (
    <Section title="文稿（由买家自己提交）" count={drafts.length}>
      <ol className="plain-list">
        {drafts.map((draft) => (
          <li key={draft.kind}>
            <span className="row-line soft">
              {draft.title} <Clock at={draft.at} />
            </span>
            <p className="wrap">{draft.text}</p>
            {draft.blanks.length > 0 && <p className="soft">待补充：{draft.blanks.join("、")}</p>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
