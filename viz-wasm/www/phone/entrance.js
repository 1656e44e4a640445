// Coming in: a code or the QR's token, and what the hub says to it, in the pupil's language.

import { ticketOf } from "../code.js";
import { known, lang, text } from "../words.js";
import { element, say } from "./dom.js";

const PATIENCE = 15_000;

export class Entrance {
  /** `entered(joined)` is called with the hub's answer. */
  constructor(entered) {
    this.entered = entered;
    element("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.typed();
    });
  }

  /** Takes the address's fragment, if it is a ticket; it shall not stay in the history or on a shared screenshot. */
  fragment() {
    const ticket = location.hash.length > 1 ? ticketOf(location.hash) : undefined;
    if (location.hash) history.replaceState(null, "", location.pathname);
    if (ticket?.code) element("code").value = ticket.code;
    return ticket;
  }

  typed() {
    const ticket = ticketOf(element("code").value);
    if (ticket) return this.join(ticket, true);
    this.refuse(text(element("code").value.trim() ? "code-wrong" : "code-missing"));
  }

  refuse(said) {
    say("problem", said);
    const code = element("code");
    code.setAttribute("aria-invalid", "true");
    code.focus();
  }

  /** Joins with a ticket; `typed` by hand, not scanned. */
  async join(ticket, typed = false) {
    clearTimeout(this.retry);
    element("code").removeAttribute("aria-invalid");
    const button = element("form").querySelector("button");
    button.setAttribute("aria-busy", "true");
    say("problem", text("joining"));
    try {
      const answer = await ask(ticket);
      if (!answer.ok) return this.refuse(await this.refusal(answer, ticket, typed));
      const joined = await answer.json();
      say("problem", "");
      await this.entered(joined);
    } catch {
      this.refuse(text("no-hub"));
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  /** Why the hub let nobody in. Who only has to wait is tried again. */
  async refusal(answer, ticket, typed) {
    if (answer.status === 429) {
      const seconds = Math.max(1, Number(answer.headers.get("retry-after")) || 10);
      const same = element("code").value;
      // Not all at the same moment: a class waits behind one address.
      this.retry = setTimeout(() => element("code").value === same && this.join(ticket, typed), 1000 * (seconds + 3 * Math.random()));
      return text("too-many-codes", { seconds: Math.ceil(seconds) });
    }
    // A typed token that opens nothing is seldom a QR's: mostly it is a teacher's or another phone's.
    if (ticket.token && answer.status === 404) return text(typed ? "problem-not-a-join-token" : "problem-wrong-token");
    return sentence(answer);
  }
}

/** The sentence of a refusal, in the page's language if the hub's word for it is known. */
async function sentence(answer) {
  const problem = await answer.json().catch(() => ({}));
  const word = (problem.code ?? "").replaceAll("_", "-");
  if (known(`problem-${word}`)) return text(`problem-${word}`);
  return text("join-failed", { text: problem.detail ?? problem.title ?? `HTTP ${answer.status}` });
}

const ask = (body, headers = {}) =>
  fetch("/api/v1/join", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ ...body, lang: lang() }),
    signal: AbortSignal.timeout?.(PATIENCE),
  });

/** The next group takes this phone over: `{joined}` as a new Thing of the same lesson, or `{said}`, why not. */
export async function handover(token) {
  try {
    const answer = await ask({ handover: true }, { authorization: `Bearer ${token}` });
    return answer.ok ? { joined: await answer.json() } : { said: await sentence(answer) };
  } catch {
    return { said: text("no-hub") };
  }
}
