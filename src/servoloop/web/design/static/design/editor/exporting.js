// The drawing as a file: BPMN (as the server keeps it), SVG and PNG.
const SHARP = 2; // device pixels per unit of the drawing

export class Exporting {
  constructor({ viewer, facts, saving = null }) {
    Object.assign(this, { viewer, facts, saving });
  }

  async run(kind) {
    if (kind === "bpmn") return this.bpmn();
    const { svg } = await this.viewer.saveSVG();
    if (kind === "svg") return this.hand(new Blob([svg], { type: "image/svg+xml" }), "svg");
    return this.hand(await painted(svg), "png");
  }

  // The stored text has what bpmn-js drops; while it cannot be reached, ours is better than none.
  async bpmn() {
    await this.saving?.save();
    const xml = !this.saving || this.saving.isClean
      ? await (await fetch(this.facts.urls.xml, { cache: "no-store" })).text()
      : (await this.viewer.saveXML({ format: true })).xml;
    this.hand(new Blob([xml], { type: "application/xml" }), "bpmn");
  }

  hand(blob, ending) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${this.facts.file}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }
}

async function painted(svg) {
  const picture = new Image();
  // A data address, since the page's policy lets no picture come from anywhere else.
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * SHARP;
  canvas.height = picture.height * SHARP;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
