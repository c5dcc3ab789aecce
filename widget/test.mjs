/** Bundles src/**\/*.test.ts and runs them with node's own test runner; arguments are passed on to it. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const all = await readdir(path.join(HERE, "src"), { recursive: true });
const out = await mkdtemp(path.join(os.tmpdir(), "widget-test-"));
try {
  await build({
    absWorkingDir: HERE,
    entryPoints: all.filter((name) => name.endsWith(".test.ts")).map((name) => path.join("src", name)),
    outdir: out,
    outbase: "src",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    sourcemap: "inline",
    logLevel: "warning",
    tsconfigRaw: {},
  });
  const made = (await readdir(out, { recursive: true })).filter((name) => name.endsWith(".test.mjs"));
  const files = made.map((name) => path.join(out, name));
  if (files.length === 0) throw new Error("no test file found");
  const args = ["--enable-source-maps", "--test", ...process.argv.slice(2), ...files];
  process.exitCode = spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
