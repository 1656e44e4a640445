// Coming in: a code or the QR's token, and what the hub says to it, in the pupil's language.

import { ticketOf } from "../code.js";
import { lang, text } from "../words.js";
import { element, say } from "./dom.js";
import { sentence } from "./problem.js";
import { randomHex } from "./wire.js";

const PATIENCE = 15_000;

export class Entrance {
  /** `entered(joined)` is called with the hub's answer; `who()` is the token of the Thing that this phone is, if any. */
  constructor({ entered, who = async () => undefined }) {
    Object.assign(this, { entered, who });
    this.busy = false;
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
    // A second tap while the first is on its way is the same wish.
    if (this.busy) return undefined;
    const ticket = ticketOf(element("code").value);
    if (ticket) return this.join(ticket, true);
    return this.refuse(text(element("code").value.trim() ? "code-wrong" : "code-missing"));
  }

  refuse(said) {
    say("problem", said);
    const code = element("code");
    code.setAttribute("aria-invalid", "true");
    code.focus();
  }

  /** Joins with a ticket; `typed` by hand, not scanned. Whoever was in already stays in where nothing comes of it. */
  async join(ticket, typed = false) {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.retry);
    element("code").removeAttribute("aria-invalid");
    const button = element("form").querySelector("button");
    button.setAttribute("aria-busy", "true");
    say("problem", text("joining"));
    try {
      const token = await this.who();
      const answer = await ask(ticket, token);
      if (!answer.ok) return this.refuse(await this.refusal(answer, ticket, typed));
      const joined = await answer.json();
      say("problem", "");
      await this.entered(joined);
    } catch {
      this.refuse(text("no-hub"));
    } finally {
      this.busy = false;
      button.removeAttribute("aria-busy");
    }
  }

  /** Why the hub let nobody in. Who only has to wait is tried again. */
  async refusal(answer, ticket, typed) {
    if (answer.status === 429) {
      const { code } = await answer.json().catch(() => ({}));
      const seconds = Math.max(1, Number(answer.headers.get("retry-after")) || 10);
      const same = element("code").value;
      // Not all at the same moment: a class waits behind one address.
      this.retry = setTimeout(() => element("code").value === same && !element("enter").hidden && this.join(ticket, typed), 1000 * (seconds + 3 * Math.random()));
      return text(code === "too_many_joins" ? "too-many-joins" : "too-many-codes", { seconds: Math.ceil(seconds) });
    }
    // A typed token that opens nothing is seldom a QR's: mostly it is a teacher's or another phone's.
    if (ticket.token && answer.status === 404) return text(typed ? "problem-not-a-join-token" : "problem-wrong-token");
    return sentence(answer);
  }
}

/** The attempt that got no answer, and its key: a lost answer is asked for again, and no second Thing is made. */
let open;

/** Asks the hub to let this phone in; `token` is who it is by now. */
export async function ask(body, token) {
  const wish = JSON.stringify(body);
  if (open?.wish !== wish) open = { wish, key: randomHex(16) };
  const answer = await fetch("/api/v1/join", {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ ...body, lang: lang(), key: open.key }),
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  // Only the whole answer is an answer.
  const text = await answer.text();
  if (answer.ok) open = undefined;
  return new Response(text, { status: answer.status, headers: answer.headers });
}

/** The next group takes this phone over: `{joined}` as a new Thing of the same lesson, or `{said}`, why not. */
export async function handover(token) {
  try {
    const answer = await ask({ handover: true }, token);
    return answer.ok ? { joined: await answer.json() } : { said: await sentence(answer) };
  } catch {
    return { said: text("no-hub") };
  }
}
