import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Handoff, Line } from "./model";
import { addressHash, parseAddress } from "./state/address";
import { cannedFor } from "./state/canned";
import { Keep } from "./state/keep";
import { merged, unanswered, type Unsent, unsettled } from "./state/lines";
import { announcement, counts, heldBy, inTab, newcomers, pageTitle } from "./state/queue";
import { revealed } from "./state/reveal";
import { stepBody, STEPS, stepsFrom, yuan } from "./state/steps";
import { clock, fromField, toField, waited } from "./time";
import { authorWord, stateWord, valueWord } from "./words";

const ME = 1;

function handoff(id: string, state: Handoff["state"], agentId: number | null = null): Handoff {
  return {
    id,
    conversation_id: `web:${id}`,
    channel: "web",
    state,
    reason: { code: "user_request", label: "买家要求人工", detail: "" },
    priority: "normal",
    summary: "",
    requested_at: "2026-11-22T10:00:00+08:00",
    claimed_at: null,
    waiting_s: 1,
    nearest: null,
    agent: agentId === null ? null : { id: agentId, name: "小王" },
    buyer: `买家 ${id}`,
    position: null,
    intervention_number: null,
    case_id: null,
    left_text: null,
  };
}

function line(seq: number, author: Line["author"]["type"], more: Partial<Line> = {}): Line {
  return { seq, id: `l${seq}`, ts: "2026-11-22T10:00:00+08:00", author: { type: author }, ...more };
}

const unsent = (id: string, seq?: number): Unsent => ({
  client_msg_id: id,
  text: "好",
  status: "sending",
  retryable: true,
  seq,
});

describe("queue", () => {
  const items = [
    handoff("a", "queued"),
    handoff("b", "human", ME),
    handoff("c", "wrap_up", ME),
    handoff("d", "human", 2),
    handoff("e", "left_message"),
    handoff("f", "left_message", ME),
  ];

  for (const [tab, ids] of [
    ["waiting", "a"],
    ["mine", "bc"],
    ["left", "ef"],
    ["all", "abcdef"],
  ] as const) {
    it(`${tab} shows ${ids}`, () => {
      assert.equal(inTab(items, tab, ME).map((item) => item.id).join(""), ids);
    });
  }

  it("counts each tab, interventions without the closed ones", () => {
    const open = { number: "1", state: "调解" } as never;
    const closed = { number: "2", state: "结案" } as never;
    assert.deepEqual(counts(items, [open, closed], ME), { waiting: 1, mine: 2, all: 6, left: 2, interventions: 1 });
  });

  it("a handoff that I returned is not mine any more", () => {
    assert.equal(heldBy(handoff("x", "returned", ME), ME), false);
  });

  it("tells who is new, also one that came back to the queue", () => {
    const before = [handoff("a", "queued"), handoff("b", "human", 2)];
    const after = [handoff("a", "queued"), handoff("b", "queued"), handoff("c", "queued"), handoff("d", "human", 2)];
    assert.deepEqual(newcomers(before, after).map((item) => item.id), ["b", "c"]);
  });

  it("says the count in the title and the newcomer in a sentence", () => {
    assert.equal(pageTitle(3), "(3) 工作台");
    assert.equal(pageTitle(0), "工作台");
    assert.equal(announcement([handoff("a", "queued")], 3), "新的排队：买家 a，买家要求人工。现有 3 位等待。");
    assert.equal(announcement([handoff("a", "queued"), handoff("b", "queued")], 2), "新的排队：2 位买家。现有 2 位等待。");
    assert.equal(announcement([], 2), "");
  });
});

describe("lines", () => {
  it("are joined by number; a repeated one replaces", () => {
    const joined = merged([line(1, "bot"), line(3, "bot")], [line(2, "buyer"), line(3, "agent")]);
    assert.deepEqual(joined.map((one) => [one.seq, one.author.type]), [[1, "bot"], [2, "buyer"], [3, "agent"]]);
  });

  for (const [what, left, lines] of [
    ["by its id", [unsent("m1"), unsent("m2")], [line(1, "agent", { client_msg_id: "m1" })]],
    ["by the acknowledged number", [unsent("m1", 7), unsent("m2")], [line(7, "agent")]],
  ] as const) {
    it(`settle a sent message ${what}`, () => {
      assert.deepEqual(unsettled([...left], [...lines]).map((one) => one.client_msg_id), ["m2"]);
    });
  }

  for (const [what, authors, count] of [
    ["none after an agent", ["buyer", "agent"], 0],
    ["those after the assistant", ["bot", "buyer", "buyer"], 2],
    ["system lines answer nothing", ["agent", "buyer", "system"], 1],
    ["nothing at all", [], 0],
  ] as const) {
    it(`unanswered: ${what}`, () => {
      assert.equal(unanswered(authors.map((author, index) => line(index + 1, author))), count);
    });
  }
});

describe("steps of an intervention", () => {
  const NOW = new Date("2026-11-22T10:00:00+08:00");
  const FORM = { note: "请看", items: "开箱视频\n\n 聊天记录 ", due: "2026-11-24T18:00", amount: "", result: "" };
  const step = (kind: string) => STEPS.find((one) => one.kind === kind)!;

  for (const [state, kinds] of [
    ["受理", "accept ask_evidence propose rule close"],
    ["判决", "open_review close"],
    ["申诉复审", "decide_review close"],
    ["结案", ""],
  ] as const) {
    it(`from ${state}`, () => assert.equal(stepsFrom(state).map((one) => one.kind).join(" "), kinds));
  }

  it("the server's list goes before ours", () => {
    assert.deepEqual(stepsFrom("受理", ["rule"]).map((one) => one.kind), ["rule"]);
  });

  for (const [what, kind, change, wanted] of [
    ["evidence", "ask_evidence", {}, { items: ["开箱视频", "聊天记录"], due_at: "2026-11-24T18:00:00+08:00" }],
    ["no evidence named", "ask_evidence", { items: " \n" }, "请写明要补充哪些证据，每行一项。"],
    ["eleven pieces", "ask_evidence", { items: "一\n".repeat(11) }, "一次最多要求 10 项证据。"],
    ["a due time that is over", "ask_evidence", { due: "2026-11-22T09:59" }, "期限要晚于现在。"],
    ["no due time", "ask_evidence", { due: "" }, "请填写期限。"],
    ["a proposal", "propose", { amount: "￥１００", due: "" }, { amount: "100.00" }],
    ["a proposal without money", "propose", { due: "" }, {}],
    ["a wrong amount", "propose", { amount: "一百", due: "" }, "金额请写成数字，例如 120.50。"],
    ["a ruling", "rule", { result: "partly", amount: "60.5" }, { result: "partly", amount: "60.50" }],
    ["a ruling against the buyer has no amount", "rule", { result: "rejected", amount: "60" }, { result: "rejected" }],
    ["a ruling without result", "rule", {}, "请选择结果。"],
    ["no words", "close", { note: "  " }, "请填写结案说明。"],
  ] as const) {
    it(what, () => {
      const body = stepBody(step(kind), { ...FORM, ...change }, NOW);
      assert.deepEqual(body, typeof wanted === "string" ? wanted : { kind, note: "请看", ...wanted });
    });
  }

  it("受理 speaks for itself", () => {
    assert.deepEqual(stepBody(step("accept"), { ...FORM, note: "" }, NOW), { kind: "accept", note: "" });
  });

  for (const [text, wanted] of [["12", "12.00"], ["012.5 元", "12.50"], ["1,299.00", "1299.00"], ["0", null], ["1.234", null], ["-1", null]] as const) {
    it(`amount ${text}`, () => assert.equal(yuan(text), wanted));
  }
});

describe("revealed", () => {
  const fields = ["/case/facts/0/value", "/case/facts/0/text", "/transcript/1/text", "/customer/contact", "/gone/1/x"];
  const masked = { privacy: { masked_fields: fields.map((field) => ({ field })) } };
  const full = {
    as_of: "2026-11-22T10:00:00+08:00",
    case: { facts: [{ name: "phone", label: "联系电话", value: "13800138000", text: "13800138000" }] },
    customer: { contact: "138 0013 8000" },
    transcript: [{ seq: 1, text: "好" }, { seq: 2, text: "住在幸福路 8 号" }],
  };

  it("names what was masked, once, and nothing else", () => {
    assert.deepEqual(revealed(masked, full as never).map((one) => [one.label, one.full]), [
      ["联系电话", "13800138000"],
      ["对话第 2 条", "住在幸福路 8 号"],
      ["买家", "138 0013 8000"],
    ]);
    assert.deepEqual(revealed({}, full as never), []);
  });
});

describe("time", () => {
  for (const [seconds, text] of [[0, "00:00"], [187.9, "03:07"], [3661, "1:01:01"], [-3, "00:00"]] as const) {
    it(`waited ${seconds}`, () => assert.equal(waited(seconds), text));
  }

  it("is China's, on every machine", () => {
    const now = new Date("2026-11-22T10:00:00+08:00");
    assert.equal(clock("2026-11-21T16:05:00Z", now), "00:05");
    assert.equal(clock("2026-11-21T15:05:00Z", now), "11月21日 23:05");
    assert.equal(clock("x", now), "x");
    assert.equal(toField(new Date("2026-11-22T16:30:00Z")), "2026-11-23T00:30");
    assert.equal(fromField("2026-11-23T00:30"), "2026-11-23T00:30:00+08:00");
    assert.equal(fromField("2026-11-23"), null);
  });
});

describe("words", () => {
  const day = (iso: string): string => `day of ${iso.slice(0, 10)}`;
  for (const [value, choices, wanted] of [
    [true, undefined, "是"],
    ["129.00", undefined, "¥129.00"],
    ["refund_only", { refund_only: "仅退款" }, "仅退款"],
    ["refund_only", undefined, "refund_only"],
    ["2026-11-20T10:00:00+08:00", undefined, "day of 2026-11-20"],
    ["<b>漏水</b>", undefined, "<b>漏水</b>"],
    [null, undefined, "—"],
  ] as const) {
    it(`value ${String(value)}`, () => assert.equal(valueWord(value, choices, day), wanted));
  }

  it("name who speaks and who holds", () => {
    assert.equal(authorWord({ type: "agent", name: "小王" }), "人工 小王");
    assert.equal(authorWord({ type: "bot", name: "x" }), "小助手");
    assert.equal(stateWord({ state: "human", agent: { id: 2, name: "小李" } }), "小李 接待中");
    assert.equal(stateWord({ state: "queued", agent: null }), "等待中");
  });
});

describe("what is kept", () => {
  function memory(): Storage {
    const map = new Map<string, string>();
    return {
      getItem: (key: string) => map.get(key) ?? null,
      setItem: (key: string, value: string) => void map.set(key, value),
      removeItem: (key: string) => void map.delete(key),
      get length() {
        return map.size;
      },
    } as Storage;
  }

  it("comes back to the same agent, sendable again under the same id", () => {
    const storage = memory();
    new Keep(storage, ME).save("web:a", { draft: "还没写完", unsent: [unsent("m1")] });
    const found = new Keep(storage, ME).load("web:a");
    assert.equal(found.draft, "还没写完");
    assert.deepEqual(found.unsent.map((one) => [one.client_msg_id, one.status, one.retryable]), [["m1", "failed", true]]);
    assert.deepEqual(new Keep(storage, 2).load("web:a"), { draft: "", unsent: [] });
  });

  it("is nothing once all is sent", () => {
    const storage = memory();
    new Keep(storage, ME).save("web:a", { draft: "x", unsent: [] });
    new Keep(storage, ME).save("web:a", { draft: "", unsent: [] });
    assert.equal(storage.length, 0);
  });

  it("survives rubbish", () => {
    const storage = memory();
    storage.setItem("dispute-desk:1:web:a", '{"unsent":[1,null],"draft":5}');
    assert.deepEqual(new Keep(storage, ME).load("web:a"), { draft: "", unsent: [] });
  });

  it("an address names the conversation and its handoff", () => {
    const address = { conversationId: "wechat:main:o&1", handoffId: "h_1" };
    assert.deepEqual(parseAddress(addressHash(address)), address);
    assert.deepEqual(parseAddress("#handoff=h_9"), { conversationId: null, handoffId: "h_9" });
    assert.equal(parseAddress("#"), null);
  });
});

it("canned replies are found by title and by text", () => {
  const items = [{ title: "打招呼", text: "您好" }, { title: "请稍等", text: "正在核对" }];
  assert.deepEqual(cannedFor(items, "核对").map((one) => one.title), ["请稍等"]);
  assert.equal(cannedFor(items, "").length, 2);
});
