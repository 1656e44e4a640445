// Draws what the charts' recorder wrote down (src/paint/recorder.rs names the operations) on a 2d context.

const ALIGN = ["left", "center", "right"];

export function paint(context, operations, texts) {
  const words = texts.split("\u0001");
  let word = 0;
  let at = 0;
  context.lineCap = "butt";
  context.textBaseline = "alphabetic";
  while (at < operations.length) {
    const kind = operations[at];
    const colour = "#" + operations[at + 1].toString(16).padStart(6, "0");
    context.globalAlpha = operations[at + 2] / 255;
    if (kind === 0 || kind === 1) {
      const end = at + 5 + 2 * operations[at + 4];
      context.beginPath();
      for (let point = at + 5; point < end; point += 2) context.lineTo(operations[point], operations[point + 1]);
      if (kind === 0) {
        context.strokeStyle = colour;
        context.lineWidth = operations[at + 3];
        // Round joins are seen from three pixels on and cost as much as the line.
        context.lineJoin = operations[at + 3] < 3 ? "bevel" : "round";
        context.stroke();
      } else {
        context.fillStyle = colour;
        context.fill();
      }
      at = end;
    } else if (kind === 2) {
      context.fillStyle = colour;
      context.fillRect(operations[at + 4], operations[at + 5], operations[at + 6], operations[at + 7]);
      at += 8;
    } else if (kind === 3) {
      context.beginPath();
      context.arc(operations[at + 4], operations[at + 5], operations[at + 6], 0, 2 * Math.PI);
      if (operations[at + 3] === 0) {
        context.fillStyle = colour;
        context.fill();
      } else {
        context.strokeStyle = colour;
        context.lineWidth = operations[at + 3];
        context.stroke();
      }
      at += 7;
    } else {
      const [size, bold, align, x, y, turns] = operations.subarray(at + 3, at + 9);
      context.font = `${bold ? "600 " : ""}${size / 16}px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
      context.fillStyle = colour;
      context.textAlign = ALIGN[align];
      if (turns === 0) {
        context.fillText(words[word], x, y);
      } else {
        context.save();
        context.translate(x, y);
        context.rotate((turns * Math.PI) / 2);
        context.fillText(words[word], 0, 0);
        context.restore();
      }
      word += 1;
      at += 9;
    }
  }
  context.globalAlpha = 1;
}
