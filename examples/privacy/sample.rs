//! The invented people: every one with an address in one of eleven jurisdictions, and with a history that follows from
//! their number.

use std::path::PathBuf;
use std::sync::Arc;

use crm_core::contacts::{Email, Person, PersonId, Phone, PostalAddress};
use crm_core::privacy::{
    ConsentEvent, ConsentExpression, ConsentStatus, ContactChannel, DataSubject, IndicationMethod,
    NoticeKind, Objection, PrivacyNotice, PrivacyNoticeId, RegisterSnapshot, RelationshipEvent,
    RelationshipEventKind, Restriction,
};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, Result, SeededRandom, Session, Timestamp};

/// How many people there are.
pub(crate) const PEOPLE: usize = 2_000;

/// A jurisdiction of the sample: its name, the country, the region, and how its mobile numbers begin.
pub(crate) struct Place {
    pub(crate) name: &'static str,
    country: &'static str,
    region: &'static str,
    mobile: &'static str,
    time_zone: &'static str,
}

const fn place(
    name: &'static str,
    country: &'static str,
    region: &'static str,
    mobile: &'static str,
    time_zone: &'static str,
) -> Place {
    Place { name, country, region, mobile, time_zone }
}

/// Where people live.
pub(crate) const PLACES: [Place; 11] = [
    place("Germany", "DE", "", "+49 1512 34", "Europe/Berlin"),
    place("France", "FR", "", "+33 6 12 3", "Europe/Paris"),
    place("Austria", "AT", "", "+43 664 12", "Europe/Vienna"),
    place("United Kingdom", "GB", "", "+44 7400 1", "Europe/London"),
    place("US, New York", "US", "NY", "+1 212 55", "America/New_York"),
    place("US, Florida", "US", "FL", "+1 305 55", "America/New_York"),
    place("US, California", "US", "CA", "+1 415 55", "America/Los_Angeles"),
    place("Canada, Ontario", "CA", "ON", "+1 416 55", "America/Toronto"),
    place("Canada, Quebec", "CA", "QC", "+1 514 55", "America/Toronto"),
    place("Brazil", "BR", "", "+55 11 9123", "America/Sao_Paulo"),
    place("Australia", "AU", "NSW", "+61 412 3", "Australia/Sydney"),
];

/// The open database and its people.
pub(crate) struct World {
    pub(crate) crm: Crm,
    pub(crate) now: Timestamp,
    pub(crate) folder: PathBuf,
    /// The first person: a customer of whom much is known.
    pub(crate) ada: PersonId,
}

impl World {
    /// Who plans the campaign.
    pub(crate) fn marketing(&self) -> Session {
        self.session(Purpose::DirectMarketing)
    }

    /// Who answers the rights of people.
    pub(crate) fn officer(&self) -> Session {
        self.session(Purpose::RightsFulfilment)
    }

    fn session(&self, purpose: Purpose) -> Session {
        self.crm.session(Actor::System, purpose).expect("the system may always begin a session")
    }
}

/// Makes the database and its people.
pub(crate) fn fill() -> Result<World> {
    let folder = std::env::temp_dir().join("crm-core-privacy");
    let failed = |error: std::io::Error| crate::support::files::io_error(&folder, &error);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    // Two in the afternoon in London, nine in the morning in New York, six in California.
    let now: Timestamp = "2026-11-24T14:00:00Z".parse()?;
    let clock = Arc::new(ManualClock::at(now));
    let config = Config::default().clock(Arc::clone(&clock)).random(SeededRandom::new([11; 32]));
    let crm = Crm::open(folder.join("nordlicht.db"), config)?;
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;
    let notice = notice(&session)?;
    let people = (0..PEOPLE).map(person).collect();
    let mut ids = Vec::with_capacity(PEOPLE);
    for created in session.people().create_all(people)? {
        ids.push(PersonId::from(created?.meta.id));
    }
    session.transaction(|t| {
        for (number, id) in ids.iter().enumerate() {
            histories(number, *id, notice, now, &mut |history| match history {
                History::Consent(event) => t.consent().record(*event, None).map(drop),
                History::Event(event) => t.relationship_events().create(event).map(drop),
                History::Subject(subject) => t.data_subjects().create(subject).map(drop),
                History::Objection(objection) => t.objections().create(objection).map(drop),
                History::Restriction(restriction) => t.restrictions().create(restriction).map(drop),
            })?;
        }
        Ok(())
    })?;
    for registry in ["us_national", "canada_dncl", "uk_tps", "australia_dncr"] {
        let snapshot = RegisterSnapshot {
            registry: registry.into(),
            fetched_at: Some(now),
            ..RegisterSnapshot::default()
        };
        let snapshot = session.register_snapshots().create(snapshot)?.meta.id;
        let listed: Vec<String> = (0..PEOPLE).step_by(9).map(phone).collect();
        session.register_snapshots().load(snapshot, &listed, &mut |_| std::ops::ControlFlow::Continue(()))?;
        session.register_snapshots().finish(snapshot)?;
    }
    Ok(World { crm, now, folder, ada: ids[0] })
}

fn notice(session: &Session) -> Result<PrivacyNoticeId> {
    let notice = PrivacyNotice {
        kind: NoticeKind::Consent,
        key: "newsletter".into(),
        language: "en".into(),
        notice_version: "1".into(),
        text: "We write to you about our lighting once a month. You can say no at any time.".into(),
        ..PrivacyNotice::default()
    };
    Ok(session.privacy_notices().create(notice)?.meta.id.into())
}

fn place_of(number: usize) -> &'static Place {
    &PLACES[number % PLACES.len()]
}

fn phone(number: usize) -> String {
    let mobile = place_of(number).mobile;
    format!("{mobile}{:05}", 10_000 + number)
}

const GIVEN: [&str; 8] = ["Ada", "Bruno", "Chiara", "David", "Elif", "Farid", "Grace", "Hugo"];
const FAMILY: [&str; 9] =
    ["Lovelace", "Keller", "Moreau", "Okafor", "Silva", "Tremblay", "Walker", "Zhang", "Nguyen"];

fn person(number: usize) -> Person {
    let place = place_of(number);
    Person {
        given_name: Some(GIVEN[number % GIVEN.len()].into()),
        family_name: Some(FAMILY[number % FAMILY.len()].into()),
        emails: vec![Email::home(format!("person{number}@example.com"))],
        phones: vec![Phone::mobile(phone(number))],
        addresses: vec![PostalAddress {
            street: format!("{} High Street", number + 1),
            locality: "Anytown".into(),
            region: place.region.into(),
            country: place.country.into(),
            ..PostalAddress::default()
        }],
        ..Person::default()
    }
}

/// Something that is known of a person.
enum History {
    Consent(Box<ConsentEvent>),
    Event(RelationshipEvent),
    Subject(DataSubject),
    Objection(Objection),
    Restriction(Restriction),
}

/// What is known of a person, by the person's number.
fn histories(
    number: usize,
    id: PersonId,
    notice: PrivacyNoticeId,
    now: Timestamp,
    tell: &mut dyn FnMut(History) -> Result<()>,
) -> Result<()> {
    tell(History::Subject(DataSubject {
        person: id,
        time_zone: Some(place_of(number).time_zone.into()),
        ..DataSubject::default()
    }))?;
    let consent = |channel, kind, days: i64| {
        History::Consent(Box::new(ConsentEvent {
            person: Some(id),
            purpose: "direct_marketing".into(),
            channel: Some(channel),
            kind,
            expression: ConsentExpression::Written,
            method: IndicationMethod::WebForm,
            notice: (kind == ConsentStatus::Given).then_some(notice),
            event_time: Some(now.plus_days(-days)),
            ..ConsentEvent::default()
        }))
    };
    // A third has agreed to mails, a tenth to texts and calls; some of them took it back.
    if number.is_multiple_of(3) {
        tell(consent(ContactChannel::Email, ConsentStatus::Given, 200))?;
    }
    if number.is_multiple_of(10) {
        tell(consent(ContactChannel::Sms, ConsentStatus::Given, 150))?;
        tell(consent(ContactChannel::VoiceLive, ConsentStatus::Given, 150))?;
    }
    if number.is_multiple_of(3) && number % 29 == 3 {
        tell(consent(ContactChannel::Email, ConsentStatus::Withdrawn, 20))?;
    }
    if number % 4 == 1 {
        tell(History::Event(RelationshipEvent {
            person: Some(id),
            kind: RelationshipEventKind::Purchase,
            occurred_at: Some(now.plus_days(-i64::try_from(number % 900).unwrap_or_default())),
            own_similar_goods: Some(true),
            opt_out_offered_at_collection: Some(number % 8 == 1),
            ..RelationshipEvent::default()
        }))?;
    }
    if number % 41 == 5 {
        let purpose = "direct_marketing".to_owned();
        tell(History::Objection(Objection { person: id, purpose, ..Objection::default() }))?;
    }
    if number % 101 == 7 {
        tell(History::Restriction(Restriction { person: id, ..Restriction::default() }))?;
    }
    Ok(())
}
