// Virtual sensors for a page in Chromium: a phone that lies or swings.

/** Turns the sensors on; all three, or no `devicemotion` fires. Returns `set({acc, lin, gyr})`, `swing({period, amplitude})` and `still()`. */
export async function sensors(page) {
  const session = await page.context().newCDPSession(page);
  const types = ["accelerometer", "linear-acceleration", "gyroscope"];
  for (const type of types) await session.send("Emulation.setSensorOverrideEnabled", { enabled: true, type, metadata: { available: true, minimumFrequency: 1, maximumFrequency: 100 } });
  const set = async ({ acc = [0, 0, 9.81], lin = [0, 0, 0], gyr = [0, 0, 0] } = {}) => {
    for (const [place, [x, y, z]] of [acc, lin, gyr].entries()) {
      await session.send("Emulation.setSensorOverrideReadings", { type: types[place], reading: { xyz: { x, y, z } } }).catch(() => {});
    }
  };
  let going = false;
  return {
    set,
    /** Swings until `still()`: about the z axis, like a pendulum. */
    async swing({ period = 1.3, amplitude = 0.6 } = {}) {
      going = true;
      (async () => {
        while (going) {
          const phase = (2 * Math.PI * performance.now()) / 1000 / period;
          await set({ acc: [1.2 * Math.sin(phase), 9.7, 0.2], lin: [1.2 * Math.sin(phase), -0.1, 0.2], gyr: [0, 0, amplitude * Math.cos(phase)] });
        }
      })();
    },
    still() {
      going = false;
    },
  };
}
