// On paper nothing opens on a click, so everything is opened before the web page is printed.

/** Opens what is folded before printing, and folds it again after. */
export function startPrinting(): void {
  const opened = new Set<HTMLDetailsElement>();
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll<HTMLDetailsElement>("details:not([open])")) {
      one.open = true;
      opened.add(one);
    }
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
    opened.clear();
  });
  document.getElementById("print")?.addEventListener("click", () => print());
}
