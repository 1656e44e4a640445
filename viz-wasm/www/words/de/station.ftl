# Weather stations.
stations-title = Wetterstationen
stations-none = Es gibt hier keine öffentliche Station.
stations-none-teacher = Noch keine Station. Unten legen Sie die erste an.
station-all = Stationen
station-login = Für Lehrkräfte: anmelden, um Stationen anzulegen
station-new = Neue Station
station-new-how = Die Station bekommt einen Schlüssel. Mit ihm sendet das Gerät; welche Adresse dort einzutragen ist, steht danach hier.
station-make = Station anlegen
station-made = Die Station ist angelegt
station-key = Schlüssel
station-key-once = Der Schlüssel steht nur jetzt hier. Später gibt es nur einen neuen.
station-open = Zur Seite der Station
station-name = Name
station-format = Format des Geräts
station-format-none = noch offen: erst zeigen, was ankommt
station-format-ecowitt = Ecowitt
station-format-ambient = Ambient Weather
station-format-wunderground = Weather Underground
station-format-weewx = WeeWX (MQTT)
station-format-opensensemap = senseBox, openSenseMap
station-format-luftdaten = airRohr, sensor.community
station-format-hackair = hackAIR
station-format-sbx-bytes = senseBox, binär
station-format-sbx-bytes-ts = senseBox, binär mit Zeit
station-format-rtl-433 = rtl_433 (MQTT)
station-format-tasmota = Tasmota (MQTT)
station-format-esphome = ESPHome (MQTT)
station-format-zigbee2mqtt = Zigbee2MQTT
station-format-sensorthings = OGC SensorThings
station-format-senml = SenML
station-format-mapping = etwas anderes: Felder zuordnen
station-latitude = Breite in ° Nord
station-longitude = Länge in ° Ost
station-elevation = Höhe in m über dem Meer
station-zone = Zeitzone
station-note = Notiz: wo sie hängt, wer sie pflegt
station-topics = MQTT-Themen, unter denen sie sendet
station-topics-how = Etwa tele/dach/#. Mehrere durch Komma getrennt. Ohne geht es unter in/SCHLÜSSEL/ immer.
station-public = Alle im Netz dürfen die Werte ansehen
station-private = nur für Lehrkräfte
station-how = Was im Gerät einzutragen ist
station-how-server = Server
station-how-port = Port
station-how-path = Pfad
station-how-broker = Port (MQTT)
station-how-user = Benutzer
station-how-password = Passwort
station-how-key = KEY steht für den Schlüssel. Wer ihn nicht mehr hat, gibt der Station einen neuen.
station-how-to-none = Jedes Gerät kann an diesen Pfad senden. Unter „Zeig mir, was ankam“ steht dann, wonach es aussieht.
station-how-to-ecowitt = In der App oder Konsole: Wetterdienste, „Customized“, Protokoll Ecowitt, HTTP.
station-how-to-ambient = In der App: Custom Server, eingeschaltet, Protokoll wie Ambient Weather.
station-how-to-wunderground = „Customized“, Protokoll Wunderground. Wo der Pfad fest ist, ist der Schlüssel das Passwort (Station Key).
station-how-to-weewx = Erweiterung MQTT: server_url mit Benutzer und Passwort, append_units_label = true. Das Thema steht in den Einstellungen.
station-how-to-opensensemap = Nur die Adresse des Servers ändern. Das Access Token der Box wird ein Schlüssel der Station; die Sensor-IDs stehen in den Einstellungen (API).
station-how-to-luftdaten = Konfiguration, „an eigene API senden“: Server, Pfad und Port eintragen.
station-how-to-hackair = Den Sensor auf Server und Pfad umstellen.
station-how-to-sbx-bytes = Die Box sendet ihre Bytes an diesen Pfad.
station-how-to-sbx-bytes-ts = Die Box sendet ihre Bytes an diesen Pfad.
station-how-to-rtl-433 = Aufruf mit -F mqtt://…,events und -M time:iso:tz. Eigene Sensoren nennen, sonst zählen die der Nachbarn als Fehler.
station-how-to-tasmota = MQTT einrichten; gesendet wird mit TelePeriod. Das Thema steht in den Einstellungen, etwa tele/dach/#.
station-how-to-esphome = mqtt: mit discovery: true. Ohne Discovery fehlen die Einheiten.
station-how-to-zigbee2mqtt = MQTT-Server in Zigbee2MQTT eintragen, last_seen: ISO_8601.
station-how-to-sensorthings = POST an /v1.1/Datastreams(ID)/Observations mit dem Schlüssel als Bearer-Token.
station-how-to-senml = POST mit SenML als JSON an diesen Pfad.
station-how-to-mapping = Das Gerät sendet JSON, ein Formular oder CSV an diesen Pfad. Danach unter „Zeig mir, was ankam“ die Felder anklicken.
station-main = Hauptsensor
station-age-now = gerade eben
station-never = noch nie gehört
station-heard = gehört: { $age }
station-quiet = still, zuletzt { $age }
station-place = { $latitude }° N, { $longitude }° O, { $height } m
station-now = Jetzt
station-silent = Es ist noch kein Messwert da.
station-trend-up = steigt
station-trend-down = fällt
station-trend-same = gleichbleibend
station-course = Verlauf
station-what = Größe
station-range = Zeitraum
station-range-day = Tag
station-range-week = Woche
station-range-month = Monat
station-range-year = Jahr
station-range-all = Alles
station-until = bis (leer: heute)
station-covered = Messwerte decken { $share } % der Zeit ab. Lücken bleiben leer.
station-nothing = In diesem Zeitraum gibt es keine Messwerte.
station-missing = { $n } Messwerte lassen sich nicht von der Platte lesen und fehlen hier.
station-wind = Wind
station-compare = Vergleich
station-compare-how = Stundenmittel derselben Größe und Zeit, nur Stunden, die beide haben.
station-other = Vergleichen mit
station-other-none = – wählen –
station-no-pairs = In diesem Zeitraum haben nicht beide Messwerte.
station-agree-higher = { $name } liegt im Mittel um { $bias } höher als { $here }; typisch unterscheiden sie sich um { $rmse } ({ $n } Stunden).
station-agree-lower = { $name } liegt im Mittel um { $bias } niedriger als { $here }; typisch unterscheiden sie sich um { $rmse } ({ $n } Stunden).
station-numbers = Der Vergleich in Zahlen
station-n = gemeinsame Stunden
station-bias = mittlere Differenz (Bias)
station-rmse = mittlere quadratische Abweichung (RMSE)
station-sd = Standardabweichung der Differenzen
station-correlation = Korrelation
station-lag = Verzögerung
station-lag-hours = { $n } h (Korrelation dann { $r })
station-equal = beide gleich
station-difference = { $name } − { $here }
station-teacher = Für Lehrkräfte
station-rejected = Was nicht gespeichert wurde ({ $n })
station-rejected-none = Nichts: alles, was kam, wurde gespeichert.
station-rejection = { $n } ×, zuletzt { $age }: { $detail }
station-arrived = Zeig mir, was ankam
station-arrived-how = Die neuesten Nachrichten, ohne Passwörter. Ein Klick auf ein Feld ordnet ihm eine Größe und eine Einheit zu.
station-arrived-none = Noch nichts. Sobald das Gerät sendet, steht es hier.
station-payload = Nachricht
station-looks = sieht aus wie { $format }
station-mapping = Felder zuordnen
station-map-property = Größe
station-map-unit = Einheit
station-map-channel = Ort
station-map-away = Entfernen
station-try = Ausprobieren
station-keep = So speichern
station-tried = { $property } ({ $channel }): { $value }
station-tried-nothing = Daraus wird kein Messwert.
station-renew = Neuer Schlüssel
station-renew-how = Der alte gilt danach nicht mehr.
station-settings = Einstellungen
station-save = Speichern
station-saved = Gespeichert.
station-erase = Station löschen
station-erase-warning = Alles, was sie je gesendet hat, wird gelöscht, auch von der Platte. Das lässt sich nicht rückgängig machen.
station-erase-no = Behalten
station-erase-yes = Alles löschen
property-temperature = Temperatur
property-relative-humidity = Luftfeuchte
property-pressure = Luftdruck (Station)
property-sea-level-pressure = Luftdruck (Meereshöhe)
property-wind-speed = Wind
property-wind-gust = Böen
property-wind-direction = Windrichtung
property-rain-total = Regenzähler
property-precipitation = Niederschlag
property-rain-rate = Regenstärke
property-irradiance = Sonnenstrahlung
property-sunshine = Sonnenschein
property-illuminance = Helligkeit
property-uv-index = UV-Index
property-dew-point = Taupunkt
property-pm10 = Feinstaub PM10
property-pm2-5 = Feinstaub PM2,5
property-carbon-dioxide = CO₂
property-soil-moisture = Bodenfeuchte
property-cloud-cover = Bewölkung
property-visibility = Sichtweite
property-sound-level = Schallpegel
property-voltage = Spannung
station-age-minutes =
    { $n ->
        [one] vor 1 Minute
       *[other] vor { $n } Minuten
    }
station-age-hours =
    { $n ->
        [one] vor 1 Stunde
       *[other] vor { $n } Stunden
    }
station-age-days =
    { $n ->
        [one] vor 1 Tag
       *[other] vor { $n } Tagen
    }

# Files of open data, feeds, made-up weather: for teachers.
opendata-title = Wetterdaten von anderen
demo-title = Erfundenes Wetter für Stunden ohne Internet
demo-how = Legt fünf Stationen an: ein Jahr in Stundenwerten, einen Monat in 10-Minuten-Werten, zwei Tage, einen Tag und eine senseBox. Dazu kommen zwei erfundene Satelliten auf der Seite „Der Himmel über der Schule“.
demo-marked = Dieses Wetter gab es nie. Es steht bei jeder Station dabei. Sind die Stationen schon da, ändert sich nichts.
demo-make = Erfundenes Wetter anlegen
demo-making = Die Stationen werden angelegt und gefüllt. Das dauert bis zu einer Minute.
demo-made = { $n } Stationen mit erfundenem Wetter sind da. Sie stehen oben in der Liste.
files-title = Dateien mit Wetterdaten einlesen
files-how = Der Hub erkennt die Art einer Datei am Inhalt: Zip-Dateien und Texte des Deutschen Wetterdienstes (opendata.dwd.de), Bright Sky, openSenseMap. Dieselbe Datei zählt nur einmal.
files-here = Dateien mit Wetterdaten für diese Station einlesen
files-station = Für welche Station
files-new = – neue Station –
files-name = Name der neuen Station
files-input = Dateien wählen oder hierher ziehen
files-whose = Wenn die Datei nicht sagt, wozu sie gehört
files-said-station = Stationsnummer in der Stationsliste des DWD
files-said-sensor = Sensor-ID einer Tabelle von openSenseMap
files-send = Einlesen
files-choose = Bitte zuerst Dateien wählen.
files-nameless = Bitte der neuen Station einen Namen geben.
files-list = Dateien dieser Station
files-none = Noch keine Datei.
files-state-queued = kommt noch dran
files-state-sending = wird gesendet
files-state-place = wartet
files-state-refused = nicht angenommen
files-state-waiting = wartet
files-state-running = wird gelesen
files-state-done = fertig
files-state-failed = nicht gelesen
files-state-cancelled = abgebrochen
files-state-cut = unterbrochen
files-sending = { $name } wird gesendet
files-reading = { $name } wird gelesen
files-place = Der Hub liest gerade andere Dateien. Diese kommt danach.
files-waiting = Die Datei ist da. Der Hub liest eine nach der anderen.
files-running =
    { $rows ->
        [one] Bisher 1 Zeile gelesen, { $stored } Messwerte gespeichert.
       *[other] Bisher { $rows } Zeilen gelesen, { $stored } Messwerte gespeichert.
    }
files-result =
    { $rows ->
        [one] 1 Zeile gelesen: { $stored } Messwerte gespeichert, { $duplicates } waren schon da, { $rejected } nicht gespeichert.
       *[other] { $rows } Zeilen gelesen: { $stored } Messwerte gespeichert, { $duplicates } waren schon da, { $rejected } nicht gespeichert.
    }
files-again = Alles schon da: Alle { $duplicates } Messwerte waren gespeichert.
files-nothing = In der Datei sind keine Messwerte, nur Angaben zur Station.
files-cut = Der Hub hörte mittendrin auf. Geben Sie dieselbe Datei noch einmal: Was schon da ist, zählt nicht doppelt.
files-cancelled = Abgebrochen. Was bis dahin gespeichert war, bleibt.
files-more = Einzelheiten
files-cancel = Abbrechen
files-away = Aus der Liste nehmen
files-by-demo = erfundenes Wetter
files-by-feed = geholt von „{ $name }“
files-kind-dwd-zip = DWD, Zip-Datei
files-kind-dwd-product = DWD, Messwerte als Text
files-kind-dwd-stations = DWD, Stationsliste
files-kind-dwd-geography = DWD, Standorte der Station
files-kind-dwd-poi = DWD, letzter Tag (POI)
files-kind-brightsky = Bright Sky
files-kind-sense-box = openSenseMap, Box
files-kind-sense-table = openSenseMap, Tabelle
files-kind-sense-list = openSenseMap, Liste
files-rejected = { $n } × nicht gespeichert: { $reason }
files-reason-no-value = An diesen Stellen steht kein Wert (etwa -999).
files-reason-conflicting = Für diese Zeit ist schon ein anderer Wert gespeichert. Der erste bleibt.
files-reason-time-out-of-range = Die Zeit liegt vor 1970 oder in der Zukunft.
files-reason-undecodable = Diese Stellen sind nicht lesbar.
files-reason-not-finite = Das ist keine Zahl.
files-note-station = Die Datei ist von der Station { $detail }.
files-note-placed = Der Ort der Station steht jetzt in den Einstellungen: { $detail }.
files-note-moved = Standort ab { $day }: { $place }
files-note-interval = Jede Zeit ist das Ende von { $n } Minuten.
files-note-quality = Qualität laut DWD: { $detail }
files-note-not-kept = Wird nicht gespeichert: { $detail }
files-note-local-time = Vor dem Jahr 2000 zählt der DWD in mitteleuropäischer Zeit. Der Hub hat umgerechnet.
files-note-repeated = In der Datei steht ein Wert doppelt: { $detail }
files-error-damaged = Die Zip-Datei ist beschädigt oder unvollständig. Laden Sie sie noch einmal ganz herunter.
files-error-page = Das ist eine Internetseite und keine Datei mit Messwerten. Vielleicht war die Adresse falsch.
files-error-large = Die Datei ist zu groß: höchstens 64 MB, Zip-Dateien 16 MB. Nehmen Sie eine mit weniger Jahren.
files-error-list = Das ist die Liste aller Stationen. Geben Sie oben an, welche Stationsnummer diese Station hat.
files-error-not-listed = Diese Stationsnummer steht nicht in der Liste.
files-error-sensor = Das sind Werte eines einzigen Sensors. Lesen Sie zuerst die Box als JSON ein und geben Sie oben die Sensor-ID an.
problem-file-unknown = Diese Datei kennt der Hub nicht. Er liest Wetterdaten von DWD, Bright Sky und openSenseMap. Bahndaten von Satelliten gehören auf die Seite „Der Himmel über der Schule“.
problem-file-page = Das ist eine Internetseite und keine Datei mit Messwerten. Vielleicht war die Adresse falsch.
problem-file-too-large = Die Datei ist zu groß: höchstens 64 MB, Zip-Dateien 16 MB. Nehmen Sie eine mit weniger Jahren.
feeds-title = Was der Hub selbst aus dem Internet holt
feeds-how = Der Hub fragt diese Dienste von Zeit zu Zeit und speichert, was neu ist.
feeds-none = Keine. Wer den Hub betreibt, kann in messwerk.toml Dienste nennen; wie, steht in docs/stations.md unter „Feeds“.
feeds-wrong = es klappt nicht
feeds-unasked = noch nicht gefragt
feeds-well = in Ordnung
feeds-never = noch nie
feeds-asked = Gefragt
feeds-news = Etwas Neues
feeds-next = Nächstes Mal
feeds-files = Dateien bisher
feeds-error =
    { $n ->
        [0] Beim letzten Mal klappte es nicht: { $why }
        [one] Beim letzten Mal klappte es nicht: { $why }
       *[other] Es klappte { $n }-mal hintereinander nicht: { $why }
    }
feeds-why-status = Der Dienst meldet den Fehler { $status }. Kennt er die Station, die in messwerk.toml steht?
feeds-ask = Jetzt fragen
feeds-asking = „{ $name }“ wird gefragt. Das kann einige Minuten dauern.
feeds-said-news = „{ $name }“ hatte etwas Neues. Es ist gespeichert.
feeds-said-none = „{ $name }“ hatte nichts Neues.
feeds-said-wrong = „{ $name }“: Es klappte nicht. Der Grund steht oben.
feeds-too-soon = „{ $name }“ wurde gerade erst gefragt und möchte nicht so oft gefragt werden. Wieder ab { $time }.
