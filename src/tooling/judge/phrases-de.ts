import type { MetricPhrases } from './phrases.ts';

/** German phrases by metric, written for the second judge alone; marks as in the English ones. */
export const germanPhrases: MetricPhrases = {
  reject_rate: {
    nouns: `ausschussquote|ausschussrate|fehlerquote|fehlerrate|anteil schlechtteile|schlechtteilquote|schlechtteilrate|nio quote|nio rate|nio anteil|anteil fehlerhafter teile|ausschussanteil mit nacharbeit|rückweisungsquote|reject rate|rejectrate|anteil der rejects|prozentsatz schlechter teile|fehleranteil|anteil schlechter teile|ausschuss quote`,
    asks: `wie viel prozent der teile waren schlecht @ WHEN|welcher anteil der teile war fehlerhaft @ WHEN|wie viel prozent schlechtteile hatte WHO WHEN|wie viel prozent der teile waren nicht in ordnung @ WHEN|welcher anteil war nio @ WHEN`,
  },
  scrap_rate: {
    nouns: `verschrottungsquote|schrottquote|schrottanteil|verschrottungsrate|anteil schrott|anteil verschrotteter teile|scrap rate|scraprate|ausschuss in prozent|prozent ausschuss|prozentualer ausschuss|ausschussanteil|prozentsatz ausschuss|prozentsatz verschrottet|anteil des ausschusses`,
    asks: `wie viel prozent wurden verschrottet @ WHEN|wie viel prozent ausschuss hatte WHO WHEN|welcher anteil der teile wurde verschrottet @ WHEN|wieviel prozent ausschuss gab es @ WHEN|wie viel prozent der teile landeten im schrott @ WHEN`,
  },
  rework_rate: {
    nouns: `nacharbeitsquote|nacharbeitsrate|nacharbeitsanteil|anteil nacharbeit|anteil der nacharbeit|anteil nachgearbeiteter teile|nacharbeit in prozent|prozent nacharbeit|nacharbeit prozentual|rework rate`,
    asks: `wie viel prozent mussten nachgearbeitet werden @ WHEN|welcher anteil ging in die nacharbeit @ WHEN|wie viel prozent der teile gingen in die nacharbeit @ WHEN`,
  },
  first_pass_yield: {
    nouns: `first pass yield|fpy|erstausbeute|erstdurchlaufquote|gutteilquote im ersten durchlauf|direktläuferquote|direktläufer|ausbeute|first time right|ersttrefferquote|anteil direktläufer|gutquote beim ersten mal|geradeausläufer|geradeauslaufquote`,
    asks: `wie viel prozent waren auf anhieb gut @ WHEN|welcher anteil war beim ersten mal gut @ WHEN|wie viele prozent liefen ohne nacharbeit durch @ WHEN|wie hoch ist der anteil der teile die auf anhieb passen @ WHEN`,
  },
  quality: {
    nouns: `qualität|qualitätsrate|qualitätsgrad|qualitätsfaktor|qualitätsquote|qualitätskennzahl|qualitätswert|qualitätsniveau|qualitätsindex`,
    asks: `wie gut war die qualität @ WHEN|wie war die qualität @ WHEN|wie steht es um die qualität @ WHEN`,
  },
  reject_count: {
    nouns: `schlechtteile|anzahl schlechtteile|schlechte teile|nio teile|n.i.o. teile|fehlerhafte teile|ausschuss und nacharbeit zusammen|zahl der schlechtteile|menge schlechtteile|rejects|beanstandete teile|defekte teile|fehlteile aus der prüfung|mangelhafte teile|schlechtmenge|nicht ok teile|anzahl nio`,
    asks: `wie viele schlechtteile gab es @ WHEN|wie viele schlechtteile hatte WHO WHEN|wie viele teile waren schlecht @ WHEN|wie viele teile waren nicht in ordnung @ WHEN|wie viele fehlerhafte teile hat WHO produziert WHEN|wie viele teile sind durchgefallen @ WHEN|wie viele nio teile hatte WHO WHEN|wie viele schlechte stücke hat WHO gemacht WHEN|wie viele teile wurden beanstandet @ WHEN`,
  },
  scrap_count: {
    nouns: `ausschuss|ausschussmenge|schrott|verschrottete teile|anzahl ausschuss|ausschussteile|schrottteile|menge ausschuss|ausschusszahl|schrottmenge|anzahl verschrotteter teile|verschrottung|ausschussstückzahl|ausschuss in stück`,
    asks: `wie viel ausschuss hatte WHO WHEN|wie viel ausschuss gab es @ WHEN|wie viele teile wurden verschrottet @ WHEN|wie viel wurde weggeworfen @ WHEN|wie viele teile haben wir weggeschmissen @ WHEN|wie viel schrott hat WHO produziert WHEN|wie viele teile landeten im schrott @ WHEN|wie viel ausschuss hat WHO gemacht WHEN|wieviel ausschuss fiel an @ WHEN|wie viele teile mussten entsorgt werden @ WHEN|was haben wir an ausschuss @ WHEN|wie viele teile hat WHO verschrottet WHEN|wie viel ausschuss wurde produziert @ WHEN|wie viele ausschussteile gab es @ WHEN`,
  },
  rework_count: {
    nouns: `nacharbeit|nachgearbeitete teile|nacharbeitsmenge|anzahl nacharbeit|nacharbeitsteile|teile in nacharbeit|menge nacharbeit|nacharbeitsfälle|anzahl nacharbeitsteile`,
    asks: `wie viele teile mussten nachgearbeitet werden @ WHEN|wie viel nacharbeit gab es @ WHEN|wie viele teile gingen in die nacharbeit @ WHEN|wie viel nacharbeit hatte WHO WHEN|wie viele stücke wurden nachgearbeitet @ WHEN|wie oft mussten wir nacharbeiten @ WHEN|wie viele teile hat WHO nachgearbeitet WHEN`,
  },
  defect_count: {
    nouns: `fehler|anzahl fehler|gefundene fehler|risse|kratzer|grate|poren|porositäten|maßfehler|fehlende teile|prüffehler|anzahl risse|anzahl kratzer|anzahl der fehler|fehleranzahl|defekte|anzahl defekte|fehlerzahl|lunker|rissteile|maßabweichungen|durchgefallene prüfungen|gratfehler|kratzerfehler|porosität`,
    asks: `wie viele risse wurden gefunden @ WHEN|wie viele kratzer gab es @ WHEN|wie viele fehler wurden gefunden @ WHEN|wie viele teile mit poren hatte WHO WHEN|wie viele prüfungen sind fehlgeschlagen @ WHEN|wie oft trat porosität auf @ WHEN|wie viele maßfehler gab es @ WHEN|wie viele teile hatten grat @ WHEN|wie oft fehlte ein teil bei der prüfung @ WHEN|wie viele defekte hat die kamera gesehen @ WHEN|wie viele fehler hatte WHO WHEN`,
  },
  good_count: {
    nouns: `gutteile|gutmenge|gute teile|anzahl gutteile|io teile|i.o. teile|gutstückzahl|gutstück|gute stücke|gutproduktion|anzahl guter teile|menge gutteile|okay teile|verwendbare teile|gutausbringung`,
    asks: `wie viele gutteile hat WHO produziert WHEN|wie viele gute teile gab es @ WHEN|wie viele teile waren gut @ WHEN|wie viele io teile hatten wir @ WHEN|wie viele gutteile wurden gefertigt @ WHEN|wie viele brauchbare teile hat WHO gemacht WHEN|wie viele einwandfreie teile kamen raus @ WHEN|wie viele gutteile hatte WHO WHEN|wie viele teile waren in ordnung @ WHEN`,
  },
  output: {
    nouns: `ausbringung|produktion|stückzahl|produktionsmenge|ausstoß|output|gefertigte teile|produzierte teile|anzahl teile|teilezahl|fertigungsmenge|gesamtmenge|produzierte menge|hergestellte teile|gesamtstückzahl|produzierte stück|gesamtausbringung|menge produziert|produktionszahlen|mengenausbringung|stückzahlen|produktionsausstoß`,
    asks: `wie viele teile hat WHO produziert WHEN|wie viele teile wurden gefertigt @ WHEN|wie viel hat WHO produziert WHEN|wie viele stück hat WHO gemacht WHEN|wie viele teile haben wir gebaut @ WHEN|was wurde produziert @ WHEN|wie viele teile kamen von WHO WHEN|was hat WHO geschafft WHEN|wie viele teile sind gelaufen @ WHEN|wie viele teile wurden hergestellt @ WHEN|wie viele teile hat WHO gefertigt WHEN|wie viele pumpen haben wir gebaut WHEN|wie viele wellen wurden produziert WHEN|wie viele laufräder hat WHO gemacht WHEN|wie viele gehäuse wurden gefertigt WHEN|wie viele halter haben wir hergestellt WHEN|wie viel wurde produziert @ WHEN|wie viel stück @ WHEN|wieviele teile hat WHO heute schon gemacht|was haben wir an stückzahl @ WHEN|wie viele teile liefen über WHO WHEN|wie viele hat WHO gemacht WHEN`,
  },
  throughput: {
    nouns: `durchsatz|teile pro stunde|stück pro stunde|produktionsrate|stückzahl pro stunde|stundenleistung|teile je stunde|stück je stunde|produktionsgeschwindigkeit|durchsatzrate|stundenausbringung|teile pro maschinenstunde|mengenleistung pro stunde`,
    asks: `wie viele teile pro stunde hat WHO gemacht WHEN|wie viele stück pro stunde schafft WHO WHEN|wie schnell hat WHO produziert WHEN|wie viele teile in der stunde macht WHO WHEN|wie hoch war der durchsatz von WHO WHEN`,
  },
  cycle_time: {
    nouns: `taktzeit|zykluszeit|durchschnittliche taktzeit|bearbeitungszeit pro teil|zeit pro teil|sekunden pro teil|zeit je stück|stückzeit|mittlere zykluszeit|laufzeit pro teil|zeit je teil|takt|zyklusdauer|fertigungszeit pro teil`,
    asks: `wie lange dauert ein teil @ WHEN|wie lange braucht WHO für ein teil WHEN|wie viele sekunden braucht ein teil @ WHEN|wie lang ist der takt @ WHEN|wie schnell ist ein zyklus @ WHEN|wie viel zeit braucht ein stück @ WHEN|wie lange lief ein teil @ WHEN`,
  },
  wip: {
    nouns: `wip|umlaufbestand|ware in arbeit|work in progress|laufende jobs|begonnene arbeitsgänge|aufträge in bearbeitung auf den maschinen|angefangene aufträge|laufende arbeitsgänge|jobs in arbeit|umlauf|bestand in arbeit|halbfertige aufträge|unfertige arbeiten`,
    asks: `wie viele jobs laufen WHEN|wie viele arbeitsgänge sind in arbeit @|wie hoch ist der umlaufbestand @ WHEN|wie viele jobs sind gerade in arbeit @|wie viel ware ist in arbeit @|wie viele arbeitsgänge sind angefangen @`,
  },
  downtime: {
    nouns: `stillstand|stillstandszeit|ausfallzeit|standzeit|störzeit|stillstände in minuten|stillstandsdauer|verlorene zeit|zeitverlust|stillstandsminuten|stehzeit|ungeplanter stillstand|ungeplante stillstandszeit|ausfallstunden|störungsdauer|unterbrechungszeit|stillstandszeit wegen werkzeugwechsel|stillstand wegen materialmangel|ausfallzeit durch störung|reinigungszeit|zeit für werkzeugwechsel|wartezeit auf material|stillstand durch fehlende bediener|downtime|maschinenstillstand|stillstandsstunden|standzeiten|dauer der störungen|stillstand wegen fehlendem bediener|stillstand ohne bediener|stillstandszeit wegen qualitätssperre|stillstand durch rüsten|ausfallzeit wegen reinigung`,
    asks: `wie lange stand WHO WHEN|wie lange stand WHO still WHEN|wie lange ist WHO ausgefallen WHEN|wie lange war WHO gestört WHEN|wie viele stunden stand WHO WHEN|wie viele minuten stand WHO WHEN|wie viel zeit haben wir verloren @ WHEN|wie viel zeit ging durch störungen verloren @ WHEN|wie lange hat WHO auf material gewartet WHEN|wie lange wurde gereinigt @ WHEN|wie viel zeit kosteten die werkzeugwechsel @ WHEN|wie viel stillstand hatte WHO WHEN|wie viel stillstand gab es @ WHEN|wie lange war WHO außer betrieb WHEN|wie lange dauerten die störungen @ WHEN|wie lange waren die maschinen gestanden @ WHEN|wie lange fehlte ein bediener @ WHEN|wie hoch war der stillstand wegen qualitätssperren @ WHEN|wie viele minuten gingen durch materialmangel verloren @ WHEN`,
  },
  stop_count: {
    nouns: `stillstände|anzahl stillstände|anzahl stopps|stopps|störungen|anzahl störungen|ausfälle|anzahl ausfälle|unterbrechungen|anzahl unterbrechungen|maschinenausfälle|zahl der stillstände|zahl der störungen|pannen|werkzeugwechsel anzahl|anzahl werkzeugwechsel|anzahl der stops|störungsanzahl|häufigkeit der stillstände|stillstandshäufigkeit|störfälle|anlagenausfälle|stopps wegen materialmangel|stillstände wegen fehlendem bediener|stillstände durch werkzeugwechsel`,
    asks: `wie oft stand WHO still WHEN|wie oft fiel WHO WHEN aus|wie oft ist WHO WHEN ausgefallen|wie oft ging WHO WHEN kaputt|wie oft stand WHO WHEN|wie oft ist WHO ausgefallen WHEN|wie viele störungen hatte WHO WHEN|wie viele störungen gab es @ WHEN|wie viele stillstände gab es @ WHEN|wie viele stillstände hatte WHO WHEN|wie oft gab es materialmangel @ WHEN|wie oft wurde das werkzeug gewechselt @ WHEN|wie viele werkzeugwechsel gab es @ WHEN|wie viele ausfälle hatte WHO WHEN|wie oft ging WHO kaputt WHEN|wie oft hat WHO gestoppt WHEN|wie oft fehlte material @ WHEN|wie häufig stand WHO WHEN|wie oft war ein bediener nicht da @ WHEN|wie viele unterbrechungen gab es @ WHEN|wie viele qualitätssperren hatten wir @ WHEN|wie oft wurde gereinigt @ WHEN`,
  },
  mtbf: {
    nouns: `mtbf|mittlere zeit zwischen ausfällen|mittlere betriebsdauer zwischen ausfällen|zeit zwischen ausfällen|mittlerer ausfallabstand|durchschnittliche zeit zwischen störungen|zeit zwischen zwei störungen|störungsabstand|ausfallabstand|mittlere laufzeit zwischen störungen`,
    asks: `wie lange läuft WHO zwischen zwei ausfällen WHEN|wie lange läuft WHO im mittel bis zur nächsten störung WHEN|wie viel zeit liegt zwischen den störungen @ WHEN|wie lange hält WHO durch bis zum ausfall WHEN`,
  },
  mttr: {
    nouns: `mttr|mittlere reparaturzeit|durchschnittliche reparaturzeit|reparaturdauer|mittlere reparaturdauer|reparaturzeit|mittlere zeit bis zur instandsetzung|instandsetzungszeit|durchschnittliche dauer einer störung|mittlere störungsdauer|wiederherstellungszeit`,
    asks: `wie lange dauert eine reparatur @ WHEN|wie lange dauert die reparatur von WHO im schnitt WHEN|wie lange brauchen wir im mittel für eine reparatur @ WHEN|wie schnell wird WHO repariert WHEN|wie lange dauert eine störung im schnitt @ WHEN|wie lange dauerten die reparaturen durchschnittlich @ WHEN`,
  },
  setup_time: {
    nouns: `rüstzeit|rüstzeiten|umrüstzeit|rüstdauer|zeit fürs rüsten|einrichtezeit|umrüstdauer|rüstaufwand|rüststunden|rüstminuten|gesamte rüstzeit|zeit für umrüsten|zeit zum einrichten`,
    asks: `wie lange wurde gerüstet @ WHEN|wie lange wurde WHO gerüstet WHEN|wie viel zeit ging fürs rüsten drauf @ WHEN|wie lange dauerte das umrüsten @ WHEN|wie viele minuten wurde gerüstet @ WHEN|wie viele stunden rüsten hatte WHO WHEN|wie viel zeit haben wir mit rüsten verbracht @ WHEN|wie lange dauerte das einrichten @ WHEN|wie lange hat das rüsten gedauert @ WHEN`,
  },
  changeover_count: {
    nouns: `rüstvorgänge|anzahl rüstvorgänge|umrüstungen|anzahl umrüstungen|anzahl der rüstungen|produktwechsel|anzahl produktwechsel|rüstungen|zahl der umrüstungen|umbauten|umstellungen|einrichtvorgänge|sortenwechsel|anzahl sortenwechsel`,
    asks: `wie oft wurde gerüstet @ WHEN|wie oft wurde WHO gerüstet WHEN|wie viele rüstvorgänge gab es @ WHEN|wie oft wurde umgerüstet @ WHEN|wie viele umrüstungen hatte WHO WHEN|wie oft haben wir umgestellt @ WHEN|wie viele rüstvorgänge hatte WHO WHEN|wie oft mussten wir umrüsten @ WHEN|wie oft wurde WHO umgebaut WHEN`,
  },
  availability: {
    nouns: `verfügbarkeit|verfügbarkeitsgrad|maschinenverfügbarkeit|technische verfügbarkeit|anlagenverfügbarkeit|verfügbarkeitsrate|verfügbarkeitsfaktor|uptime|verfügbarkeitsquote|laufzeitanteil`,
    asks: `wie verfügbar war WHO WHEN|wie viel prozent der zeit lief WHO WHEN|welchen anteil der zeit war WHO verfügbar WHEN|wie hoch war der laufanteil von WHO WHEN`,
  },
  performance: {
    nouns: `leistungsgrad|leistung|leistungsfaktor|effektivität|performance|leistungsrate|leistungskennzahl|leistungsquote|geschwindigkeitsfaktor|leistungsindex`,
    asks: `wie hoch war der leistungsgrad @ WHEN|welchen leistungsgrad hatte WHO WHEN|lief WHO mit voller geschwindigkeit WHEN|wie war die leistung @ WHEN|welche leistung erreichte WHO WHEN`,
  },
  oee: {
    nouns: `oee|gesamtanlageneffektivität|anlageneffektivität|gae|oee wert|oee kennzahl|gesamtanlageneffizienz|oee zahl|anlageneffizienz|oee index`,
    asks: `wie hoch war die oee @ WHEN|welche oee hatte WHO WHEN|wie war die oee @ WHEN|wie steht die oee @ WHEN|welche oee hat WHO erreicht WHEN|wo lag die oee @ WHEN|wie effektiv waren die anlagen @ WHEN`,
  },
  energy: {
    nouns: `energieverbrauch|energie|stromverbrauch|strom|kwh|kilowattstunden|verbrauchte energie|energiebedarf|elektrische energie|verbrauch in kwh|strombedarf|energiemenge|stromaufnahme in kwh|energieeinsatz`,
    asks: `wie viel energie hat WHO verbraucht WHEN|wie viel strom hat WHO verbraucht WHEN|wie viele kwh brauchte WHO WHEN|wie viel strom ging drauf @ WHEN|wie hoch ist der verbrauch an strom @ WHEN|wie viel energie wurde verbraucht @ WHEN|wie viel strom zog WHO WHEN|wie viele kilowattstunden waren es @ WHEN`,
  },
  on_time_delivery: {
    nouns: `liefertreue|termintreue|liefertermintreue|pünktlichkeit|lieferpünktlichkeit|anteil pünktlicher aufträge|lieferfähigkeit|termineinhaltung|otd|liefertreuequote|on time delivery|anteil termingerechter aufträge|pünktlichkeitsquote`,
    asks: `wie viel prozent der aufträge waren pünktlich WHEN|wie pünktlich liefern wir WHEN|wie pünktlich haben wir geliefert WHEN|welcher anteil der aufträge wurde rechtzeitig fertig WHEN|wie zuverlässig waren unsere lieferungen WHEN|wie viel prozent wurden termingerecht geliefert WHEN`,
  },
  late_orders: {
    nouns: `verspätete aufträge|überfällige aufträge|aufträge im verzug|anzahl verspäteter aufträge|aufträge in verzug|verzug bei aufträgen|rückstand bei aufträgen|verspätungen bei aufträgen|zu späte aufträge|terminverzug|rückständige aufträge|aufträge hinter plan|aufträge mit verspätung|lieferverzug`,
    asks: `wie viele aufträge sind verspätet WHEN|wie viele aufträge sind überfällig|wie viele aufträge sind im verzug|wie viele aufträge waren zu spät WHEN|gibt es verspätete aufträge|haben wir überfällige aufträge|wie viele aufträge wurden nicht rechtzeitig fertig WHEN|wie viele aufträge haben den termin verpasst WHEN|wie viele aufträge kommen zu spät|sind aufträge im rückstand`,
  },
  plan_attainment: {
    nouns: `planerfüllung|planerfüllungsgrad|plantreue|planeinhaltung|erfüllung des plans|fertigungsplanerfüllung|plan erfüllungsgrad|sollerfüllung|plan ist erfüllung|einhaltung des plans|planerreichung`,
    asks: `wie gut hat WHO den plan erfüllt WHEN|wie viel vom plan wurde geschafft @ WHEN|wie viel prozent des plans haben wir erreicht @ WHEN|wurde der plan eingehalten @ WHEN|wie viele der geplanten jobs wurden fertig @ WHEN|haben wir den plan geschafft @ WHEN|welcher teil des plans wurde erledigt @ WHEN|wie genau haben wir den plan eingehalten @ WHEN`,
  },
  machine_state: {
    nouns: `maschinenzustand|maschinenzustände|maschinenstatus|zustand der maschine|status der maschinen|anlagenstatus|stehende maschinen|laufende maschinen|status von cnc-22|zustand von press-41`,
    asks: `welche maschinen stehen gerade|welche maschine steht|welche maschinen laufen gerade|welche maschinen sind im leerlauf|wie viele maschinen stehen gerade|wie viele maschinen laufen|läuft cnc-22 gerade|steht cnc-22|steht die presse still|in welchem zustand ist cnc-31|was macht cnc-22 gerade|zeig den zustand aller maschinen|liste der maschinen die stehen|stehen gerade maschinen`,
  },
  order_status: {
    nouns: `auftragsstatus|status des auftrags|stand des auftrags|status von auftrag wo-26010|stand von wo-26042|offene aufträge|anzahl offener aufträge|laufende aufträge|freigegebene aufträge|fertige aufträge|abgeschlossene aufträge|angehaltene aufträge|stornierte aufträge|anzahl aufträge|auftragsbestand|auftragslage|aufträge`,
    asks: `wie ist der status von auftrag wo-26010|wo ist auftrag wo-26010|wo steht auftrag wo-26042|ist wo-26010 fertig|ist auftrag 26042 schon fertig|wie viele offene aufträge haben wir|wie viele aufträge sind offen|wie viele aufträge laufen WHEN|wie viele aufträge sind angehalten|wie weit ist auftrag wo-26010|was ist mit auftrag wo-26001|in welchem zustand ist wo-26042|wie viele aufträge wurden fertig WHEN|wie viele aufträge haben wir abgeschlossen WHEN|wie viele aufträge wurden storniert WHEN|wie sieht es mit wo-26010 aus|zeig mir auftrag wo-26042`,
  },
};

/** Clauses with a form of their own: metric, shape, groups, clauses. */
export const germanForms: readonly (readonly [metric: string, shape: string, groups: string, clauses: string])[] = [
  [
    'late_orders',
    'list',
    '',
    `welche aufträge sind zu spät|welche aufträge sind verspätet|welche aufträge sind überfällig|welche aufträge sind im verzug|welche aufträge haben den termin verpasst WHEN|welche aufträge hinken hinterher`,
  ],
  [
    'late_orders',
    'breakdown',
    'customer',
    `verspätete aufträge nach kunde|welche kunden haben verspätete aufträge|überfällige aufträge je kunde|bei welchen kunden sind wir im verzug`,
  ],
  [
    'late_orders',
    'top',
    'customer',
    `welcher kunde hat die meisten verspäteten aufträge|bei welchem kunden sind wir am meisten im verzug`,
  ],
  [
    'order_status',
    'list',
    '',
    `liste offene aufträge|liste alle offenen aufträge|zeige alle offenen aufträge|welche aufträge sind offen|welche aufträge sind diese woche fällig|aufträge fällig diese woche|welche aufträge laufen gerade|welche aufträge sind angehalten|liste der aufträge von aqua systems|welche aufträge hat borg pumps|welche aufträge gibt es für ph-100|offene aufträge von borg pumps auflisten|welche aufträge wurden abgeschlossen WHEN|welche aufträge sind heute fällig`,
  ],
  [
    'downtime',
    'top',
    'reason',
    `was war der hauptgrund für stillstand @ WHEN|top stillstandsgründe @ WHEN|top 5 stillstandsgründe WHEN|welcher grund kostete am meisten zeit @ WHEN|häufigste zeitverluste @ WHEN|was hat am meisten stillstand verursacht @ WHEN|größte stillstandsursachen @ WHEN|hauptursache für ausfallzeit @ WHEN|welche 3 gründe verursachten den meisten stillstand WHEN|wodurch haben wir am meisten zeit verloren @ WHEN|die drei größten zeitfresser @ WHEN|woran stand WHO am längsten WHEN`,
  ],
  [
    'stop_count',
    'top',
    'reason',
    `häufigster stillstandsgrund @ WHEN|was war der häufigste stillstandsgrund @ WHEN|welcher grund kam am häufigsten vor @ WHEN|häufigste störungsursache @ WHEN|häufigste ursache für stopps @ WHEN`,
  ],
  [
    'downtime',
    'breakdown',
    'reason',
    `stillstand nach grund @ WHEN|stillstandsgründe @ WHEN|gründe für stillstand @ WHEN|was waren die gründe für den stillstand @ WHEN|weswegen stand WHO WHEN|pareto der stillstände @ WHEN|stillstandszeit nach ursache @ WHEN|aus welchen gründen stand WHO WHEN|aufteilung der stillstandszeit nach grund @ WHEN`,
  ],
  [
    'stop_count',
    'breakdown',
    'reason',
    `anzahl stillstände nach grund @ WHEN|störungen nach ursache @ WHEN|stopps je grund @ WHEN|wie viele stillstände je grund @ WHEN`,
  ],
  [
    'defect_count',
    'top',
    'defect',
    `häufigster fehler @ WHEN|welcher fehler kommt am häufigsten vor @ WHEN|top fehlerarten @ WHEN|häufigste fehlerart @ WHEN|hauptfehler @ WHEN|was ist der häufigste defekt @ WHEN|top 3 fehler WHEN|welcher fehler trat am meisten auf @ WHEN`,
  ],
  [
    'defect_count',
    'breakdown',
    'defect',
    `fehler nach fehlerart @ WHEN|fehler nach art @ WHEN|anzahl der fehler nach fehlerart @ WHEN|welche fehler wurden gefunden @ WHEN|welche fehlerarten hatten wir @ WHEN|fehlerpareto @ WHEN|defekte nach typ @ WHEN`,
  ],
  [
    'output',
    'breakdown',
    'product',
    `was haben wir je produkt produziert WHEN|ausbringung nach produkt @ WHEN|wie viele teile von jedem produkt WHEN|stückzahl je artikel WHEN`,
  ],
  [
    'downtime',
    'top',
    'machine',
    `welche maschine stand am längsten WHEN|welche maschine stand am längsten still WHEN|welche anlage hatte den längsten stillstand WHEN|welche maschine hatte die meiste ausfallzeit WHEN`,
  ],
  [
    'stop_count',
    'top',
    'machine',
    `welche maschine ist am häufigsten ausgefallen WHEN|welche maschine hatte die meisten störungen WHEN|welche maschine stand am häufigsten WHEN|welche anlage geht am öftesten kaputt WHEN`,
  ],
  [
    'output',
    'top',
    'line',
    `welche linie hat am meisten produziert WHEN|welche linie hat die meisten teile gemacht WHEN|welche linie hat am wenigsten produziert WHEN`,
  ],
  [
    'output',
    'top',
    'machine',
    `welche maschine hat am meisten teile gefertigt WHEN|welche maschine hat am wenigsten produziert WHEN`,
  ],
  [
    'scrap_count',
    'top',
    'machine',
    `welche maschine macht den meisten ausschuss WHEN|wo fiel am meisten ausschuss an je maschine WHEN`,
  ],
  [
    'output',
    'compare',
    'line',
    `hat linie 1 mehr teile gemacht als linie 2 WHEN|hat linie 3 mehr produziert als linie 1 WHEN`,
  ],
  [
    'downtime',
    'breakdown',
    'reason',
    `warum stand WHO still WHEN|warum stand WHO WHEN|weshalb ist WHO ausgefallen WHEN|wieso lief WHO nicht WHEN`,
  ],
  [
    'stop_count',
    'value',
    '',
    `stillstände über 10 minuten @ WHEN|wie viele stillstände länger als 30 minuten hatte WHO WHEN|störungen über 20 minuten @ WHEN|stopps kürzer als 5 minuten @ WHEN|anzahl stillstände von mindestens 15 minuten @ WHEN|ausfälle über eine stunde @ WHEN`,
  ],
  [
    'stop_count',
    'list',
    '',
    `liste alle stillstände über 10 minuten @ WHEN|liste der stillstände @ WHEN|zeige jeden stillstand @ WHEN|alle störungen auflisten @ WHEN|zeig mir alle störungen länger als eine stunde @ WHEN`,
  ],
  [
    'late_orders',
    'list',
    '',
    `liste alle verspäteten aufträge|zeig mir alle überfälligen aufträge|überfällige aufträge für aqua systems auflisten`,
  ],
  [
    'order_status',
    'list',
    '',
    `welche aufträge sind morgen fällig|aufträge fällig nächste woche|welche aufträge müssen WHEN fertig sein|was ist diese woche fällig|welche aufträge sind am freitag fällig`,
  ],
  [
    'downtime',
    'value',
    '',
    `wie lange war WHO im zustand idle WHEN|wie lange war WHO im zustand held WHEN|zeit im zustand aborted @ WHEN|stillstand über 30 minuten @ WHEN`,
  ],
  [
    'energy',
    'top',
    'machine',
    `welche maschine verbraucht am meisten strom WHEN|größter stromverbraucher WHEN|welche maschine braucht die meiste energie WHEN|welche maschinen sind die größten stromfresser WHEN`,
  ],
  [
    'oee',
    'top',
    'line',
    `welche linie lief am besten nach oee WHEN|beste linie nach oee WHEN|schlechteste linie bei der oee WHEN`,
  ],
];
