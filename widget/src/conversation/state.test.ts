import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asCard } from "../cards/model";
import { fileSize, remaining, when } from "../format";
import type { Entry, PendingButton, PendingText } from "./model";
import { chosenToken, cursorOf, EMPTY, openButtons, patchPending, withEntries, withPending } from "./state";
import { refusal } from "./uploads";

function entry(seq: number, author: Entry["author"]["type"], more: Partial<Entry> = {}): Entry {
  return { seq, id: `e${seq}`, ts: "2026-11-21T10:00:00+08:00", author: { type: author }, ...more };
}

const ASK = { buttons: [{ title: "是", token: "t1" }, { title: "否", token: "t2" }] };
const FILE = { evidence_id: "x", name: "a", mime: "image/png", size: 1, sha256: "0", thumb: null };
const text = (id: string): PendingText => ({
  kind: "text",
  text: "好",
  client_msg_id: id,
  at: 0,
  status: "sending",
  retryable: true,
});

describe("entries and pending messages", () => {
  it("orders by seq, replaces repeats and reports the cursor", () => {
    const state = withEntries(withEntries(EMPTY, [entry(3, "bot"), entry(1, "bot")]), [entry(3, "agent")]);
    assert.deepEqual(state.entries.map((e) => [e.seq, e.author.type]), [
      [1, "bot"],
      [3, "agent"],
    ]);
    assert.equal(cursorOf(state), 3);
  });

  it("settles a pending message by its id", () => {
    const state = withPending(EMPTY, text("m1"));
    assert.deepEqual(withEntries(state, [entry(1, "buyer", { client_msg_id: "m1" })]).pending, []);
  });

  it("settles by acknowledged seq, in either order of arrival", () => {
    const acknowledged = patchPending(withPending(EMPTY, text("m1")), "m1", { status: "sent", seq: 5 });
    assert.deepEqual(withEntries(acknowledged, [entry(5, "buyer")]).pending, []);
    const seen = withEntries(withPending(EMPTY, text("m1")), [entry(5, "buyer")]);
    assert.equal(seen.pending.length, 1);
    assert.deepEqual(patchPending(seen, "m1", { status: "sent", seq: 5 }).pending, []);
  });
});

describe("openButtons", () => {
  for (const [what, entries, seq] of [
    ["the newest message with buttons", [entry(1, "bot", ASK), entry(2, "bot", ASK)], 2],
    ["still open under a later plain line", [entry(1, "bot", ASK), entry(2, "bot")], 1],
    ["closed by an answer", [entry(1, "bot", ASK), entry(2, "buyer", { text: "是" })], null],
    ["not closed by a handed-in file", [entry(1, "bot", ASK), entry(2, "buyer", { attachment: FILE })], 1],
    ["none", [entry(1, "bot")], null],
  ] as const) {
    it(what, () => {
      assert.equal(openButtons(withEntries(EMPTY, entries))?.seq ?? null, seq);
    });
  }

  it("closes while an answer is on its way and opens again when it failed", () => {
    const press: PendingButton = { ...text("m1"), kind: "button", token: "t1" };
    const state = withPending(withEntries(EMPTY, [entry(1, "bot", ASK)]), press);
    assert.equal(openButtons(state), null);
    assert.equal(openButtons(patchPending(state, "m1", { status: "failed" }))?.seq, 1);
  });

  it("finds the chosen button from the press, or from the log after a reload", () => {
    const asked = entry(1, "bot", ASK);
    assert.equal(chosenToken({ ...withEntries(EMPTY, [asked]), pressed: ["t2"] }, asked), "t2");
    assert.equal(chosenToken(withEntries(EMPTY, [asked, entry(2, "buyer", { text: "是" })]), asked), "t1");
    assert.equal(chosenToken(withEntries(EMPTY, [asked, entry(2, "buyer", { text: "别的" })]), asked), null);
    const press = entry(3, "buyer", { text: "否", in_reply_to: "e1" });
    assert.equal(chosenToken(withEntries(EMPTY, [asked, entry(2, "buyer", { text: "是" }), press]), asked), "t2");
  });
});

describe("asCard", () => {
  for (const [value, drawable] of [
    [{ type: "evidence", items: [{ name: "视频", level: "must" }] }, true],
    [{ type: "evidence", items: [{ name: "视频" }] }, false],
    [{ type: "evidence", items: "oops" }, false],
    [{ type: "draft", text: "您好" }, true],
    [{ type: "read_back", rows: [{ label: "平台", value: "淘宝" }] }, true],
    [{ type: "read_back", rows: [{ label: "金额", value: 3 }] }, false],
    [{ type: "intervention", number: "JR1", state: "受理" }, true],
    [{ type: "deadlines", items: [{ name: "答复" }] }, true],
    [{ type: "sources", items: [{ label: "第65条" }] }, true],
    [{ type: "constructor" }, false],
    [null, false],
    ["draft", false],
  ] as const) {
    it(`${JSON.stringify(value)} -> ${JSON.stringify(drawable)}`, () => {
      assert.equal(asCard(value) !== null, drawable);
    });
  }
});

describe("format", () => {
  const now = new Date("2026-11-21T10:00:00+08:00");

  for (const [iso, expected] of [
    ["2026-11-28T18:05:00+08:00", "11月28日 18:05"],
    ["2026-11-28T23:30:00Z", "11月29日 07:30"],
    ["2027-01-02T00:00:00+08:00", "2027年1月2日 00:00"],
    ["明天", "明天"],
  ] as const) {
    it(`when(${JSON.stringify(iso)}) = ${JSON.stringify(expected)}`, () => {
      assert.equal(when(iso, now), expected);
    });
  }

  for (const [iso, expected, late, soon] of [
    ["2026-11-23T13:00:00+08:00", "还剩 2 天 3 小时", false, false],
    ["2026-11-21T12:30:00+08:00", "还剩 2 小时", false, true],
    ["2026-11-21T09:40:00+08:00", "已过 20 分钟", true, false],
  ] as const) {
    it(`remaining(${JSON.stringify(iso)}) = ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(remaining(iso, now), { text: expected, late, soon });
    });
  }

  it("writes sizes", () => {
    assert.deepEqual([12, 2048, 5.25 * 1024 * 1024].map(fileSize), ["12 B", "2 KB", "5.3 MB"]);
  });
});

describe("refusal", () => {
  const MB = 1024 * 1024;
  for (const [name, size, type, refused] of [
    ["a.png", 10 * MB, "image/png", false],
    ["a.png", 10 * MB + 1, "image/png", true],
    ["a.HEIC", 11 * MB, "", true],
    ["a.mp4", 20 * MB, "video/mp4", false],
    ["a.mp4", 20 * MB + 1, "video/mp4", true],
    ["a.txt", 0, "text/plain", true],
  ] as const) {
    it(`${JSON.stringify(name)} of ${JSON.stringify(size)} bytes refused: ${JSON.stringify(type)}`, () => {
      assert.equal(refusal({ name, size, type }) !== null, refused);
    });
  }
});
