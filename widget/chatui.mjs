/**
 * Corrections to @chatui/core 3.8.0 made while bundling. Each names the exact text it replaces and the build
 * stops when that text is not there once, so an upgrade cannot lose one of them silently.
 */
const REPLACEMENTS = [
  {
    // Every message is an assertive alert: a screen reader would be interrupted by each line, old ones included.
    // The page has one polite log region instead.
    file: /@chatui\/core\/es\/components\/Message\/Message\.js$/,
    from: /role: "alert",\s+"aria-live": "assertive",\s+"aria-atomic": "false"\s+/,
    to: "",
  },
  {
    // The send button acts on mousedown only, so a keyboard cannot press it. A click without a pointer has detail 0.
    file: /@chatui\/core\/es\/components\/Composer\/SendButton\.js$/,
    from: "onMouseDown: onClick,",
    to: "onMouseDown: onClick, onClick: function (e) { if (e.detail === 0) onClick(e); },",
  },
  {
    // The composer keeps the placeholder it began with; ours says who reads what is written there.
    file: /@chatui\/core\/es\/components\/Composer\/index\.js$/,
    from: /placeholder: placeholder,/,
    to: "placeholder: oTextOnce ? placeholder : oPlaceholder,",
  },
  {
    // "Quick phrase: X, double tap to send" is a label for one platform's reader only; the text itself is the name.
    file: /@chatui\/core\/es\/components\/QuickReplies\/QuickReply\.js$/,
    from: /"aria-label": "[^"]*"\.concat\(item\.name, "[^"]*"\),/,
    to: "",
  },
  {
    file: /@chatui\/core\/es\/components\/ScrollView\/ScrollView\.js$/,
    from: '"aria-label": "Previous"',
    to: '"aria-label": "向左"',
  },
  {
    file: /@chatui\/core\/es\/components\/ScrollView\/ScrollView\.js$/,
    from: '"aria-label": "Next"',
    to: '"aria-label": "向右"',
  },
  {
    // The typing line is drawn by no one: it does not get the function that draws the others.
    file: /@chatui\/core\/es\/components\/MessageContainer\/index\.js$/,
    from: '_id: "typing"',
    to: '_id: "typing", user: { name: "助手" }, renderMessageContent: renderMessageContent',
  },
  {
    // Fonts from another host: the content security policy refuses them, and a buyer's visit is nobody else's business.
    file: /@chatui\/core\/dist\/index\.css$/,
    from: /(@font-face\{[^}]*\}){3}/,
    to: "",
  },
];

function replaceOnce(text, { file, from, to }) {
  const parts = text.split(from instanceof RegExp ? new RegExp(from.source.replaceAll("(@", "(?:@")) : from);
  if (parts.length !== 2) throw new Error(`ChatUI correction matches ${parts.length - 1} times, not once: ${file}`);
  return parts.join(to);
}

/** esbuild plugin. `finish()` tells which corrections were never reached. */
export function chatUiCorrections(readFile) {
  const reached = new Set();
  return {
    name: "chatui-corrections",
    setup(build) {
      build.onLoad({ filter: /@chatui\/core\/.*\.(js|css)$/ }, async ({ path }) => {
        const posix = path.replaceAll("\\", "/");
        const wanted = REPLACEMENTS.filter((r) => r.file.test(posix));
        if (wanted.length === 0) return undefined;
        let contents = await readFile(path, "utf8");
        for (const replacement of wanted) {
          contents = replaceOnce(contents, replacement);
          reached.add(replacement);
        }
        return { contents, loader: posix.endsWith(".css") ? "css" : "js" };
      });
      build.onEnd(() => {
        const lost = REPLACEMENTS.filter((r) => !reached.has(r));
        if (lost.length > 0) throw new Error(`ChatUI corrections not applied: ${lost.map((r) => r.file)}`);
      });
    },
  };
}
