/**
 * Bundles the two pages, the buyer's chat and the agents' desk, into bot/channels/{web,desk}/static/. Beside each it
 * writes build.json, the fingerprint by which tests/widget/test_build_is_current.py tells, without node, that the
 * committed build is this source's. `node build.mjs desk` makes only that page, for work on it.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { chatUiCorrections } from "./chatui.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
/** Where a page goes: into the program, or into $WIDGET_OUT/<page> to compare two builds. */
const outOf = (page) =>
  process.env.WIDGET_OUT
    ? path.resolve(HERE, process.env.WIDGET_OUT, page)
    : path.resolve(HERE, "../bot/channels", page, "static");
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

/** One page's script and style, each in one file. */
async function bundlePage(name, entry, plugins = []) {
  const result = await build({
    ...common,
    entryPoints: { [name]: entry },
    outdir: "out",
    write: false,
    metafile: true,
    format: "esm",
    target: ["chrome87", "safari14", "firefox90"],
    mainFields: ["module", "main"],
    plugins,
  });
  const named = (extension) => result.outputFiles.find((f) => f.path.endsWith(extension)).contents;
  return { js: named(".js"), css: named(".css"), licences: await licences(result.metafile) };
}

async function bundleLoader() {
  const result = await build({
    ...common,
    entryPoints: ["src/loader.ts"],
    charset: "ascii", // A shop's page may be in GBK, and a script without a charset takes the page's.
    outdir: "out",
    write: false,
    format: "iife",
    target: ["chrome80", "safari13", "firefox78"],
  });
  const loader = result.outputFiles[0].contents;
  if (loader.length > LOADER_LIMIT) throw new Error(`loader.js has ${loader.length} bytes, over 4 KB`);
  return loader;
}

/** Everything a page needs; its assets are addressed by their content. */
async function outputsOf(name, folder, plugins) {
  const made = await bundlePage(name, `${folder}/main.tsx`, plugins);
  const html = (await readFile(path.join(HERE, folder, "index.html"), "utf8"))
    .replace("%CSS%", sha256(made.css).slice(0, 12))
    .replace("%JS%", sha256(made.js).slice(0, 12));
  return {
    "assets/LICENSES.txt": made.licences,
    "assets/icon.svg": await readFile(path.join(HERE, folder, "icon.svg")),
    [`assets/${name}.css`]: made.css,
    [`assets/${name}.js`]: made.js,
    "index.html": html,
  };
}

const PAGES = {
  web: async () => ({
    ...(await outputsOf("widget", "src", [chatUiCorrections(readFile)])),
    "loader.js": await bundleLoader(),
  }),
  desk: () => outputsOf("desk", "src/desk"),
};

async function write(page, outputs, source) {
  const out = outOf(page);
  await rm(out, { recursive: true, force: true });
  const listed = {};
  for (const [name, contents] of Object.entries(outputs)) {
    await mkdir(path.dirname(path.join(out, name)), { recursive: true });
    await writeFile(path.join(out, name), contents);
    listed[name] = sha256(contents);
    console.log(`${page}: ${name}  ${contents.length} B, ${gzipSync(contents, { level: 9 }).length} B gz`);
  }
  const record = { source: source.digest, source_files: source.names, outputs: listed };
  await writeFile(path.join(out, "build.json"), `${JSON.stringify(record, null, 2)}\n`);
}

async function main() {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PAGES);
  const source = await sourceDigest();
  for (const page of wanted) {
    if (!PAGES[page]) throw new Error(`no page ${page}: write ${Object.keys(PAGES).join(" or ")}`);
    await write(page, await PAGES[page](), source);
  }
}

await main();
