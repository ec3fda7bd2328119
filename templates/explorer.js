"use strict";
(() => {
  const say = document.getElementById("sb-say");
  const names = JSON.parse(document.getElementById("sb-names").textContent);

  // What a factor is: its name, its meaning, its shape, how it is computed.
  const tell = (factor) => {
    document.querySelectorAll(".sb-here").forEach((e) => e.classList.remove("sb-here"));
    if (!factor) { say.textContent = ""; return; }
    factor.classList.add("sb-here");
    const [meaning, shape, text] = names[factor.dataset.n] || ["", "", ""];
    say.textContent = [factor.dataset.n, meaning, shape, text].filter(Boolean).join("  ·  ");
  };
  const factorOf = (event) => event.target.closest && event.target.closest("[data-n]");
  let seen = null; // a page that scrolls below a pointer at rest says nothing
  document.addEventListener("pointermove", (event) => {
    const factor = factorOf(event);
    if (event.pointerType === "touch" || factor === seen) return;
    seen = factor;
    tell(factor);
  });
  document.addEventListener("click", (event) => {
    const factor = factorOf(event);
    if (factor || !event.target.closest("button")) tell(factor);
  });

  // From the keyboard: a formula takes the focus, the arrows walk along its factors.
  document.addEventListener("keydown", (event) => {
    const formula = event.target;
    if (event.key === "Escape") { tell(null); return; }
    if (!formula.matches(".line, .steps > details > summary") || !["ArrowRight", "ArrowLeft"].includes(event.key)) return;
    const factors = [...formula.querySelectorAll("[data-n]")].filter((e) => e.getClientRects().length);
    if (!factors.length) return;
    const at = factors.findIndex((e) => e.classList.contains("sb-here"));
    const step = event.key === "ArrowRight" ? 1 : -1;
    tell(factors[(at + step + factors.length) % factors.length]);
    event.preventDefault();
  });
  document.addEventListener("focusout", (event) => { if (event.target.matches(".line, summary")) tell(null); });

  // Copy, with the old way where the new one is not allowed.
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const box = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(box); box.select(); document.execCommand("copy"); box.remove();
    }
  };
  document.querySelectorAll("[data-copy]").forEach((button) => {
    button.addEventListener("click", async () => {
      const text = button.dataset.copy || button.parentElement.querySelector("code").textContent;
      await copy(text);
      say.textContent = `Copied: ${text}`;
    });
  });

  // "Every step" opens every step; so do a link to a closed part, and a printer.
  const steps = document.querySelectorAll(".steps > details");
  document.querySelectorAll("[name=level]").forEach((radio) => {
    radio.addEventListener("change", () => steps.forEach((step) => { step.open = radio.value === "every"; }));
  });
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    closed.forEach((part) => { part.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((part) => { part.open = false; }));
})();
