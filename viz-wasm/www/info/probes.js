// What can be found out about a browser without asking anybody for permission.

import { platform } from "../phone/device.js";

const ROUNDS = 8;
const PATIENCE = 5000;

/** Asks the hub's clock over a WebSocket: `{offset, rtt}` in ms of the quickest of some rounds; undefined if there is no way. */
export function exchange() {
  return new Promise((done) => {
    const url = new URL("/api/v1/check/socket", location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const now = () => performance.timeOrigin + performance.now();
    const rounds = [];
    let socket;
    const finish = () => {
      clearTimeout(timer);
      socket?.close();
      const best = rounds.sort((one, other) => one.rtt - other.rtt)[0];
      done(best);
    };
    const timer = setTimeout(finish, PATIENCE);
    try {
      socket = new WebSocket(url);
    } catch {
      return finish();
    }
    let sent;
    const ask = () => {
      sent = now();
      socket.send(String(rounds.length));
    };
    socket.onopen = ask;
    socket.onmessage = (event) => {
      const heard = now();
      const answer = JSON.parse(event.data);
      const rtt = heard - sent;
      // Positive: this phone's clock is ahead of the hub's.
      rounds.push({ rtt, offset: (sent + heard) / 2 - answer.hub / 1000 });
      if (rounds.length < ROUNDS) ask();
      else finish();
    };
    socket.onclose = socket.onerror = finish;
  });
}

/** Whether readings can be kept here while the network is away. Private windows may not answer at all. */
export function database() {
  return new Promise((done) => {
    setTimeout(() => done(false), PATIENCE);
    try {
      const name = "messwerk-check";
      const opening = indexedDB.open(name);
      opening.onerror = () => done(false);
      opening.onsuccess = () => {
        opening.result.close();
        indexedDB.deleteDatabase(name);
        done(true);
      };
    } catch {
      done(false);
    }
  });
}

/** A sensor has sent something after this long, in ms, or there is none. */
const FIRST_EVENT = 1500;

/**
 * Whether motion comes here: a computer has the interface too, but no sensor, and fires nothing or an event of nulls. Where
 * the browser wants to be asked first (iOS; others have the question too, and send without it), that it can be asked is all
 * that is known; the tap comes later.
 */
export function motion(scope = globalThis) {
  if (!scope.DeviceMotionEvent || !scope.isSecureContext) return Promise.resolve(false);
  if (platform(scope.navigator) === "ios") return Promise.resolve(true);
  return new Promise((done) => {
    const end = (found) => {
      clearTimeout(timer);
      scope.removeEventListener("devicemotion", take);
      done(found);
    };
    const take = ({ accelerationIncludingGravity: acc, rotationRate: rate }) => [acc?.x, rate?.alpha].some(Number.isFinite) && end(true);
    const timer = setTimeout(() => end(false), FIRST_EVENT);
    scope.addEventListener("devicemotion", take);
  });
}
