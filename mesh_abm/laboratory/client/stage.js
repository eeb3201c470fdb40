// The stage: networks, charts and map of one world or two, fed by frames; each frame is acked once it is drawn.

const SETTLED = 250; // milliseconds without a new month

class Stage {
  constructor(model, el) {
    this.model = model;
    this.root = element("div", "lab-stage", element("div", "lab-holder", el));
    this.root.dataset.testid = "stage";
    this.frames = 0;
    this.waiting = new Map(); // world -> frame not drawn yet
    this.asked = false;
    this.build();
    model.on("change:spec", () => this.build());
    model.on("change:theory", () => this.charts.forEach((chart) => chart.setTheory(model.get("theory"))) || this.refresh());
    model.on("msg:custom", (message, buffers) => this.hear(message, buffers));
    this.stopTheme = onTheme(el, () => this.build());
    model.send({ type: "ready" });
  }

  close() {
    this.closed = true;
    clearTimeout(this.settling);
    this.stopTheme();
    this.dismantle();
  }

  dismantle() {
    for (const part of [...(this.networks || []), ...(this.heats || []), ...(this.charts || [])]) part.close();
    this.root.replaceChildren();
  }

  build() {
    this.dismantle();
    const spec = (this.spec = this.model.get("spec")), dark = isDark(this.root);
    this.root.classList.toggle("lab-dark", dark);
    this.root.classList.toggle("lab-two", spec.worlds > 1);
    const same = this.histories && this.histories.keys.join() === spec.keys.join() && this.histories.months.length === spec.worlds;
    if (!same) this.histories = new Histories(spec.keys, spec.worlds);
    this.networks = [];
    this.heats = [];
    this.charts = [];
    this.buildNow();
    const names = (world) => (spec.worlds > 1 ? spec.world_names[world] : "");
    const charts = new Map(spec.charts.map((chart) => [chart.id, chart]));
    for (const panel of spec.panels) {
      for (let world = 0; world < spec.worlds && (panel === "network" || panel === "heat"); world++) {
        const view = panel === "network"
          ? new NetworkView(this.root, (id) => this.say("pick", world, id), (id) => this.say("hover", world, id))
          : new HeatView(this.root);
        view.setSpec(spec, dark, names(world));
        (panel === "network" ? this.networks : this.heats).push(view);
      }
      if (panel === "network" && spec.worlds > 1) networkLegend(element("div", "lab-legend lab-shared", this.root), spec);
      if (charts.has(panel)) {
        const options = { dark, worlds: spec.worlds, worldNames: spec.world_names, theory: this.model.get("theory") };
        this.charts.push(new ChartView(this.root, charts.get(panel), options));
      }
    }
    if (same && this.last) for (const [world, frame] of this.last) this.show(world, frame);
    else this.last = new Map();
    this.refresh();
  }

  // the month and the phase, above all: here and not in the page, so that a month costs the server no new page
  buildNow() {
    this.now = element("div", "lab-now", this.root);
    this.month = element("span", "lab-month", this.now, "Month 0");
    this.phases = new Map();
    for (const { name, help } of this.spec.phases || []) {
      const chip = element("span", "lab-phase", this.now, name);
      chip.title = help;
      this.phases.set(name, chip);
    }
    element("span", "lab-question", this.now, this.spec.question || "");
  }

  showNow({ month, phase }) {
    this.month.textContent = `Month ${month}`;
    for (const [name, chip] of this.phases) chip.classList.toggle("lab-current", name === phase);
  }

  say(type, world, id) {
    this.model.send({ type, world, id });
  }

  hear(message, buffers) {
    if (message.type === "frame") {
      this.waiting.set(message.world, { meta: message, data: columns(message.parts, buffers[0]) });
      if (!this.asked) requestAnimationFrame(() => this.turn());
      this.asked = true;
    } else if (message.type === "history" && message.world < this.spec.worlds) {
      const data = columns(message.parts, buffers[0]);
      this.histories.replace(message.world, data.month, data.values);
    } else if (message.type === "tip" && this.networks[message.world]) {
      this.networks[message.world].setTip(message.id, message.lines);
    } else if (message.type === "route" && this.networks[message.world]) {
      this.networks[message.world].setRoute(message);
    } else if (message.type === "address") {
      history.replaceState(history.state, "", `${location.pathname}?${message.query}`);
    }
  }

  turn() {
    this.asked = false;
    if (this.closed) return;
    const frames = [...this.waiting];
    this.waiting.clear();
    try {
      this.take(frames);
      this.frames += 1;
      this.root.setAttribute("data-frames", this.frames);
      for (const [world, { meta }] of frames) this.mark(world, meta);
    } finally { // what cannot be drawn must not stop the run
      for (const [, { meta }] of frames) this.model.send({ type: "ack", t: meta.t });
    }
  }

  mark(world, meta) {
    this.root.setAttribute(`data-month-${world}`, meta.month);
    if (!world) this.root.setAttribute("data-links", meta.parts.weight[2]);
  }

  take(frames) {
    for (const [world, frame] of frames) {
      if (world >= this.spec.worlds || frame.data.values.length !== this.spec.keys.length) continue;
      this.histories.append(world, frame.meta.month, frame.data.values);
      this.last.set(world, frame);
      this.show(world, frame);
    }
    this.refresh();
  }

  show(world, frame) {
    if (!world) this.showNow(frame.meta);
    if (this.networks[world]) this.networks[world].setFrame(frame.meta, frame.data);
    if (this.heats[world]) this.heats[world].setFrame(frame.meta, frame.data);
  }

  refresh() {
    for (const view of [...this.networks, ...this.heats]) view.draw();
    const count = Math.min(...this.histories.months.map((months) => months.length));
    const months = this.histories.months[0].slice(-count);
    const curves = new Map([...this.last].map(([world, frame]) => [world, curvesOf(frame)]));
    for (const chart of this.charts) {
      if (chart.chart.kind === "curve") {
        chart.setCurves((key, world) => (curves.get(world) || {})[key] || [[], []]);
      } else {
        chart.setSeries(months, (key, world) => this.histories.of(key, world).slice(-count));
      }
      chart.draw();
    }
    clearTimeout(this.settling); // charts out of sight wait until nothing moves
    this.settling = setTimeout(() => this.charts.forEach((chart) => chart.dirty && chart.draw(true)), SETTLED);
  }
}

// key -> [xs, ys] of the curves in a frame
function curvesOf({ meta, data }) {
  const found = {};
  let at = 0;
  for (const lines of Object.values(meta.curves || {})) {
    for (const [key, count] of lines) {
      const pairs = data.curves.subarray(at, at + 2 * count);
      found[key] = [Array.from(pairs.filter((_, k) => k % 2 === 0)), Array.from(pairs.filter((_, k) => k % 2 === 1))];
      at += 2 * count;
    }
  }
  return found;
}

function render({ model, el }) {
  const stage = new Stage(model, el);
  return () => stage.close();
}
