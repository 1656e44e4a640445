// The live WebSocket of a lesson: connects, stays connected, and says how it stands.

import { Listener } from "./listener.js";

// A phone that slept has a socket that looks open and is dead; the hub sends counters or frames more often than this.
const SILENCE = 15000;
// The lesson was erased while it was looked at.
const ERASED = 4404;
// A hub that takes longer than this to answer is not there.
const ANSWER = 5000;

/**
 * Feeds `handlers`: message(object, json) for text, frame(bytes) for binary, state(name, since) with connecting, live,
 * offline, stopped or gone. Returns a function that ends it.
 */
export function feed(lesson, handlers, query = "window_ms=100") {
  const url = new URL(`/api/v1/lessons/${encodeURIComponent(lesson)}/live?${query}`, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const listener = new Listener({
    open: () => new WebSocket(url),
    silence: SILENCE,
    on: {
      state: (name, since) => handlers.state(name, since),
      message: (data) => {
        if (typeof data !== "string") return handlers.frame(new Uint8Array(data));
        let message;
        try {
          message = JSON.parse(data);
        } catch {
          message = {};
        }
        return handlers.message(message, data);
      },
      closed: (code) => {
        if (code === ERASED) handlers.state("gone", new Date());
        return code === ERASED;
      },
      refused: async () => {
        const gone = await missing(lesson);
        if (gone && !listener.greeted) handlers.state("gone", listener.lost);
        return gone;
      },
    },
  });
  const again = () => document.visibilityState === "visible" && listener.wake();
  document.addEventListener("visibilitychange", again);
  for (const sign of ["pageshow", "online"]) addEventListener(sign, again);
  listener.start();
  return () => {
    document.removeEventListener("visibilitychange", again);
    for (const sign of ["pageshow", "online"]) removeEventListener(sign, again);
    listener.stop();
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
