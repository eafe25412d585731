// The page: asks for figures every few seconds while somebody looks, and shows them.

import { Refused, ask, dropToken, hasToken, takeToken } from "./ask.js";
import { drawMoney, drawRates, steps } from "./chart.js";
import { listen } from "./events.js";
import { refresh as refreshPrompts } from "./prompts.js";
import { at, bytes, count, dollars, element, figure, millis, named, percent, replace, rows, span, tell } from "./words.js";

/** Between two questions, in milliseconds; longer where the answers take long. */
const REST = 5000;

/** Fewer answers than this say nothing about how well the cache works. */
const FEW = 20;

/** So many models, providers and namespaces are shown of each. */
const MOST_GROUPS = 20;

const LOST = "The token is missing or was changed. Run llmc dashboard again, and open the address it prints.";

let latest = null;
let paused = false;
let failing = false;
let round = null;
let timer = 0;

// ---- showing ------------------------------------------------------------------------------------------------------

function showGlance({ totals, stats }) {
  tell(at("rate"), totals.hitRate === null ? "No rate yet" : percent(totals.hitRate) + " hits");
  const few = totals.hits + totals.misses < FEW;
  const verdicts = {
    good: ["good", "Good", "Most prompts are answered from the cache."],
    ok: ["fair", "OK", "Some prompts are answered from the cache; the table of models shows where calls are made."],
    review: few
      ? ["fair", "Too few to judge", "The first calls of anything are misses."]
      : ["bad", "Review", "Raise the TTL, or see with “llmc cache key --json” why prompts differ."],
  };
  const none = ["quiet", "", "Nothing was asked in this time. Try: llmc generate -m echo/echo hello"];
  const [colour, grade, advice] = verdicts[totals.grade] ?? none;
  at("grade").className = grade === "" ? "" : "badge " + colour;
  tell(at("grade"), grade);
  tell(at("advice"), advice);
  const unpriced = (number, what) => (number > 0 ? `${count(number)} unpriced ${what} not in it` : "");
  const latency = ({ p50, p99 }) => [millis(p50), p99 === null ? "" : `${millis(p99)} for 99 %`];
  const cards = [
    ["Hits", figure(count(totals.hits), totals.hits), "", "hits"],
    ["Misses", figure(count(totals.misses), totals.misses), "", "misses"],
    ["Saved", figure(dollars(totals.savedUsd), totals.savedUsd), unpriced(totals.unpricedHits, "hits"), "savedUsd"],
    ["Spent", figure(dollars(totals.spentUsd), totals.spentUsd), unpriced(totals.unpricedCalls, "calls"), "spentUsd"],
    ["Time saved", figure(span(totals.savedSeconds), totals.savedSeconds), "", "savedSeconds"],
    ["Tokens saved", figure(count(totals.savedTokens), totals.savedTokens), "", "savedTokens"],
    ["A hit takes", ...latency(totals.latencyMs.hit), "hitLatency"],
    ["A miss takes", ...latency(totals.latencyMs.miss), "missLatency"],
    ["Kept", figure(count(stats.entries), stats.entries), bytes(stats.bytes), "entries"],
  ];
  const others = [
    ["Shared a call", "coalesced"], ["Served stale", "stale"], ["Refreshed", "refreshed"], ["Cache left alone", "bypassed"],
    ["Passed through", "passed"], ["Refused by limits", "rateLimited"], ["Failed", "errors"],
  ];
  for (const [name, field] of others) {
    if (totals[field] > 0) cards.push([name, figure(count(totals[field]), totals[field]), "", field]);
  }
  replace(at("totals"), cards.map(([name, value, besides, id]) => {
    const told = element("dd", "", value, ...(besides === "" ? [] : [element("small", "", besides)]));
    told.id = "total-" + id;
    return element("div", "", element("dt", "", name), told);
  }));
}

function showTime() {
  if (latest === null) return;
  const by = document.querySelector("input[name=step]:checked").value;
  const all = steps(latest.by[by], by, Date.now());
  drawRates(at("rate-chart"), all);
  drawMoney(at("money-chart"), all);
  const told = all.filter((one) => one.totals !== null).reverse();
  rows(at("time-rows"), told.map(({ label, totals }) => [label, ...sums(totals)]));
}

function sums(totals) {
  return [
    figure(count(totals.hits), totals.hits),
    figure(count(totals.misses), totals.misses),
    percent(totals.hitRate),
    figure(dollars(totals.savedUsd), totals.savedUsd),
    figure(dollars(totals.spentUsd), totals.spentUsd),
  ];
}

const GROUPS = [["model", "Models", "Model"], ["provider", "Providers", "Provider"], ["namespace", "Namespaces", "Namespace"]];

function makeGroups() {
  const heads = ["Hits", "Misses", "Hit rate", "Saved", "Spent"];
  for (const [by, title, column] of GROUPS) {
    const caption = element("caption", "", title);
    caption.id = by + "-caption";
    const head = element("tr", "", element("th", "", column), ...heads.map((name) => element("th", "number", name)));
    for (const cell of head.cells) cell.scope = "col";
    const body = element("tbody", "");
    body.id = by + "-rows";
    const region = element("div", "scroll", element("table", "", caption, element("thead", "", head), body));
    region.tabIndex = 0;
    region.setAttribute("role", "region");
    region.setAttribute("aria-labelledby", caption.id);
    const note = element("p", "quiet");
    note.id = by + "-note";
    at("groups").append(region, note);
  }
}

function showGroups(groups) {
  for (const [by, title] of GROUPS) {
    const asked = (group) => group.hits + group.misses + group.refreshed + group.bypassed;
    const ordered = [...groups[by]].sort((one, other) => other.savedUsd - one.savedUsd || asked(other) - asked(one));
    rows(at(by + "-rows"), ordered.slice(0, MOST_GROUPS).map((group) => [named(group.name), ...sums(group)]));
    const more = ordered.length - MOST_GROUPS;
    tell(at(by + "-note"), ordered.length === 0 ? `No ${title.toLowerCase()} were asked in this time.` : more > 0 ? `And ${more} more.` : "");
    at(by + "-note").hidden = ordered.length > 0 && more <= 0;
    at(by + "-rows").closest(".scroll").hidden = ordered.length === 0;
  }
}

const CLASSES = { llm: "calls to models", standard: "looking things up", expensive: "purges" };

function left(remaining, limit, text) {
  const meter = element("meter", "");
  meter.max = limit > 0 ? limit : 1;
  meter.value = remaining;
  meter.setAttribute("aria-hidden", "true");
  return element("td", "", meter, text);
}

function showLimits({ limits, budgets }) {
  const until = (at) => span((at - Date.now()) / 1000 + 1);
  rows(at("limits"), limits.map((limit) => [
    CLASSES[limit.class] ?? limit.class,
    left(limit.remaining, limit.limit, count(limit.remaining)),
    count(limit.limit),
    span(limit.windowSeconds),
    limit.remaining > 0 ? "now" : "in " + until(limit.resetAt),
  ]));
  at("budgets-note").hidden = budgets.length > 0;
  at("budgets-region").hidden = budgets.length === 0;
  rows(at("budgets"), budgets.map((budget) => [
    budget.period + (budget.namespace === null ? "" : ", " + budget.namespace),
    left(budget.spentUsd, budget.limitUsd, dollars(budget.spentUsd)),
    dollars(budget.limitUsd),
    dollars(budget.leftUsd),
    dollars(budget.reservedUsd),
    until(budget.resetAt),
  ]));
}

function showStore({ status, stats }) {
  const troubles = [...status.degraded];
  if (!status.store.healthy) troubles.unshift(`the store (${status.store.backend}) does not answer`);
  if (stats.storeFailures > 0) troubles.push(`the store failed ${count(stats.storeFailures)} times; each counted as a miss`);
  if (stats.damaged > 0) troubles.push(`${count(stats.damaged)} damaged entries were found; each counted as a miss`);
  if (status.draining) troubles.push("the daemon finishes what is in the air, and then ends");
  replace(at("troubles"), troubles.map((trouble) => element("li", "", trouble)));
  const health = status.store.healthy ? element("span", "good", "well") : element("span", "bad", "does not answer");
  const took = status.store.latencyMs;
  const pairs = [
    ["Store", status.store.backend + ", ", health, took === null ? "" : `, answers in ${millis(took)}`],
    ["Kept", `${count(stats.entries)} entries, ${bytes(stats.bytes)}, ${count(stats.evictions)} removed for room`],
    ["In the air", count(status.inFlight) + (status.inFlight === 1 ? " call" : " calls")],
    ["Running", `process ${status.pid}, for ${span(status.uptimeSeconds)}`],
  ];
  for (const [name, place] of [["Data", status.data], ["Settings", status.config], ["Counted since", stats.since]]) {
    if (place) pairs.push([name, place]);
  }
  replace(at("store"), pairs.flatMap(([name, ...told]) => [element("dt", "", name), element("dd", "", ...told)]));
  tell(at("version"), "version " + status.version);
}

function show(figures) {
  latest = figures;
  const { stats, by, limits, status } = figures;
  showGlance({ totals: stats, stats });
  showTime();
  showGroups(by);
  showLimits(limits);
  showStore({ status, stats });
  tell(at("updated"), "· as of " + new Date().toLocaleTimeString("en", { hourCycle: "h23" }));
  document.body.dataset.ready = "true";
}

// ---- asking -------------------------------------------------------------------------------------------------------

function news(text, isTrouble) {
  at("news").classList.toggle("trouble", isTrouble);
  tell(at("news"), text);
}

function failed(error) {
  failing = true;
  if (error.status === 401) {
    dropToken();
    return news(LOST, true);
  }
  const hint = error.hint ? " (" + error.hint + ")" : "";
  news(error.status === 0 ? error.message + " The figures below are the last there were." : error.message + hint, true);
}

async function turn() {
  clearTimeout(timer);
  round?.abort();
  if (!hasToken()) return news(LOST, true);
  if (paused || document.hidden) return;
  const { signal } = (round = new AbortController());
  const began = performance.now();
  try {
    const since = at("period").value;
    const figures = await ask("/dashboard/figures" + (since === "" ? "" : "?since=" + since), signal);
    show(figures);
    if (failing) news("The daemon answers again.", false);
    failing = false;
    listenAgain();
    await refreshPrompts({ entries: figures.stats.entries, totalsSeen: figures.stats.hits }, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Refused)) throw error;
    failed(error);
    if (error.status === 401) return;
  }
  timer = setTimeout(turn, Math.max(REST, 10 * (performance.now() - began)));
}

let hearing = null;

/** Listens to events while somebody looks; where they break off, the next turn begins again. */
function listenAgain() {
  if (hearing !== null) return;
  const controller = (hearing = new AbortController());
  const over = (hasEvents) => {
    if (hearing === controller && hasEvents) hearing = null;
  };
  listen(controller.signal).then(over, () => over(true));
}

function rest() {
  clearTimeout(timer);
  round?.abort();
  hearing?.abort();
  hearing = null;
}

function begin() {
  makeGroups();
  takeToken();
  at("period").addEventListener("change", turn);
  for (const choice of document.querySelectorAll("input[name=step]")) choice.addEventListener("change", showTime);
  at("pause").addEventListener("click", () => {
    paused = !paused;
    at("pause").setAttribute("aria-pressed", String(paused));
    news(paused ? "Paused: the figures stay as they are." : "", false);
    if (paused) rest();
    else turn();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : turn()));
  window.addEventListener("hashchange", () => {
    if (takeToken()) turn();
  });
  new ResizeObserver(showTime).observe(at("rate-chart"));
  turn();
}

begin();
