// Figures as words, and words as elements. Whatever comes from the API is put in as text, never as markup.

const NOT_THERE = "–";

/** A whole number with its thousands apart. */
export const count = (number) => number.toLocaleString("en");

/** Dollars: cents, and more digits where there are only fractions of one. */
export function dollars(sum) {
  if (sum === null || sum === undefined) return NOT_THERE;
  const places = sum !== 0 && Math.abs(sum) < 0.1 ? 6 : 2;
  return "$" + sum.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A percentage with one decimal. */
export const percent = (rate) => (rate === null || rate === undefined ? NOT_THERE : rate.toFixed(1) + " %");

/** Milliseconds, or seconds where they are many. */
export function millis(time) {
  if (time === null || time === undefined) return NOT_THERE;
  if (time >= 1000) return (time / 1000).toFixed(1) + " s";
  return (time >= 10 ? time.toFixed(0) : time.toFixed(2)) + " ms";
}

/** Bytes in the unit that fits. */
export function bytes(size) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; size >= 1024 && unit + 1 < units.length; unit += 1) size /= 1024;
  return (unit === 0 ? count(size) : size.toFixed(1)) + " " + units[unit];
}

/** Seconds in the two largest units that fit. */
export function span(seconds) {
  const units = [["d", 86400], ["h", 3600], ["m", 60], ["s", 1]];
  let rest = Math.max(0, Math.round(seconds));
  const parts = [];
  for (const [name, length] of units) {
    if (rest >= length && parts.length < 2) {
      parts.push(Math.floor(rest / length) + name);
      rest %= length;
    }
  }
  return parts.join(" ") || "0s";
}

/** What stands where a name is empty. */
export const named = (name) => (name === "" ? "(none)" : name);

/** An element of this page, by its id. */
export const at = (id) => document.getElementById(id);

/** A new element; its class, then its children, texts among them. */
export function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** A figure: its words, and its exact value for programs. */
export function figure(text, value) {
  const made = element("data", "", text);
  made.value = String(value);
  return made;
}

/** Sets a text where it is another one: a screen reader is told of changes only. */
export function tell(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** Puts children in place of others, unless they are the same: what is focused or selected stays so. */
export function replace(target, children) {
  const same = children.length === target.childNodes.length
    && children.every((child, place) => child.isEqualNode(target.childNodes[place]));
  if (!same) target.replaceChildren(...children);
}

/** Rows of a table: the first cell heads its row, those after it are numbers unless they are elements. */
export function rows(body, lines) {
  const cell = (content, first) => {
    if (first) {
      const head = element("th", "name", content);
      head.scope = "row";
      return head;
    }
    return content instanceof HTMLTableCellElement ? content : element("td", "number", content);
  };
  const made = lines.map((line) => element("tr", "", ...line.map((content, place) => cell(content, place === 0))));
  replace(body, made);
}
