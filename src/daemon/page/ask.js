// Asking the daemon. The token came behind the `#` of the address; it stays in this tab and out of the address bar.

const KEPT_AS = "llmc-token";

/** The daemon refused, or there was nobody to ask. `status` is 0 where nobody answered. */
export class Refused extends Error {
  constructor(status, message, hint) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

/** Takes the token out of the address; true where there was one. */
export function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return false;
  sessionStorage.setItem(KEPT_AS, token);
  history.replaceState(null, "", location.pathname);
  return true;
}

/** True where a token is at hand. */
export const hasToken = () => sessionStorage.getItem(KEPT_AS) !== null;

/** Forgets the token: it opens nothing. */
export const dropToken = () => sessionStorage.removeItem(KEPT_AS);

/** An answer whose body is yet to be read. Throws `Refused`. */
export async function open(path, signal) {
  const headers = { Authorization: "Bearer " + (sessionStorage.getItem(KEPT_AS) ?? "") };
  let response;
  try {
    response = await fetch(path, { headers, signal, cache: "no-store", credentials: "omit", redirect: "error" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, "The daemon does not answer.");
  }
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))).error ?? {};
  const cause = problem.cause ? ": " + problem.cause : "";
  throw new Refused(response.status, (problem.message ?? "the daemon answered " + response.status) + cause, problem.hint);
}

/** A whole answer. Throws `Refused`. */
export async function ask(path, signal) {
  const response = await open(path, signal);
  try {
    return await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Refused(0, "The daemon's answer was cut short.");
  }
}
