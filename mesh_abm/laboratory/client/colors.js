// Colors: those of the server's style, made readable on a dark page, and mixed for devices and maps.

const FAINTEST = 0.18; // luminance of a line on a dark page at least
const THEORY = "#444444"; // drawn light on a dark page

function isDark(el) {
  return !!el.closest(".theme--dark");
}

function rgb(hex) {
  const n = parseInt(hex.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

function mixed(hex, other, part) {
  const a = rgb(hex), b = rgb(other);
  return "rgb(" + a.map((v, k) => Math.round(v + part * (b[k] - v))).join(",") + ")";
}

// A line's color; on a dark page the dark ones are lightened until they stand out.
function lineColor(hex, dark) {
  if (!dark) return hex;
  if (hex.toUpperCase() === THEORY) return "#D0D0D0";
  return luminance(hex) < FAINTEST ? mixed(hex, "#FFFFFF", 0.2) : hex;
}

function luminance(hex) {
  const linear = rgb(hex).map((v) => (v <= 10 ? v / 3295 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

function palette(dark) {
  return dark
    ? { ink: "#EEEEEE", muted: "#B5B5B5", grid: "rgba(255,255,255,.13)", paper: "#121212", idle: "#8A8A8A" }
    : { ink: "#222222", muted: "#5A5A5A", grid: "#E3E3E3", paper: "#FFFFFF", idle: "#9A9A9A" };
}

// Calls back when the page goes from light to dark or back; returns how to stop.
function onTheme(el, callback) {
  let was = isDark(el);
  const look = () => {
    const now = isDark(el);
    if (now !== was) {
      was = now;
      callback(now);
    }
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class"], subtree: true });
  return () => observer.disconnect();
}

function element(tag, className, parent, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  if (parent) parent.appendChild(made);
  return made;
}
