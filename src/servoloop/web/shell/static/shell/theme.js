// Before the first paint: without a choice of the viewer, follow the system's light or dark.
(() => {
  const root = document.documentElement;
  if (!root.hasAttribute("data-theme-follows")) return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => root.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
})();
