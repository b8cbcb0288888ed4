// <elapsed-timer> counts the working time spent on a task up against its standard time. It begins at
// what the server says (`spent`, seconds of working time) and adds the seconds since the page came,
// as long as the calendar was open then (`counting`). Colour and words change together:
//   data-within, data-soon, data-over: words with {left} or {over} in them.
class ElapsedTimer extends HTMLElement {
  connectedCallback() {
    this.began = performance.now();
    this.tick();
    if (this.hasAttribute("counting")) this.timer = setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback() { clearInterval(this.timer); }

  get spent() {
    const since = this.hasAttribute("counting") ? (performance.now() - this.began) / 1000 : 0;
    return Number(this.getAttribute("spent")) + since;
  }

  tick() {
    const standard = Number(this.getAttribute("standard"));
    const spent = this.spent;
    const state = !standard || spent <= standard * 0.8 ? "within" : spent <= standard ? "soon" : "over";
    const face = this.querySelector("[data-face]");
    if (face) face.textContent = clock(spent);
    const words = this.querySelector("[data-words]");
    if (words && standard) {
      const text = this.dataset[state].replace("{left}", clock(standard - spent)).replace("{over}", clock(spent - standard));
      if (words.textContent !== text) words.textContent = text;
    }
    const bar = this.querySelector("progress");
    if (bar) { bar.max = standard || 1; bar.value = Math.min(spent, standard || 1); }
    this.setAttribute("state", state);
  }
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

customElements.define("elapsed-timer", ElapsedTimer);
