// Sends the messages of one order (JSON on standard input) by MQTT.js; prints {"ok", "why"} for each, in order.
import { readFileSync } from "node:fs";
import mqtt from "mqtt";

const order = JSON.parse(readFileSync(0, "utf8"));
const within = (promise, what) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error(`no ${what}`)), order.seconds * 1000).unref())]);

let client;
try {
  const connecting = mqtt.connectAsync(order.url, { protocolVersion: 4, reconnectPeriod: 0, clientId: "", clean: true });
  client = await within(connecting, "CONNACK");
} catch (error) {
  for (const _ of order.messages) console.log(JSON.stringify({ ok: false, why: String(error) }));
  process.exit(0);
}
client.on("error", () => {});
const closed = new Promise((_, reject) => client.once("close", () => reject(new Error("the hub hung up"))));
closed.catch(() => {});
for (const { topic, payload } of order.messages) {
  try {
    const sent = client.publishAsync(topic, Buffer.from(payload, "base64"), { qos: order.qos });
    await within(Promise.race([sent, closed]), "acknowledgement");
    console.log(JSON.stringify({ ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ ok: false, why: String(error) }));
  }
}
client.end(true, () => process.exit(0));
