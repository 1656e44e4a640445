# The sky: satellites and the Sun over the school.
sky-title = Der Himmel über der Schule
sky-satellite = Satellit
sky-simulated = { $name } (simuliert)
sky-made-up = { $name } ist erfunden: Diesen Satelliten gibt es nicht. Ort und Überflüge sind zum Üben gerechnet; am Himmel ist nichts zu sehen.
sky-made-up-short = simuliert
sky-none = Noch sind keine Bahndaten da
sky-none-how = Wo die ISS ist, rechnet diese Seite aus ihren Bahndaten aus. Eine Lehrkraft lädt sie hoch, am besten jede Woche neu. Ist ein Feed eingerichtet, holt der Hub sie selbst.
sky-to-enter = Bahndaten eingeben
sky-old = Die Bahndaten von { $name } sind { $age } alt
sky-old-ahead = Die Bahndaten von { $name } gelten erst in { $age }
sky-old-how = Nach mehr als sieben Tagen können Orte und Zeiten um Minuten falsch sein.
sky-far-how = Nach mehr als 30 Tagen stimmt der Ort nur noch ungefähr, und Überflüge lassen sich nicht mehr sagen.
sky-old-visitor = Eine Lehrkraft kann neue eingeben.
sky-old-teacher = Abhilfe: Holen Sie neue Bahndaten, zum Beispiel von celestrak.org, und laden Sie sie hier hoch. Soll ein Feed sie holen, klappt das gerade nicht.
problem-no-position = Aus diesen Bahndaten lässt sich kein Ort mehr berechnen: Sie sind zu alt, oder der Satellit ist verglüht. Neue Bahndaten helfen.
problem-sky-question = Ein Tag liegt zwischen 1900 und 2100.
sky-placeless = Noch weiß der Hub nicht, wo die Schule steht. Überflüge und Sonnenzeiten gibt es, sobald eine Lehrkraft den Ort eingetragen hat.
sky-to-place = Ort eintragen
# Where it is now.
sky-now = { $name } jetzt
sky-age = Bahndaten: { $age } alt
sky-age-ahead = Bahndaten: gelten erst in { $age }
sky-roughly = Ort nur ungefähr
sky-hours =
    { $n ->
        [one] 1 Stunde
       *[other] { $n } Stunden
    }
sky-days = { $n } Tage
sky-whole-days =
    { $n ->
        [one] 1 Tag
       *[other] { $n } Tage
    }
sky-over = Über
sky-height = Höhe
sky-speed = Geschwindigkeit
sky-speeds = { $speed } ({ $hour })
sky-course = Fliegt nach
sky-period = Ein Umlauf
sky-light = Licht
sky-lit = in der Sonne
sky-shadow = im Schatten der Erde
sky-look = Von der Schule aus
sky-below = unter dem Horizont
sky-above = { $elevation } hoch im { $direction }
sky-under = { $elevation } unter dem Horizont im { $direction }
sky-range = Entfernung
sky-north = N
sky-south = S
sky-east = O
sky-west = W
sky-towards =
    { $at ->
        [NNE] Nordnordosten
        [NE] Nordosten
        [ENE] Ostnordosten
        [E] Osten
        [ESE] Ostsüdosten
        [SE] Südosten
        [SSE] Südsüdosten
        [S] Süden
        [SSW] Südsüdwesten
        [SW] Südwesten
        [WSW] Westsüdwesten
        [W] Westen
        [WNW] Westnordwesten
        [NW] Nordwesten
        [NNW] Nordnordwesten
       *[N] Norden
    }
# Passes.
sky-passes = Überflüge
sky-passes-how = Gelistet ist, was mindestens 10° über den Horizont kommt, und von wann bis wann es höher als 10° steht: Tiefer unten verdecken Häuser und Bäume viel. Zeiten in einer Woche können um Minuten falsch sein. Zu sehen ist ein Satellit, wenn es am Boden dunkel ist und oben noch die Sonne auf ihn scheint. Wolken und Häuser weiß der Hub nicht.
sky-pass = { $day }, { $time }
sky-pass-over = { $day }, { $time } (vorbei)
sky-pass-rise = Über 10°
sky-pass-highest = Am höchsten
sky-pass-set = Unter 10°
sky-visible = Zu sehen von { $from } bis { $to }
sky-unseen-bright = Nicht zu sehen: Der Himmel ist hell
sky-unseen-shadow = Nicht zu sehen: im Schatten der Erde
sky-was-visible = War zu sehen von { $from } bis { $to }
sky-was-unseen-bright = War nicht zu sehen: Der Himmel war hell
sky-was-unseen-shadow = War nicht zu sehen: im Schatten der Erde
sky-visible-only = Nur sichtbare, für die nächsten { $n } Tage
sky-over-passes = Vorbei: in den letzten 24 Stunden ({ $n })
sky-pass-next = Bis zum nächsten Überflug. { $name } kommt im { $direction } und steigt bis { $high }
sky-pass-on = { $name } ist am Himmel, bis { $high } hoch, und verschwindet im { $direction }. Noch
sky-no-pass = In den nächsten { $n } Tagen steigt { $name } hier nicht über 10°.
sky-never-pass = { $name } steigt hier nie über 10°.
sky-withheld = Überflüge stehen hier nicht: Die Bahndaten von { $name } sind { $age } von heute entfernt. Nach mehr als 30 Tagen sind Zeiten nicht mehr zu gebrauchen.
sky-next-visible = Mit bloßem Auge das nächste Mal: { $day }, { $time }
sky-none-visible = Mit bloßem Auge in den nächsten { $n } Tagen nicht zu sehen.
# The Sun.
sky-sun = Sonne
sky-date = Tag
sky-sunrise = Sonnenaufgang
sky-sunset = Sonnenuntergang
sky-event = { $time } im { $direction }
sky-never = keiner
sky-day-length = Tageslänge
sky-noon = Höchster Stand
sky-noon-at = { $time }, { $height }
sky-noon-above = { $elevation } hoch
sky-noon-under = { $elevation } unter dem Horizont
sky-twilight = Hell genug im Freien
sky-from-to = { $from } bis { $to }
sky-sun-now = Jetzt
sky-polar-day = Polartag: Die Sonne geht nicht unter.
sky-polar-night = Polarnacht: Die Sonne geht nicht auf.
sky-sun-how = Aufgang ist, wenn der obere Rand der Sonne am freien Horizont erscheint. Berge und Häuser verschieben das.
sky-day-of-year = Tag im Jahr
sky-here = Schule
sky-beside = Zum Vergleich
sky-beside-none = kein Ort
sky-beside-svalbard = Spitzbergen (78° N)
sky-beside-rome = Rom (42° N)
sky-beside-quito = Quito (0°)
sky-beside-windhoek = Windhoek (23° S)
sky-beside-ushuaia = Ushuaia (55° S)
# What a teacher enters.
sky-enter = Für Lehrkräfte: Bahndaten und Ort
sky-stranger = Bahndaten und Ort trägt eine Lehrkraft ein.
sky-sign-in = Anmelden
sky-elements = Bahndaten
sky-elements-how = OMM als JSON oder Zwei-Zeilen-Elemente (TLE). Ohne Feed holt der Hub sie nicht selbst. Diese Adresse gibt die der ISS; öffnen Sie sie, kopieren Sie alles und fügen Sie es hier ein.
sky-elements-paste = Eingefügt
sky-elements-take = Übernehmen
sky-elements-file = Datei wählen
sky-elements-empty = Fügen Sie die Bahndaten ein oder wählen Sie eine Datei.
sky-elements-wrong = Das sind keine lesbaren Bahndaten. Der Hub sagt dazu: { $detail }
sky-elements-taken =
    { $n ->
        [one] 1 Satellit übernommen.
       *[other] { $n } Satelliten übernommen.
    }
sky-elements-older =
    { $n ->
        [one] Von einem hat der Hub schon neuere Bahndaten; sie bleiben.
       *[other] Von { $n } hat der Hub schon neuere Bahndaten; sie bleiben.
    }
sky-known = { $name } (Nummer { $norad }), { $age } alt, { $source }
sky-source-teacher = von einer Lehrkraft
sky-source-demo = aus der Vorführung
sky-source-feed = vom Feed { $host }
sky-remove = Entfernen
sky-remove-of = { $name } entfernen
sky-school = Ort der Schule
sky-school-how = In Grad mit Komma oder Punkt: nördliche Breite und östliche Länge positiv, südliche und westliche mit Minus. Der Ort steht dann für alle lesbar auf dieser Seite.
sky-school-name = Name auf der Karte
sky-school-latitude = Breite in °
sky-school-longitude = Länge in °
sky-school-elevation = Höhe über dem Meer in m
sky-school-zone = Zeitzone
sky-school-save = Speichern
sky-school-forget = Löschen
sky-school-numbers = Breite und Länge sind Zahlen in Grad, zum Beispiel 54,3 und 10,1. Die Höhe ist eine Zahl in Metern oder bleibt leer.
sky-school-wrong = So kann der Ort nicht sein. Der Hub sagt dazu: { $detail }
sky-school-saved = Gespeichert.
sky-school-forgotten = Gelöscht.
