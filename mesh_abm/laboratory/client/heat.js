// The specialization map: a row a device, a column a type, the type's color where the device's work goes.

class HeatView {
  constructor(parent) {
    this.root = element("div", "lab-chart lab-heat", parent);
    this.head = element("div", "lab-chart-title", this.root);
    this.canvas = element("canvas", "lab-heat-canvas", this.root);
    this.foot = element("div", "lab-heat-foot", this.root);
    this.pixels = document.createElement("canvas");
    this.resize = new ResizeObserver(() => this.draw());
    this.resize.observe(this.root);
  }

  close() {
    this.resize.disconnect();
  }

  setSpec(spec, dark, name) {
    this.spec = spec;
    this.dark = dark;
    this.head.textContent = spec.heat.title + (name ? ` (${name})` : "");
    this.root.title = spec.heat.help;
    this.foot.textContent = `${spec.heat.columns}: ${spec.tasks.length} · ${spec.heat.rows}`;
    this.columns = spec.tasks.map((task) => rgb(task.color));
    this.draw();
  }

  setFrame(meta, data) {
    [this.rows, this.wide] = meta.heat;
    this.values = data.heat;
  }

  draw() {
    if (!this.values || !this.spec || !this.canvas.clientWidth) return;
    const ratio = window.devicePixelRatio || 1;
    const w = Math.round(this.canvas.clientWidth * ratio), h = Math.round(this.canvas.clientHeight * ratio);
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
    const c = this.canvas.getContext("2d");
    c.clearRect(0, 0, w, h);
    if (!this.rows) return;
    Object.assign(this.pixels, { width: this.wide, height: this.rows });
    const p = this.pixels.getContext("2d"), image = p.createImageData(this.wide, this.rows);
    const paper = this.dark ? [30, 30, 30] : [246, 246, 246];
    for (let k = 0; k < this.values.length; k++) {
      const part = this.values[k] / 255, color = this.columns[k % this.wide % this.columns.length];
      for (let b = 0; b < 3; b++) image.data[4 * k + b] = paper[b] + part * (color[b] - paper[b]);
      image.data[4 * k + 3] = 255;
    }
    p.putImageData(image, 0, 0);
    c.imageSmoothingEnabled = false;
    c.drawImage(this.pixels, 0, 0, w, h);
  }
}
