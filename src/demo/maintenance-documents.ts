/** Northfield's failure modes as a maintenance engineer would keep them, in our own words; entries parted by `|`. */
export const northfieldFailureModes = `code,language,equipment,component,mode,mechanism,cause,symptoms,signals,action,parts,skills,lockout,safety
BRG,en,,Spindle bearing,Worn or spalled,Rolling contact fatigue,Lack of lubrication|Overload|End of life,Vibration rises over days|Humming or grinding noise at speed|Bearing housing warm,Vibration high,Plan the bearing replacement before the next long run|Replace bearing and seal and grease again|Check runout and make a test run,Spindle bearing set|Shaft seal|Bearing grease,Mechanical fitter|Spindle alignment,"Main switch off, locked and tagged; wait until the spindle stands still",Hot housing: wear protective gloves
BRG,de,,Spindellager,Verschlissen oder ausgebrochen,Wälzermüdung,Mangelnde Schmierung|Überlast|Ende der Lebensdauer,Schwingung steigt über Tage|Brummendes oder mahlendes Geräusch bei Drehzahl|Lagergehäuse warm,Vibration high,Lagerwechsel vor dem nächsten langen Lauf einplanen|Lager und Dichtung ersetzen und neu schmieren|Rundlauf prüfen und Probelauf machen,Spindellagersatz|Wellendichtring|Lagerfett,Mechaniker|Spindel ausrichten,"Hauptschalter aus, abgeschlossen und gekennzeichnet; warten, bis die Spindel steht",Heißes Gehäuse: Schutzhandschuhe tragen
SPN,en,,Spindle,Excessive play or seized,Sliding wear,Wear of the guides|Cooling of the spindle insufficient,Spindle runs warm|Load higher with the same program|Play noticeable|Surface finish worse,Temperature high|SpindleLoad high,Replace the spindle cartridge|Align and measure the spindle,Spindle cartridge,Mechanical fitter|Spindle alignment,"Main switch off, locked and tagged; secure the spindle head against dropping",Hot spindle: let it cool down
SPN,de,,Spindel,Zu viel Spiel oder fest,Gleitverschleiß,Verschleiß der Führungen|Spindelkühlung unzureichend,Spindel wird warm|Last bei gleichem Programm höher|Spiel spürbar|Oberfläche schlechter,Temperature high|SpindleLoad high,Spindeleinheit tauschen|Spindel ausrichten und vermessen,Spindeleinheit,Mechaniker|Spindel ausrichten,"Hauptschalter aus, abgeschlossen und gekennzeichnet; Spindelkopf gegen Absinken sichern",Heiße Spindel: abkühlen lassen
SEAL,en,,Pump seal,Leaking,Wear of the sealing lip,Dirt in the medium|End of life,Small leak at the pump seal|Pressure dropping|Leak rate rising,Pressure low|LeakRate high,Order the seal kit|Replace the seal kit|Make a leak test,Seal kit,Mechanical fitter,"Main switch off, locked and tagged; release the pressure and close the supply",Residual pressure: open fittings slowly and wear safety glasses
SEAL,de,,Pumpendichtung,Undicht,Verschleiß der Dichtlippe,Schmutz im Medium|Ende der Lebensdauer,Kleine Leckage an der Pumpendichtung|Druck fällt|Leckrate steigt,Pressure low|LeakRate high,Dichtsatz bestellen|Dichtsatz ersetzen|Dichtheitsprüfung machen,Dichtsatz,Mechaniker,"Hauptschalter aus, abgeschlossen und gekennzeichnet; Druck ablassen und Zulauf schließen",Restdruck: Verschraubungen langsam öffnen und Schutzbrille tragen
CHUCK,en,,Chuck pressure switch,Faulty signal,Contact dirty,Coolant on the contact,Machine stopped with chuck pressure fault,,Clean the contact and reset the fault|Replace the switch if the fault comes back,Pressure switch,Electrician,"Main switch off, locked and tagged; release the clamping pressure",Workpiece may come loose: take it out first
CHUCK,de,,Druckschalter Spannfutter,Signal fehlerhaft,Kontakt verschmutzt,Kühlmittel am Kontakt,Maschine steht mit Störung Spanndruck,,Kontakt reinigen und Störung quittieren|Schalter tauschen wenn die Störung wiederkommt,Druckschalter,Elektriker,"Hauptschalter aus, abgeschlossen und gekennzeichnet; Spanndruck ablassen",Werkstück kann sich lösen: vorher entnehmen
DOOR,en,,Door interlock,Does not close,Sensor misaligned,Vibration|Chips in the guide,Door does not close or is not recognised,,Clean the guide and adjust the sensor,Door sensor,Electrician,"Main switch off, locked and tagged",Never bypass the interlock
DOOR,de,,Türschalter,Schließt nicht,Sensor verstellt,Erschütterung|Späne in der Führung,Tür schließt nicht oder wird nicht erkannt,,Führung reinigen und Sensor nachstellen,Türsensor,Elektriker,"Hauptschalter aus, abgeschlossen und gekennzeichnet",Verriegelung niemals überbrücken
AXIS,en,,Axis drive,Drive fault,Overcurrent or lost reference,Collision|Voltage dip,Axis drive fault on the screen,,Reset the fault and make a reference run|Check the axis for free movement,Drive module,Electrician,"Main switch off, locked and tagged; wait five minutes for the DC link",Residual voltage in the drive
AXIS,de,,Achsantrieb,Antriebsstörung,Überstrom oder Referenz verloren,Kollision|Spannungseinbruch,Störung Achsantrieb am Bildschirm,,Störung quittieren und Referenzfahrt machen|Achse auf Leichtgängigkeit prüfen,Antriebsmodul,Elektriker,"Hauptschalter aus, abgeschlossen und gekennzeichnet; fünf Minuten auf den Zwischenkreis warten",Restspannung im Antrieb
COOL,en,,Coolant pump filter,Blocked,Chips and dirt,Filter change overdue,Coolant level alarm|No coolant at the tool,,Clean the filter and refill coolant,Coolant filter,Operator,Coolant pump off at its switch,Coolant irritates the skin: wear protective gloves
COOL,de,,Pumpenfilter Kühlmittel,Verstopft,Späne und Schmutz,Filterwechsel überfällig,Kühlmittelstand zu niedrig|Kein Kühlmittel am Werkzeug,,Filter reinigen und Kühlmittel nachfüllen,Kühlmittelfilter,Bediener,Kühlmittelpumpe am Schalter aus,Kühlmittel reizt die Haut: Schutzhandschuhe tragen
CONV,en,,Chip conveyor,Jammed,Chips wound up,Long chips|Conveyor not emptied,Conveyor jammed by chips,,Clear the chips and restart the conveyor,,Operator,"Conveyor off, locked and tagged",Sharp chips: wear protective gloves and use the hook
CONV,de,,Späneförderer,Verklemmt,Späne verwickelt,Lange Späne|Förderer nicht geleert,Späneförderer durch Späne verklemmt,,Späne frei machen und Förderer neu starten,,Bediener,"Förderer aus, abgeschlossen und gekennzeichnet",Scharfe Späne: Schutzhandschuhe tragen und Haken benutzen
HOSE,en,,Hydraulic hose,Leaking,Ageing and chafing,Hose too old|Hose rubs on the frame,Hydraulic hose leaking|Oil under the machine,,Replace the hose and check the oil level,Hydraulic hose,Mechanical fitter,"Main switch off, locked and tagged; release the accumulator pressure",Oil jet under pressure: never feel for the leak by hand
HOSE,de,,Hydraulikschlauch,Undicht,Alterung und Scheuern,Schlauch zu alt|Schlauch scheuert am Rahmen,Hydraulikschlauch undicht|Öl unter der Maschine,,Schlauch ersetzen und Ölstand prüfen,Hydraulikschlauch,Mechaniker,"Hauptschalter aus, abgeschlossen und gekennzeichnet; Speicherdruck ablassen",Ölstrahl unter Druck: Leck niemals mit der Hand suchen
OFFS,en,,Tool offset,First part out of tolerance,Tool wear or wrong offset,Tool change|Other inserts,Quality hold: first part out of tolerance,,Correct the offset and measure the next part,,Operator,,
OFFS,de,,Werkzeugkorrektur,Erstteil außer Toleranz,Werkzeugverschleiß oder falsche Korrektur,Werkzeugwechsel|Andere Wendeplatten,Von QS gesperrt: Erstteil außer Toleranz,,Korrektur eingeben und nächstes Teil messen,,Bediener,,
`;

/** A short manual of Northfield's machines, in our own words. */
const manual = {
  en: `# Northfield machining: maintenance manual

## Safety before any work

WARNING: Switch off the main switch, lock it with your own padlock and hang your tag on it before you open a cover.

WARNING: Stored energy stays after switching off. Release hydraulic, pneumatic and spring pressure, and wait 5 minutes for the DC link of the drives.

CAUTION: Wear safety glasses and protective gloves. Spindle and bearing housing can be hotter than 60 °C.

## Vibration of spindles

RMS velocity in mm/s is measured at the spindle housing. Up to 2.8 mm/s is normal on these machines; from 4.5 mm/s plan the bearing replacement; from 7.1 mm/s stop the machine.

A spindle bearing that begins to fail hums at high speed. The vibration then grows over one to two weeks, first slowly, then fast.

## Replacing a spindle bearing

1. Take out tool and workpiece and lower the head.
2. Pull the bearing with the puller and check the seat for marks.
3. Warm the new bearing to 80 °C, mount it and grease it.
4. Check the runout: at most 0.01 mm. Make a test run of 30 minutes.

## Pumps and seals

A seal that leaks loses pressure first slowly, then fast. At 7 bar or less on a washing machine replace the seal kit. Make a leak test afterwards.
`,
  de: `# Northfield Fertigung: Wartungshandbuch

## Sicherheit vor jeder Arbeit

WARNUNG: Hauptschalter ausschalten, mit eigenem Schloss sichern und Anhänger anbringen, bevor eine Abdeckung geöffnet wird.

WARNUNG: Restenergie bleibt nach dem Ausschalten. Hydraulik-, Luft- und Federdruck ablassen und 5 Minuten auf den Zwischenkreis der Antriebe warten.

VORSICHT: Schutzbrille und Schutzhandschuhe tragen. Spindel und Lagergehäuse können heißer als 60 °C sein.

## Schwingung von Spindeln

Gemessen wird die Schwinggeschwindigkeit in mm/s (Effektivwert) am Spindelgehäuse. Bis 2,8 mm/s ist an diesen Maschinen normal; ab 4,5 mm/s Lagerwechsel einplanen; ab 7,1 mm/s Maschine anhalten.

Ein Spindellager, das zu versagen beginnt, brummt bei hoher Drehzahl. Danach steigt die Schwingung über ein bis zwei Wochen, erst langsam, dann schnell.

## Spindellager wechseln

1. Werkzeug und Werkstück entnehmen und Kopf absenken.
2. Lager mit dem Abzieher abziehen und Sitz auf Spuren prüfen.
3. Neues Lager auf 80 °C erwärmen, einbauen und schmieren.
4. Rundlauf prüfen: höchstens 0,01 mm. Probelauf von 30 Minuten machen.

## Pumpen und Dichtungen

Eine undichte Dichtung verliert erst langsam, dann schnell Druck. Bei 7 bar oder weniger an einer Waschmaschine Dichtsatz ersetzen. Danach Dichtheitsprüfung machen.
`,
};

/** Northfield's manuals by language. */
export const northfieldManuals: readonly { name: string; language: 'en' | 'de'; text: string }[] = [
  { name: 'northfield-manual-en.md', language: 'en', text: manual.en },
  { name: 'northfield-manual-de.md', language: 'de', text: manual.de },
];
