// Markdown as the server shows it (the same library in its other language), and the buttons that
// write it. Raw HTML in the text stays text.
let reader;

async function load() {
  await import("../../../vendor/markdown-it/markdown-it.min.js");
  const made = globalThis.markdownit("commonmark", { html: false }).enable(["table", "strikethrough"]);
  // Headings begin at level 3, as on the task page.
  for (const rule of ["heading_open", "heading_close"]) {
    made.renderer.rules[rule] = (tokens, at, options, env, self) => {
      tokens[at].tag = `h${Math.min(Number(tokens[at].tag[1]) + 2, 6)}`;
      return self.renderToken(tokens, at, options);
    };
  }
  return made;
}

// The nodes that the text becomes; the text itself while the server is away.
export async function html(text) {
  reader ??= load();
  let written;
  try {
    written = (await reader).render(text);
  } catch {
    reader = undefined;
    return [text];
  }
  return [...new DOMParser().parseFromString(written, "text/html").body.childNodes];
}

export const TOOLS = () => [
  { icon: "heading", words: gettext("Heading"), before: "# ", isLine: true },
  { icon: "bold", words: gettext("Bold"), before: "**", after: "**" },
  { icon: "italic", words: gettext("Italic"), before: "*", after: "*" },
  { icon: "list", words: gettext("List"), before: "- ", isLine: true },
  { icon: "list-numbers", words: gettext("Numbered list"), before: "1. ", isLine: true },
  { icon: "link", words: gettext("Link"), before: "[", after: "](https://)" },
];

// Puts marks around the selection, or before each of its lines; pressed again, takes them away.
export function surround(control, { before, after = "", isLine = false }) {
  control.focus();
  let { selectionStart: start, selectionEnd: end } = control;
  const { value } = control;
  if (isLine) {
    start = value.lastIndexOf("\n", start - 1) + 1;
    const stop = value.indexOf("\n", end);
    end = stop < 0 ? value.length : stop;
    const lines = value.slice(start, end).split("\n");
    const isNumbered = before === "1. ";
    const marked = isNumbered ? /^\d+\. / : new RegExp(`^${before.replace(/[#-]/g, "\\$&")}`);
    const isMarked = lines.every((line) => marked.test(line));
    write(control, start, end, lines.map((line, at) =>
      isMarked ? line.replace(marked, "") : (isNumbered ? `${at + 1}. ` : before) + line.replace(/^(#+ |- |\d+\. )/, "")).join("\n"));
    return;
  }
  const chosen = value.slice(start, end);
  const isMarked = chosen.startsWith(before) && chosen.endsWith(after) && chosen.length >= before.length + after.length;
  write(control, start, end, isMarked ? chosen.slice(before.length, chosen.length - after.length) : before + chosen + after);
  if (!chosen) control.setSelectionRange(start + before.length, start + before.length);
}

function write(control, start, end, text) {
  control.setSelectionRange(start, end);
  // Through the editor's own command, so that Ctrl+Z in the text takes it back.
  if (!document.execCommand("insertText", false, text)) control.setRangeText(text, start, end, "select");
  control.dispatchEvent(new Event("input"));
}
