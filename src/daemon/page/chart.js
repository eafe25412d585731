// Charts of figures over time, as SVG of this page's own making. Each has its figures in words beside it.

import { count, dollars, element, percent, replace } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const HOUR = 3600000;
const DAY = 24 * HOUR;
const EDGE = { top: 10, right: 8, bottom: 24, left: 60 };

/** Steps of time without a gap: each with its beginning, its label and what was counted in it, which may be nothing. */
export function steps(groups, by, now) {
  const length = by === "hour" ? HOUR : DAY;
  const most = by === "hour" ? 48 : 90;
  const found = new Map(groups.map((group) => [Date.parse(by === "hour" ? group.name + ":00:00Z" : group.name), group]));
  const last = Math.floor(now / length) * length;
  const first = Math.max(Math.min(...found.keys(), last - (by === "hour" ? 23 : 6) * length), last - (most - 1) * length);
  const all = [];
  for (let begin = first; begin <= last; begin += length) {
    all.push({ begin, label: label(begin, by), totals: found.get(begin) ?? null });
  }
  return all;
}

function label(begin, by) {
  const at = new Date(begin);
  return by === "hour"
    ? at.toLocaleString("en", { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    : at.toLocaleDateString("en", { day: "numeric", month: "short", timeZone: "UTC" });
}

function shape(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** An empty chart: its axes drawn, with places for its figures. */
function frame(holder, all, most, format, words) {
  const width = Math.max(240, holder.clientWidth);
  const height = 176;
  const inner = { width: width - EDGE.left - EDGE.right, height: height - EDGE.top - EDGE.bottom };
  const step = inner.width / all.length;
  const x = (place) => EDGE.left + step * place;
  const y = (value) => EDGE.top + inner.height * (1 - value / most);
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": words });
  for (const share of [0, 0.5, 1]) {
    const level = y(most * share);
    svg.append(
      shape("line", { class: "grid", x1: EDGE.left, x2: width - EDGE.right, y1: level, y2: level }),
      shape("text", { x: EDGE.left - 6, y: level + 4, "text-anchor": "end" }, format(most * share)),
    );
  }
  const every = Math.max(1, Math.ceil(all.length / Math.max(1, Math.floor(inner.width / 84))));
  all.forEach((one, place) => {
    if ((all.length - 1 - place) % every !== 0) return;
    const near = x(place) + step / 2;
    const anchor = near > width - 40 ? "end" : near < EDGE.left + 30 ? "start" : "middle";
    const at = anchor === "end" ? width - EDGE.right : anchor === "start" ? EDGE.left : near;
    svg.append(shape("text", { x: at, y: height - 6, "text-anchor": anchor }, one.label));
  });
  return { svg, x, y, step };
}

/** Draws hit rates as a line that is broken where nothing was asked. */
export function drawRates(holder, all) {
  const asked = all.filter((one) => one.totals?.hitRate !== null && one.totals !== null);
  if (asked.length === 0) return nothing(holder, "Nothing was asked in this time.");
  const { svg, x, y, step } = frame(holder, all, 100, (value) => value + " %", words(asked, "Hit rate", (totals) => percent(totals.hitRate)));
  let path = "";
  let isOpen = false;
  const dots = [];
  all.forEach((one, place) => {
    const rate = one.totals?.hitRate ?? null;
    if (rate !== null) {
      const [across, up] = [x(place) + step / 2, y(rate)];
      path += `${isOpen ? "L" : "M"}${across.toFixed(1)} ${up.toFixed(1)}`;
      const { hits, misses } = one.totals;
      const told = `${one.label}: ${percent(rate)}, ${count(hits)} of ${count(hits + misses)}`;
      dots.push(shape("circle", { class: "dot", cx: across, cy: up, r: Math.max(1, Math.min(3.5, step / 3)).toFixed(1) }, shape("title", {}, told)));
    }
    isOpen = rate !== null;
  });
  svg.append(shape("path", { class: "rate", d: path }), ...dots);
  replace(holder, [svg]);
}

/** Draws what was saved and spent as two bars a step. */
export function drawMoney(holder, all) {
  const paid = all.filter((one) => one.totals !== null);
  const most = Math.max(0, ...paid.flatMap((one) => [one.totals.savedUsd, one.totals.spentUsd]));
  if (most === 0) return nothing(holder, "Nothing was saved or spent in this time.");
  const told = (totals) => `${dollars(totals.savedUsd)} saved, ${dollars(totals.spentUsd)} spent`;
  const top = round(most);
  const { svg, x, y, step } = frame(holder, all, top, short, words(paid, "Saved and spent", told));
  const wide = Math.max(1, Math.min(18, step * 0.36));
  all.forEach((one, place) => {
    if (one.totals === null) return;
    const middle = x(place) + step / 2;
    const bar = (name, value, left) => shape("rect", {
      class: name, x: left.toFixed(1), y: y(value).toFixed(1), width: wide.toFixed(1), height: (y(0) - y(value)).toFixed(1),
    });
    const both = shape("g", {}, shape("title", {}, `${one.label}: ${told(one.totals)}`));
    if (one.totals.savedUsd > 0) both.append(bar("saved", one.totals.savedUsd, middle - wide - 0.5));
    if (one.totals.spentUsd > 0) both.append(bar("spent", one.totals.spentUsd, middle + 0.5));
    svg.append(both);
  });
  replace(holder, [svg]);
}

function nothing(holder, text) {
  replace(holder, [element("p", "", text)]);
}

/** A chart in a sentence: what it shows, from when to when, and how it ends. */
function words(all, name, told) {
  const [first, last] = [all[0], all.at(-1)];
  const from = first === last ? last.label : `${first.label} to ${last.label}`;
  return `${name}, ${from}. Last: ${told(last.totals)}. The table below has every step.`;
}

/** The next larger number that is easy to read. */
function round(most) {
  const unit = 10 ** Math.floor(Math.log10(most));
  return unit * [1, 2, 2.5, 5, 10].find((times) => most <= unit * times * (1 + 1e-9));
}

/** A sum as short as an axis wants it. */
function short(sum) {
  if (sum === 0) return "$0";
  if (sum >= 1000) return "$" + sum.toLocaleString("en", { notation: "compact" });
  return "$" + sum.toLocaleString("en", { maximumSignificantDigits: 3 });
}
