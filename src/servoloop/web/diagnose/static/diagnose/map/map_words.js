// Numbers, shares and spans of time as people write them, and the texts of a page.
export class MapWords {
  // texts: {key: text}; language: "en" or "zh…".
  constructor(texts, language) { this.texts = texts; this.language = language; }

  say(key) { return this.texts[key] ?? key; }

  number(value) { return Math.round(value).toLocaleString("en-US"); }

  percent(share) {
    const value = share * 100;
    if (value > 0 && value < 0.1) return "< 0.1 %";
    if (value > 99.9 && value < 100) return "> 99.9 %";
    return `${(value > 0 && value < 10) || (value > 99 && value < 100) ? value.toFixed(1) : Math.round(value)} %`;
  }

  duration(seconds) {
    const units = this.language.startsWith("zh") ? ["天", "小时", "分钟", "秒"] : ["d", "h", "min", "s"];
    const sizes = [86400, 3600, 60, 1];
    let index = sizes.findIndex((size) => seconds >= 2 * size);
    if (index < 0) index = 3;
    const value = seconds / sizes[index];
    return `${value >= 100 || Number.isInteger(value) ? this.number(value) : value.toFixed(1)} ${units[index]}`;
  }

  sign(value) { return value > 0 ? "+" : value < 0 ? "−" : "±"; }

  // A change of a share, in percentage points.
  points(change) {
    const rounded = (Math.abs(change) * 100).toFixed(1).replace(/\.0$/, "");
    return `${this.sign(Number(rounded) ? change : 0)}${rounded} ${this.language.startsWith("zh") ? "个百分点" : "pts"}`;
  }

  // A change of a span of time.
  more(seconds) { return `${this.sign(seconds)}${this.duration(Math.abs(seconds))}`; }
}
