// What can be found out about a browser without asking anybody for permission.

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

/** Whether readings can be kept here while the network is away. */
export function database() {
  return new Promise((done) => {
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

/** Whether the browser hands motion to pages here at all. Permission is asked for later, with a tap. */
export const motion = async () => "DeviceMotionEvent" in window && isSecureContext;
