// Where the phone is, told only as metres east, north and up of where the measurement began. The position itself is never
// sent, kept or shown.

const EARTH = 6_371_000;
const DEGREE = Math.PI / 180;
const OPTIONS = { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 };

/** Metres east, north and up from one position to another; a plane is good enough for a school's surroundings. */
export function displacement(from, to) {
  const east = (to.longitude - from.longitude) * DEGREE * EARTH * Math.cos(from.latitude * DEGREE);
  const north = (to.latitude - from.latitude) * DEGREE * EARTH;
  const up = Number.isFinite(to.altitude) && Number.isFinite(from.altitude) ? to.altitude - from.altitude : 0;
  return [east, north, up];
}

export class Place {
  /** `reading("disp", µs, [m, m, m])` takes displacements. */
  constructor({ reading, scope = globalThis }) {
    Object.assign(this, { reading, scope });
  }

  get ability() {
    return this.scope.isSecureContext && this.scope.navigator?.geolocation ? "ask" : "missing";
  }

  /** Asks for the position; to be called from a tap. granted, denied or missing. */
  permission() {
    if (this.ability === "missing") return Promise.resolve("missing");
    return new Promise((resolve) =>
      this.scope.navigator.geolocation.getCurrentPosition(() => resolve("granted"), (error) => resolve(error.code === 1 ? "denied" : "missing"), OPTIONS),
    );
  }

  start() {
    let begin;
    const take = ({ coords, timestamp }) => {
      begin ??= coords;
      // The position's stamp is on the wall clock; a page's clock counts from its load.
      const at = Math.min(timestamp - performance.timeOrigin, performance.now());
      this.reading("disp", Math.round(at * 1000), displacement(begin, coords));
    };
    this.watch = this.scope.navigator.geolocation.watchPosition(take, () => {}, OPTIONS);
  }

  stop() {
    if (this.watch !== undefined) this.scope.navigator.geolocation.clearWatch(this.watch);
    this.watch = undefined;
  }
}
