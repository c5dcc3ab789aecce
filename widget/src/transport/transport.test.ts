import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Client } from "./client";
import { ApiError, errorFromBody } from "./errors";
import { newMessageId, sha256Hex, shortHash } from "./hash";
import { backoff } from "./live";
import { takeResumeToken } from "./resume";
import { type KeyValue, Session } from "./session";
import { type ServerEvent, sseParser } from "./sse";

function memory(): KeyValue {
  const map = new Map<string, string>();
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const granted = (token: string) => json({ token, session_id: `id-${token}`, expires_in: 86_400 });

describe("sseParser", () => {
  const stream = 'id: 7\nevent: message\ndata: {"a":1}\n\n: ping\n\ndata: x\ndata: y\r\n\r\nevent: lost\n\n';
  const expected: ServerEvent[] = [
    { event: "message", data: '{"a":1}', id: "7" },
    { event: "message", data: "x\ny", id: "7" },
  ];

  for (const size of [1, 2, 3, 7, 1000]) {
    it(`reads the same events from pieces of ${size} characters`, () => {
      const seen: ServerEvent[] = [];
      const feed = sseParser((event) => seen.push(event));
      for (let i = 0; i < stream.length; i += size) feed(stream.slice(i, i + size));
      assert.deepEqual(seen, expected);
    });
  }
});

describe("backoff", () => {
  for (const [attempt, least, most] of [
    [0, 500, 1_000],
    [3, 4_000, 8_000],
    [20, 15_000, 30_000],
  ] as const) {
    it(`attempt ${attempt} waits between ${least} and ${most} ms`, () => {
      assert.equal(backoff(attempt, () => 0), least);
      assert.equal(backoff(attempt, () => 1), most);
    });
  }
});

describe("errors", () => {
  it("keeps the server's sentence and falls back to ours", () => {
    assert.equal(errorFromBody(413, '{"error":{"code":"too_big","message":"图片太大"}}').message, "图片太大");
    assert.match(errorFromBody(502, "<html>Bad gateway</html>").message, /稍后再试/);
    assert.equal(errorFromBody(429, "", "12").retryAfter, 12);
  });

  for (const [status, retryable] of [
    [0, true],
    [429, true],
    [503, true],
    [400, false],
    [415, false],
  ] as const) {
    it(`status ${status} retryable: ${retryable}`, () => {
      assert.equal(new ApiError(status, "x", "x").retryable, retryable);
    });
  }
});

describe("Session and Client", () => {
  const calls: { url: string; token: string | null; body: unknown }[] = [];
  const realFetch = globalThis.fetch;
  let answers: Response[] = [];

  beforeEach(() => {
    calls.length = 0;
    globalThis.fetch = ((url: string, init: RequestInit) => {
      const headers = new Headers(init.headers);
      calls.push({ url, token: headers.get("Authorization"), body: init.body && JSON.parse(String(init.body)) });
      const answer = answers.shift();
      return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("offline"));
    }) as typeof fetch;
  });
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  it("resumes with the stored token and starts anew when the server refuses it", async () => {
    const storage = memory();
    answers = [granted("one")];
    await new Session("/api", "shop", storage).token();
    answers = [json({ error: { code: "expired", message: "过期" } }, 401), granted("two")];
    const later = new Session("/api", "shop", storage);
    assert.equal(later.id, "id-one");
    assert.equal((await later.open()).token, "two");
    assert.deepEqual(
      calls.map((c) => c.token),
      [null, "Bearer one", null],
    );
    assert.deepEqual(calls[0]?.body, { site: "shop" });
  });

  it("asks once for callers that come together", async () => {
    answers = [granted("one")];
    const session = new Session("/api", "", memory());
    await Promise.all([session.token(), session.token()]);
    assert.equal(calls.length, 1);
  });

  it("renews a token in its last hour, and makes do with it while the network is down", async () => {
    answers = [json({ token: "old", session_id: "s", expires_in: 1_800 })];
    const session = new Session("/api", "", memory());
    await session.open();
    assert.equal(await session.token(), "old");
    answers = [granted("new")];
    assert.equal(await session.token(), "new");
    assert.equal(await session.token(), "new");
    assert.equal(calls.length, 3);
  });

  it("renews an expired token under a send and repeats the very same message", async () => {
    answers = [granted("one"), json({}, 401), granted("two"), json({ seq: 4, dup: false })];
    const client = new Client("/api", new Session("/api", "", memory()));
    const message = { client_msg_id: "m1", text: "你好" };
    assert.deepEqual(await client.send(message), { seq: 4, dup: false });
    assert.deepEqual(
      calls.filter((c) => c.url === "/api/messages").map((c) => c.body),
      [message, message],
    );
  });

  it("follows a link before the session this browser has, and keeps what it opens", async () => {
    const storage = memory();
    answers = [granted("own")];
    await new Session("/api", "", storage).open();
    answers = [granted("linked"), granted("again")];
    const session = new Session("/api", "", storage, null, "LINK");
    assert.equal(await session.token(), "linked");
    assert.deepEqual(calls[1], { url: "/api/session", token: null, body: { resume: "LINK" } });
    await session.open();
    assert.deepEqual([calls[2]?.token, calls[2]?.body], ["Bearer linked", {}]);
    assert.equal(new Session("/api", "", storage).id, "id-again");
  });

  it("goes on without a link that is refused, and has the reason", async () => {
    const storage = memory();
    answers = [granted("own"), json({ error: { code: "bad_resume", message: "链接失效" } }, 400), granted("renewed")];
    await new Session("/api", "", storage).open();
    const session = new Session("/api", "", storage, null, "OLD");
    assert.equal((await session.open()).token, "renewed");
    assert.equal(session.linkRefused, "链接失效");
    assert.equal(session.linkWaits, false);
    assert.equal(calls[2]?.token, "Bearer own");
  });

  it("keeps a link over a broken line and never shows another conversation meanwhile", async () => {
    const storage = memory();
    answers = [granted("own")];
    await new Session("/api", "", storage).open();
    const session = new Session("/api", "", storage, null, "LINK");
    await assert.rejects(session.token(), { status: 0 });
    answers = [json({}, 503)];
    await assert.rejects(session.token(), { status: 503 });
    assert.equal(session.linkWaits, true);
    answers = [granted("linked")];
    assert.equal(await session.token(), "linked");
  });

  it("turns a dead network into a sentence", async () => {
    answers = [granted("one")];
    const client = new Client("/api", new Session("/api", "", memory()));
    await assert.rejects(client.send({ client_msg_id: "m", text: "x" }), { status: 0, name: "ApiError" });
  });

  it("gives history in ascending order whatever came", async () => {
    answers = [granted("one"), json({ entries: [{ seq: 3 }, { seq: 2 }], has_more: true })];
    const client = new Client("/api", new Session("/api", "", memory()));
    assert.deepEqual(
      (await client.history()).entries.map((e) => e.seq),
      [2, 3],
    );
  });
});

describe("takeResumeToken", () => {
  for (const [hash, token, cleaned] of [
    ["#resume=a.b-c_d", "a.b-c_d", true],
    ["#x=1&resume=abc", "abc", true],
    ["#resume=", null, true],
    ["#other=abc", null, false],
    ["", null, false],
  ] as const) {
    it(`${JSON.stringify(hash)} -> ${JSON.stringify(token)}`, () => {
      const shown: string[] = [];
      const location = { hash, pathname: "/widget/", search: "?site=a" } as Location;
      const history = { replaceState: (_s: unknown, _t: string, url: string) => shown.push(url) };
      assert.equal(takeResumeToken(location, history as unknown as History), token);
      assert.deepEqual(shown, cleaned ? ["/widget/?site=a"] : []);
    });
  }
});

describe("hash", () => {
  it("is the SHA-256 of the bytes", async () => {
    const hex = await sha256Hex(new Blob(["abc"]));
    assert.equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert.equal(shortHash(hex!), "ba7816bf…15ad");
  });

  it("makes different message ids", () => {
    assert.equal(new Set(Array.from({ length: 100 }, newMessageId)).size, 100);
  });
});
