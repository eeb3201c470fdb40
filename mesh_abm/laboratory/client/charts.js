// Charts of lines over months (of one world or two), of stacked areas, and of curves; drawn by uPlot.

const LONGEST = 600; // months kept
const SECOND = [2, 3]; // dashes of the second world's lines

function shownNumber(value, percent, digits = 2) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (percent && Math.abs(value) < 0.0005) return "0%";
  if (percent) return `${(100 * value).toFixed(Math.abs(value) < 0.0995 ? 1 : 0)}%`;
  const size = Math.abs(value);
  if (size >= 1e6) return value.toExponential(1);
  if (size >= 1e4) return `${Number((value / 1000).toPrecision(3))}k`;
  if (size >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(digits)));
}

function swatch(color, dash, wide) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("width", "22");
  svg.setAttribute("height", "8");
  const line = document.createElementNS(svg.namespaceURI, "line");
  for (const [k, v] of Object.entries({ x1: 0, x2: 22, y1: 4, y2: 4, stroke: color, "stroke-width": wide }))
    line.setAttribute(k, v);
  if (dash.length) line.setAttribute("stroke-dasharray", dash.join(" "));
  svg.appendChild(line);
  return svg;
}

const MONTHS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];  // between two labels below a chart of months

class ChartView {
  constructor(parent, chart, { dark, worlds, worldNames, theory, domain = null }) {
    Object.assign(this, { chart, dark, worlds, worldNames, theory, domain });
    this.root = element("div", "lab-chart", parent);
    this.root.dataset.chart = chart.id;
    this.root.title = chart.help || "";
    const head = element("div", "lab-chart-title", this.root, chart.title);
    element("div", "lab-chart-unit", head, chart.unit);
    this.body = element("div", "lab-chart-body", this.root);
    this.legend = element("div", "lab-chart-legend", this.root);
    this.visible = true;
    this.dirty = true;
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this.body);
    this.sight = new IntersectionObserver(([entry]) => {
      this.visible = entry.isIntersecting;
      if (this.visible && this.dirty) this.draw();
    });
    this.sight.observe(this.root);
    this.build();
  }

  close() {
    this.resize.disconnect();
    this.sight.disconnect();
    if (this.plot) this.plot.destroy();
  }

  // the lines as uPlot's series: of each world; those of theory only while they are shown
  shown() {
    const lines = this.chart.lines.filter((line) => this.theory || !line.theory);
    const last = this.worlds - 1, { kind } = this.chart;
    const of = (world) => lines.map((line) => ({ line, world }));
    if (kind === "area") return of(last).reverse();
    if (this.chart.id === "difference") return of(last);
    const both = Array.from({ length: this.worlds }, (_, world) => of(world)).flat();
    return both.filter(({ line, world }) => !(world && line.theory && kind === "curve"));
  }

  build() {
    if (this.plot) this.plot.destroy();
    this.series = this.shown();
    this.legend.replaceChildren();
    this.values = this.keys();
    this.plot = new uPlot(this.options(), this.data || this.empty(), this.body);
    this.dirty = true;
    this.draw();
  }

  // a name for each line, with room for its value in each world; returns the rooms, [cell, places in series]
  keys() {
    const rooms = [];
    for (const line of this.chart.lines) {
      const places = this.series.map((s, k) => (s.line === line ? k : -1)).filter((k) => k >= 0);
      if (!places.length) continue;
      const item = element("span", "lab-key", this.legend);
      item.appendChild(swatch(lineColor(line.color, this.dark), line.dash, this.chart.kind === "area" ? 7 : 2.2));
      element("span", "", item, line.label);
      rooms.push([element("span", "lab-key-value", item), places]);
    }
    if (this.worlds > 1) {
      const one = this.chart.kind === "area" || this.chart.id === "difference";
      if (this.chart.kind === "area") element("span", "", this.legend, `(${this.worldNames[1]})`);
      if (!one) element("span", "", this.legend, `· dotted: ${this.worldNames[1]}`);
    }
    return rooms;
  }

  dash(line, world) {
    if (this.chart.id === "difference") return line.dash;
    return world ? SECOND : line.dash;
  }

  options() {
    const { chart } = this, colors = palette(this.dark);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const font = `${Math.round(rem * 0.8)}px sans-serif`;
    const axis = { stroke: colors.muted, font, grid: { stroke: colors.grid, width: 1 }, ticks: { show: false } };
    const curve = chart.kind === "curve";
    const xPercent = curve && chart.x.percent;
    const { min, max, log, percent } = chart.y;
    const number = (p) => (u, splits) => splits.map((v) => (v === null ? "" : shownNumber(v, p, 3)));
    const range = (u, low, high) => {
      if (low === null || high === null) return [min ?? 0, max ?? 1];
      if (low === high) {  // one value, such as no difference at all: a small range around it
        const half = Math.abs(low) / 10 || (percent ? 0.1 : 1);
        return [min ?? low - half, max ?? high + half];
      }
      const [a, b] = uPlot.rangeNum(low, high, 0.08, true);
      return [min ?? a, max ?? b];
    };
    const xRange = (u, low, high) => {
      if (this.domain) return this.domain;
      return curve ? [low ?? 0, high > low ? high : (low ?? 0) + 1] : [low ?? 0, Math.max((low ?? 0) + 12, high ?? 12)];
    };
    return {
      width: Math.max(60, this.body.clientWidth), height: Math.max(60, this.body.clientHeight),
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      padding: [10, rem * 1.3, 0, 0],
      scales: {
        x: curve && chart.x.log
          ? { time: false, distr: 3, ...(this.domain ? { range: this.domain } : {}) }
          : { time: false, range: xRange },
        y: log ? { distr: 3 } : { range },
      },
      axes: [
        { ...axis, size: rem * 1.3, label: curve ? chart.x.label : undefined, labelSize: rem * 1.1,
          labelFont: font, labelGap: 0, values: number(xPercent), space: rem * 3,
          ...(curve ? {} : { incrs: MONTHS }),
          ...(curve && chart.x.log ? { splits: steps, filter: (u, splits) => splits } : {}) },
        { ...axis, size: rem * 2.9, values: number(percent), space: rem * 1.7, ...(log ? { splits: powers, filter: (u, splits) => splits } : {}) },
      ],
      series: [{}, ...this.series.map(({ line, world }) => this.stroke(line, world))],
      hooks: { setCursor: [() => this.read()] },
    };
  }

  stroke(line, world) {
    const color = lineColor(line.color, this.dark), area = this.chart.kind === "area";
    return {
      stroke: area ? palette(this.dark).paper : color,
      fill: area ? color : undefined,
      width: area ? 0.5 : this.worlds > 1 && !world ? 1.4 : 2,
      dash: area ? undefined : this.dash(line, world),
      points: { show: this.chart.kind === "curve" && !line.theory && this.chart.x.log, size: 5, fill: color },
      spanGaps: this.chart.kind === "curve",
    };
  }

  empty() {
    return [[], ...this.series.map(() => [])];
  }

  // months: numbers; of: (key, world) -> values, null where there are none
  setSeries(months, of) {
    let columns = this.series.map(({ line, world }) => of(line.key, world));
    this.raw = columns;
    if (this.chart.kind === "area") columns = stacked(columns);
    if (this.chart.y.log) columns = columns.map((column) => column.map((v) => (v > 0 ? v : null)));
    this.data = [months, ...columns];
    this.dirty = true;
  }

  // of: (key, world) -> [xs, ys]
  setCurves(of) {
    const positive = (v, log) => !log || v > 0;
    const tables = this.series.map(({ line, world }) => {
      const [xs, ys] = of(line.key, world);
      const kept = xs.map((x, k) => k).filter((k) => positive(xs[k], this.chart.x.log) && positive(ys[k], this.chart.y.log));
      return [kept.map((k) => xs[k]), kept.map((k) => ys[k])];
    });
    this.data = tables.length ? uPlot.join(tables) : [[]];
    this.raw = this.data.slice(1);
    this.dirty = true;
  }

  setTheory(on) {
    this.theory = on;
    this.data = null;
    this.build();
  }

  draw(unseen = false) {
    if (!(this.visible || unseen) || !this.data || !this.plot) return;
    this.plot.setData(this.data);
    this.dirty = false;
    this.read();
  }

  fit() {
    if (!this.plot || !this.body.clientWidth) return;
    this.plot.setSize({ width: this.body.clientWidth, height: this.body.clientHeight });
  }

  // beside each name the value under the cursor, else the last one
  read() {
    if (!this.raw || this.chart.kind === "curve") return;
    const at = this.plot.cursor.idx ?? this.data[0].length - 1;
    for (const [cell, places] of this.values) {
      const text = places.map((k) => shownNumber(this.raw[k] ? this.raw[k][at] : null, this.chart.y.percent)).join(" / ");
      if (cell.textContent !== text) cell.textContent = text;
    }
  }
}

// Where a log axis has its lines: at powers of ten (every other one if there are many), or at 1, 2, 5, 10, ...
function powers(u, axis, low, high) {
  const from = Math.ceil(Math.log10(low) - 1e-9), to = Math.floor(Math.log10(high) + 1e-9);
  const by = Math.max(1, Math.ceil((to - from) / 5));
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, k) => 10 ** (from + k * by));
}

function steps(u, axis, low, high) {
  const found = [];
  for (let power = 10 ** Math.floor(Math.log10(low)); power <= high * 1.0001; power *= 10)
    for (const step of [1, 2, 5]) if (step * power >= low && step * power <= high * 1.0001) found.push(step * power);
  return found;
}

// Each column with all those after it added: drawn one over another, they look stacked.
function stacked(columns) {
  const out = columns.map((column) => column.slice());
  for (let k = out.length - 2; k >= 0; k--) {
    for (let i = 0; i < out[k].length; i++) {
      const [own, below] = [out[k][i] ?? null, out[k + 1][i] ?? null];
      out[k][i] = own === null && below === null ? null : own + below;
    }
  }
  return out;
}

// What was measured in each world, month by month: columns of plain numbers, null for none.
class Histories {
  constructor(keys, worlds) {
    this.keys = keys;
    this.months = Array.from({ length: worlds }, () => []);
    this.columns = Array.from({ length: worlds }, () => new Map(keys.map((key) => [key, []])));
  }

  replace(world, months, values) {
    this.months[world] = Array.from(months);
    this.keys.forEach((key, k) => {
      const column = new Array(months.length);
      for (let i = 0; i < months.length; i++) column[i] = orNull(values[i * this.keys.length + k]);
      this.columns[world].set(key, column);
    });
  }

  append(world, month, values) {
    const months = this.months[world], last = months[months.length - 1];
    const again = last === month;
    if (!again) months.push(month);
    const cut = months.length > LONGEST;
    if (cut) months.shift();
    this.keys.forEach((key, k) => {
      const column = this.columns[world].get(key);
      if (again) column[column.length - 1] = orNull(values[k]);
      else column.push(orNull(values[k]));
      if (cut) column.shift();
    });
  }

  of(key, world) {
    return this.columns[world].get(key) || [];
  }
}

function orNull(value) {
  return Number.isFinite(value) ? value : null;
}
