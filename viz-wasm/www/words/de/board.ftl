# The board on the projector.
skip = Zum Inhalt
gone-title = Diese Stunde gibt es nicht (mehr).
gone-how = Stimmt die Adresse? Die richtige steht auf der Seite der Lehrkraft, mit der die Stunde begonnen wurde.
notice-read-only = Der Hub kann nicht mehr speichern. Messwerte werden jetzt nicht angenommen; /readyz auf dem Hub nennt den Grund.
notice-problems = Der Hub braucht jemanden, der nach ihm sieht: /readyz nennt, was zu tun ist.
notice-guessing = Jemand probiert Codes aus.
fit = Achse anpassen
full = Vollbild
not-full = Kein Vollbild
joined = dabei
sending = senden
silent = still
rejected = abgelehnt
clocks = Uhren gleich auf
# Before the first start.
scan = Mit der Kamera scannen
scan-by-hand = Ohne App: im Browser von Hand messen
qr-join = QR-Code, der in diese Stunde führt
qr-wifi = QR-Code für das WLAN
qr-phyphox = QR-Code für die App phyphox
wifi = Zuerst ins WLAN { $ssid }
phyphox = Oder in der App phyphox: + → QR-Code
phyphox-first = In der App phyphox scannen: + → QR-Code
empty = Noch niemand dabei.
empty-ended = Die Stunde ist beendet. Niemand war dabei.
empty-how = Oder im Browser öffnen und den Code eingeben:
empty-how-by-hand = Ohne die App im Browser öffnen, Code eingeben, von Hand messen:
empty-no-code = Im Browser öffnen:
locked = Die Tür ist zu. Es kann gerade niemand dazukommen.
twins = Auf deinem Handy müssen dieselben zwei Wörter stehen:
names = { $n ->
    [one] { $n } Gerät ist dabei
   *[other] { $n } Geräte sind dabei
    }
more-names = und { $n } weitere
# What the teacher did.
lobby-open = Gleich geht es los
lobby-locked = Gleich geht es los, die Tür ist zu
frozen = Bild steht seit { $time }
halted = Messung gestoppt
rehearsal = Probe: Nichts wird gespeichert
take = Messung { $n }
take-undone = Messung { $n } zählt nicht
soon = Die Messung beginnt gleich
starts-in = { $n ->
    [one] Die Messung beginnt in { $n } Sekunde.
   *[other] Die Messung beginnt in { $n } Sekunden.
    }
# The end.
result-of-class = Das hat die Klasse gemessen
no-class-result = Es gibt kein gemeinsames Ergebnis.

# Die Bilder zum Besprechen.
to-board = Zur Tafel
to-results = Auswerten
pictures = Bilder
picture-strip = Alle Ergebnisse
picture-histogram = Häufigkeiten
picture-box = Kasten
picture-votes = Vorhersagen
picture-scatter = Ausgleichskurve
picture-spectrum = Frequenzen
picture-motion = Bewegung
picture-trace = Kurve
picture-overlay = Alle Kurven
picture-phone = Achsen des Handys
nothing-to-discuss = Noch gibt es keine Ergebnisse zum Besprechen.
pictures-class = Klasse
pictures-group = Gruppe
together = Gemeinsam gefunden:
part-slope = Steigung
part-intercept = Achsenabschnitt
part-exponent = Exponent
part-factor = Faktor
part-background = Untergrund
entered-only = In dieser Stunde wird eingetragen, nicht aufgezeichnet: Die Tafel zeigt, was die Gruppen herausfinden.
