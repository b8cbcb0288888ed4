// What is seen of the drawing: the whole, never larger than life; with `least`, not smaller than
// that, and then its beginning. `left` px at the left are covered by something else.
const MARGIN = 24; // px around the picture

export function fit(canvas, { left = 0, least = 0 } = {}) {
  const { inner, outer } = canvas.viewbox();
  const width = outer.width - left, height = outer.height;
  const whole = Math.min(1, (width - 2 * MARGIN) / inner.width, (height - 2 * MARGIN) / inner.height);
  const scale = Math.max(whole, least);
  const room = (size, space) => Math.max(MARGIN, (space - size * scale) / 2) / scale;
  canvas.viewbox({
    x: inner.x - left / scale - room(inner.width, width),
    y: inner.y - room(inner.height, height),
    width: outer.width / scale,
    height: outer.height / scale,
  });
}
