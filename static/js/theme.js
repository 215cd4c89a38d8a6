// Runs before the page is painted. "As the device" is known to the browser only; the cookie lets the server paint the
// next page right, and the pages that carry no script.
(() => {
  const root = document.documentElement;
  if (root.dataset.theme !== "auto") return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const device = dark.matches ? "dark" : "light";
    root.dataset.bsTheme = device;
    document.cookie = `foresight-device=${device}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  };
  paint();
  dark.addEventListener("change", paint);
})();
