// An address where there is nothing: a way back to the start.

import { start, text, watch } from "../words.js";

start();
watch(() => {
  document.title = `${text("missing-title")} – Messwerk`;
});
