// Before anything is painted: the colour scheme chosen last time, so that a dark room stays dark.
// A file of its own, because the content security policy allows no inline script.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("centralita-color-scheme");
  } catch {
    // Storage may be forbidden; the system's scheme is good enough then.
  }
  const dark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
