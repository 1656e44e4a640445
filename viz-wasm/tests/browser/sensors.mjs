// Virtual sensors for a page in Chromium: a phone that lies or swings.

/**
 * In the page: puts a pendulum's values into each event of Chromium's virtual sensors, reckoned from the page's own clock.
 * Values set from outside come late where the machine is busy, and a pendulum that comes late by tenths of a second is none.
 */
const pendulum = ({ period, amplitude }) => {
  window.pendulum = { period, amplitude };
  if (window.swings) return;
  window.swings = true;
  const swing = (event) => {
    if (!event.isTrusted || !window.pendulum) return;
    event.stopImmediatePropagation();
    const phase = (2 * Math.PI * performance.now()) / 1000 / window.pendulum.period;
    // Chromium rounds to a tenth, of m/s² and of a degree per second.
    const tenth = (value) => Math.round(value * 10) / 10;
    const x = tenth(1.2 * Math.sin(phase));
    window.dispatchEvent(
      new DeviceMotionEvent("devicemotion", {
        acceleration: { x, y: -0.1, z: 0.2 },
        accelerationIncludingGravity: { x, y: 9.7, z: 0.2 },
        rotationRate: { alpha: 0, beta: 0, gamma: tenth((window.pendulum.amplitude * Math.cos(phase) * 180) / Math.PI) },
        interval: event.interval,
      }),
    );
  };
  window.addEventListener("devicemotion", swing, true);
};

/** Turns the sensors on; all three, or no `devicemotion` fires. Returns `set({acc, lin, gyr})`, `swing({period, amplitude})` and `still()`. */
export async function sensors(page) {
  const session = await page.context().newCDPSession(page);
  const types = ["accelerometer", "linear-acceleration", "gyroscope"];
  for (const type of types) await session.send("Emulation.setSensorOverrideEnabled", { enabled: true, type, metadata: { available: true, minimumFrequency: 1, maximumFrequency: 100 } });
  // A page that is loaded anew swings on; who closed theirs swings no more.
  let swinging;
  const install = () => (swinging ? page.evaluate(pendulum, swinging).catch(() => {}) : undefined);
  page.on("domcontentloaded", install);
  return {
    async set({ acc = [0, 0, 9.81], lin = [0, 0, 0], gyr = [0, 0, 0] } = {}) {
      for (const [place, [x, y, z]] of [acc, lin, gyr].entries()) {
        await session.send("Emulation.setSensorOverrideReadings", { type: types[place], reading: { xyz: { x, y, z } } }).catch(() => {});
      }
    },
    /** Swings until `still()`: about the z axis, like a pendulum. */
    async swing({ period = 1.3, amplitude = 0.6 } = {}) {
      swinging = { period, amplitude };
      await this.set();
      await install();
    },
    still() {
      swinging = undefined;
      page.evaluate(() => (window.pendulum = undefined)).catch(() => {});
    },
  };
}
