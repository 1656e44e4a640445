// The live WebSocket of a lesson: connects, stays connected, and says how it stands.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
const GOING_AWAY = 1001;
// A phone that slept has a socket that looks open and is dead; the hub sends counters or frames more often than this.
const SILENCE = 15000;
// A hub that takes longer than this to answer is not there.
const ANSWER = 5000;

/**
 * Feeds `handlers`: message(object, json) for text, frame(bytes) for binary, state(name, since) with connecting, live,
 * offline, stopped or gone. Returns a function that ends it.
 */
export function feed(lesson, handlers, query = "window_ms=100") {
  let socket;
  let wait = FIRST_WAIT;
  let timer;
  let heard = 0;
  let lost = null;
  let over = false;
  const address = () => {
    const url = new URL(`/api/v1/lessons/${encodeURIComponent(lesson)}/live?${query}`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    return url;
  };
  const connect = () => {
    clearTimeout(timer);
    if (over) return;
    if (!lost) handlers.state("connecting", null);
    const mine = new WebSocket(address());
    socket = mine;
    mine.binaryType = "arraybuffer";
    heard = performance.now();
    mine.onmessage = (event) => {
      if (mine !== socket) return;
      heard = performance.now();
      if (lost !== null || wait !== FIRST_WAIT || !mine.greeted) {
        mine.greeted = true;
        lost = null;
        wait = FIRST_WAIT;
        handlers.state("live", null);
      }
      if (typeof event.data === "string") {
        let message;
        try {
          message = JSON.parse(event.data);
        } catch {
          message = {};
        }
        handlers.message(message, event.data);
      } else {
        handlers.frame(new Uint8Array(event.data));
      }
    };
    mine.onclose = async (event) => {
      if (mine !== socket || over) return;
      lost ??= new Date();
      handlers.state(event.code === GOING_AWAY ? "stopped" : "offline", lost);
      // A socket refused before it opened does not say why; the API does. It is asked before the next try: on a slow
      // network the answer would else always come too late.
      if (!mine.greeted && (await missing(lesson))) {
        if (mine === socket && !over) handlers.state("gone", lost);
        return;
      }
      if (mine !== socket || over) return;
      timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  };
  const again = () => {
    if (over || document.visibilityState !== "visible") return;
    const dead = performance.now() - heard > SILENCE;
    if (socket.readyState === WebSocket.OPEN && !dead) return;
    const old = socket;
    connect();
    old.close();
  };
  const watchdog = setInterval(() => {
    if (socket.readyState === WebSocket.OPEN && performance.now() - heard > SILENCE) socket.close();
  }, 5000);
  document.addEventListener("visibilitychange", again);
  addEventListener("pageshow", again);
  addEventListener("online", again);
  connect();
  return () => {
    over = true;
    clearTimeout(timer);
    clearInterval(watchdog);
    socket.close();
  };
}

async function missing(lesson) {
  try {
    const signal = AbortSignal.timeout(ANSWER);
    const answer = await fetch(`/api/v1/lessons/${encodeURIComponent(lesson)}`, { cache: "no-store", signal });
    return answer.status === 404;
  } catch {
    return false;
  }
}
