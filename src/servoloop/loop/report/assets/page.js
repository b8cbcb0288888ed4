// Language, theme, printing and CSV; the page is complete without it.
const texts = JSON.parse(document.getElementById("texts").textContent);
const report = Object.assign(new (class extends MapWords {
  get language() { return document.documentElement.dataset.lang; }
  set language(_) { /* the page says it */ }
  say(key) { return texts[key][this.language === "zh" ? 1 : 0]; }
})(texts), {
  listeners: [],
  changed() { this.listeners.forEach((listener) => listener()); },
  save(name, type, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  },
});

(() => {
  const root = document.documentElement;
  const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* file: may refuse */ } };

  const systemDark = window.matchMedia("(prefers-color-scheme: dark)");
  const setTheme = (theme) => { root.dataset.theme = theme; report.changed(); };
  const hash = new URLSearchParams(location.hash.slice(1));
  root.dataset.theme = hash.get("theme") || stored("servoloop-theme") || (systemDark.matches ? "dark" : "light");
  systemDark.addEventListener("change", (event) => { if (!stored("servoloop-theme")) setTheme(event.matches ? "dark" : "light"); });
  window.matchMedia("print").addEventListener("change", (event) => {
    if (event.matches && root.dataset.theme === "dark") { root.dataset.theme = "light"; report.changed(); }
  });

  const setLanguage = (language) => {
    root.dataset.lang = language;
    root.lang = language;
    report.changed();
  };
  if (["en", "zh"].includes(hash.get("lang"))) { root.dataset.lang = hash.get("lang"); root.lang = hash.get("lang"); }

  // Inside the web pages, which say so, a number leads to the cases behind it.
  if (hash.has("cases") && location.protocol.startsWith("http")) {
    for (const link of document.querySelectorAll("a[data-cases]")) {
      link.href = new URL(`explore/?${link.dataset.cases}`, location.href).href;
    }
  }

  const button = (id, action) => {
    const element = document.getElementById(id);
    element.hidden = false;
    element.addEventListener("click", action);
  };
  button("language", () => setLanguage(report.language === "zh" ? "en" : "zh"));
  button("theme", () => { const next = root.dataset.theme === "dark" ? "light" : "dark"; store("servoloop-theme", next); setTheme(next); });
  button("print", () => window.print());

  const model = document.getElementById("model-bpmn");
  if (model) button("save-model", () => {
    const { log, bpmn } = JSON.parse(model.textContent);
    report.save(`${log}.bpmn`, "application/xml", bpmn);
  });

  const redesigns = document.getElementById("redesigns");
  document.querySelectorAll(".save-redesign").forEach((element) => {
    element.hidden = false;
    element.addEventListener("click", () => {
      const { file, bpmn } = JSON.parse(redesigns.textContent)[element.dataset.redesign];
      report.save(file, "application/xml", bpmn);
    });
  });

  // A cell's CSV value is its raw value where it has one, else its text in the language shown.
  const textOf = (cell) => {
    if (cell.dataset.v !== undefined) return cell.dataset.v;
    const copy = cell.cloneNode(true);
    copy.querySelectorAll(report.language === "zh" ? ".en" : ".zh").forEach((other) => other.remove());
    const text = copy.textContent.trim().replace(/\s+/g, " ");
    return cell.classList.contains("n") ? text.replace(/(\d),(?=\d{3})/g, "$1") : text;
  };
  // A leading = + - @ would be run as a formula by a spreadsheet.
  const field = (text) => `"${(/^[=+\-@]/.test(text) && isNaN(text) ? "'" + text : text).replaceAll('"', '""')}"`;
  document.querySelectorAll(".save-csv").forEach((element) => {
    element.hidden = false;
    element.addEventListener("click", () => {
      const rows = [...document.getElementById(element.dataset.table).rows];
      const text = rows.map((row) => [...row.cells].map((cell) => field(textOf(cell))).join(",")).join("\r\n");
      report.save(`${element.dataset.table.slice(2)}.csv`, "text/csv;charset=utf-8", "\ufeff" + text + "\r\n");
    });
  });
})();
