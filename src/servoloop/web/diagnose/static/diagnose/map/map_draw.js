// Draws a laid-out map as SVG with literal colours, so that the saved file needs no style sheet.
export const mapDraw = {
  NS: "http://www.w3.org/2000/svg",
  FONT: 'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  context: document.createElement("canvas").getContext("2d"),

  // The colours that the style sheet gives to `element`: --ink, --soft, --line, …, all literal.
  colours(element) {
    const style = getComputedStyle(element);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    return Object.fromEntries(["ink", "soft", "line", "blue", "warm", "node", "edge", "card", "good"].map((name) => [name, read(name)]));
  },

  element(name, attributes, ...children) {
    const made = document.createElementNS(this.NS, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  },

  width(text, font) { this.context.font = `${font} ${this.FONT}`; return this.context.measureText(text).width; },

  // At most three lines; CJK text breaks anywhere, the rest at blanks, _ and -.
  wrap(text, font, limit) {
    const pieces = text.match(/[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef_-]+[_-]?\s*|[_-]\s*|\s+/g) || [text];
    const lines = [""];
    for (const piece of pieces) {
      const longer = lines.at(-1) + piece;
      if (lines.at(-1) && this.width(longer.trimEnd(), font) > limit) lines.push(piece); else lines[lines.length - 1] = longer;
    }
    const shown = lines.slice(0, 3).map((line) => line.trim());
    if (lines.length > 3) shown[2] += " …";
    return shown.map((line) => this.cut(line, font, limit + 30));
  },

  cut(text, font, limit) {
    let end = text.length;
    while (end > 1 && this.width(text.slice(0, end), font) > limit) end -= 1;
    return end < text.length ? `${text.slice(0, end - 1)}…` : text;
  },

  mix(from, to, share) {
    const parse = (hex) => [1, 3, 5].map((at) => parseInt((hex.length === 4 ? `#${[...hex.slice(1)].map((c) => c + c).join("")}` : hex).slice(at, at + 2), 16));
    const [a, b] = [parse(from), parse(to)];
    return `#${a.map((part, index) => Math.round(part + (b[index] - part) * share).toString(16).padStart(2, "0")).join("")}`;
  },

  // A uniform cubic B-spline through dagre's points: smooth, and it stays within their hull.
  spline(points) {
    if (points.length < 3) return `M${points.map((p) => `${p.x},${p.y}`).join("L")}`;
    const at = (i) => points[Math.max(0, Math.min(points.length - 1, i))];
    let path = `M${at(0).x},${at(0).y}`;
    for (let i = 0; i <= points.length; i += 1) {
      const [a, b, c] = [at(i - 1), at(i), at(i + 1)];
      const p = (u, v) => `${((2 * u.x + v.x) / 3).toFixed(1)},${((2 * u.y + v.y) / 3).toFixed(1)}`;
      const end = `${((a.x + 4 * b.x + c.x) / 6).toFixed(1)},${((a.y + 4 * b.y + c.y) / 6).toFixed(1)}`;
      if (i === 0) path += `L${end}`;
      else path += `C${p(a, b)} ${p(b, a)} ${end}`;
    }
    return `${path}L${at(points.length - 1).x},${at(points.length - 1).y}`;
  },

  arrow(points, size, fill) {
    const tip = points.at(-1);
    let before = points.at(-2);
    for (let i = points.length - 2; i > 0 && Math.hypot(tip.x - before.x, tip.y - before.y) < 4; i -= 1) before = points[i - 1];
    const angle = Math.atan2(tip.y - before.y, tip.x - before.x);
    const corner = (turn) => `${(tip.x - size * Math.cos(angle + turn)).toFixed(1)},${(tip.y - size * Math.sin(angle + turn)).toFixed(1)}`;
    return this.element("polygon", { points: `${tip.x},${tip.y} ${corner(0.42)} ${corner(-0.42)}`, fill });
  },

  text(lines, x, y, { size, weight = 400, fill, gap = 1.25 }) {
    const top = y - ((lines.length - 1) * size * gap) / 2 + size * 0.36;
    return lines.map((line, index) => this.element("text", {
      x, y: (top + index * size * gap).toFixed(1), "text-anchor": "middle", "font-size": size, "font-weight": weight, fill,
    }, line));
  },
};
