# Pupils: du, easy words.
join-title = Mitmachen
code-hint = Er steht an der Tafel. Du kannst ihn auch einfügen.
code-missing = Gib zuerst den Code von der Tafel ein.
join-privacy = Du brauchst kein Konto und keinen Namen. Du bekommst einen Spitznamen, und nach der Stunde bleibt auf diesem Handy nichts.
joining = Einen Moment …
problem-wrong-code = Unter diesem Code läuft keine Stunde. Schau noch einmal an die Tafel.
problem-wrong-token = Dieser QR-Code gilt nicht mehr. Scanne den an der Tafel noch einmal.
problem-not-a-join-token = Damit kommst du in keine Stunde. Wenn es das Token einer Lehrkraft ist: Es gehört nur auf die Seite für Lehrkräfte. Gib hier den Code von der Tafel ein.
problem-lobby-locked = Die Stunde nimmt gerade niemanden auf. Sag deiner Lehrkraft, dass du noch dazu willst.
problem-lesson-full = Die Stunde ist voll. Sag deiner Lehrkraft Bescheid.
problem-lesson-ended = Diese Stunde ist schon beendet.
too-many-codes = Es wurden zu viele falsche Codes eingegeben. In { $seconds } s wird dieser noch einmal probiert.
too-many-joins = Gerade wollen sehr viele Handys auf einmal hinein. In { $seconds } s wird es noch einmal probiert.
sending-rest = Der Rest deiner letzten Messung wird noch gesendet …
lost-before = Von deiner letzten Stunde konnten { $n } s nicht mehr gesendet werden.
hub-refused = Der Hub hat das nicht angenommen ({ $status }). Versuch es noch einmal, oder sag deiner Lehrkraft Bescheid.
hub-in-trouble = Der Hub hat gerade ein Problem ({ $status }). Versuch es gleich noch einmal.
problem-not-yours = Das gehört einem anderen Handy.
problem-unknown-thing = Der Hub kennt dieses Handy nicht mehr.
problem-unknown-token = Der Hub kennt dieses Handy nicht mehr.
you-are = Du bist
words-same = Steht das auch an der Tafel? Dann bist du richtig:
not-built-pupil = Dieser Hub hat noch keine Diagramme: Sag deiner Lehrkraft Bescheid. Messen und senden kannst du trotzdem.

connecting-title = Verbinde …
connecting-lead = Einen Moment, das Handy meldet sich an.
lobby-title = Gleich geht es los
lobby-lead = Bereite dein Handy vor:
lobby-ready = Du bist bereit
lobby-wait = Warte auf den Start. Deine Lehrkraft startet für alle.
countdown-title = Fertig machen
countdown-lead = Gleich wird gemessen.
rehearsal-title = Probelauf
measuring-title = Es wird gemessen
measuring-lead = Miss jetzt, wie es in der Aufgabe steht.
measuring-timed = Miss jetzt, wie es in der Aufgabe steht. Nach { $s } s endet es von selbst.
measuring-ask = Die anderen messen schon. Erlaube die Sensoren, dann misst du mit.
measuring-without = Die anderen messen. Du kannst von Hand mitmachen.
rehearsal-running = Probelauf: Nichts wird behalten
paused-title = Dein Handy macht Pause
paused-lead = Deine Lehrkraft hat dieses Handy angehalten. Es wird gerade nichts gemessen.
stopped-title = Messung beendet
stopped-lead = Der Rest wird noch gesendet. Lass die Seite offen.
stopped-sent = Alles ist beim Hub angekommen.
stopped-none = Warte auf die nächste Messung.
stopped-undone = Deine Lehrkraft hat diese Messung zurückgenommen. Sie zählt nicht.
stopped-rehearsal = Das war der Probelauf. Davon wird nichts behalten.
preview-title = Dein Signal
preview-lead = Bewege das Handy und schau, was der Sensor spürt. Nur du siehst das.
app-title = Diese Stunde misst mit phyphox
app-lead = Kein Browser kann diese Sensoren auslesen. Öffne unten das Experiment in phyphox; es sendet von allein an diese Stunde.
station-title = Eine Messstation misst
station-lead = Handys haben diesen Sensor nicht. Hier stehen die Aufgabe und, sobald die Station gesendet hat, euer Ergebnis.
station-enter = Handys haben diesen Sensor nicht: Eine Station sendet die Messwerte. Was die Aufgabe von euch wissen will, tragt ihr unten ein.
table-title = Trage deine Werte ein
table-lead = In dieser Stunde wird nichts aufgezeichnet. Fülle die Tabelle unten aus; dein Ergebnis steht dann an der Tafel.
place-title = Warte auf deine Lehrkraft
place-lead = Diese Stunde misst mit dem Standort. Deine Lehrkraft muss das erst erlauben; dann geht es hier von allein weiter.
free-title = Bereit zum Messen
free-lead = In dieser Stunde startest du selbst.
free-running = Du misst gerade
ended-title = Die Stunde ist beendet
ended-at = Die Stunde ist seit { $time } beendet
ended-lead = Es werden noch Messwerte gesendet. Lass die Seite offen.
ended-unwiped = Alles ist gesendet. Spitzname und Schlüssel ließen sich auf diesem Handy noch nicht löschen. Die Seite versucht es weiter.
ended-wiped = Danke fürs Mitmachen. Auf diesem Handy ist nichts mehr gespeichert. Deine Messreihe bekommst du nur hier, solange diese Seite offen ist.
removed-title = Dieses Handy ist nicht mehr dabei
removed-lead = Deine Lehrkraft hat es aus der Stunde genommen, oder die Stunde wurde gelöscht. War das ein Versehen, sag Bescheid: Das Handy merkt sich alles und fragt alle paar Sekunden nach, ob es wieder dabei ist.
elsewhere-title = Du misst in einem anderen Fenster
elsewhere-lead = Diese Stunde ist auf diesem Handy noch einmal offen. Nur ein Fenster kann messen.
elsewhere-other = Auf diesem Handy ist in einem anderen Fenster eine andere Stunde oder Gruppe offen. Nur ein Fenster kann messen.

prepare-sensors = Bewegungssensoren erlauben
prepare-microphone = Mikrofon erlauben (nur Lautstärke)
prepare-place = Standort erlauben (nur der Weg ab dem Start)
prepare-check = Handy flach hinlegen und prüfen
prepare-values =
    { $n ->
        [one] Deine Angabe eintragen
       *[other] Deine Angaben eintragen
    }
step-done = erledigt
step-now = jetzt
step-open = danach
step-off = geht hier nicht
check-running = Lass das Handy zwei Sekunden ruhig liegen …
check-none = Es kamen keine Werte vom Sensor. Versuch es noch einmal.
check-moved = Das Handy hat sich bewegt. Leg es hin und lass es los, dann noch einmal.
check-tilted = Das Handy liegt nicht flach. Display nach oben, dann noch einmal.
unchecked = Die Richtung der Beschleunigung ist nicht geprüft: Auf manchen Handys stimmt das Vorzeichen sonst nicht. Leg das Handy kurz flach hin und prüfe.

do-allow = Sensoren erlauben
do-allow-microphone = Mikrofon erlauben
do-allow-place = Standort erlauben
do-check = Handy liegt flach: prüfen
do-manual = Von Hand messen
do-values = Werte eintragen
do-preview = Mein Signal ansehen
do-hide = Signal ausblenden
do-begin = Messung starten
do-end = Messung beenden
do-here = Hier weitermachen
do-again = Neu beitreten
do-done = Fertig

unable-insecure = Diese Seite hat keine sichere Verbindung (HTTPS). Ohne sie gibt der Browser die Sensoren nicht frei. Miss mit phyphox oder von Hand.
unable-missing = Dieses Gerät gibt dem Browser keine passenden Sensoren. Miss mit phyphox oder von Hand.
denied-ios = Der Browser darf die Sensoren nicht benutzen. Schließe diese Seite, öffne sie neu und tippe auf „Erlauben“. Oder miss mit phyphox oder von Hand.
denied-other = Der Browser darf die Sensoren nicht benutzen. Tippe auf das Symbol links neben der Adresse, erlaube die Sensoren und lade die Seite neu. Oder miss mit phyphox oder von Hand.
keep-awake = Dieser Browser lässt das Display ausgehen. Tippe ab und zu darauf.

dock = Was gerade gesendet wird
sending-now = Wird gesendet: { $sensors }
sending-warming = Die Sensoren laufen. Gesendet wird ab dem Start.
sending-kept = Wird gemessen und gemerkt: { $sensors }
sending-preview = Nur auf diesem Handy zu sehen: { $sensors }
unsent = { $n } s noch nicht gesendet.
dropped = { $n } s gingen verloren, weil der Speicher voll war.
offline = Keine Verbindung seit { $time }. Das Handy versucht es weiter.
offline-measuring = Keine Verbindung seit { $time }. Miss ruhig weiter: Das Handy merkt sich alles und sendet es später.
hub-stopped = Der Hub wurde um { $time } beendet. Das Handy wartet auf ihn.
too-late =
    { $n ->
        [one] Ein Messwert kam erst nach dem Ende der Stunde an und zählt nicht.
       *[other] { $n } Messwerte kamen erst nach dem Ende der Stunde an und zählen nicht.
    }
some-rejected =
    { $n ->
        [one] Einen Messwert hat der Hub nicht angenommen. Sag deiner Lehrkraft Bescheid.
       *[other] { $n } Messwerte hat der Hub nicht angenommen. Sag deiner Lehrkraft Bescheid.
    }

your-values = Deine Angaben
save = Speichern
saved = Gespeichert.
ten-swings = Bitte die Zeit für eine Schwingung: { $all } s durch 10 sind { $one } s.
centimetres = Bitte in Metern eintragen: { $cm } cm = { $m } m.
your-signal = Dein Signal
your-result = Dein Ergebnis
result-means = Wert ± Unsicherheit: Der wahre Wert liegt wahrscheinlich in diesem Bereich.
taken-back = deine Lehrkraft hat diese Messung zurückgenommen
measured-by-hand = von Hand gemessen
ci = 95 %, n = { $n }

manual-title = Von Hand messen
stopwatch = Stoppuhr
start = Start
stop = Stopp
lap = Runde
reset = Auf 0
one-lap = Eine Runde: { $time }. Miss mehrmals, dann siehst du die Unsicherheit.
laps-mean = Mittel aus { $n } Runden: { $mean } ± { $half } s (95 %)
take-mean = Mittel übernehmen
counter = Zähler
count-more = Eins mehr (+1)
count-less = Eins weniger (−1)

phyphox-title = Mit phyphox messen
phyphox-how = Die App phyphox kann alle Sensoren deines Handys lesen. Sie bekommt von hier ein fertiges Experiment, das an diese Stunde sendet.
phyphox-open = In phyphox öffnen
phyphox-store = Noch nicht auf dem Handy? Suche im App Store oder bei Google Play nach „phyphox“ (kostenlos, ohne Werbung). Danach hier noch einmal tippen.
upload-title = Datei aus phyphox hochladen
upload-how = Hast du ohne Netz gemessen? In phyphox: Menü, „Daten exportieren“, in einer Datei speichern. Diese Datei hier auswählen.
upload-label = Datei (CSV, Excel, ZIP oder gespeicherter Zustand)
uploading = Wird hochgeladen …
uploaded =
    { $n ->
        [one] Ein Messwert wurde gespeichert.
       *[other] { $n } Messwerte wurden gespeichert.
    }
uploaded-before = Diese Datei war schon da. Es wurde nichts doppelt gespeichert.
upload-nothing = In dieser Datei waren keine Messwerte, die diese Stunde braucht.
upload-unused = In der Datei war auch etwas, das diese Stunde nicht braucht: { $sensors }.
problem-export-too-large = Die Datei ist zu groß. Es gehen höchstens 10 MB.
problem-export-unknown = Das ist keine Datei aus phyphox. Exportiere sie dort als CSV oder Excel.
problem-export-damaged = Die Datei ist beschädigt. Exportiere sie in phyphox noch einmal.
problem-export-empty = In der Datei sind keine Messwerte. Miss zuerst und exportiere dann.
problem-export-columns = In der Datei ist keine Spalte, die gebraucht wird: eine Zeit und dazu x, y und z eines Sensors. Ein Betrag allein hat keine Richtung.
problem-rehearsal = Gerade wird geprobt, und beim Ende der Probe würde die Datei gelöscht. Lade sie danach hoch.
problem-upload-running = Von diesem Gerät kommt gerade schon eine Datei an. Warte, bis sie da ist.
problem-too-slow = Das hat zu lange gedauert. Versuch es noch einmal, näher am WLAN.
phyphox-file = Experiment als Datei laden
send-how = Adressen für eigene Programme
send-text = Mit jedem Programm an eine dieser Adressen. Sie gehören nur dir: nicht weitergeben.
sensors = Diese Sensoren braucht die Stunde
sensors-how = Über HTTP die Namen der Werte, über MQTT ein Topic je Sensor.
at-least = mindestens { $hz } Messwerte/s, in { $unit }
http-names = HTTP-Namen
topic-of = MQTT-Topic für { $sensor }
http = HTTP-Adresse (POST)
mqtt-address = MQTT-Server
mqtt-topic = MQTT-Topic

takeaway = Deine Messung
takeaway-how = Du kannst deine Messreihe mitnehmen oder löschen.
take-csv = Als CSV sichern
take-json = Als JSON sichern
take-xlsx = Für Excel sichern
take-report = Bericht zum Drucken
takeaway-nothing = Von dieser Gruppe gibt es keine Messung.
saving = Wird geholt …
saved-file = Gesichert.
forget-run-of = Aufzeichnung { $run } löschen ({ $about })
forget-run = Aufzeichnung { $run } löschen
forget-by-hand = Von Hand Gemessenes löschen ({ $about })
forgotten = Gelöscht.
ask-forget = Diese Aufzeichnung löschen?
ask-forget-text = Sie verschwindet vom Hub und aus dem Ergebnis der Klasse. Das lässt sich nicht zurücknehmen.
ask-forget-yes = Löschen
keep-run = Behalten

about-title = Dieses Handy
about-kept = Dieses Handy merkt sich nur den Spitznamen, den Schlüssel dieser Stunde und was noch nicht gesendet ist. Am Ende wird alles gelöscht.
not-lasting = Dieser Browser merkt sich nichts über das Neuladen hinweg. Lass die Seite offen.
privacy = Was mit den Daten geschieht
fact-taken = Gemessene Werte
fact-waiting = Noch nicht gesendet
fact-clock = Uhr gleicht der des Hubs auf
fact-rounded = gerundet auf { $n }
fact-fine = nicht gerundet
seconds = { $n } s
milliseconds = ± { $n } ms
unknown = noch unbekannt
handover = Neue Gruppe (gleiche Stunde)
leave = Stunde verlassen, alles hier löschen
ask-leave = Dieses Handy freigeben?
ask-leave-text = Spitzname und alles andere verschwinden von diesem Handy. Was der Hub schon hat, bleibt dort.
ask-leave-unsent = { $n } s sind noch nicht gesendet und gehen dabei verloren. Besser wartest du kurz.
ask-next-unsent = { $n } s sind noch nicht gesendet. Sie werden jetzt noch gesendet; was in fünf Sekunden nicht ankommt, geht verloren.
problem-seat-used-up = Mit diesem Handy haben schon sehr viele Gruppen gemessen. Die nächste nimmt ein anderes; sonst sag deiner Lehrkraft Bescheid.
ask-leave-yes = Freigeben
stay = Bleiben

# Zeiten zwischen zwei Ereignissen.
ear-title = Akustische Stoppuhr
ear-how = Das erste laute Geräusch startet sie, das nächste stoppt sie. Dazwischen leise sein.
ear-ready = Bereit: wartet auf das erste Geräusch.
ear-running = Läuft: wartet auf das zweite Geräusch.
ear-again = Gestoppt. Das nächste Geräusch startet sie neu.
ear-threshold = Wie laut ein Geräusch sein muss
ear-decibels = { $n } dB. Weiter links hört sie auch leisere Geräusche.
ear-decibels-first = −20 dB. Weiter links hört sie auch leisere Geräusche.
reaction-title = Reaktionstest
reaction-how = Tippe auf das Feld. Nach einer Weile steht dort JETZT: Tippe dann so schnell du kannst.
pad-rest = Tippen zum Beginnen
pad-waiting = Warte …
pad-signal = JETZT!
pad-early = Zu früh. Tippe für einen neuen Versuch
pad-done = { $time } – tippe für den nächsten
prepare-ear = Mikrofon erlauben (nur wann es laut wird)
prepare-tone = Mikrofon erlauben (nur die Tonhöhe)

# Mehrere Werte, einer je Einstellung.
row = Nr.
table-more = Noch eine Zeile
put-in-row = In Zeile { $row } eingetragen: { $column }.
take-over = In die Tabelle übernehmen

# Was vor dem Messen gesagt wird.
predict-title = Deine Vorhersage
predict-how = Was erwartest du? Lege dich vor dem Messen fest. Mit der ersten Messung wird gesperrt.
predict-locked = Das hast du vor dem Messen gesagt.
predict-none = nichts gesagt
predict-knot = Wert { $n } von { $all }
predict-curve = Vorhergesagte Kurve: { $values }
prepare-predict = Sage, was du erwartest
do-predict = Vorhersage machen
problem-prediction-locked = Die Messung hat begonnen. Vorhersagen sind jetzt gesperrt.

# Typische Fehler, nur für diese Gruppe.
hints-title = Schaut noch einmal hin
