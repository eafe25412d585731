// What happens, as it happens: calls that the cache did not spare, with the reason.

import { Refused, open } from "./ask.js";
import { at, dollars, element, figure, millis, named, replace } from "./words.js";

/** So many are shown. */
const MOST = 20;

/** Why a call was made, by what became of the request. */
const REASONS = {
  miss: "nothing fresh was kept",
  refresh: "a new answer was asked for",
  bypass: "the cache was to be left alone",
  limited: "refused by a limit of llmc's own",
  failed: "it failed",
};

const missed = [];

/** Listens until told to stop, or the daemon ends; false where the daemon has no events to tell. */
export async function listen(signal) {
  let response;
  try {
    response = await open("/events", signal);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return false;
    throw error;
  }
  at("misses-section").hidden = false;
  show();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return true;
    const events = (rest + value).split(/\r?\n\r?\n/);
    rest = events.pop();
    if (events.map(read).some((event) => note(event))) show();
  }
}

/** The data of an event that tells of a request; null of any other. */
function read(text) {
  const lines = text.split(/\r?\n/);
  const name = lines.find((line) => line.startsWith("event:"))?.slice(6).trim();
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
  if (name !== "request" || data === "") return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function note(event) {
  if (event === null || !Object.hasOwn(REASONS, event.outcome)) return false;
  missed.unshift(event);
  missed.splice(MOST);
  return true;
}

function show() {
  at("misses-note").hidden = missed.length > 0;
  at("misses-region").hidden = missed.length === 0;
  const line = (event) => {
    const when = new Date(event.at);
    const head = element("th", "", when.toLocaleTimeString("en", { hourCycle: "h23" }));
    head.scope = "row";
    const { costUsd } = event;
    return element("tr", "", head,
      element("td", "", REASONS[event.outcome] + (event.error ? ": " + event.error.replaceAll("_", " ") : "")),
      element("td", "name", [event.provider, event.model].filter((name) => name).join("/")),
      element("td", "", named(event.namespace)),
      element("td", "number", millis(event.latencyMs)),
      element("td", "number", costUsd === null ? "–" : figure(dollars(costUsd), costUsd)));
  };
  replace(at("misses"), missed.map(line));
}
