# Start page.
start-title = Mitmachen
start-lead = Den Code von der Tafel eingeben.
start-letters = Der Code hat Buchstaben
start-scan = Schneller geht es mit der Kamera: den QR-Code an der Tafel scannen.
link-teachers = Für Lehrkräfte
link-pupils = Für Schülerinnen und Schüler
link-compare = Klassen vergleichen
compare-this = Mit anderen vergleichen
nav = Seiten

# Password: set-up and sign-in.
password-show = Anzeigen
password-hide = Verbergen
strength-empty = Noch leer
strength-short = Zu kurz
strength-weak = Leicht zu erraten
strength-fair = Gut
strength-strong = Sehr gut
setup-title = Willkommen bei Messwerk
setup-lead = Vergeben Sie ein Passwort für die Lehrkräfte. Damit beginnen und steuern Sie Stunden auf diesem Hub.
setup-secret = Schlüssel der Einrichtung
setup-secret-how = Er steht am Ende der Adresse, die der Hub beim Start ausgibt: …/setup#SCHLÜSSEL.
setup-secret-missing = Der Schlüssel fehlt. Öffnen Sie die ganze Adresse, die der Hub beim Start ausgibt.
setup-password = Passwort
setup-again = Passwort wiederholen
setup-advice = Mindestens 10 Zeichen. Drei oder vier Wörter hintereinander sind leicht zu merken und schwer zu erraten.
setup-different = Die beiden Passwörter sind verschieden.
setup-save = Passwort speichern
setup-old-how = Eine neue Adresse gibt der Hub beim nächsten Start aus, solange noch kein Passwort vergeben ist. Ist schon eines vergeben, melden Sie sich damit an oder setzen Sie es auf dem Rechner des Hubs zurück: messwerk password reset --data-dir ORDNER
login-title = Anmelden
login-password = Passwort für Lehrkräfte
login-enter = Anmelden
login-empty = Bitte geben Sie das Passwort ein.
login-forgot = Passwort vergessen?
login-forgot-how = Auf dem Rechner des Hubs lässt es sich zurücksetzen. Danach vergeben Sie ein neues.
login-setup-needed = Dieser Hub hat noch kein Passwort. Öffnen Sie zuerst die Adresse, die er beim Start ausgibt.
login-setup = Zur Einrichtung
sign-out = Abmelden

# What the hub refuses, by its machine word.
problem-no-hub = Der Hub antwortet nicht. Prüfen Sie WLAN und Hub, dann noch einmal.
problem-status = Das hat nicht geklappt (HTTP { $status }). Bitte noch einmal versuchen.
problem-wrong-password = Das Passwort stimmt nicht.
problem-too-many = Zu viele Versuche. In { $seconds } s geht es weiter.
problem-old-secret = Diese Adresse gilt nicht mehr: Sie wurde schon benutzt, ist zu alt, oder der Hub wurde neu gestartet.
problem-setup-needed = Dieser Hub hat noch kein Passwort. Öffnen Sie die Adresse, die er beim Start ausgibt.
problem-password-short = Das Passwort ist zu kurz: mindestens 10 Zeichen.
problem-password-long = Das Passwort ist zu lang: höchstens 1024 Byte (Umlaute und andere Sonderzeichen zählen doppelt oder mehr).
problem-take-open = Es läuft schon eine Messung. Stoppen Sie sie zuerst.
problem-no-take = Es gibt keine Messung, die sich zurücknehmen lässt.
problem-lesson-ended = Die Stunde ist schon beendet.
problem-not-a-rehearsal = In dieser Stunde gibt es schon Messwerte oder eingetragene Ergebnisse. Eine Probe würde sie löschen: Starten Sie eine Messung.
problem-file-running = Gerade wird eine Datei gespeichert. Versuchen Sie es gleich noch einmal.
problem-not-measuring = Es läuft gerade keine Messung.
problem-location-not-asked = Diese Stunde braucht keine Ortung.
problem-lesson-free = Diese Stunde zeichnet immer auf. Starten und stoppen gibt es nur in Stunden, die hier begonnen wurden.
problem-lesson-full = Die Stunde ist voll. Entfernen Sie zuerst ein anderes Gerät.
problem-unknown-thing = Dieses Gerät gibt es nicht mehr.
problem-not-found = Das gibt es nicht mehr. Bitte laden Sie die Seite neu.
problem-foreign-origin = Diese Seite wurde unter einer anderen Adresse geöffnet als der des Hubs. Öffnen Sie die Adresse, die der Hub beim Start nennt.
problem-unknown-host = Unter dieser Adresse antwortet der Hub nicht. Öffnen Sie die Adresse, die er beim Start nennt.
problem-unavailable = Das kann der Hub gerade nicht. Bitte gleich noch einmal versuchen.
problem-too-slow = Die Verbindung ist dafür zu langsam. Bitte noch einmal versuchen.
problem-internal = Der Hub hat einen Fehler gemacht. Sein Protokoll nennt den Grund. Bitte noch einmal versuchen.
problem-busy = Der Hub hat gerade zu viel zu tun. Bitte gleich noch einmal.
problem-export-unknown = Das ist keine Datei, die phyphox exportiert. Wählen Sie in phyphox „Daten exportieren“.
problem-export-damaged = Die Datei ist beschädigt. Bitte noch einmal exportieren.
problem-export-empty = In der Datei sind keine Messwerte dieser Stunde.
problem-export-columns = In der Datei ist keine Spalte, die gebraucht wird: eine Zeit und dazu x, y und z eines Sensors (ein Betrag allein hat keine Richtung) oder ein einzelner Wert wie der Druck.
problem-export-too-large = Die Datei ist zu groß. Exportieren Sie in phyphox als CSV.
problem-rehearsal = Gerade wird geprobt, und mit der Probe würde die Datei gelöscht. Laden Sie sie danach hoch.
problem-upload-running = Von diesem Gerät kommt gerade schon eine Datei an. Warten Sie, bis sie da ist.

# Library.
library-title = Neue Stunde
seats-label = Geräte höchstens
seats-fewer = Ein Gerät weniger
seats-more = Ein Gerät mehr
seats-how = Ein Gerät für drei bis vier Kinder reicht: Das Gerät lässt sich an die nächste Gruppe weitergeben.
seats-wrong = Bitte eine ganze Zahl von Geräten eingeben, mindestens 1.
seats-too-many = Dieser Hub nimmt keine { $n } Geräte in einer Stunde. Seine Grenze ist limits.things_per_lesson in messwerk.toml.
begin-lesson = Stunde beginnen
template-inputs = Jede Gruppe trägt ein: { $inputs }
template-by-hand = Geht auch von Hand: { $inputs }
template-useless = Hier nicht mit Handys: Was diese Vorlage misst, gibt der Browser nur auf einer verschlüsselten Seite frei, und phyphox misst es hier nicht.
template-minutes = etwa { $n } Minuten
search-label = Suchen: Thema, Fach, Name
subject-label = Fach
subject-all = Alle Fächer
subject-physics = Physik
subject-chemistry = Chemie
subject-biology = Biologie
subject-geography = Erdkunde
subject-mathematics = Mathematik
subject-computing = Informatik
subject-sports = Sport
subject-general = Fachübergreifend
grade-label = Klassenstufe
grade-all = Alle Klassenstufen
grade-one = { $n }. Klasse
templates-found =
    { $n ->
        [0] Nichts passt dazu.
        [one] 1 Vorlage passt.
       *[other] { $n } Vorlagen passen.
    }
editor-link = Vorlagen schreiben
import-file = Datei aufnehmen
template-grades = Klasse { $from } bis { $to }
template-more = Mehr dazu
template-download = Als Datei laden
template-fork = Abwandeln
template-withdraw = Aus der Bibliothek nehmen
template-withdrawn = „{ $title }“ ist aus der Bibliothek genommen.
template-imported = „{ $title }“ ist aufgenommen ({ $trust }).
template-for = Für
template-group = Gruppen
template-people =
    { $n ->
        [one] 1 Person an einem Handy
       *[other] { $n } Personen an einem Handy
    }
template-languages = Sprachen
template-authors = Von
template-license = Lizenz
template-version = Version
template-trust = Herkunft
template-signer = Schlüssel { $key }
template-from = Abgewandelt von
template-origin = { $id } { $version } von { $authors }
trust-builtin = mitgeliefert
trust-made = hier geschrieben
trust-trusted = von einer bekannten Quelle unterschrieben
trust-unknown = unbekannte Quelle
trust-unsigned = unbekannte Quelle, ohne Unterschrift
source-web = Browser
source-phyphox = phyphox
source-sensor-logger = Sensor Logger
source-station = Messstation
running-title = Laufende Stunden
ended-title = Beendete Stunden
ended-how = Messwerte löschen sich von selbst. Wer sie länger braucht, behält sie oder lädt sie herunter.
open-console = Steuern
open-board = Tafel öffnen
share-results = Ergebnisse freigeben
link-releases = Freigaben
open-results = Ergebnisse
code-is = Code { $code }
joined-of = { $n } von { $seats } dabei
took-part =
    { $n ->
        [0] niemand dabei
        [one] 1 Gerät
       *[other] { $n } Geräte
    }
since = seit { $time }
today-at = heute, { $time }
day-at = { $day }, { $time }
very-soon = gleich
in-minutes =
    { $n ->
        [one] in 1 Minute
       *[other] in { $n } Minuten
    }
in-hours =
    { $n ->
        [one] in 1 Stunde
       *[other] in { $n } Stunden
    }
in-days =
    { $n ->
        [one] in 1 Tag
       *[other] in { $n } Tagen
    }
deleted-in = Wird { $in } gelöscht ({ $at }).
kept-until = Behalten. Wird { $in } gelöscht ({ $at }).
keep-label = Aufbewahren
keep-default = wie üblich
keep-as-chosen = wie gewählt
keep-days =
    { $n ->
        [365] 1 Jahr
       *[other] { $n } Tage
    }
erase = Löschen
erase-sure = Wirklich löschen?
erased = Die Stunde wurde gelöscht.
exports = Herunterladen
export-print = Drucken
export-report = Bericht der Klasse
export-reports = Alle Berichte, auch die der Gruppen
export-files = Alles in einer Datei
export-all = Arbeitsmappe mit Ergebnissen, Klasse und Messwerten (XLSX)
export-results = Ergebnisse
export-readings = Messwerte
export-xlsx = Arbeitsmappe für Excel und LibreOffice (XLSX)
export-csv-de = CSV für deutsches Excel (Semikolon, Dezimalkomma)
export-csv = CSV (Komma, Dezimalpunkt)
export-json = JSON
export-parquet = Parquet
export-arrow = Arrow
link-title = Link für andere Programme (CODAP)
link-how = Wer den Link hat, kann eine Tabelle lesen, ohne sich anzumelden: die Gruppen nur mit Nummer, ohne Namen und Texte. Der Link endet von selbst, mit einem Neustart des Hubs oder wenn Sie ihn zurückziehen. Ein Programm im Internet muss diesen Hub erreichen können.
link-hours = Der Link gilt
link-hours-n =
    { $n ->
        [168] 7 Tage
       *[other] { $n } Stunden
    }
link-make-results = Link zu den Ergebnissen
link-make-readings = Link zu den Messwerten
link-results =
    { $n ->
        [one] Ergebnisse, bis { $until }, einmal geöffnet
       *[other] Ergebnisse, bis { $until }, { $n }-mal geöffnet
    }
link-readings =
    { $n ->
        [one] Messwerte, bis { $until }, einmal geöffnet
       *[other] Messwerte, bis { $until }, { $n }-mal geöffnet
    }
link-address = Adresse des Links
link-revoke = Zurückziehen
insecure-title = Diese Verbindung ist nicht verschlüsselt
insecure-how = Wer im selben WLAN mitliest, könnte Ihr Passwort sehen, und Handys geben im Browser keine Sensoren frei. Mit der App phyphox messen sie trotzdem, außer dem Schallpegel.
insecure-short = Ohne Verschlüsselung messen Handys nur mit phyphox; im Browser lassen sich Werte eintragen.
insecure-phones = Die Handys erreichen den Hub ohne Verschlüsselung. Im Browser geben sie deshalb keine Sensoren frei. Mit der App phyphox messen sie trotzdem, außer dem Schallpegel.
insecure-useless = In dieser Stunde können Handys nicht messen: Ohne Verschlüsselung gibt der Browser das Mikrofon nicht frei, und mit phyphox geht diese Vorlage nicht.
insecure-link = So richten Sie HTTPS ein
insecure-read = Gelesen, ausblenden
alone = Handys erreichen diesen Hub nicht: Er lauscht nur auf seinem eigenen Rechner, oder der ist in keinem Netz. In der Übersicht sagt „Ist alles bereit?“, was davon zutrifft und was zu tun ist.
unready = Der Hub hat etwas gefunden, das eine Stunde stören kann.
unready-link = Ansehen
doctor-title = Ist alles bereit?
doctor-how = Was der Hub über Netz, Zertifikat, Uhr und Speicher herausgefunden hat.
doctor-check = Mit einem Handy prüfen
doctor-good = alles in Ordnung
doctor-bad =
    { $n ->
        [one] 1 Hinweis
       *[other] { $n } Hinweise
    }
level-ok = In Ordnung
level-warn = Achtung
level-bad = Fehler

# Console: top.
all-lessons = Alle Stunden
skip-to-things = Zu den Geräten
gone-title = Diese Stunde gibt es nicht (mehr).
gone-how = Vielleicht wurde sie gelöscht. Alle Stunden stehen in der Übersicht.
offline-how = Keine Verbindung zum Hub. Die Handys heben ihre Messwerte auf und senden sie nach. Diese Seite verbindet sich von selbst wieder.
phase-lobby = Wartet auf den Start
phase-countdown = Gleich geht es los
phase-measuring = Messung läuft
phase-rehearsal = Probe läuft
phase-stopped = Gestoppt
phase-ended = Beendet
lobby-open = Beitreten ist möglich
lobby-locked = Beitreten ist gesperrt
board-frozen = Tafel eingefroren
lasts-of = { $time } von { $of }
take-lasted = Messung { $n }: { $time }
ended-at = um { $time }

# Counters.
counters-label = Zähler
count-joined = dabei
count-waiting = warten
count-sending = senden
count-silent = still, weg
count-lost = Pakete fehlen
count-unsent = ungesendet
count-rejected = abgelehnt
count-alignment = Uhrenfehler
n-of = { $n }/{ $most }
seconds = { $s } s
milliseconds = { $ms } ms
plus-minus = ± { $ms } ms
why-title = Nicht gespeichert, und warum
reject-undecodable = Nachrichten, die der Hub nicht lesen kann. Sendet da ein anderes Programm?
reject-not-finite = Werte, die keine Zahlen sind. Sensor am Handy neu starten.
reject-unknown-column = Spalten mit unbekanntem Namen. In phyphox die Namen der Stunde einstellen.
reject-unknown-unit = Werte in einer unbekannten Einheit.
reject-missing-time = Werte ohne Zeit. In phyphox die Zeit mitsenden.
reject-length-mismatch = Werte ohne passende Zeit: Die Spalten sind verschieden lang.
reject-missing-component = Vektoren, denen eine Richtung fehlt. Immer x, y und z zusammen senden.
reject-private = Persönliche Daten wie Ort oder Puls. Der Hub speichert sie nie.
reject-time-out-of-range = Werte mit unmöglicher Zeit. Stimmt die Uhr des Handys?
reject-too-large = Zu viele Werte auf einmal. In phyphox öfter senden lassen.
reject-unknown-stream = Werte eines Sensors, den der Hub nicht kennt.
reject-not-recording = Werte nach dem Ende der Stunde.
reject-lesson-ended = Werte nach dem Ende der Stunde.
reject-location-off = Ortswerte, obwohl die Ortung nicht erlaubt ist.
reject-idle = kamen, während nicht gemessen wurde. Das ist kein Fehler; sie werden nicht gespeichert.
notice-read-only = Der Hub kann nicht mehr speichern. Messwerte werden jetzt nicht angenommen. Schaffen Sie Platz auf dem Rechner des Hubs.
notice-problems = Der Hub braucht jemanden, der nach ihm sieht. Was zu tun ist, steht in der Übersicht unter „Ist alles bereit?“.
notice-guessing = Jemand probiert Codes aus. Sind alle da, sperren Sie das Beitreten.
notice-password = Jemand probiert Passwörter für diese Seite aus. Ihres gilt weiter; ist es kurz, ändern Sie es nach der Stunde.

# The next step and the others.
act-title = Steuern
next-start = Messung { $n } starten
next-stop = Stopp
next-stop-rehearsal = Probe beenden
next-abort = Abbrechen
next-open-lobby = Beitreten öffnen
next-board = Tafel öffnen
next-library = Alle Stunden
hint-start = Alle bereit? Nach dem Tippen zählen Handys und Tafel 3 Sekunden herunter.
hint-stop = Die Klasse misst. Stopp beendet die Messung auf allen Geräten.
hint-stop-rehearsal = Probe: Nichts davon wird behalten.
hint-rehearsal = Probe: Nichts davon wird behalten.
hint-countdown =
    { $n ->
        [0] Los
       *[other] Los in { $n } …
    }
hint-abort = Gleich geht es los.
hint-open-lobby = Niemand kann beitreten. Öffnen Sie das Beitreten, dann zeigt die Tafel den Code.
hint-board = Zeigen Sie die Tafel am Beamer. Die Klasse scannt dort den QR-Code.
hint-library = Die Stunde ist beendet. Die Ergebnisse bleiben hier und an der Tafel sichtbar, bis sie gelöscht werden.
hint-offline = Keine Verbindung zum Hub. Zu sehen ist der letzte bekannte Stand.
hint-unanswered = Keine Antwort vom Hub: Ihr Tippen ist wahrscheinlich nicht angekommen. Bitte noch einmal, sobald die Verbindung steht.
do-open-lobby = Beitreten öffnen
do-lock-lobby = Beitreten sperren
do-freeze = Tafel einfrieren
do-unfreeze = Tafel weiter
do-rehearse = Probe starten
do-undo = Messung { $n } zurücknehmen
do-redo = Messung { $n } doch zählen
do-end = Stunde beenden
end-sure = Wirklich beenden?
owing =
    { $n ->
        [one] 1 Gerät hat noch nicht alles gesendet ({ $s } s).
       *[other] { $n } Geräte haben noch nicht alles gesendet (bis zu { $s } s).
    } Was fehlt, kommt auch nach dem Ende der Stunde an, wenn dort die Seite offen bleibt.
location-label = Ortung erlauben
location-how = Gesendet wird nur der Weg vom Startpunkt aus, in Metern. Der Ort selbst bleibt auf dem Handy.

# Inviting the class.
invite-title = Einladen
invite-over = Tafel
invite-locked = Beitreten ist gesperrt. Wer dabei ist, bleibt dabei.
code-how = Auf { $address } eingeben
two-words = Prüfwörter: { $words }
copy-board = Adresse der Tafel kopieren
copy-join = Link für die Klasse kopieren
copied-address = Kopiert: { $address }
address-label = Adresse zum Kopieren
qr-codes = QR-Codes
qr-join = Mitmachen
qr-join-alt = QR-Code zum Mitmachen
qr-wifi = WLAN { $ssid }
qr-wifi-alt = QR-Code für das WLAN { $ssid }
qr-phyphox = Mit phyphox messen
qr-phyphox-alt = QR-Code für die App phyphox

# Things.
things-title = Geräte
only-odd = Nur auffällige ({ $n })
none-odd = Alles gut: Kein Gerät fällt auf.
nobody-title = Noch niemand dabei
nobody-how = Zeigen Sie Code oder QR-Code. Wer beitritt, steht sofort hier.
thing-is-joined = wartet
thing-is-sending = sendet
thing-is-silent = still
thing-is-away = weg
thing-is-removed = entfernt
thing-is-paused = pausiert
thing-is-past = weitergegeben
via-web = Browser
via-phyphox = phyphox
via-mqtt = MQTT
via-http = HTTP
via-none = noch nichts
permission-denied = Erlaubnis fehlt am Handy
permission-missing = kein passender Sensor
heard-seconds = zuletzt vor { $n } s
heard-minutes = zuletzt vor { $n } min
unsent-seconds = { $s } s noch nicht gesendet
unsent-about = etwa { $s } s noch nicht gesendet
coming-back = zurückgeholt, meldet sich noch nicht
missing-batches =
    { $n ->
        [one] 1 Paket fehlt
       *[other] { $n } Pakete fehlen
    }
no-finding = Noch kein Ergebnis
no-finding-ended = Kein Ergebnis
by-hand = von Hand
undone = zählt nicht: Messung zurückgenommen
thing-pause = Pause
thing-resume = Weiter
thing-rename = Neuer Name
thing-hide = Verbergen
thing-show = Zeigen
thing-remove = Entfernen
thing-restore = Zurückholen
removed-one = { $name } wurde entfernt.
removed-title = Entfernt ({ $n })
take-back = Rückgängig
close = Schließen
exclude = Zählt nicht
include = Zählt doch
cancel = Abbrechen
exclude-how = Warum zählt dieses Ergebnis nicht? Den Grund sehen alle.
exclude-other = Anderer Grund
reason-slipped = Handy verrutscht
reason-wrong-length = Falsche Länge eingetragen
reason-too-wide = Zu weit ausgelenkt
reason-disturbed = Messung gestört
reason-trial = Nur ausprobiert

# Result, log, upload, keys.
results-title = Ergebnis der Klasse
class-counts =
    { $out ->
        [0] Gezählte Ergebnisse: { $n }.
       *[other] Gezählte Ergebnisse: { $n }, nicht gezählte: { $out }.
    }
class-interval = Mit 95 % Sicherheit zwischen { $low } und { $high } { $unit }.
class-single = Ein einziges Gerät: Hinter ± steht dessen eigene Standardunsicherheit.
class-none = Noch kein Ergebnis zählt.
log-title = Verlauf
log-lesson-make = Stunde begonnen
log-lesson-end = Stunde beendet
log-lesson-erase = Stunde gelöscht
log-lobby-open = Beitreten geöffnet
log-lobby-lock = Beitreten gesperrt
log-take-start = Messung gestartet
log-take-stop = Messung gestoppt
log-take-cancel = Start abgebrochen
log-take-undo = Messung zurückgenommen
log-take-redo = Messung zählt wieder
log-rehearsal-start = Probe gestartet
log-rehearsal-stop = Probe beendet
log-rehearsal-cancel = Probe abgebrochen
log-rehearsal-kept = Während einer Probe kamen Dateien an: nichts wurde gelöscht
log-board-freeze = Tafel eingefroren
log-board-unfreeze = Tafel läuft weiter
log-thing-join = Beigetreten
log-thing-pause = Gerät pausiert
log-thing-resume = Gerät misst weiter
log-thing-rename = Neuer Name
log-thing-remove = Gerät entfernt
log-thing-restore = Gerät zurückgeholt
log-thing-hide = An der Tafel verborgen
log-thing-show = An der Tafel gezeigt
log-thing-erase = Gerät gelöscht
log-run-exclude = Ergebnis ausgeschlossen
log-run-include = Ergebnis zählt wieder
log-run-erase = Messreihe gelöscht
log-thing-upload = phyphox-Datei hochgeladen
log-link-make = Link für andere Programme gemacht
log-link-revoke = Link für andere Programme zurückgezogen
log-keep = Aufbewahrung geändert
log-location = Ortung geändert
who-teacher = Lehrkraft
who-hub = Hub
who-pupil = Gerät
upload-title = phyphox-Datei nachreichen
upload-how = Für eine Gruppe, die ohne Netz gemessen hat: In phyphox „Daten exportieren“ wählen und die Datei hier hochladen. Dieselbe Datei zählt nur einmal.
upload-thing = Gerät
upload-file = Datei
upload-send = Hochladen
upload-choose = Bitte Gerät und Datei wählen.
upload-large = Die Datei ist größer als 10 MB. Exportieren Sie in phyphox als CSV.
upload-done = { $stored } Messwerte gespeichert, { $duplicates } waren schon da, { $rejected } abgelehnt.
upload-again = Diese Datei ist schon da: Alle { $duplicates } Messwerte waren gespeichert.
keys-title = Tastatur
keys-on = Tastenkürzel benutzen
key-space = Leertaste
key-space-does = Starten und stoppen
key-l-does = Beitreten sperren oder öffnen
key-f-does = Tafel einfrieren oder weiterlaufen lassen
keys-when = Die Tasten wirken nur, wenn kein Knopf und kein Feld ausgewählt ist.
