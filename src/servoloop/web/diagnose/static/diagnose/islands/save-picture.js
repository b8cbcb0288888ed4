// <save-picture for="id" name="file"> with buttons [data-save=svg|png]: saves the picture of an element
// that has saved(), or an SVG with its computed styles, on a white ground; PNG in double size.
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-weight", "font-family", "text-anchor"];
const MARGIN = 12;
const SCALE = 2;

class SavePicture extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    for (const button of this.querySelectorAll("[data-save]")) {
      button.addEventListener("click", () => this.save(button.dataset.save));
    }
  }

  async save(kind) {
    const target = document.getElementById(this.getAttribute("for"));
    const { svg, width, height } = framed(target.saved?.() ?? styled(target));
    const text = new XMLSerializer().serializeToString(svg);
    const file = `${this.getAttribute("name")}.${kind}`;
    if (kind === "svg") return offer(new Blob([text], { type: "image/svg+xml" }), file);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
    const context = canvas.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toBlob((blob) => offer(blob, file), "image/png");
  }
}

// A copy in light colours whose style sheet has been written into it; words that are hidden stay out.
function styled(svg) {
  const ground = document.createElement("div");
  ground.dataset.bsTheme = "light";
  ground.className = "picture-ground";
  const copy = svg.cloneNode(true);
  ground.append(copy);
  svg.parentElement.append(ground);
  const { width, height } = svg.getBoundingClientRect();
  if (!copy.hasAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  for (const words of copy.querySelectorAll("tspan")) if (getComputedStyle(words).display === "none") words.remove();
  for (const part of copy.querySelectorAll("*")) {
    const style = getComputedStyle(part);
    for (const name of STYLES) part.setAttribute(name, style.getPropertyValue(name));
  }
  for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  ground.remove();
  return copy;
}

// The picture with a white ground and a margin; its size in CSS pixels.
function framed(svg) {
  const [x, y, width, height] = svg.getAttribute("viewBox").split(/\s+/).map(Number);
  const box = { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
  const ground = document.createElementNS(svg.namespaceURI, "rect");
  for (const [name, value] of Object.entries({ ...box, fill: "#fff" })) ground.setAttribute(name, value);
  svg.prepend(ground);
  svg.setAttribute("xmlns", svg.namespaceURI);
  svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  svg.setAttribute("width", box.width);
  svg.setAttribute("height", box.height);
  return { svg, width: box.width, height: box.height };
}

function offer(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

customElements.define("save-picture", SavePicture);
