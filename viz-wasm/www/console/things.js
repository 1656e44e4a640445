// Everybody who takes part, one card each in the order of joining; those that were removed can be brought back.

import { text } from "../words.js";
import { byId, keep, make, mark, say, show } from "./dom.js";
import { everybody, owes, returning } from "./standing.js";
import { tapped } from "./tap.js";
import { isOdd, ThingCard } from "./thing.js";
import { toast } from "./toast.js";

export class Things {
  constructor(session, { send, failed }) {
    Object.assign(this, { session, send, failed });
    this.only = false;
    byId("only").addEventListener("click", () => {
      this.only = !this.only;
      this.draw();
    });
  }

  run(button, command) {
    return tapped(button, () => this.send(command), this.failed);
  }

  async remove(thing, button) {
    const done = await this.run(button, { do: "remove", thing: thing.id });
    if (done) toast(text("removed-one", { name: thing.nickname }), () => this.restore(thing.id));
  }

  async restore(id) {
    try {
      await this.send({ do: "restore", thing: id });
    } catch (error) {
      this.failed(error);
    }
  }

  /** Those that were handed over to the next group and found something: nobody is behind them, but their results count. */
  past(findings) {
    const found = (this.session.lesson.past ?? []).filter(({ id }) => findings.get(id) && !findings.get(id).reason);
    return found.map((thing) => ({ ...thing, past: true }));
  }

  /** Everybody, with what each still owes and whether it was brought back and not heard of since. */
  all() {
    const { lesson } = this.session;
    const back = returning(this.session);
    return everybody(this.session).map((thing) => ({ ...thing, owed: owes(thing, lesson, this.session.now()), returns: lesson.phase !== "ended" && back.has(thing.id) }));
  }

  findings() {
    const { outcomes } = this.session;
    const found = new Map((outcomes?.pending ?? []).map((pending) => [pending.thing, pending]));
    for (const outcome of outcomes?.outcomes ?? []) found.set(outcome.thing, outcome);
    return found;
  }

  draw() {
    const { lesson } = this.session;
    if (!lesson) return;
    const findings = this.findings();
    const all = [...this.all(), ...this.past(findings)];
    const over = lesson.phase === "ended";
    const odd = all.filter((thing) => isOdd(thing, findings.get(thing.id), over));
    const shown = this.only ? odd : all;
    show(byId("things-part"), true);
    show(byId("nobody"), all.length === 0);
    mark(byId("page"), "data-empty", all.length === 0 && !over ? true : null);
    show(byId("only"), odd.length > 0 || this.only);
    say(byId("only"), text("only-odd", { n: odd.length }));
    mark(byId("only"), "aria-pressed", String(this.only));
    show(byId("none-odd"), this.only && odd.length === 0);
    const create = (thing) => new ThingCard(thing.id, { run: (...what) => this.run(...what), remove: (...what) => this.remove(...what) }).element;
    keep(byId("things"), shown, ({ id }) => id, create, ({ card }, thing) => {
      card.over = over;
      card.draw(thing, findings.get(thing.id));
    });
    this.drawRemoved();
  }

  drawRemoved() {
    const removed = this.session.presence.filter((thing) => thing.removed);
    show(byId("removed-part"), removed.length > 0);
    say(byId("removed-title"), text("removed-title", { n: removed.length }));
    const create = (thing) => {
      const button = make("button", { type: "button", className: "quiet" });
      button.addEventListener("click", () => this.run(button, { do: "restore", thing: thing.id }));
      return make("li", { className: "row apart" }, make("span"), button);
    };
    keep(byId("removed"), removed, ({ id }) => id, create, (item, thing) => {
      say(item.firstElementChild, `${thing.number} ${thing.nickname}`);
      say(item.lastElementChild, text("thing-restore"));
      mark(item.lastElementChild, "aria-label", `${text("thing-restore")}: ${thing.nickname}`);
    });
  }
}
