//! The languages of a package: every word that it says by itself.

use chrono::{Datelike, Timelike};

use super::tables::Chapter;
use crate::ground::time::{Date, Timestamp};
use crate::ground::zone::Zone;
use crate::record::descriptor::label_of;
use crate::record::select::select;

select! {
    /// The language in which a package speaks.
    pub enum Language {
        /// English.
        #[default]
        En = "en": "English",
        /// German.
        De = "de": "German",
        /// French.
        Fr = "fr": "French",
    }
}

/// What a package says, in every language: English, German, French.
#[derive(Clone, Copy)]
pub(super) struct Words([&'static str; 3]);

macro_rules! words {
    ($($name:ident: $english:literal, $german:literal, $french:literal;)+) => {
        $(pub(super) const $name: Words = Words([$english, $german, $french]);)+
    };
}

words! {
    TITLE: "Your personal data", "Ihre personenbezogenen Daten", "Vos données personnelles";
    INTRODUCTION:
        "This is a copy of the personal data that are stored about you, with what is known of where they come from, what they are used for and to whom they were given. Where other people stand in it, they were left out to protect their rights.",
        "Dies ist eine Kopie der personenbezogenen Daten, die über Sie gespeichert sind, mit dem, was über ihre Herkunft, ihre Verwendung und ihre Empfänger bekannt ist. Wo andere Personen darin vorkommen, wurden sie zum Schutz ihrer Rechte weggelassen.",
        "Ceci est une copie des données personnelles enregistrées à votre sujet, avec ce que l’on sait de leur origine, de leur utilisation et de leurs destinataires. Les autres personnes qui y figurent ont été omises afin de protéger leurs droits.";
    SKIP: "Skip to the data", "Direkt zu den Daten", "Aller aux données";
    CONTENTS: "Contents", "Inhalt", "Sommaire";
    CONTROLLER: "Controller", "Verantwortlicher", "Responsable du traitement";
    REQUEST: "Request", "Anfrage", "Demande";
    RECEIVED: "Received", "Eingegangen", "Reçue le";
    GENERATED: "Generated", "Erstellt", "Établi le";
    CREATED: "Stored since", "Gespeichert seit", "Enregistré le";
    UPDATED: "Last changed", "Zuletzt geändert", "Modifié le";
    SOURCES: "Taken over from", "Übernommen aus", "Repris de";
    CHANGES: "Changes", "Änderungen", "Modifications";
    WHEN: "When", "Wann", "Quand";
    BY: "By", "Durch", "Par";
    FIELD: "Field", "Feld", "Champ";
    BEFORE: "Before", "Vorher", "Avant";
    AFTER: "After", "Nachher", "Après";
    STAFF_MEMBER: "a member of staff", "Mitarbeiterin oder Mitarbeiter", "un membre du personnel";
    SYSTEM: "the system", "das System", "le système";
    OTHER_PERSON: "[another person]", "[andere Person]", "[autre personne]";
    YOU: "you", "Sie", "vous";
    YES: "yes", "ja", "oui";
    NO: "no", "nein", "non";
    ERASED: "the values were destroyed", "die Werte wurden vernichtet", "les valeurs ont été détruites";
    PURPOSES: "What your data were worked on for", "Wofür an Ihren Daten gearbeitet wurde", "Finalités pour lesquelles vos données ont été traitées";
    TIMES: "changes", "Änderungen", "modifications";
    REFUSALS: "Refusals of contact noted for your addresses", "Vermerkte Widersprüche gegen Kontakt an Ihre Adressen", "Refus de contact enregistrés pour vos adresses";
    RIGHTS: "Your rights", "Ihre Rechte", "Vos droits";
    RIGHTS_TEXT:
        "You can ask to have your data put right or erased, or their processing restricted, and you can object to it. You can complain to a supervisory authority, in particular where you live, where you work, or where you think that the law was broken.",
        "Sie können die Berichtigung oder Löschung Ihrer Daten oder die Einschränkung ihrer Verarbeitung verlangen und der Verarbeitung widersprechen. Sie können sich bei einer Aufsichtsbehörde beschweren, insbesondere an Ihrem Aufenthaltsort, an Ihrem Arbeitsplatz oder am Ort des mutmaßlichen Verstoßes.",
        "Vous pouvez demander la rectification ou l’effacement de vos données ou la limitation de leur traitement, et vous opposer à ce traitement. Vous pouvez introduire une réclamation auprès d’une autorité de contrôle, en particulier là où vous résidez, là où vous travaillez ou là où la violation aurait été commise.";
    MENTIONED: "names you; it is about somebody else", "nennt Sie; betrifft eine andere Person", "vous mentionne ; concerne une autre personne";
    ATTACHED: "belongs to a record about you", "gehört zu einem Eintrag über Sie", "rattaché à un enregistrement vous concernant";
    CONTEXT: "concerns you together with others", "betrifft Sie zusammen mit anderen", "vous concerne avec d’autres";
    DELETED: "deleted, can still be restored", "gelöscht, noch wiederherstellbar", "supprimé, encore récupérable";
    SPECIAL: "special category", "besondere Kategorie", "catégorie particulière";
    CREATE: "stored", "gespeichert", "enregistré";
    UPDATE: "changed", "geändert", "modifié";
    DELETE: "deleted", "gelöscht", "supprimé";
    RESTORE: "restored", "wiederhergestellt", "restauré";
    PURGE: "destroyed for good", "endgültig vernichtet", "détruit définitivement";
}

/// The titles of the chapters.
const CHAPTERS: [Words; 12] = [
    Words(["Who you are", "Wer Sie sind", "Qui vous êtes"]),
    Words(["Relations", "Beziehungen", "Relations"]),
    Words([
        "Consents, objections, restrictions",
        "Einwilligungen, Widersprüche, Einschränkungen",
        "Consentements, oppositions, limitations",
    ]),
    Words([
        "Purposes, legal grounds, retention",
        "Zwecke, Rechtsgrundlagen, Speicherdauer",
        "Finalités, bases légales, conservation",
    ]),
    Words(["Recipients and access", "Empfänger und Zugriffe", "Destinataires et accès"]),
    Words(["Automated decisions", "Automatisierte Entscheidungen", "Décisions automatisées"]),
    Words(["Your requests", "Ihre Anfragen", "Vos demandes"]),
    Words(["Conversations and appointments", "Gespräche und Termine", "Échanges et rendez-vous"]),
    Words(["Business", "Geschäftliches", "Relations commerciales"]),
    Words(["Files", "Dateien", "Fichiers"]),
    Words(["Other records", "Weitere Einträge", "Autres enregistrements"]),
    Words(["Deleted records", "Gelöschte Einträge", "Enregistrements supprimés"]),
];

/// The names of record types and fields in German and in French. What is not here is called what the schema calls it.
const LABELS: &[(&str, &str, &str)] = &[
    ("person", "Person", "Personne"),
    ("data_subject", "Betroffene Person", "Personne concernée"),
    ("household", "Haushalt", "Foyer"),
    ("affiliation", "Zugehörigkeit", "Appartenance"),
    ("relationship", "Beziehung", "Relation"),
    ("consent_event", "Einwilligung", "Consentement"),
    ("privacy_notice", "Datenschutzhinweis", "Notice d’information"),
    ("processing_basis", "Rechtsgrundlage", "Base légale"),
    ("processing_purpose", "Zweck", "Finalité"),
    ("retention_rule", "Speicherdauer", "Durée de conservation"),
    ("restriction", "Einschränkung der Verarbeitung", "Limitation du traitement"),
    ("objection", "Widerspruch", "Opposition"),
    ("disclosure", "Weitergabe", "Communication à un tiers"),
    ("automated_decision", "Automatisierte Entscheidung", "Décision automatisée"),
    ("rights_request", "Anfrage", "Demande"),
    ("rights_request_event", "Ereignis der Anfrage", "Événement de la demande"),
    ("rights_request_task", "Bearbeitungsschritt", "Étape du traitement"),
    ("note", "Notiz", "Note"),
    ("task", "Aufgabe", "Tâche"),
    ("meeting", "Termin", "Rendez-vous"),
    ("meeting_attendee", "Teilnahme", "Participation"),
    ("call", "Anruf", "Appel"),
    ("case", "Vorgang", "Dossier"),
    ("case_message", "Nachricht", "Message"),
    ("case_participant", "Beteiligung an einem Vorgang", "Participation à un dossier"),
    ("deal", "Verkaufschance", "Affaire"),
    ("deal_contact", "Beteiligung an einer Verkaufschance", "Participation à une affaire"),
    ("attachment", "Datei", "Fichier"),
    ("salutation", "Anrede", "Civilité"),
    ("given_name", "Vorname", "Prénom"),
    ("middle_name", "Weitere Vornamen", "Deuxièmes prénoms"),
    ("family_name", "Nachname", "Nom"),
    ("nickname", "Rufname", "Surnom"),
    ("organisation", "Organisation", "Organisation"),
    ("job_title", "Position", "Fonction"),
    ("department", "Abteilung", "Service"),
    ("emails", "E-Mail-Adressen", "Adresses électroniques"),
    ("phones", "Telefonnummern", "Numéros de téléphone"),
    ("addresses", "Anschriften", "Adresses postales"),
    ("profiles", "Webseiten und Profile", "Sites et profils"),
    ("birth_date", "Geburtsdatum", "Date de naissance"),
    ("language", "Sprache", "Langue"),
    ("tags", "Schlagwörter", "Mots-clés"),
    ("source", "Herkunft", "Origine"),
    ("description", "Beschreibung", "Description"),
    ("subject", "Betreff", "Objet"),
    ("body", "Text", "Texte"),
    ("status", "Status", "Statut"),
    ("number", "Nummer", "Numéro"),
    ("name", "Name", "Nom"),
    ("kind", "Art", "Type"),
    ("purpose", "Zweck", "Finalité"),
    ("channel", "Kanal", "Canal"),
    ("about", "Bezug", "Concerne"),
    ("result", "Ergebnis", "Résultat"),
    ("inputs", "Eingaben", "Données d’entrée"),
    ("model", "Modell", "Modèle"),
    ("logic", "Logik", "Logique"),
    ("address", "Adresse", "Adresse"),
    ("file_name", "Dateiname", "Nom du fichier"),
    ("street", "Straße", "Rue"),
    ("postal_code", "Postleitzahl", "Code postal"),
    ("locality", "Ort", "Localité"),
    ("region", "Region", "Région"),
    ("country", "Land", "Pays"),
    ("primary", "Bevorzugt", "Principale"),
    ("residence_country", "Wohnsitzland", "Pays de résidence"),
    ("guardian", "Sorgeberechtigte Person", "Représentant légal"),
    ("customer_relationship_management", "Pflege der Kundenbeziehung", "Gestion de la relation client"),
    ("customer_care", "Kundenbetreuung", "Service client"),
    ("customer_order_management", "Abwicklung von Aufträgen", "Gestion des commandes"),
    ("direct_marketing", "Direktwerbung", "Prospection directe"),
    ("technical_service_provision", "Betrieb des Systems", "Fourniture technique du service"),
    ("legal_compliance", "Erfüllung rechtlicher Pflichten", "Respect des obligations légales"),
    ("rights_fulfilment", "Erfüllung von Betroffenenrechten", "Exercice des droits"),
    ("analytics", "Auswertungen", "Analyses"),
    ("right", "Recht", "Droit"),
    ("regime", "Gesetz", "Loi"),
    ("received_at", "Eingegangen", "Reçue le"),
];

const MONTHS: [Words; 12] = [
    Words(["January", "Januar", "janvier"]),
    Words(["February", "Februar", "février"]),
    Words(["March", "März", "mars"]),
    Words(["April", "April", "avril"]),
    Words(["May", "Mai", "mai"]),
    Words(["June", "Juni", "juin"]),
    Words(["July", "Juli", "juillet"]),
    Words(["August", "August", "août"]),
    Words(["September", "September", "septembre"]),
    Words(["October", "Oktober", "octobre"]),
    Words(["November", "November", "novembre"]),
    Words(["December", "Dezember", "décembre"]),
];

impl Language {
    /// What is said in this language.
    pub(super) const fn say(self, words: Words) -> &'static str {
        let [english, german, french] = words.0;
        match self {
            Self::En => english,
            Self::De => german,
            Self::Fr => french,
        }
    }

    /// The title of a chapter.
    pub(super) fn chapter(self, chapter: Chapter) -> &'static str {
        self.say(CHAPTERS[chapter as usize])
    }

    /// What a record type or a field is called; `label` is its own, for what a host has declared.
    pub(super) fn name_of(self, name: &str, label: &str) -> String {
        let translated = LABELS.iter().find(|(known, ..)| *known == name);
        match (self, translated) {
            (Self::De, Some((_, german, _))) => (*german).to_owned(),
            (Self::Fr, Some((.., french))) => (*french).to_owned(),
            _ if label.is_empty() => label_of(name),
            _ => label.to_owned(),
        }
    }

    /// A date as people write it.
    pub(super) fn date(self, date: Date) -> String {
        let month = self.say(MONTHS[date.month0() as usize]);
        match self {
            Self::De => format!("{}. {month} {}", date.day(), date.year()),
            Self::En | Self::Fr => format!("{} {month} {}", date.day(), date.year()),
        }
    }

    /// A time as the clock on the wall of the controller shows it.
    pub(super) fn time(self, at: Timestamp, zone: Zone) -> String {
        let clock = zone.time_of_day(at);
        format!("{}, {:02}:{:02}", self.date(zone.date(at)), clock.hour(), clock.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chapter_has_its_own_title_in_every_language() {
        for language in Language::ALL {
            let titles: std::collections::BTreeSet<&str> =
                Chapter::ALL.iter().map(|chapter| language.chapter(*chapter)).collect();
            assert_eq!(titles.len(), Chapter::ALL.len(), "{language}");
        }
        assert_eq!(Language::En.chapter(Chapter::Deleted), "Deleted records");
        assert_eq!(Language::De.chapter(Chapter::Identity), "Wer Sie sind");
    }

    #[test]
    fn dates_are_written_as_people_do() {
        let date = crate::parse_date("2026-03-02").unwrap();
        let written: Vec<String> = Language::ALL.iter().map(|language| language.date(date)).collect();
        assert_eq!(written, ["2 March 2026", "2. März 2026", "2 mars 2026"]);
        let late = "2026-11-21T23:30:00Z".parse().unwrap();
        let berlin = "Europe/Berlin".parse().unwrap();
        assert_eq!(Language::De.time(late, berlin), "22. November 2026, 00:30");
    }
}
