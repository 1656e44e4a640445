// Every text of the pages in German and English, and the two switches every page has: language and colours.

const texts = {
  title: ["Messwerk", "Messwerk"],
  language: ["English", "Deutsch"],
  languageLabel: ["Switch to English", "Auf Deutsch umschalten"],
  theme: ["Hell/dunkel", "Light/dark"],
  connecting: ["verbinde …", "connecting …"],
  live: ["live", "live"],
  offline: ["keine Verbindung seit {time}", "offline since {time}"],
  stopped: ["Hub beendet um {time}", "hub stopped at {time}"],
  gone: ["keine Stunde", "no lesson"],
  goneTitle: ["Diese Stunde gibt es nicht (mehr).", "This lesson does not exist (any more)."],
  goneHow: [
    "Stimmt die Adresse? Die richtige steht in der Antwort, mit der die Stunde angelegt wurde (board_url).",
    "Is the address right? It is in the answer with which the lesson was made (board_url).",
  ],
  ended: ["Stunde beendet {time}", "lesson ended {time}"],
  notice_read_only: [
    "Der Hub kann nicht mehr speichern. Messwerte werden jetzt nicht angenommen; /readyz auf dem Hub nennt den Grund.",
    "The hub cannot store anything any more. Readings are not taken now; /readyz on the hub names the cause.",
  ],
  notice_problems: [
    "Der Hub braucht jemanden, der nach ihm sieht: /readyz nennt, was zu tun ist.",
    "The hub needs somebody to look after it: /readyz names what to do.",
  ],
  notice_guessing: ["Jemand probiert Codes aus.", "Somebody is guessing codes."],
  pause: ["Anhalten", "Pause"],
  resume: ["Weiter", "Resume"],
  fit: ["Achse anpassen", "Fit axis"],
  fixed: ["Feste Achse", "Fixed axis"],
  asTable: ["Als Tabelle", "As a table"],
  asChart: ["Als Diagramm", "As a chart"],
  code: ["Code", "Code"],
  joinAt: ["Mitmachen:", "Join at"],
  joined: ["dabei", "joined"],
  sending: ["senden", "sending"],
  silent: ["still", "silent"],
  rejected: ["abgelehnt", "rejected"],
  empty: ["Noch niemand dabei.", "Nobody has joined yet."],
  emptyEnded: ["Die Stunde ist beendet. Niemand war dabei.", "The lesson has ended. Nobody had joined."],
  emptyHow: ["Auf dem Handy {address} öffnen und diesen Code eingeben:", "Open {address} on your phone and enter this code:"],
  emptyNoCode: ["Auf dem Handy {address} öffnen.", "Open {address} on your phone."],
  notBuilt: ["Dieser Hub hat noch keine Diagramme. Messen und Speichern gehen trotzdem.", "This hub has no charts yet. Measuring and storing work all the same."],
  notBuiltHow: [
    "Wer den Hub betreut, führt das im Ordner von Messwerk aus, baut den Hub neu und startet ihn:",
    "Whoever runs the hub executes this in Messwerk's folder, builds the hub anew and starts it:",
  ],
  notBuiltPupil: [
    "Dieser Hub hat noch keine Diagramme: Sag deiner Lehrkraft Bescheid. Messen und senden kannst du trotzdem.",
    "This hub has no charts yet: tell your teacher. You can measure and send all the same.",
  ],
  notBuiltTeacher: ["Für Lehrkräfte", "For teachers"],
  keys: [
    "Tastatur. Pfeile: Punkt und Handy wechseln. Pos1, Ende: erster und letzter Punkt. Plus, Minus: Zeitachse. Eingabe: hervorheben. Escape: zurück.",
    "Keyboard. Arrows: change point and phone. Home, End: first and last point. Plus, minus: time axis. Enter: highlight. Escape: back.",
  ],
  trouble: ["Fehler: {text}", "Error: {text}"],
  // Start page.
  lead: [
    "Die Handys der Klasse messen. Der Hub speichert. Die Tafel zeigt alle zusammen.",
    "The class's phones measure. The hub stores. The board shows everyone together.",
  ],
  pupils: ["Mitmachen", "Join a lesson"],
  pupilsHow: ["Den Code von der Tafel eingeben.", "Enter the code from the board."],
  codeLabel: ["Code der Stunde", "Lesson code"],
  join: ["Mitmachen", "Join"],
  teachers: ["Für Lehrkräfte", "For teachers"],
  teachersHow: [
    "Eine Stunde wird über die Schnittstelle angelegt. Auf dem Rechner des Hubs:",
    "A lesson is made through the API. On the hub's machine:",
  ],
  teachersToken: ["1. Ein Token für Lehrkräfte erzeugen (letzte Zeile der Ausgabe):", "1. Make a teacher's token (the last line printed):"],
  teachersLesson: ["2. Eine Stunde mit der Vorlage „pendulum“, „spring“ oder „rest“ beginnen:", "2. Start a lesson with the template “pendulum”, “spring” or “rest”:"],
  teachersBoard: [
    "3. Die Antwort nennt board_url für den Beamer und den code für die Klasse. Die Stunde nimmt sofort auf.",
    "3. The answer names board_url for the projector and the code for the class. The lesson records at once.",
  ],
  apiDocs: ["Beschreibung der Schnittstelle (OpenAPI)", "Description of the API (OpenAPI)"],
  // Join page.
  joinTitle: ["Mitmachen", "Join"],
  joining: ["trete bei …", "joining …"],
  youAre: ["Du bist", "You are"],
  codeWrong: ["Der Code hat sechs Ziffern und steht an der Tafel.", "The code has six digits and is on the board."],
  codeUnknown: ["Unter diesem Code läuft keine Stunde. Schau noch einmal an die Tafel.", "No lesson is open under this code. Look at the board again."],
  tooManyCodes: [
    "Es wurden zu viele falsche Codes eingegeben. In {seconds} s wird dieser noch einmal probiert.",
    "Too many wrong codes were typed. This one is tried again in {seconds} s.",
  ],
  lessonFull: ["Die Stunde ist voll. Sag deiner Lehrkraft Bescheid.", "The lesson is full. Tell your teacher."],
  joinFailed: ["Das hat nicht geklappt: {text}", "That did not work: {text}"],
  noHub: ["Der Hub antwortet nicht. Bist du im richtigen WLAN?", "The hub does not answer. Are you on the right Wi-Fi?"],
  sendHow: ["Messwerte senden", "Send readings"],
  sendText: [
    "Mit phyphox oder einem anderen Programm an eine dieser Adressen. Sie gehören nur dir: nicht weitergeben.",
    "With phyphox or any other program to one of these addresses. They are yours alone: do not share them.",
  ],
  task: ["Aufgabe", "Your task"],
  sensors: ["Diese Sensoren braucht die Stunde", "The lesson needs these sensors"],
  sensorsHow: [
    "In phyphox im Netzwerk-Teil des Experiments einstellen: über HTTP die Namen der Werte, über MQTT ein Topic je Sensor.",
    "To set in the network part of a phyphox experiment: over HTTP the names of the values, over MQTT one topic for each sensor.",
  ],
  atLeast: ["mindestens {hz} Messwerte/s, in {unit}", "at least {hz} readings/s, in {unit}"],
  httpNames: ["HTTP-Namen", "HTTP names"],
  topicOf: ["MQTT-Topic für {sensor}", "MQTT topic for {sensor}"],
  sensor_acc: ["Beschleunigung (mit g)", "acceleration (with g)"],
  sensor_lin: ["Beschleunigung (ohne g)", "acceleration (without g)"],
  sensor_gyr: ["Gyroskop (Drehrate)", "gyroscope (rotation rate)"],
  sensor_mag: ["Magnetfeld", "magnetic field"],
  sensor_pres: ["Luftdruck", "air pressure"],
  sensor_light: ["Licht", "light"],
  sensor_temp: ["Temperatur", "temperature"],
  sensor_sound: ["Schallpegel", "sound level"],
  http: ["HTTP-Adresse (POST)", "HTTP address (POST)"],
  mqttAddress: ["MQTT-Server", "MQTT server"],
  mqttTopic: ["MQTT-Topic", "MQTT topic"],
  copy: ["Kopieren", "Copy"],
  copied: ["Kopiert", "Copied"],
  copyByHand: ["Bitte von Hand kopieren: Der Text ist markiert.", "Please copy by hand: the text is selected."],
  yourValues: ["Deine Angaben", "Your values"],
  save: ["Speichern", "Save"],
  saved: ["Gespeichert.", "Saved."],
  between: ["Bitte eine Zahl von {min} bis {max}.", "Please enter a number from {min} to {max}."],
  number: ["Bitte eine Zahl.", "Please enter a number."],
  yourSignal: ["Dein Signal", "Your signal"],
  yourResult: ["Dein Ergebnis", "Your result"],
  classResult: ["Klasse", "Class"],
  noResult: ["noch keines", "none yet"],
  notCounted: ["zählt nicht: {text}", "not counted: {text}"],
  noLesson: [
    "Dieser Hub nennt die Stunde nicht; Signal und Angaben fehlen deshalb hier. Senden kannst du trotzdem.",
    "This hub does not name the lesson, so signal and values are missing here. You can send all the same.",
  ],
  leave: ["Gerät weitergeben (neu beitreten)", "Hand the device over (join anew)"],
};

const memory = {
  get: (key) => {
    try {
      return sessionStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set: (key, value) => {
    try {
      sessionStorage.setItem(key, value);
    } catch {
      // Storage may be forbidden; the choice then lasts as long as the page.
    }
  },
};

const asked = new URLSearchParams(location.search);
let language = asked.get("lang") ?? memory.get("lang") ?? navigator.language ?? "en";
language = language.toLowerCase().startsWith("de") ? "de" : "en";
const dark = matchMedia("(prefers-color-scheme: dark)");
let theme = asked.get("theme") ?? memory.get("theme");
const watchers = [];

export const lang = () => language;
export const currentTheme = () => theme ?? (dark.matches ? "dark" : "light");

/** The text of a key, with {name}s filled in. */
export function text(key, values = {}) {
  const found = texts[key]?.[language === "de" ? 0 : 1] ?? key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** The right one of {"de","en"}; an older or newer hub may leave it out. */
export const pick = (both) => both?.[language] ?? both?.en ?? "";

/** A number with the language's decimal sign. */
export const decimal = (value) => String(value).replace(".", language === "de" ? "," : ".");

/** Calls back now and whenever language or colours change. */
export function watch(callback) {
  watchers.push(callback);
  callback();
}

function apply() {
  document.documentElement.lang = language;
  document.documentElement.dataset.theme = currentTheme();
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = text(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", text(element.dataset.tLabel));
  for (const callback of watchers) callback();
}

/** Puts texts into the page and makes its switches work. */
export function start() {
  document.getElementById("language")?.addEventListener("click", () => {
    language = language === "de" ? "en" : "de";
    memory.set("lang", language);
    apply();
  });
  document.getElementById("theme")?.addEventListener("click", () => {
    theme = currentTheme() === "dark" ? "light" : "dark";
    memory.set("theme", theme);
    apply();
  });
  dark.addEventListener("change", apply);
  apply();
}
