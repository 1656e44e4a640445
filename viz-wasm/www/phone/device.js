// What kind of phone this is, in one of three words, and its screen: kept awake while it measures.

/** ios, android or other: all that is ever told about the device. iPads say they are Macs, but have fingers. */
export function platform({ userAgent = "", maxTouchPoints = 0 } = globalThis.navigator ?? {}) {
  if (/android/i.test(userAgent)) return "android";
  return /iphone|ipad|ipod/i.test(userAgent) || (/macintosh/i.test(userAgent) && maxTouchPoints > 1) ? "ios" : "other";
}

/** Keeps the screen on while `on(true)`; `works` is false where the browser cannot, then the page says what to do. */
export class Awake {
  constructor(scope = globalThis.navigator) {
    this.scope = scope;
    this.works = Boolean(scope?.wakeLock);
    this.wanted = false;
  }

  async on(wanted) {
    this.wanted = wanted;
    if (!this.works) return;
    if (!wanted) {
      this.lock?.release().catch(() => {});
      this.lock = undefined;
      return;
    }
    // One at a time: a second lock would outlive the first one's release.
    if (this.asking || (this.lock && !this.lock.released)) return;
    this.asking = true;
    try {
      this.lock = await this.scope.wakeLock.request("screen");
    } catch {
      // Low battery, or the page is not in front; the next change asks again.
      this.lock = undefined;
    }
    this.asking = false;
    if (!this.wanted) this.on(false);
  }
}
