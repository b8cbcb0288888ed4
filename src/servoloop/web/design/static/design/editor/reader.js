// The draft for somebody who only looks: on a phone, or without the right to draw. Pan, zoom, tap an
// element to read what it says, and comment on it.
import { clickedDetails } from "./reader-details.js";
import { Comments } from "./comments.js";
import { make } from "./dom.js";
import { namesModule } from "./names.js";
import { get } from "./server.js";
import { fit } from "./view.js";
import { wordsModule } from "./words.js";

const NEAR = { top: 80, bottom: 80, left: 100, right: 100 };
const READABLE = 0.6; // zoom below which labels are guessed rather than read

export class Reader {
  constructor({ editor, facts, servoloop }) {
    this.viewer = new window.BpmnJS({
      container: editor.querySelector("[data-stage]"),
      additionalModules: [wordsModule, namesModule],
      moddleExtensions: { servoloop },
    });
    this.details = editor.querySelector("[data-details]");
    const place = editor.querySelector("[data-comments]");
    place.hidden = false;
    this.comments = new Comments({ viewer: this.viewer, facts, place, counter: make("span"), onPick: (shape) => this.choose(shape) });
    this.directory = get(facts.urls.directory).catch(() => ({ roles: [], people: [] }));
    this.viewer.get("eventBus").on("element.click", ({ element }) => this.choose(element, false));
  }

  async open(xml) {
    await this.viewer.importXML(xml);
    fit(this.viewer.get("canvas"), { least: READABLE });
    this.choose(null);
    await this.comments.load();
  }

  choose(element, isFarAway = true) {
    const shape = element?.labelTarget ?? element;
    const canvas = this.viewer.get("canvas");
    if (this.chosen) canvas.removeMarker(this.chosen, "is-pointed");
    this.chosen = shape?.parent ? shape : null;
    if (this.chosen) {
      canvas.addMarker(this.chosen, "is-pointed");
      if (isFarAway) canvas.scrollToElement(this.chosen, NEAR);
    }
    this.comments.choose(this.chosen);
    this.tell(this.chosen);
  }

  async tell(shape) {
    const told = await clickedDetails(shape, await this.directory);
    if (shape === this.chosen) this.details.replaceChildren(...told);
  }
}
