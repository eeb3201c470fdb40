// One chart on its own, with marks, and on which a visitor may draw what they expect.

class Plot {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", "lab-plot", el);
    this.root.dataset.testid = model.get("name") || "plot";
    this.build();
    for (const name of ["spec", "domain", "theory"]) model.on(`change:${name}`, () => this.build());
    model.on("change:data", () => this.fill());
    for (const name of ["sketch", "sketching", "marks"]) model.on(`change:${name}`, () => this.ink());
    this.stopTheme = onTheme(el, () => this.build());
  }

  close() {
    this.stopTheme();
    this.dismantle();
  }

  dismantle() {
    if (this.resize) this.resize.disconnect();
    if (this.view) this.view.close();
  }

  build() {
    this.dismantle();
    this.root.replaceChildren();
    const dark = isDark(this.root);
    this.root.classList.toggle("lab-dark", dark);
    this.colors = palette(dark);
    const [theory, domain] = [this.model.get("theory"), this.model.get("domain") || null];
    this.view = new ChartView(this.root, this.model.get("spec"), { dark, worlds: 1, worldNames: [""], theory, domain });
    this.overlay = element("canvas", "lab-overlay", this.view.body);
    this.resize = new ResizeObserver(() => this.ink());
    this.resize.observe(this.view.body);
    this.listen();
    this.fill();
  }

  fill() {
    const data = this.model.get("data") || {}, { chart } = this.view;
    if (chart.kind === "curve") {
      this.view.setCurves((key) => data[key] || [[], []]);
    } else {
      const months = data.x || [];
      this.view.setSeries(months, (key) => (data[key] || []).map((v) => orNull(v)));
    }
    this.view.draw();
    this.root.setAttribute("data-points", Math.max(0, ...this.view.data.map((column) => column.length)));
    this.ink();
  }

  // -- drawing by hand

  listen() {
    const canvas = this.overlay;
    canvas.addEventListener("pointerdown", (e) => {
      if (!this.model.get("sketching")) return;
      canvas.setPointerCapture(e.pointerId);
      this.path = new Map((this.model.get("sketch") || []).map(([x, y]) => [this.column(x), [x, y]]));
      this.before = null;
      this.touch(e);
    });
    canvas.addEventListener("pointermove", (e) => this.path && this.touch(e));
    const end = () => {
      if (!this.path) return;
      const points = [...this.path].sort((a, b) => a[0] - b[0]).map(([, point]) => point);
      this.path = null;
      this.model.set("sketch", points);
      this.model.save_changes();
      this.ink();
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
  }

  column(x) {
    const { plot } = this.view, { min, max } = plot.scales.x;
    return Math.round((100 * (x - min)) / (max - min));
  }

  touch(event) {
    const { plot } = this.view, box = plot.over.getBoundingClientRect();
    const left = Math.max(0, Math.min(box.width, event.clientX - box.left));
    const top = Math.max(0, Math.min(box.height, event.clientY - box.top));
    const here = [plot.posToVal(left, "x"), plot.posToVal(top, "y")];
    const from = this.before || here, steps = Math.max(1, Math.abs(this.column(here[0]) - this.column(from[0])));
    for (let k = 1; k <= steps; k++) {
      const x = from[0] + ((here[0] - from[0]) * k) / steps, y = from[1] + ((here[1] - from[1]) * k) / steps;
      this.path.set(this.column(x), [x, y]);
    }
    this.before = here;
    this.ink();
  }

  ink() {
    const { plot } = this.view, ratio = window.devicePixelRatio || 1, canvas = this.overlay;
    const w = this.view.body.clientWidth, h = this.view.body.clientHeight;
    if (!w) return;
    Object.assign(canvas, { width: Math.round(w * ratio), height: Math.round(h * ratio) });
    Object.assign(canvas.style, { width: `${w}px`, height: `${h}px` });
    canvas.style.pointerEvents = this.model.get("sketching") ? "auto" : "none";
    canvas.style.cursor = this.model.get("sketching") ? "crosshair" : "";
    const c = canvas.getContext("2d");
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    const over = plot.over, left = over.offsetLeft, top = over.offsetTop;
    const spot = ([x, y]) => [left + plot.valToPos(x, "x"), top + plot.valToPos(y, "y")];
    const points = this.path ? [...this.path].sort((a, b) => a[0] - b[0]).map(([, p]) => p) : this.model.get("sketch") || [];
    c.strokeStyle = c.fillStyle = "#CC79A7";
    c.lineWidth = 3;
    c.setLineDash([8, 5]);
    c.beginPath();
    points.forEach((point, k) => (k ? c.lineTo(...spot(point)) : c.moveTo(...spot(point))));
    c.stroke();
    c.setLineDash([]);
    const size = parseFloat(getComputedStyle(this.root).fontSize) * 0.85;
    c.font = `${size}px sans-serif`;
    const marks = this.model.get("marks") || [], upright = ({ y }) => y === undefined || y === null;
    const rows = marks.filter(upright); // their labels stand one under another
    for (const mark of marks) this.mark(c, mark, rows.indexOf(mark) * size * 1.3, { spot, left, top, over });
  }

  // a mark: {x, y?, label, color}: a vertical line with its label so far down, or a point
  mark(c, { x, y, label, color }, down, { spot, left, top, over }) {
    c.strokeStyle = c.fillStyle = lineColor(color || "#444444", isDark(this.root));
    const line = y === undefined || y === null, point = spot([x, line ? 0 : y]);
    c.lineWidth = 1.5;
    c.beginPath();
    if (line) {
      c.setLineDash([3, 3]);
      c.moveTo(point[0], top);
      c.lineTo(point[0], top + over.clientHeight);
      c.stroke();
      c.setLineDash([]);
    } else {
      c.arc(point[0], point[1], 5, 0, 2 * Math.PI);
      c.fill();
    }
    if (!label) return;
    const right = point[0] > left + over.clientWidth * 0.65;
    c.textAlign = right ? "right" : "left";
    c.textBaseline = "top";
    c.fillText(label, point[0] + (right ? -6 : 6), line ? top + 2 + down : point[1] - (point[1] > top + 20 ? 18 : -6));
  }
}

function renderPlot({ model, el }) {
  const plot = new Plot(model, el);
  return () => plot.close();
}
