// The prompts that saved the most. What was asked is fetched when somebody wants to see it, and not before.

import { ask } from "./ask.js";
import { at, count, dollars, element, figure, named, span } from "./words.js";

const MOST = 10;

/** Prompts are searched among all that is kept, so this is done when something has changed, and not too often. */
const REST = 30000;

/** So much of a prompt is shown, in characters. */
const BEGINNING = 600;

let asOf = "";
let askedAt = -Infinity;

/** Asks for the list anew where the figures have moved on. */
export async function refresh(stats, signal) {
  const seen = [stats.entries, stats.totalsSeen].join("/");
  if (seen === asOf || performance.now() - askedAt < REST) return;
  askedAt = performance.now();
  const { entries } = await ask("/cache/entries?sort=saved&limit=" + MOST, signal);
  asOf = seen;
  show(entries.filter((entry) => entry.hits > 0), stats.entries);
}

function show(entries, kept) {
  const note = kept === 0
    ? "Nothing is kept yet. The answer to the next prompt will be."
    : "None of the kept answers has been served from the cache yet.";
  at("prompts-note").hidden = entries.length > 0;
  at("prompts-note").textContent = note;
  at("prompts-region").hidden = entries.length === 0;
  const body = at("prompts");
  const known = new Map([...body.querySelectorAll("button")].map((button) => [button.dataset.key, button]));
  const focused = document.activeElement?.dataset?.key;
  body.replaceChildren(...entries.flatMap((entry) => row(entry, known.get(entry.key) ?? opener(entry.key))));
  if (focused !== undefined) known.get(focused)?.focus();
}

/** The row of an entry, and below it that of its prompt where it is shown. The button goes on from list to list. */
function row(entry, button) {
  const head = element("th", "", button);
  head.scope = "row";
  const cells = [
    [entry.savedUsd === null ? "no price" : figure(dollars(entry.savedUsd), entry.savedUsd), "number"],
    [figure(count(entry.hits), entry.hits), "number"],
    [entry.provider + "/" + entry.model, "name"],
    [named(entry.namespace), ""],
    [span(entry.ageSeconds), "number"],
  ];
  const own = element("tr", "", head, ...cells.map(([content, name]) => element("td", name, content)));
  return button.shown ? [own, button.shown] : [own];
}

function opener(key) {
  const button = element("button", "", "Show " + key.slice(0, 8));
  button.type = "button";
  button.dataset.key = key;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => (button.shown ? close(button) : open(button)));
  return button;
}

function close(button) {
  button.shown.remove();
  button.shown = null;
  button.setAttribute("aria-expanded", "false");
  button.textContent = "Show " + button.dataset.key.slice(0, 8);
}

async function open(button) {
  const { key } = button.dataset;
  const place = element("pre", "", "Reading…");
  const cell = element("td", "", place);
  cell.colSpan = 6;
  button.shown = element("tr", "", cell);
  button.closest("tr").after(button.shown);
  button.setAttribute("aria-expanded", "true");
  button.textContent = "Hide " + key.slice(0, 8);
  try {
    place.textContent = beginning(promptOf((await ask("/cache/entries/" + key)).material));
  } catch (error) {
    place.textContent = "It cannot be shown: " + error.message;
  }
}

function beginning(text) {
  const characters = [...text];
  return characters.length > BEGINNING ? characters.slice(0, BEGINNING).join("") + " …" : text;
}

/** What was asked last, out of a body in any of the vendors' words; the body itself where none of them fits. */
function promptOf(material) {
  const body = material?.body ?? material ?? {};
  const turns = body.messages ?? body.contents ?? body.input ?? body.prompt;
  const last = Array.isArray(turns) ? turns.findLast((turn) => textOf(turn) !== "") : turns;
  return textOf(last) || JSON.stringify(body);
}

function textOf(value) {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).filter((text) => text !== "").join("\n");
  if (value === null || typeof value !== "object") return "";
  return textOf(value.text ?? value.content ?? value.parts);
}
