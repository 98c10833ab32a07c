// [data-chart="id of the JSON"]: draws the figure of that <script type="application/json">.
// Colours arrive as names of tokens.css and are looked up here, so the same figure serves both themes.
const asset = (path) => new URL(`../vendor/${path}`, import.meta.url).href;
const CONFIG = { displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false };
let loading;

// plotly sets some styles as attributes, which the policy forbids; the same through the object model it allows.
const setAttribute = SVGElement.prototype.setAttribute;
SVGElement.prototype.setAttribute = function (name, value) {
  if (name === "style") this.style.cssText = value;
  else setAttribute.call(this, name, value);
};

function plotly() {
  loading ??= new Promise((resolve, reject) => {
    // plotly would insert a <style>; it leaves that when this element is there already.
    const sheet = document.createElement("link");
    Object.assign(sheet, { id: "plotly.js-style-global", className: "no-inline-styles", rel: "stylesheet", href: asset("plotly.css") });
    const script = document.createElement("script");
    script.src = asset("plotly-cartesian.min.js");
    script.onload = () => resolve(window.Plotly);
    script.onerror = reject;
    document.head.append(sheet, script);
  });
  return loading;
}

const probe = document.createElement("i");
function colour(name) {
  probe.style.color = name;
  return getComputedStyle(probe).color;
}

// A copy of the figure with every "var(--token)" replaced by its value in the theme shown now.
function resolved(value, cache) {
  if (typeof value === "string" && value.startsWith("var(--")) return (cache[value] ??= colour(value));
  if (Array.isArray(value)) return value.map((item) => resolved(item, cache));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, cache)]));
  return value;
}

async function draw(box) {
  const source = document.getElementById(box.dataset.chart);
  if (!source) return;
  try {
    const Plotly = await plotly();
    const figure = JSON.parse(source.textContent);
    box.append(probe);
    const { data, layout } = resolved({ data: figure.data, layout: figure.layout }, {});
    probe.remove();
    layout.separators = document.documentElement.lang === "de" ? ",." : ".,";
    const plot = box.querySelector(":scope > .plot") ?? box.appendChild(Object.assign(document.createElement("div"), { className: "plot" }));
    await Plotly.react(plot, data, layout, CONFIG);
    if (!box.drawn) listen(box, plot);
    box.drawn = figure.name;
  } catch (error) {
    box.textContent = box.dataset.failed ?? "";
    throw error;
  }
}

function listen(box, plot) {
  plot.on("plotly_click", (event) => {
    const point = event.points[0];
    box.dispatchEvent(new CustomEvent("cxm:point", { bubbles: true, detail: { customdata: point.customdata, x: point.x, y: point.y, trace: point.curveNumber } }));
  });
}

const drawAll = (root = document) => root.querySelectorAll("[data-chart]").forEach((box) => draw(box));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-chart-export]");
  if (!button) return;
  const box = document.getElementById(button.dataset.for);
  const plot = box.querySelector(".plot");
  const { width, height } = plot.getBoundingClientRect();
  (await plotly()).downloadImage(plot, { format: button.dataset.chartExport, filename: box.drawn, width, height, scale: 2 });
});

new MutationObserver(() => drawAll()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
document.addEventListener("htmx:afterSettle", (event) => drawAll(event.detail.elt.parentElement ?? document));
drawAll();
