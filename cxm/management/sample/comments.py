"""What the invented guests wrote, by question and by how they felt. Each text is used once."""

COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "text_warten": {
        "bad": (
            "Zwölf Minuten für einen Cappuccino, da war meine Pause fast vorbei.",
            "Morgens um acht steht man ewig. Ich verpasse dann meine Bahn.",
            "Niemand sagt einem, wie lange es noch dauert.",
            "Meine Bestellung wurde vergessen, erst auf Nachfrage kam der Kaffee.",
            "Die Schlange steht bis zur Tür und es zieht.",
            "Leute, die nach mir bestellt haben, waren vor mir dran.",
            "Am Samstag sind hinter der Theke einfach zu wenige Leute.",
            "Ich habe den aufgerufenen Namen nicht verstanden. Bitte lauter oder mit Nummern.",
            "Beim Warten weiß man nicht, wo man stehen soll, man ist immer im Weg.",
            "Das Frühstück kam zwanzig Minuten nach dem Kaffee, der war dann kalt.",
            "Für einen Espresso zum Mitnehmen stelle ich mich nicht zehn Minuten an.",
            "Mit Kinderwagen ist das Warten an der Ausgabe eine Zumutung.",
            "Alles gut, aber das Warten. Immer das Warten.",
            "Heute wieder eine Viertelstunde. Ich gehe jetzt öfter zum Bäcker nebenan.",
            "Man sieht, dass hinter der Theke alle rennen. Da fehlt jemand.",
            "Bestellt, bezahlt, vergessen worden. Schade.",
            "Warum gibt es keine eigene Schlange für Filterkaffee?",
            "Unser Zug ging in zwanzig Minuten, den Kaffee haben wir stehen lassen müssen.",
        ),
        "fair": (
            "Mittags geht es, morgens dauert es zu lange.",
            "Es dauert, aber man sieht, dass sich alle Mühe geben.",
            "Warten war okay, weil ich Zeit hatte.",
            "Ein Blick auf die Karte verkürzt die Zeit ein wenig.",
        ),
        "good": (
            "Ging heute überraschend flott.",
            "Wer um halb elf kommt, wartet kaum.",
        ),
        # Only after the change: they speak of it.
        "better": (
            "Seit die zweite Ausgabe offen ist, geht es wirklich schnell.",
            "Drei Minuten, so darf es bleiben.",
            "Endlich zwei Baristas am Morgen, danke.",
            "Zu zweit hinter der Maschine läuft es spürbar flotter.",
            "Viel besser als noch vor ein paar Wochen.",
            "Man merkt, dass sich bei der Ausgabe etwas getan hat.",
        ),
    },
    "text_team": {
        "bad": (
            "Der junge Mann an der Theke hat mich nicht einmal angesehen.",
            "Auf die Frage nach Hafermilch kam nur ein Augenrollen.",
            "Freundlich, aber sichtlich überlastet.",
        ),
        "fair": (
            "Nett, nur manchmal etwas in Eile.",
            "Englisch könnten alle ein bisschen besser sprechen, unsere Gäste hatten Mühe.",
        ),
        "good": (
            "Die Dame an der Theke kennt nach zwei Besuchen meine Bestellung. Großartig.",
            "So herzlich wird man selten begrüßt.",
            "Sehr geduldig mit unserer Großmutter, vielen Dank dafür.",
            "Trotz Stress immer ein Lächeln.",
            "Tolle Beratung zu den Bohnen, ich habe gleich ein Päckchen mitgenommen.",
            "Das Team ist der Grund, warum ich wiederkomme.",
            "Mein Sohn durfte beim Milchschäumen zusehen, das war sein Höhepunkt des Tages.",
            "Man fühlt sich als Gast und nicht als Nummer.",
        ),
    },
    "text_kaffee": {
        "bad": (
            "Der Filterkaffee war lauwarm.",
            "Mir zu sauer, ich mag dunklere Röstungen.",
        ),
        "fair": (
            "Guter Kaffee, aber vier Euro sechzig für einen Cappuccino ist viel.",
            "Cappuccino prima, der Tee dagegen nur ein Beutel in heißem Wasser.",
        ),
        "good": (
            "Der beste Flat White der Stadt.",
            "Die Röstung aus Kolumbien ist ein Gedicht.",
            "Endlich ein Espresso, der nicht verbrannt schmeckt.",
            "Auch die koffeinfreie Variante schmeckt richtig gut.",
            "Der Hafermilch-Cappuccino ist cremiger als anderswo mit Kuhmilch.",
            "Für diesen Kaffee mache ich gern einen Umweg.",
            "Der Kaffee entschädigt für die Schlange.",
            "Kräftig, nicht bitter, genau richtig.",
            "Milchschaum wie gemalt.",
        ),
    },
    "text_kuchen": {
        "bad": (
            "Um drei war schon fast alles ausverkauft.",
            "Das Croissant war vom Vortag.",
            "Für das vegane Frühstück gab es nur Marmelade.",
        ),
        "fair": (
            "Lecker, die Portionen sind allerdings klein geworden.",
            "Käsekuchen sehr gut, Apfelkuchen etwas trocken.",
        ),
        "good": (
            "Der Zwetschgenkuchen schmeckt wie bei meiner Oma.",
            "Das Frühstück für zwei reicht für drei. Toll.",
            "Endlich ein glutenfreier Kuchen, der nicht bröselt.",
            "Die Zimtschnecken sind gefährlich gut.",
            "Schön, dass die Zutaten vom Markt gegenüber kommen.",
            "Rührei perfekt, Brot noch warm.",
        ),
    },
    "text_raum": {
        "bad": (
            "Zu laut, man versteht das eigene Wort nicht.",
            "Die Tische wackeln und stehen sehr eng.",
            "Die Toilette im Keller ist mit Rollator nicht zu erreichen.",
            "Kein freier Stuhl, obwohl drei Leute seit Stunden am Laptop saßen.",
        ),
        "fair": (
            "Gemütlich, im Winter zieht es am Fenster.",
            "Mehr Steckdosen wären schön, sonst sitzt man hier gut.",
        ),
        "good": (
            "Mein zweites Wohnzimmer.",
            "Die Plätze am Fenster zum Markt sind wunderbar.",
            "Schön hell und trotzdem gemütlich.",
            "Die Spielecke rettet uns jeden Samstag.",
            "Tolle Bilder an den Wänden, bitte weiter so.",
        ),
    },
    "text_gesamt": {
        "bad": (
            "Bitte endlich etwas gegen die Wartezeit tun.",
            "Auf der Website standen noch die alten Öffnungszeiten.",
            "Kartenzahlung erst ab zehn Euro ist nicht mehr zeitgemäß.",
            "Ich habe die Karte im Internet gesucht und nur ein Foto von vorletztem Jahr gefunden.",
            "Das WLAN bricht alle fünf Minuten ab.",
        ),
        "fair": (
            "Sonntags bitte eine Stunde früher öffnen.",
            "Ein Becher mit Pfand wäre besser als die Pappbecher.",
            "Die Speisekarte auch auf Englisch und Polnisch, dann kämen meine Kollegen mit.",
            "Eine Ecke ohne Laptops fände ich gut.",
            "Mehr herzhafte Sachen am Nachmittag.",
        ),
        "good": (
            "Nichts. Bleibt einfach so.",
            "Gern öfter Abende mit Musik.",
            "Wir waren nur auf der Durchreise und kommen wieder.",
            "Macht doch eine zweite Filiale am Fluss auf.",
            "Alles wunderbar, danke für den schönen Vormittag.",
        ),
    },
    "bewertung": {
        "bad": (
            "Kaffee top, Organisation flop. 15 Minuten für zwei Cappuccino.",
            "Völlig überlaufen, nie wieder an einem Samstag.",
            "Zu teuer und zu langsam.",
            "Wir wurden übersehen und sind nach zehn Minuten gegangen.",
        ),
        "fair": ("Nett für einen Kaffee zwischendurch, mehr nicht.",),
        "good": (
            "Das schönste Café am Platz, unbedingt den Zwetschgenkuchen probieren.",
            "Fünf Sterne für Kaffee und Team.",
            "Ein Muss für alle, die guten Kaffee lieben.",
            "Traumhafte Lage, herzliche Leute, wir kommen wieder.",
            "Zufällig entdeckt, am nächsten Morgen gleich wieder da gewesen.",
            "Hier stimmt einfach alles.",
        ),
    },
}
