import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stepsOf } from "./steps";

const STEPS = ["受理", "双方举证", "调解", "判决", "申诉复审"];

describe("stepsOf", () => {
  for (const [current, steps, drawn] of [
    ["受理", STEPS, STEPS],
    ["双方举证", STEPS, STEPS],
    ["调解", STEPS, STEPS],
    ["判决", STEPS, STEPS],
    ["申诉复审", STEPS, STEPS],
    ["结案", STEPS, [...STEPS, "结案"]],
    ["结案", [...STEPS, "结案"], [...STEPS, "结案"]],
    ["新的一步", STEPS, []],
    ["受理", undefined, []],
    ["结案", undefined, []],
  ] as const) {
    it(`${current} of ${JSON.stringify(steps)}`, () => {
      assert.deepEqual(stepsOf({ state: "受理", current, steps: steps && [...steps] }), drawn);
    });
  }

  it("takes the state where no step is named", () => {
    assert.deepEqual(stepsOf({ state: "结案", steps: ["受理"] }), ["受理", "结案"]);
  });
});
