# The editor of lesson templates.
editor-title = Vorlagen schreiben
editor-how = Eine Vorlage ist der Plan einer Stunde: was gemessen, gefragt, gerechnet und verglichen wird, und was Sie und die Klasse dazu lesen. Entwürfe liegen auf diesem Hub; in der Bibliothek steht eine Vorlage erst, wenn Sie sie veröffentlichen.
editor-new = Neue Vorlage
editor-import = Datei als Entwurf öffnen
editor-open = Weiterschreiben
editor-untitled = Ohne Titel
editor-tools = Entwurf
editor-save = Speichern
editor-undo = Zurück
editor-redo = Wieder vor
editor-publish = Veröffentlichen
editor-export = Als Datei laden
editor-remove = Entwurf löschen
editor-remove-sure = Wirklich löschen?
editor-saved = Gespeichert
editor-unsaved = Noch nicht gespeichert
editor-conflict = Dieser Entwurf wurde woanders geändert. Laden Sie die Seite neu, um den anderen Stand zu sehen; „Als Datei laden“ oder Kopieren rettet diesen.
editor-origin = Abwandlung von „{ $id }“ von { $authors }
editor-parts = Teile der Vorlage
editor-form = Formular
editor-files = Dateien
editor-text-how = Tabulator rückt ein; Escape und dann Tabulator verlässt das Feld. Strg+S speichert, Strg+Z nimmt zurück.
editor-files-how = Zu einer Vorlage gehören ihr Plan, ein Text je Sprache, mindestens eine Aufnahme mit dem, was herauskommen muss, und Bilder (PNG, JPEG oder WebP, höchstens 2 MB).
editor-add-picture = Bild hinzufügen
editor-add-fixture = Aufnahme hinzufügen
file-remove = Entfernen
picture-too-large = Das Bild ist zu groß: höchstens 2 MB. Verkleinern Sie es und fügen Sie es noch einmal hinzu.
drafts-title = Entwürfe
drafts-none = Noch keine Entwürfe.
draft-changed-at = geändert { $time }
draft-removed = Der Entwurf ist gelöscht.
published = { $id } { $version } steht in der Bibliothek.
published-back = Wieder aus der Bibliothek genommen.

# What was found.
editor-findings = Prüfung
findings-waiting = Wird geprüft …
findings-none = Alles in Ordnung
findings-errors =
    { $n ->
        [one] 1 Fehler
       *[other] { $n } Fehler
    }
findings-others =
    { $n ->
        [one] 1 Hinweis
       *[other] { $n } Hinweise
    }
finding-error = Fehler
finding-warning = Warnung
finding-hint = Hinweis
finding-at = { $file }, Zeile { $line }

# The preview.
editor-preview = Vorschau
editor-preview-run = Mit Klasse probieren
editor-preview-how = Eine simulierte Klasse rechnet die Stunde durch.
editor-preview-stale = Die Vorlage hat sich seither geändert.
preview-class = So sieht es mit { $n } simulierten Gruppen aus.
preview-no-class = Ohne Simulation und ohne Aufnahme, die sich auswerten lässt, gibt es keine Klasse zu sehen.
preview-outcomes = Ergebnisse der Gruppen
preview-group = Gruppe
preview-hints = Tipp an die Gruppe
preview-no-figure = Die Abbildung „{ $name }“ hat mit dieser Klasse nichts zu zeichnen.
fixture-passed = wie erwartet
fixture-failed = anders als erwartet

# The form.
form-about = Worum es geht
form-title-de = Titel (deutsch)
form-title-en = Titel (englisch)
form-summary-de = Zusammenfassung (deutsch)
form-summary-en = Zusammenfassung (englisch)
form-task-de = Aufgabe (deutsch)
form-task-en = Aufgabe (englisch)
form-class = Für wen
form-subject = Fach
form-grade-from = Klasse von
form-grade-to = Klasse bis
form-minutes = Minuten
form-group = Personen je Handy
form-run = Ablauf einer Messung
form-mode = Ende und Anfang
form-countdown = Countdown in s (ohne Angabe 3)
form-length = Endet von selbst nach, in s
run-open = Die Lehrkraft startet und stoppt
run-timed = Endet von selbst
run-trigger = Zählt ab einem Auslöser (steht im Text)
form-result = Ergebnis
form-outcome = Name des Ergebnisses
form-reference = Literaturwert
form-tolerance = Toleranz dazu
form-margin = Unterschied, der zählt
form-scenario = Simulation
form-rights = Wer und wie
form-id = Kurzname
form-version = Version
form-authors = Verfasst von (mit Komma getrennt)
form-license = Lizenz
form-in-text = Steht im Text auf mehreren Zeilen: bitte dort ändern.
