# The teacher's page of releases: what is shared with other schools, and what came from them.
release-title = Freigaben
release-make = Ergebnisse freigeben
release-make-how = Andere Schulen können Ihre Ergebnisse neben die eigenen legen. Sie sehen zuerst genau, was diesen Hub verlassen würde. Freigegeben wird erst mit dem zweiten Knopf.
release-groups = { $n ->
    [one] 1 Gerät
   *[other] { $n } Geräte
    }
release-label = Wer freigibt
release-label-how = Schule oder Klasse, wie andere sie sehen sollen. Nie der Name einer Person.
release-region = Region (wenn Sie wollen)
release-for = Wofür
release-for-hand = Als Datei, die Sie selbst weitergeben
release-for-public = Für alle, im Katalog dieses Hubs (mindestens { $k } Ergebnisse hinter jeder Zahl)
release-singles = Auch die einzelnen Ergebnisse ohne Namen (nur wenn die Vorlage es erlaubt)
release-look = Ansehen, was den Hub verlassen würde
release-leaves = Das verlässt den Hub
release-nothing-else = Sonst verlässt nichts den Hub: keine Namen, keine Spitznamen, keine Messwerte, kein Ort, keine Uhrzeit.
release-json = Dasselbe Wort für Wort, wie es unterschrieben wird
release-do = Genau das freigeben
release-do-public = Genau das für alle freigeben
release-done = Freigegeben.
release-own = Von hier freigegeben
release-own-how = Eine Freigabe bleibt, auch wenn die Stunde gelöscht wird, bis Sie sie zurückziehen. Hat sie noch niemand, verschwindet sie spurlos. Sonst steht die Rücknahme im Katalog, und Hubs, die ihn abrufen, löschen sie innerhalb eines Tages. Wem Sie die Datei gegeben haben, dem sagen Sie es bitte selbst.
release-own-none = Noch nichts. In einer beendeten Stunde führt „Ergebnisse freigeben“ hierher.
release-is-public = im Katalog
release-is-hand = als Datei
release-given = weitergegeben
release-not-given = hat noch niemand
release-all = Alles, was darin steht
release-download = Datei herunterladen
release-withdraw = Zurückziehen
release-withdraw-sure = Wirklich zurückziehen?
release-withdrawn = Zurückgezogen. Niemand hatte sie.
release-withdrawn-told = Zurückgezogen. Der Katalog sagt es weiter.
release-foreign = Von anderen Schulen
release-foreign-how = Damit kann verglichen werden. Was von einer unbekannten Quelle kommt, wird erst verwendet, wenn Sie es sagen: Die Unterschrift zeigt nur, dass nichts verändert wurde, nicht, wer sie gemacht hat.
release-foreign-none = Noch nichts.
release-import = Datei einlesen (.release)
release-taken = Eingelesen.
release-taken-unknown = Eingelesen. Die Quelle ist unbekannt; verwendet wird sie erst, wenn Sie es sagen.
release-taken-before = Diese Freigabe war schon da.
release-unknown = unbekannte Quelle
release-by-subscription = abgerufen
release-incomparable = hier nicht vergleichbar: Die Vorlage fehlt
release-unused = nicht verwendet
release-use = Verwenden
release-do-not-use = Nicht verwenden
release-know = Dieser Quelle immer glauben
release-remove = Von diesem Hub entfernen
release-remove-sure = Wirklich entfernen?
release-removed = Entfernt.
release-subscriptions = Abgerufene Kataloge
release-subscriptions-none = Keine. Wer den Hub betreut, trägt sie in messwerk.toml ein; ohne Eintrag ruft der Hub nirgendwo an.
release-pull = Jetzt abrufen
release-pulled = { $new } neu, { $withdrawn } zurückgezogen
release-never-asked = noch nicht gefragt
release-asked = gefragt { $at }
release-answered = geantwortet { $at }
release-due = wieder { $at }
release-wrong = Zuletzt ging etwas nicht: { $error }
release-hub = Dieser Hub
release-publishes = Der Katalog dieses Hubs steht unter /catalog.json für alle.
release-publishes-not = Dieser Hub veröffentlicht keinen Katalog. Wer ihn betreut, kann das einschalten (sharing.publish), oder den Katalog mit „messwerk catalog export“ auf einen Webspace legen.
release-key = Schlüssel dieses Hubs, an dem andere seine Freigaben erkennen:
release-passed-on = steht auch im Katalog dieses Hubs
release-handed-on = weitergereicht von einem abgerufenen Katalog
offer-list =
    { $n ->
        [one] 1 Vorlage von dort
       *[other] { $n } Vorlagen von dort
    }
offer-how = Nichts davon kommt von selbst in Ihr Regal. Der andere Hub hat jede Vorlage unterschrieben: Sie ist das, was dort im Regal steht. Wer sie geschrieben hat, sagt die Unterschrift des Autors; sie wird beim Aufnehmen geprüft.
offer-signer = unterschrieben mit dem Schlüssel { $key }
offer-here = steht schon in Ihrem Regal
offer-take = Ins Regal aufnehmen
offer-take-sure = Wirklich aufnehmen?
offer-taken = „{ $title }“ ist aufgenommen ({ $trust }).

# What a release says.
release-summary = { $outcome }: { $n } Ergebnisse, Mittelwert { $mean }, Streuung { $sd }
release-says-who = Von: { $label }{ $region }
release-says-week = Gemessen in der Woche { $week }, genauer nicht
release-says-template = Vorlage { $template }, Fassung { $version }
release-says-cells = Histogramm: { $cells }. In jedem Feld liegen mindestens { $k } Ergebnisse oder keines.
release-cell-all = { $count } in einem einzigen Feld
release-cell-below = { $count } unter { $to }
release-cell-above = { $count } ab { $from }
release-cell = { $count } von { $from } bis unter { $to }
release-says-quartiles = Viertel: { $low }, Mitte { $middle }, drei Viertel { $high }
release-says-singles = { $n } einzelne Ergebnisse ohne Namen, auf { $step } gerundet: { $values }
release-says-no-singles = Keine einzelnen Ergebnisse
release-excluded-none = Sie haben keine Ergebnisse ausgeschlossen
release-excluded = { $n } Ergebnisse waren ausgeschlossen
release-excluded-few = { $from } bis { $to } Ergebnisse waren ausgeschlossen, genauer nicht
release-says-id = Eine zufällige Nummer, die Prüfsumme der Vorlage, dieselben Zahlen als Tabelle und die Unterschrift dieses Hubs

# Why something is not released or not taken.
problem-lesson-open = Die Stunde läuft noch. Beenden Sie sie zuerst: Was später dazukommt, könnte nicht mehr freigegeben werden.
problem-release-too-few = Zu wenige Ergebnisse: Hinter jeder Zahl müssen so viele Gruppen stehen, dass keine einzelne zu erkennen ist. Für alle im Katalog sind es mehr als für eine Datei.
problem-release-not-allowed = Die Vorlage dieser Stunde erlaubt das nicht. Geben Sie nur die Zahlen der ganzen Klasse frei, oder nichts.
problem-release-difference = Eine frühere Freigabe dieser Stunde unterscheidet sich um wenige Ergebnisse. Aus beiden zusammen ließe sich auf einzelne Gruppen schließen. Ziehen Sie die frühere zurück, solange niemand sie hat, oder lassen Sie es bei ihr.
problem-release-again = Genau diese Ergebnisse sind schon freigegeben. Ziehen Sie die frühere Freigabe zurück, wenn sie anders aussehen soll.
problem-release-changed = Seit der Ansicht hat sich etwas geändert, und nur was Sie gesehen haben, darf den Hub verlassen. Sehen Sie es noch einmal an.
problem-release-name = Name und Region haben 1 bis 60 Zeichen, ohne Steuerzeichen.
problem-release-unreadable = Das ist keine Freigabe von Messwerk, oder die Datei ist unterwegs beschädigt worden. Holen Sie sie noch einmal.
problem-release-too-large = Die Datei ist größer als jede Freigabe (1 MiB). Ist es die richtige?
problem-release-signature = Die Unterschrift passt nicht: Die Freigabe wurde danach verändert oder beschädigt. Bitten Sie noch einmal um sie.
problem-release-future = Die Freigabe ist aus einer Woche, die noch nicht begonnen hat: Die Uhr des anderen Hubs oder dieses Hubs geht falsch.
problem-release-small-k = Hinter den Zahlen stehen weniger als fünf Ergebnisse. Das behält dieser Hub nicht, weil es auf einzelne Gruppen schließen lässt.
problem-release-contradiction = Die Zahlen der Freigabe widersprechen einander. Sie wird nicht eingelesen.
problem-release-format = Die Freigabe ist von einem neueren Hub. Aktualisieren Sie diesen.
problem-release-written = Die Freigabe ist unterschrieben, aber nicht so geschrieben, wie eine sein muss. Vielleicht liest sie ein neuerer Hub.
problem-release-withdrawn = Diese Freigabe wurde zurückgezogen und soll nicht mehr verwendet werden.
problem-release-other-content = Unter dieser Nummer ist schon eine Freigabe mit anderem Inhalt da. Eine von beiden ist gefälscht oder von einem kopierten Hub. Fragen Sie nach.
problem-release-full = Es sind schon 5000 Freigaben anderer Schulen da. Entfernen Sie welche, die nicht gebraucht werden.
problem-offer-changed = Die Datei ist nicht die angebotene Vorlage, oder sie ist nicht so unterschrieben, wie es im Katalog steht. Rufen Sie die Kataloge noch einmal ab; bleibt es dabei, fragen Sie, wer den anderen Hub betreut.
problem-offer-unreachable = Die Vorlage ließ sich nicht abrufen. Versuchen Sie es später noch einmal.
problem-unknown-template = Diese Vorlage wird nicht mehr angeboten. Rufen Sie die Kataloge noch einmal ab.
