// Coming in: a code or the QR's token, and what the hub says to it, in the pupil's language.

import { ticketOf } from "../code.js";
import { lang, text } from "../words.js";
import { element, say, tab } from "./dom.js";
import { sentence } from "./problem.js";
import { randomHex } from "./wire.js";

const PATIENCE = 15_000;
/** The hub keeps the keys of attempts for ten minutes. */
const KEPT = 600_000;
const AGAIN = 2000;

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
      settled();
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

/** Where a tab keeps the attempt that is under way, with its key, until the phone has stored what came of it. */
const ASKED = "messwerk-asked";
let open;

/** The attempt that a lost answer or a reload cut short: `{wish, key, at}`. Asked again with its key it makes no second Thing. */
export function asked() {
  try {
    open ??= JSON.parse(tab.get(ASKED) ?? "null") ?? undefined;
  } catch {
    open = undefined;
  }
  return open && Date.now() - open.at < KEPT ? open : undefined;
}

/** The attempt has come to an end: the phone has stored who it is, or the hub said no. */
export function settled() {
  open = undefined;
  tab.set(ASKED);
}

/** Asks the hub to let this phone in; `token` is who it is by now. */
async function ask(body, token) {
  const wish = JSON.stringify(body);
  if (asked()?.wish !== wish) open = { wish, key: randomHex(16), at: Date.now() };
  tab.set(ASKED, JSON.stringify(open));
  const answer = await fetch("/api/v1/join", {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ ...body, lang: lang(), key: open.key }),
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  // Only the whole answer is an answer.
  const text = await answer.text();
  if (!answer.ok && answer.status < 500) settled();
  return new Response(text, { status: answer.status, headers: answer.headers });
}

const HANDOVER = { handover: true };

/** Whether a handover was cut short. */
export const handingOver = () => asked()?.wish === JSON.stringify(HANDOVER);

/**
 * The next group takes this phone over: `{joined}` as a new Thing of the same lesson, or `{said}`, why not. Where no answer comes
 * the hub may have said yes all the same, and the old token is dead: it is asked until it answers, as long as it knows the key.
 * `waiting(said)` is called meanwhile. Call `settled()` when the phone has stored who it is.
 */
export async function handover(token, waiting = () => {}) {
  for (const begun = Date.now(); ; await new Promise((done) => setTimeout(done, AGAIN))) {
    let said = text("no-hub");
    try {
      const answer = await ask(HANDOVER, token);
      if (answer.ok) return { joined: await answer.json() };
      said = await sentence(answer);
      if (answer.status < 500) return { said };
    } catch {
      // No answer is no refusal.
    }
    if (Date.now() - begun > KEPT) return { said };
    waiting(said);
  }
}
