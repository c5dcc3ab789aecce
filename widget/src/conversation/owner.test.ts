import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { initial } from "../format";
import type { Entry, PendingText } from "./model";
import { bannerText, BOT, type Ownership, placeholder, readOwnership } from "./owner";
import { type ConversationState, EMPTY, isNote, openButtons, withEntries, withPending } from "./state";

const QUEUED: Ownership = { owner: "queued", position: 2, agent: null };
const HUMAN: Ownership = { owner: "human", position: null, agent: "小王" };
const WRAP_UP: Ownership = { ...HUMAN, owner: "wrap_up" };

function entry(seq: number, author: Entry["author"]["type"], more: Partial<Entry> = {}): Entry {
  return { seq, id: `e${seq}`, ts: "2026-11-21T10:00:00+08:00", author: { type: author }, ...more };
}

describe("readOwnership", () => {
  for (const [data, expected] of [
    [{ owner: "queued", queue_position: 2, agent_name: null }, QUEUED],
    [{ owner: "human", queue_position: null, agent_name: " 小王 " }, HUMAN],
    [{ owner: "human", agent_name: "" }, { ...HUMAN, agent: null }],
    [{ owner: "queued", queue_position: "2" }, { ...QUEUED, position: null }],
    [{ owner: "queued", queue_position: 1.5 }, { ...QUEUED, position: null }],
    [{ owner: "robot", agent_name: "小王" }, BOT],
    [{ owner: 3 }, BOT],
    [{}, BOT],
  ] as const) {
    it(JSON.stringify(data), () => assert.deepEqual(readOwnership(data), expected));
  }
});

describe("bannerText", () => {
  for (const [ownership, expected] of [
    [{ ...QUEUED, position: 3 }, "正在为您转接人工客服，前面还有\u00a02\u00a0位"],
    [{ ...QUEUED, position: 1 }, "正在为您转接人工客服，下一位就是您"],
    [{ ...QUEUED, position: null }, "正在为您转接人工客服，请稍等"],
    [{ ...QUEUED, position: 0 }, "正在为您转接人工客服，请稍等"],
    [HUMAN, "人工客服 小王 正在为您服务"],
    [{ ...HUMAN, agent: null }, "人工客服正在为您服务"],
    [WRAP_UP, "人工客服 小王 正在收尾，还有问题请接着说"],
    [BOT, null],
    [{ ...BOT, owner: "closed" }, null],
  ] as const) {
    it(JSON.stringify(ownership), () => assert.equal(bannerText(ownership as Ownership), expected));
  }

  it("every owner has its own words in the composer", () => {
    assert.equal(new Set([BOT, QUEUED, HUMAN, WRAP_UP].map(placeholder)).size, 4);
    assert.equal(placeholder({ ...BOT, owner: "closed" }), placeholder(BOT));
  });
});

describe("initial", () => {
  for (const [name, expected] of [
    ["小王", "王"],
    ["小王（夜班）", "王"],
    [" anna", "A"],
    ["𠮷", "𠮷"],
    ["😀", "😀"],
    ["<b>", "<"],
    ["", "客"],
    [undefined, "客"],
  ] as const) {
    it(`${JSON.stringify(name)} -> ${expected}`, () => assert.equal(initial(name), expected));
  }
});

describe("openButtons under each owner", () => {
  const CANCEL = { buttons: [{ title: "取消排队", token: "t1" }] };
  const typed = entry(2, "buyer", { text: "快点" });
  const pressed = entry(2, "buyer", { text: "取消排队", in_reply_to: "e1" });
  const sending: PendingText = {
    kind: "text",
    text: "快点",
    client_msg_id: "m",
    at: 0,
    status: "sending",
    retryable: true,
  };

  function at(ownership: Ownership, ...more: Entry[]): ConversationState {
    return { ...withEntries(EMPTY, [entry(1, "bot", CANCEL), ...more]), ownership };
  }

  for (const [what, state, seq] of [
    ["the assistant's question is open", at(BOT), 1],
    ["and closed by words", at(BOT, typed), null],
    ["the queue's button is open", at(QUEUED), 1],
    ["and stays so under words nobody reads yet", at(QUEUED, typed), 1],
    ["also while they are on their way", withPending(at(QUEUED), sending), 1],
    ["but not after a press", at(QUEUED, pressed), null],
    ["a person's conversation has none", at(HUMAN), null],
    ["nor has one being wrapped up", at(WRAP_UP), null],
  ] as const) {
    it(what, () => assert.equal(openButtons(state)?.seq ?? null, seq));
  }
});

describe("isNote", () => {
  for (const [what, line, note] of [
    ["a plain line of the system", entry(1, "system", { text: "已接入" }), true],
    ["with a button it is a line like others", entry(1, "system", { buttons: [{ title: "a", token: "t" }] }), false],
    ["with a card too", entry(1, "system", { card: {} }), false],
    ["an agent's line is none", entry(1, "agent", { text: "您好" }), false],
  ] as const) {
    it(what, () => assert.equal(isNote(line), note));
  }
});
