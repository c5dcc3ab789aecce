import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dated } from "./save";

describe("dated", () => {
  it("names a file after its day", () => {
    assert.equal(dated("维权期限", "ics", new Date("2026-11-21T10:00:00Z")), "维权期限-2026-11-21.ics");
  });
});
