// The phyphox app as far as a lesson sees it: loads the file behind a code (https first, then http, as both apps do), sends
// what the file names as the file says, and keeps what the hub answers in the buffers that the file shows.

const attribute = (tag, name) => tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1]?.replaceAll("&amp;", "&");

export class PhyphoxApp {
  /** Loads `phyphox://host:port/p/TOKEN.phyphox`. */
  static async load(link) {
    const app = new PhyphoxApp();
    const rest = link.replace(/^phyphox:/, "");
    const begun = performance.now();
    const secure = await fetch(`https:${rest}`).catch(() => undefined);
    app.refused = secure ? undefined : performance.now() - begun;
    const answer = secure?.ok ? secure : await fetch(`http:${rest}`);
    app.file = await answer.text();
    if (!answer.ok) throw new Error(`${link}: ${answer.status} ${app.file}`);
    const connection = app.file.match(/<connection\b[^>]*>/)[0];
    app.address = attribute(connection, "address");
    app.interval = 1000 * Number(attribute(connection, "interval"));
    app.sends = [...app.file.matchAll(/<send\b[^>]*?(?:\/>|>([^<]*)<\/send>)/g)].map(([tag, buffer]) => ({ id: attribute(tag, "id"), type: attribute(tag, "type"), buffer }));
    app.receives = [...app.file.matchAll(/<receive\b[^>]*>([^<]*)<\/receive>/g)].map(([tag, buffer]) => ({ id: attribute(tag, "id"), buffer }));
    app.shown = [...app.file.matchAll(/<value\b[\s\S]*?<input[^>]*>([^<]*)<\/input>/g)].map(([, buffer]) => buffer.trim());
    app.buffers = {};
    return app;
  }

  /** Which sensors the file turns on. */
  get sensors() {
    return [...this.file.matchAll(/<sensor\b[^>]*\btype="([^"]*)"/g)].map(([, type]) => type);
  }

  /** Starts as the play button does: `signal(seconds)` gives the rotation rate about z. Ends by the function it returns. */
  play(signal) {
    const begun = Date.now();
    const events = [{ event: "START", experimentTime: 0, systemTime: begun / 1000 }];
    let from = 0;
    const round = async () => {
      const now = (Date.now() - begun) / 1000;
      const times = [];
      for (; from < now; from += 0.01) times.push(Number(from.toFixed(4)));
      const body = {};
      for (const { id, type } of this.sends) {
        if (type === "time") body[id] = { now: Date.now() / 1000, events };
        else body[id] = this.column(id, times, signal);
      }
      // The app says its own odd content type.
      const answer = await fetch(this.address, { method: "POST", headers: { "content-type": "application/json; utf-8" }, body: JSON.stringify(body) });
      this.status = answer.status;
      if (!answer.ok) return;
      const found = await answer.json();
      for (const { id, buffer } of this.receives) {
        const value = id.split(".").reduce((place, name) => place?.[name], found);
        const number = Array.isArray(value) ? value.at(-1) : value;
        if (typeof number === "number") this.buffers[buffer] = number;
      }
    };
    const timer = setInterval(() => round().catch((error) => (this.trouble = String(error))), this.interval);
    return () => clearInterval(timer);
  }

  column(id, times, signal) {
    if (/time$/.test(id)) return times;
    if (/^gyr.*z$/i.test(id)) return times.map(signal);
    if (/^acc.*z$/i.test(id)) return times.map(() => 9.81);
    return times.map((time, row) => 0.001 * ((row * 7) % 5));
  }
}
