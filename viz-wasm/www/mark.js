// The badge of a Thing: number, colour and pattern, in step with the charts' colours and markers (src/paint/theme.rs).

const NAMES = [
  ["Blau", "Blue"],
  ["Rot", "Red"],
  ["Grün", "Green"],
  ["Lila", "Purple"],
  ["Orange", "Orange"],
  ["Türkis", "Teal"],
  ["Gelb", "Yellow"],
  ["Grau", "Grey"],
];

/** The colour of a Thing, 1 to 8: the one its nickname names, else one of six by its number. */
export function colour(number, nickname = "") {
  const first = nickname.split(" ")[0];
  const named = NAMES.findIndex(([german, english]) => first === english || ["", "er", "e", "es"].some((end) => first === german + end));
  return named >= 0 ? named + 1 : ((number - 1) % 6) + 1;
}

/** Sets up an element (or a new span) as the badge of the Thing with this number, from 1, and nickname. */
export function mark(number, nickname, element = document.createElement("span")) {
  element.classList.add("mark");
  element.dataset.colour = colour(number, nickname);
  element.dataset.pattern = ((number - 1) % 5) + 1;
  element.textContent = number;
  return element;
}
