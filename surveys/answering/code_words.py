"""Short nouns that German and English readers can spell: the parts of a code word."""

from typing import Final

_LIST: Final = """
    akku alpen amsel anker apfel april arena auto bach bagger balkon ballon banane bank bart
    basis beere bison blatt blume bohne boot brief brise brot bucht bulle bus busch dachs dame
    delfin dock domino dorf drache echo eiche elefant elster ente erbse erde esel eule fahne
    falke farbe feder feld fenster ferien fichte film flamme floh flora fokus forelle form fuchs
    gabel galerie gans garten gecko geige glanz globus gold granit gras grille gurke hafen hagel
    hahn halle hammer hase haus hecke heft helm herbst herz himmel hirsch hobby holz honig horn
    hotel hut igel insel iris jacke jaguar jasmin juli juni juwel kabel kaffee kajak kaktus
    kamel kamera kanal kante karte kater kegel keks kelle kerze kette kirsche kiste kiwi klang
    klee knopf koala koch koffer kohle koje komet kompass konzert koralle korb kork kraft kran
    kranz kreis krone krug kuchen kugel kunst kupfer lachs lager lama lampe land laterne laub
    lava leiter lerche licht liga lilie linde linse loch locke lotus luchs luft lupe magnet mai
    mais maler mandel mantel marke marmor maske mast maus meise melone metall milan minze mode
    mohn mond moos morgen motor muschel museum musik nadel nagel narbe natur nebel nelke nest
    netz nickel nordwind nuss oase ofen oktober olive onkel oper orange orgel ort otter palme
    panda papier park pass pause pelikan perle pfad pferd pilot pilz pinguin pinsel pirol planet
    platz pol puls punkt quarz quelle rabe radio rahmen rakete rand raum rebe regal regen reis
    reise ring robbe rose rubin ruder saft sahne salat salz samt sand satz schaf schal schiff
    see segel seide seil sieb silber sofa sommer sonne spatz spiegel spur stadt stall star staub
    stern stiefel stoff storch strand strom stuhl sturm tafel tal tanne tante tanz tasse taube
    taxi teich teller tempel tenor text theater thema tiger tinte tisch tomate ton topf tor
    traube treppe trommel tulpe tunnel turm ufer uhu ulme vase veilchen ventil villa violine
    vogel vulkan waage wabe wagen wal wald wand wasser weide welle wiese wind winter wolf wolke
    wolle wurzel zahn zange zebra zeder zeiger zelt ziege zimt zirkus zitrone zoo zucker zug
    zweig
"""

WORDS: Final = tuple(_LIST.split())
