# Comparing classes.
compare-title = Klassen vergleichen
compare-choose = Was wird verglichen?
compare-none = Noch hat niemand gemessen. Sobald es zwei Stunden oder Freigaben mit derselben Vorlage gibt, lassen sie sich hier vergleichen.
compare-template = Vorlage
compare-template-of =
    { $n ->
        [one] { $title } (1 Klasse)
       *[other] { $title } ({ $n } Klassen)
    }
compare-lessons = Stunden, mit einem Namen für die Klasse
compare-name-of = Name der Klasse: { $when }
compare-runs = läuft noch
compare-two = Wählen Sie mindestens zwei Klassen.
compare-only-one = Von dieser Vorlage gibt es nur eine Klasse. Vergleichen lassen sich Stunden und Freigaben mit derselben Vorlage.
compare-most = Mehr als { $n } Klassen lassen sich nicht auf einmal vergleichen.
compare-view = Darstellung
compare-view-strip = Alle Ergebnisse
compare-view-box = Kastenschaubild
compare-view-histogram = Säulen
compare-view-difference = Unterschiede
compare-numbers = Die Klassen: { $name }, Einheit { $unit }
compare-class = Klasse
compare-n = Ergebnisse
compare-mean = Mittelwert ± Standardfehler
compare-sd = Streuung eines Ergebnisses
compare-left-out = Zählen nicht mit
compare-waiting = Noch ohne Ergebnis
compare-differences = Der Unterschied der Mittelwerte
compare-differences-corrected = Die Unterschiede der Mittelwerte, korrigiert für die Zahl der Paare
compare-pair = Paar
compare-difference = Unterschied
compare-leeway = Spielraum
compare-p = Durch Zufall allein (p)
compare-below = unter { $value }
compare-verdict = Urteil
compare-excluded = Was nicht mitzählt
compare-decided = Wie das Urteil entsteht
compare-assumed = Was dafür gelten muss
compare-releases = Freigaben von Schulen, mit einem Namen für die Klasse
compare-releases-how = Was Sie und andere Schulen freigegeben haben. Die Unterschrift ist geprüft: Nichts wurde verändert. Ob Sie der Quelle glauben, sagen Sie auf der Seite
compare-release = Freigabe
compare-shared = { $school }, Woche { $week }
compare-results =
    { $n ->
        [one] 1 Ergebnis
       *[other] { $n } Ergebnisse
    }
compare-trust-own = von diesem Hub freigegeben
compare-trust-known = bekannte Quelle: { $source }
compare-trust-subscribed = abgerufen, Schlüssel eingetragen
compare-trust-accepted = unbekannte Quelle, von Ihnen zugelassen
compare-trust-unknown = unbekannte Quelle
compare-not-used = wird nicht verwendet
compare-not-here = hier nicht vergleichbar: Die Vorlage fehlt
compare-gone = nicht mehr da
compare-origin = Herkunft
compare-here = Stunde dieses Hubs
compare-here-open = Stunde dieses Hubs; die Stunde läuft noch, es kann sich ändern
compare-across = Hängt das Ergebnis von etwas ab?
compare-across-how = Tragen Sie zu jeder Klasse eine Zahl ein, die Sie kennen: die geographische Breite, die Höhe über dem Meer. Ab vier Klassen sagt der Hub, ob das Ergebnis damit zu- oder abnimmt.
compare-across-name = Was die Zahl ist
compare-across-unit = Einheit
compare-across-values = Die Zahl jeder Klasse
compare-across-table = Die Klassen und die Gerade
compare-above = Über der Geraden
