// How to, for pupils, teachers, and those who send with programs of their own.

import { start, text, watch } from "../words.js";

const put = (id, lines) => {
  document.getElementById(id).textContent = lines.join(" \\\n  ");
};
const json = '-H "Content-Type: application/json"';

put("make", [`curl -X POST ${location.origin}/api/v1/lessons`, '-H "Authorization: Bearer TEACHER-TOKEN"', json, `-d '{"template":"pendulum"}'`]);
put("join", [`curl -X POST ${location.origin}/api/v1/join`, json, `-d '{"code":"123456","lang":"de"}'`]);
put("send", [`curl -X POST ${location.origin}/i/TOKEN`, json, `-d '{"gyr_time":[0.00,0.02],"gyrX":[0.1,0.1],"gyrY":[0.5,0.4],"gyrZ":[0,0]}'`]);
// Which port the hub's MQTT has, the answer to joining says; no public page does.
put("publish", [`mosquitto_pub -h ${location.hostname} -p PORT -q 1`, "-t in/TOKEN/gyr", `-m '{"t":0.00,"x":0.1,"y":0.5,"z":0}'`]);
start();
watch(() => {
  document.title = `${text("help-title")} – Messwerk`;
});
