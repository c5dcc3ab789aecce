/**
 * Bundles the widget into bot/channels/web/static/ and writes build.json, the fingerprint by which
 * tests/widget/test_build_is_current.py tells, without node, that the committed build is this source's.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { chatUiCorrections } from "./chatui.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const OUT = path.resolve(HERE, process.env.WIDGET_OUT ?? "../bot/channels/web/static");
const LOADER_LIMIT = 4096;
/** What the output is made from. Documentation and tests change without a new build. */
const SOURCES = ["package.json", "package-lock.json", "tsconfig.json", "build.mjs", "chatui.mjs", "src"];

const sha256 = (data) => createHash("sha256").update(data).digest("hex");

async function filesUnder(folder, prefix = "") {
  const found = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = prefix + entry.name;
    if (entry.isDirectory()) found.push(...(await filesUnder(path.join(folder, entry.name), `${name}/`)));
    else found.push(name);
  }
  return found;
}

/** SHA-256 over "<path> NUL <SHA-256 of the text with LF line ends> LF" of every source, sorted by path. */
async function sourceDigest() {
  const all = (await filesUnder(path.join(HERE, "src"), "src/")).filter((name) => !/\.test\.tsx?$/.test(name));
  const names = [...SOURCES.filter((name) => name !== "src"), ...all].sort();
  const digest = createHash("sha256");
  for (const name of names) {
    const text = (await readFile(path.join(HERE, name), "utf8")).replaceAll("\r\n", "\n");
    digest.update(`${name}\0${sha256(text)}\n`);
  }
  return { digest: digest.digest("hex"), names };
}

/** The licence texts of everything that ended up in the bundle, as those licences ask. */
async function licences(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const name = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1];
    if (name) packages.add(name);
  }
  const parts = [];
  for (const name of [...packages].sort()) {
    const folder = path.join(HERE, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
    const text = file ? (await readFile(path.join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim() : "";
    parts.push(`${name} ${version} (${license})\n\n${text}\n`);
  }
  return parts.join(`\n${"-".repeat(72)}\n\n`);
}

const common = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
  // Not tsconfig.json: its "paths" point the type checker at declarations, which must not be bundled.
  tsconfigRaw: { compilerOptions: { jsx: "react-jsx", target: "ES2020" } },
};

async function bundle() {
  const page = await build({
    ...common,
    entryPoints: { widget: "src/main.tsx" },
    outdir: "out",
    write: false,
    metafile: true,
    format: "esm",
    target: ["chrome87", "safari14", "firefox90"],
    mainFields: ["module", "main"],
    plugins: [chatUiCorrections(readFile)],
  });
  const loader = await build({
    ...common,
    entryPoints: ["src/loader.ts"],
    charset: "ascii", // A shop's page may be in GBK, and a script without a charset takes the page's.
    outdir: "out",
    write: false,
    format: "iife",
    target: ["chrome80", "safari13", "firefox78"],
  });
  const named = (result, extension) => result.outputFiles.find((f) => f.path.endsWith(extension)).contents;
  return {
    js: named(page, ".js"),
    css: named(page, ".css"),
    loader: named(loader, ".js"),
    licences: await licences(page.metafile),
  };
}

async function main() {
  const made = await bundle();
  if (made.loader.length > LOADER_LIMIT) throw new Error(`loader.js has ${made.loader.length} bytes, over 4 KB`);
  const html = (await readFile(path.join(HERE, "src/index.html"), "utf8"))
    .replace("%CSS%", sha256(made.css).slice(0, 12))
    .replace("%JS%", sha256(made.js).slice(0, 12));
  const outputs = {
    "assets/LICENSES.txt": made.licences,
    "assets/icon.svg": await readFile(path.join(HERE, "src/icon.svg")),
    "assets/widget.css": made.css,
    "assets/widget.js": made.js,
    "index.html": html,
    "loader.js": made.loader,
  };
  await rm(OUT, { recursive: true, force: true });
  const listed = {};
  for (const [name, contents] of Object.entries(outputs)) {
    await mkdir(path.dirname(path.join(OUT, name)), { recursive: true });
    await writeFile(path.join(OUT, name), contents);
    listed[name] = sha256(contents);
    console.log(`${name}  ${contents.length} B, ${gzipSync(contents, { level: 9 }).length} B gz`);
  }
  const source = await sourceDigest();
  const record = { source: source.digest, source_files: source.names, outputs: listed };
  await writeFile(path.join(OUT, "build.json"), `${JSON.stringify(record, null, 2)}\n`);
}

await main();
