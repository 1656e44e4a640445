// A real hub for browser tests: starts the program on loopback with a data folder of its own, sets the teacher's password
// through the one-time address it prints, and ends it again. Nothing of the hub is imitated.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const HUB = process.env.MESSWERK_HUB;
const SIMULATOR = process.env.MESSWERK_SIM;
// A debug build on a busy machine recovers and binds within a second; longer than this it will not come.
const START = 20_000;

/** A password as a teacher might choose one. */
export const PASSWORD = "Pendel und Federkraft 7";

/** A free port of loopback. Another program might take it before we do; nobody else does so here. */
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export class RealHub {
  /** Starts a hub. `args` go behind `serve`; `host` 0.0.0.0 lets it find the address that phones would use. */
  static async start({ args = [], folder, port, host = "127.0.0.1" } = {}) {
    if (!HUB) throw new Error("MESSWERK_HUB is not set: cargo xtask test sets it to the hub it built");
    const hub = new RealHub();
    Object.assign(hub, { args, host });
    hub.folder = folder ?? (await mkdtemp(join(tmpdir(), "messwerk-hub-")));
    hub.own = !folder;
    // A fixed port, so that a hub that comes back after a crash is found where it was.
    hub.port = port ?? (await freePort());
    await hub.run();
    return hub;
  }

  async run() {
    const program = spawn(HUB, ["serve", "--data-dir", this.folder, "--http", `${this.host}:${this.port}`, "--mqtt", "127.0.0.1:0", ...this.args]);
    this.program = program;
    // A check that fails on the way leaves no hub behind.
    process.once("exit", () => program.kill("SIGKILL"));
    this.log = "";
    program.stderr.on("data", (text) => (this.log += text));
    this.ended = new Promise((done) => program.once("exit", done));
    let out = "";
    this.ready = await new Promise((done, failed) => {
      const slow = setTimeout(() => failed(new Error(`no ready line within ${START} ms:\n${this.log}`)), START);
      program.once("exit", (code) => failed(new Error(`the hub ended with ${code}:\n${this.log}`)));
      program.stdout.on("data", (text) => {
        out += text;
        if (!out.includes("\n")) return;
        clearTimeout(slow);
        done(JSON.parse(out.split("\n")[0]));
      });
    });
    this.address = `http://127.0.0.1:${this.port}`;
  }

  /** Ends the hub as an administrator does, or as a pulled plug does. */
  async stop(signal = "SIGTERM") {
    this.program.kill(signal);
    await this.ended;
  }

  async restart(signal = "SIGTERM") {
    await this.stop(signal);
    await this.run();
  }

  async close() {
    if (this.program.exitCode === null && this.program.signalCode === null) await this.stop();
    if (this.own) await rm(this.folder, { recursive: true, force: true });
  }

  /** Waits for a line of the log. */
  async said(pattern, time = 5000) {
    const until = Date.now() + time;
    while (Date.now() < until) {
      const found = this.log.match(pattern);
      if (found) return found;
      await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error(`the hub did not say ${pattern}:\n${this.log}`);
  }

  /** Sets the first password with the printed secret; the teacher's requests carry the cookie from then on. */
  async setUp() {
    const [, secret] = await this.said(/\/setup#([\w-]+)/);
    const answer = await this.ask("POST", "/api/v1/setup", { secret, password: PASSWORD });
    if (!answer.ok) throw new Error(`set-up was answered ${answer.status}: ${await answer.text()}`);
    this.cookie = answer.headers.get("set-cookie").split(";")[0];
    return secret;
  }

  /** A request of this program, as the teacher once there is a cookie. */
  ask(method, path, body, headers = {}) {
    return fetch(this.address + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(this.cookie ? { cookie: this.cookie, origin: this.address, "sec-fetch-site": "same-origin" } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** The JSON of an answer that must be a good one. */
  async get(method, path, body) {
    const answer = await this.ask(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** A led lesson. */
  lesson(template = "pendulum", more = {}) {
    return this.get("POST", "/api/v1/lessons", { template, led: true, ...more });
  }

  /** A command of the teacher. */
  order(lesson, command) {
    return this.get("POST", `/api/v1/lessons/${lesson}/commands`, command);
  }

  /**
   * A page of this hub's teacher, with nothing to reproach it yet. Signed in from the page of help: the login's own page goes on by
   * itself once somebody is signed in, and would come in between.
   */
  async teacher(browser, path, size) {
    const page = await browser.page(`${this.address}/help`, size);
    const status = await page.evaluate(async (password) => {
      const headers = { "content-type": "application/json" };
      return (await fetch("/api/v1/login", { method: "POST", headers, body: JSON.stringify({ password }) })).status;
    }, PASSWORD);
    if (status !== 204) throw new Error(`the login was answered ${status}`);
    await page.goto(this.address + path);
    page.problems.length = 0;
    return page;
  }

  /** Starts a program of the simulator; resolves with its exit code and output. */
  simulate(args) {
    const program = spawn(SIMULATOR, args);
    let text = "";
    program.stdout.on("data", (more) => (text += more));
    program.stderr.on("data", (more) => (text += more));
    const ended = new Promise((done) => program.once("exit", (code) => done({ code, text })));
    return { program, ended };
  }
}
