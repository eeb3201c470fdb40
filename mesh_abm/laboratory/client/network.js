// The network on a canvas: links by traffic, devices by main type of work and load, the provider in the middle.

const IDLE = 255;
const SHADES = 4; // steps from gray to a type's color, by specialization
const REACH = 14; // pixels from which a device is meant
const AGAIN = 500; // milliseconds after which a device that is pointed at is asked about anew
const WIDE = 1200; // links drawn wider than a pixel at most: wide ones cost several times a thin one
// Links by traffic, busiest first: from so many queries; width in pixels, strength.
const TRAFFIC = [[4, 2, 0.75], [1, 1.2, 0.38], [0, 0.7, 0.16]];
const CROSSING = 1.6; // links for each pixel of the side above which each is fainter: more would cover the devices
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

class NetworkView {
  constructor(parent, onPick, onHover) {
    this.onPick = onPick;
    this.onHover = onHover;
    this.root = element("div", "lab-network", parent);
    this.title = element("div", "lab-world-name", this.root);
    this.frame = element("div", "lab-canvas-frame", this.root);
    this.canvas = element("canvas", "lab-canvas", this.frame);
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.tip = element("div", "lab-tip", this.frame);
    this.tip.setAttribute("role", "status");
    this.caption = element("div", "lab-caption", this.root);
    this.legend = element("div", "lab-legend", this.root);
    this.at = -1; // index of the device pointed at
    this.picked = null; // its row number
    this.route = null;
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.frame);
    this.canvas.addEventListener("pointermove", (e) => this.point(this.nearest(e)));
    this.canvas.addEventListener("pointerleave", () => this.point(-1));
    this.canvas.addEventListener("click", (e) => this.pick(this.nearest(e)));
    this.canvas.addEventListener("keydown", (e) => this.key(e));
  }

  close() {
    this.resize.disconnect();
  }

  setSpec(spec, dark, name) {
    this.spec = spec;
    this.colors = palette(dark);
    this.title.textContent = name || "";
    this.title.style.display = name ? "" : "none";
    this.shades = spec.tasks.map((task) =>
      Array.from({ length: SHADES }, (_, k) => mixed("#9A9A9A", task.color, 0.25 + (0.75 * k) / (SHADES - 1)))
    );
    this.legend.replaceChildren();
    if (spec.worlds === 1) networkLegend(this.legend, spec);
    this.draw();
  }

  setFrame(meta, data) {
    const pointed = this.at >= 0 ? this.data.id[this.at] : -1;
    this.meta = meta;
    this.data = data;
    this.route = null;
    this.caption.textContent = meta.caption;
    this.canvas.setAttribute("aria-label", `Network in month ${meta.month}: ${meta.caption}`);
    if (pointed >= 0) this.keep(data.id.indexOf(pointed));
  }

  // the device pointed at stands elsewhere in the new month's columns, or has left
  keep(k) {
    if (k < 0) {
      this.point(-1);
    } else {
      this.at = k;
      if (performance.now() - this.hovered > AGAIN) this.ask();
    }
  }

  ask() {
    this.hovered = performance.now();
    this.onHover(this.data.id[this.at]);
  }

  setTip(id, lines) {
    if (this.at < 0 || !this.data || this.data.id[this.at] !== id) return;
    this.tip.replaceChildren(...lines.map((line) => element("div", "", null, line)));
    const [x, y] = this.place(this.at);
    const right = x > this.width / 2;
    this.tip.style.display = "block";
    this.tip.style.left = right ? "" : `${x + 12}px`;
    this.tip.style.right = right ? `${this.width - x + 12}px` : "";
    this.tip.style.top = `${Math.max(0, Math.min(y - 20, this.height - this.tip.offsetHeight - 4))}px`;
  }

  setRoute(route) {
    this.route = route.legs && route.legs.length + (route.seen || []).length ? route : null;
    this.draw();
  }

  fit() {
    const ratio = window.devicePixelRatio || 1;
    this.width = this.frame.clientWidth;
    this.height = this.frame.clientHeight;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.draw();
  }

  place(k) {
    const side = Math.min(this.width, this.height) - 12;
    const left = (this.width - side) / 2, top = (this.height - side) / 2;
    const { xy } = this.data;
    return [left + (xy[2 * k] / 65535) * side, top + (1 - xy[2 * k + 1] / 65535) * side];
  }

  draw() {
    if (!this.data || !this.width || !this.spec) return;
    const c = this.canvas.getContext("2d");
    const ratio = window.devicePixelRatio || 1;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    const n = this.data.id.length;
    const xs = (this.xs = new Float32Array(n)), ys = (this.ys = new Float32Array(n));
    for (let k = 0; k < n; k++) [xs[k], ys[k]] = this.place(k);
    this.side = Math.min(this.width, this.height);
    this.unit = Math.max(1.5, Math.min(this.side / 80, this.side / Math.sqrt(Math.max(n, 30)) / 5));
    this.drawSpokes(c, n);
    this.drawLinks(c);
    this.drawDevices(c, n);
    if (this.route) this.fade(c);
    this.drawProvider(c);
    this.drawMarks(c);
  }

  drawSpokes(c, n) {
    const { hub } = this.data, x0 = this.width / 2, y0 = this.height / 2;
    c.strokeStyle = this.spec.provider.color;
    c.lineWidth = 0.6;
    c.globalAlpha = Math.max(0.06, Math.min(0.35, 40 / Math.max(n, 1)));
    for (let k = 0; k < n; k++) {
      if (!hub[k]) continue;
      c.beginPath();
      c.moveTo(x0, y0);
      c.lineTo(this.xs[k], this.ys[k]);
      c.stroke();
    }
    c.globalAlpha = 1;
  }

  // Each link is a stroke of its own: thousands that cross in one path take several times as long, as everything in a
  // path is merged before it is drawn, and a line no wider than a pixel of the screen is drawn fastest.
  drawLinks(c) {
    const { ends, weight } = this.data, thin = 1 / (window.devicePixelRatio || 1);
    const faint = Math.max(0.06, Math.min(1, CROSSING * this.side / Math.max(1, weight.length)));
    const groups = TRAFFIC.map(() => []);
    for (let e = 0; e < weight.length; e++) groups[TRAFFIC.findIndex(([from]) => weight[e] >= from)].push(e);
    let wide = WIDE;
    const widths = groups.map((links, g) => {
      wide -= links.length;
      return wide >= 0 ? TRAFFIC[g][1] * (0.5 + 0.5 * faint) : Math.min(thin, TRAFFIC[g][1]);
    });
    c.strokeStyle = this.colors.ink;
    for (let g = groups.length - 1; g >= 0; g--) {
      c.lineWidth = widths[g];
      c.globalAlpha = TRAFFIC[g][2] * faint;
      for (const e of groups[g]) {
        const i = ends[2 * e], k = ends[2 * e + 1];
        c.beginPath();
        c.moveTo(this.xs[i], this.ys[i]);
        c.lineTo(this.xs[k], this.ys[k]);
        c.stroke();
      }
    }
    c.globalAlpha = 1;
  }

  drawDevices(c, n) {
    const { color, strength } = this.data;
    const groups = new Map();
    for (let k = 0; k < n; k++) {
      const key = color[k] === IDLE ? -1 : color[k] * SHADES + Math.min(SHADES - 1, (strength[k] * SHADES) >> 8);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(k);
    }
    for (const [key, members] of groups) {
      c.beginPath();
      for (const k of members) {
        const r = this.radius(k);
        c.moveTo(this.xs[k] + r, this.ys[k]);
        c.arc(this.xs[k], this.ys[k], r, 0, 2 * Math.PI);
      }
      if (key < 0) {
        c.strokeStyle = this.colors.idle;
        c.lineWidth = 1;
        c.fillStyle = this.colors.paper;
        c.fill();
        c.stroke();
      } else {
        c.fillStyle = this.shades[Math.floor(key / SHADES) % this.shades.length][key % SHADES];
        c.fill();
      }
    }
  }

  radius(k) {
    return this.unit * (0.7 + (1.3 * this.data.size[k]) / 255);
  }

  drawProvider(c) {
    const { share, label } = this.meta.provider;
    const x = this.width / 2, y = this.height / 2;
    const half = this.side * (0.012 + 0.038 * Math.sqrt(Math.max(0, Math.min(1, share))));
    c.fillStyle = this.spec.provider.color;
    c.strokeStyle = this.colors.paper;
    c.lineWidth = 2;
    c.fillRect(x - half, y - half, 2 * half, 2 * half);
    c.strokeRect(x - half, y - half, 2 * half, 2 * half);
    const size = parseFloat(getComputedStyle(this.root).fontSize) * 0.85;
    c.font = `600 ${size}px sans-serif`;
    c.textAlign = "center";
    c.textBaseline = "top";
    c.lineWidth = 3;
    c.strokeText(label, x, y + half + 3);
    c.fillStyle = this.colors.ink;
    c.fillText(label, x, y + half + 3);
  }

  // what a route does not touch steps back
  fade(c) {
    c.globalAlpha = 0.72;
    c.fillStyle = this.colors.paper;
    c.fillRect(0, 0, this.width, this.height);
    c.globalAlpha = 1;
  }

  drawMarks(c) {
    const index = this.route || this.picked !== null ? new Map([...this.data.id].map((id, k) => [id, k])) : null;
    if (this.route) this.drawRoute(c, index);
    c.strokeStyle = this.colors.ink;
    if (this.picked !== null) this.circle(c, index.get(this.picked), 5, 2.5);
    if (this.at >= 0) this.circle(c, this.at, 3, 1.5);
  }

  // the walk from device to device (-1: the provider), the devices whose offers were seen, and the chosen one
  drawRoute(c, index) {
    const { legs, chosen } = this.route, seen = this.route.seen || [];
    const at = (id) => (id === -1 ? [this.width / 2, this.height / 2] : this.spot(index.get(id)));
    c.strokeStyle = this.colors.ink;
    c.lineWidth = 3;
    for (const [from, to] of legs) {
      const a = at(from), b = at(to);
      if (!a || !b) continue;
      c.beginPath();
      c.moveTo(...a);
      c.lineTo(...b);
      c.stroke();
    }
    for (const id of new Set([this.picked, ...legs.flat(), ...seen])) this.dot(c, index.get(id));
    for (const id of seen) this.circle(c, index.get(id), 3, 1.2);
    if (chosen !== null) this.circle(c, index.get(chosen), 6, 3.5);
  }

  dot(c, k) {
    if (k === undefined) return;
    const { color, strength } = this.data, shades = this.shades[color[k] % this.shades.length];
    c.fillStyle = color[k] === IDLE ? this.colors.paper : shades[(strength[k] * SHADES) >> 8];
    c.beginPath();
    c.arc(this.xs[k], this.ys[k], this.radius(k), 0, 2 * Math.PI);
    c.fill();
    if (color[k] === IDLE) this.circle(c, k, 0, 1);
  }

  spot(k) {
    return k === undefined ? null : [this.xs[k], this.ys[k]];
  }

  circle(c, k, out, width) {
    if (k === undefined) return;
    c.lineWidth = width;
    c.beginPath();
    c.arc(this.xs[k], this.ys[k], this.radius(k) + out, 0, 2 * Math.PI);
    c.stroke();
  }

  nearest(event) {
    if (!this.xs) return -1;
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left, y = event.clientY - box.top;
    let best = -1, least = REACH * REACH;
    for (let k = 0; k < this.xs.length; k++) {
      const d = (this.xs[k] - x) ** 2 + (this.ys[k] - y) ** 2;
      if (d < least) [best, least] = [k, d];
    }
    return best;
  }

  point(k) {
    if (k === this.at) return;
    this.at = k;
    this.tip.style.display = "none";
    this.canvas.style.cursor = k >= 0 ? "pointer" : "";
    if (k >= 0) this.ask();
    this.draw();
  }

  pick(k) {
    if (k < 0) return;
    this.picked = this.data.id[k];
    this.onPick(this.picked);
    this.draw();
  }

  key(event) {
    const way = ARROWS[event.key];
    if (way && this.xs && this.xs.length) {
      this.point(this.at < 0 ? 0 : this.next(way));
      event.preventDefault();
    } else if (event.key === "Enter" && this.at >= 0) {
      this.pick(this.at);
    } else if (event.key === "Escape") {
      this.point(-1);
    }
  }

  // the nearest device that way (within 45 degrees); the same one at the rim
  next([right, down]) {
    let best = this.at, least = Infinity;
    for (let k = 0; k < this.xs.length; k++) {
      const x = this.xs[k] - this.xs[this.at], y = this.ys[k] - this.ys[this.at];
      const ahead = x * right + y * down, aside = Math.abs(x * down + y * right);
      const d = x * x + y * y;
      if (ahead > 0.5 && ahead >= aside && d < least) [best, least] = [k, d];
    }
    return best;
  }
}

// What colors and shapes mean: once for all networks.
function networkLegend(parent, spec) {
  const key = (shape, color, text) => {
    const item = element("span", "lab-key", parent);
    element("span", `lab-dot ${shape}`, item).style.background = color;
    element("span", "", item, text);
  };
  for (const task of spec.tasks) key("", task.color, task.name);
  key("lab-ring", "transparent", "idle");
  key("lab-square", spec.provider.color, "provider and links to it");
}
