# Comparing classes.
compare-title = Klassen vergleichen
compare-choose = Was wird verglichen?
compare-none = Noch hat niemand gemessen. Sobald zwei Stunden mit derselben Vorlage Ergebnisse haben, lassen sie sich hier vergleichen.
compare-template = Vorlage
compare-template-of =
    { $n ->
        [one] { $title } (1 Stunde)
       *[other] { $title } ({ $n } Stunden)
    }
compare-lessons = Stunden, mit einem Namen für die Klasse
compare-name-of = Name der Klasse: { $when }
compare-runs = läuft noch
compare-two = Wählen Sie mindestens zwei Stunden.
compare-only-one = Von dieser Vorlage gibt es nur eine Stunde. Vergleichen lassen sich Stunden mit derselben Vorlage.
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
