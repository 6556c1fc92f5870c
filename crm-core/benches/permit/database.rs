//! Decisions from a full database: what it takes to collect the facts, too.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::PathBuf;

use criterion::Criterion;
use crm_core::contacts::PersonId;
use crm_core::privacy::permit::ControllerFacts;
use crm_core::privacy::{
    ConsentEvent, ConsentStatus, ContactChannel, ContactRequest, DataSubject, IndicationMethod, LegalBasis,
    NoticeKind, Objection, PrivacyNotice, PrivacyNoticeId, ProcessingBasis, RelationshipEvent,
    RelationshipEventKind, ScreeningRequest, SuppressionReason, SuppressionRequest,
};
use crm_core::record::Transaction;
use crm_core::record::query::{Cursor, Query};
use crm_core::{Actor, Config, Crm, Purpose, Result, Session};

use crate::support::cpu::CpuTime;
use crate::support::data::Data;
use crate::support::ours::Ours;
use crate::support::{Folder, settle};

/// How many people are asked about in turn: more than a cache of the processor holds.
const ASKED: usize = 4_096;

/// How many people one campaign has at most.
const CAMPAIGN: u64 = 100_000;

/// The floor: the state row of a consent, by its primary key.
const STATE_ROW: &str = "SELECT status, at, expires_at, event FROM crm_standing WHERE holder = ?1";

/// A database of contacts, and what is known of them.
struct Filled {
    session: Session,
    people: Vec<PersonId>,
    path: PathBuf,
    _folder: Option<Folder>,
}

impl Filled {
    /// Fills a database, or takes the one in the file `CRM_BENCH_FILE` that an earlier run has filled.
    fn new(size: usize) -> Self {
        let kept = std::env::var_os("CRM_BENCH_FILE").map(PathBuf::from);
        let folder = kept.is_none().then(|| Folder::new("permit"));
        let path = match (&kept, &folder) {
            (None, Some(folder)) => folder.file("ours.db"),
            _ => kept.unwrap_or_default(),
        };
        if !path.exists() {
            let data = Data::generate(size, 1);
            let mut ours = Ours::create(&path);
            data.accounts.chunks(500).for_each(|rows| ours.accounts(rows));
            data.contacts[..size].chunks(500).for_each(|rows| ours.contacts(rows));
            drop(ours);
            facts(&open(&path));
            settle(&path);
        }
        let session = open(&path);
        let people = spread(all_people(&session));
        Self { session, people, path, _folder: folder }
    }

    fn request(&self, number: usize, channel: ContactChannel) -> ContactRequest {
        let person = self.people[number % self.people.len()];
        ContactRequest { person: Some(person), ..campaign(channel) }
    }
}

fn campaign(channel: ContactChannel) -> ContactRequest {
    ContactRequest { purpose: "direct_marketing".into(), channel, ..ContactRequest::default() }
}

fn open(path: &std::path::Path) -> Session {
    let controller = ControllerFacts { seat: "DE".parse().ok(), charity: false };
    let mut config = Config::default().controller(controller);
    if let Some(cache) = std::env::var_os("CRM_BENCH_CACHE_KIB") {
        config.sqlite.cache_kib = cache.to_str().and_then(|text| text.parse().ok()).unwrap();
    }
    let crm = Crm::open(path, config).unwrap();
    crm.session(Actor::System, Purpose::DirectMarketing).unwrap()
}

fn all_people(session: &Session) -> Vec<PersonId> {
    let (mut people, mut cursor): (Vec<PersonId>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let mut page = Query::new().limit(1_000);
        page.cursor = cursor;
        let page = session.people().list(&page).unwrap();
        people.extend(page.records.iter().map(|person| PersonId::from(person.meta.id)));
        cursor = page.next;
        if cursor.is_none() {
            return people;
        }
    }
}

/// Some of the people, from all over the tables, in no order.
fn spread(all: Vec<PersonId>) -> Vec<PersonId> {
    (0..ASKED).map(|number| all[number * 7_919 * (all.len() / ASKED).max(1) % all.len()]).collect()
}

/// What is known of people: each has consented or, each third, withdrawn; some have told where they live, bought
/// something, objected, or are suppressed. All rest on a basis for everybody.
fn facts(session: &Session) {
    let notice = PrivacyNotice {
        kind: NoticeKind::Consent,
        key: "newsletter".into(),
        language: "en".into(),
        notice_version: "1".into(),
        text: "We send you our newsletter once a month.".into(),
        ..PrivacyNotice::default()
    };
    let notice = session.privacy_notices().create(notice).unwrap().meta.id.into();
    let basis = ProcessingBasis {
        purpose: "direct_marketing".into(),
        legal_basis: Some(LegalBasis::Consent),
        ..ProcessingBasis::default()
    };
    session.processing_bases().create(basis).unwrap();
    let people: Vec<_> = all_people(session).into_iter().enumerate().collect();
    for batch in people.chunks(500) {
        session
            .transaction(|transaction| {
                batch.iter().try_for_each(|(number, person)| facts_of(transaction, *number, *person, notice))
            })
            .unwrap();
    }
}

fn facts_of(
    transaction: &Transaction<'_, '_>,
    number: usize,
    person: PersonId,
    notice: PrivacyNoticeId,
) -> Result<()> {
    let withdraws = number % 3 == 2;
    let event = ConsentEvent {
        person: Some(person),
        purpose: "direct_marketing".into(),
        channel: Some(ContactChannel::Email),
        kind: if withdraws { ConsentStatus::Withdrawn } else { ConsentStatus::Given },
        notice: (!withdraws).then_some(notice),
        method: IndicationMethod::WebForm,
        ..ConsentEvent::default()
    };
    transaction.consent().record(event, None)?;
    if number % 4 == 1 {
        let subject = DataSubject { person, residence_country: Some("FR".into()), ..DataSubject::default() };
        transaction.data_subjects().create(subject)?;
    }
    if number % 10 == 3 {
        let event = RelationshipEvent {
            person: Some(person),
            kind: RelationshipEventKind::Purchase,
            occurred_at: "2026-06-01T10:00:00Z".parse().ok(),
            ..RelationshipEvent::default()
        };
        transaction.relationship_events().create(event)?;
    }
    if number % 50 == 7 {
        let request = SuppressionRequest {
            address: format!("nobody{number}@example.net"),
            channel: Some(ContactChannel::Email),
            reason: SuppressionReason::Bounce,
            ..SuppressionRequest::default()
        };
        transaction.suppressions().add(request)?;
    }
    if number % 100 == 9 {
        let objection = Objection { person, purpose: "analytics".into(), ..Objection::default() };
        transaction.objections().create(objection)?;
    }
    Ok(())
}

/// One permit after the other, each for somebody else, beside the floor: a bare row of the folded states.
pub(crate) fn permits(criterion: &mut Criterion<CpuTime>) {
    let size = std::env::var("CRM_BENCH_N").map_or(10_000, |size| size.parse().unwrap());
    let filled = Filled::new(size);
    let mut group = criterion.benchmark_group(format!("permit from a database of {size}, all regimes"));
    let floor = rusqlite::Connection::open(&filled.path).unwrap();
    let mut row = floor.prepare(STATE_ROW).unwrap();
    let mut number = 0;
    group.bench_function("floor: one state row", |bencher| {
        bencher.iter(|| {
            number += 1;
            let person = crm_core::RecordId::from(filled.people[number % ASKED]);
            let found = row.query_row([person.as_bytes().as_slice()], |row| row.get::<_, String>(0));
            black_box(found.unwrap())
        });
    });
    for (name, channel) in [("e-mail", ContactChannel::Email), ("call", ContactChannel::VoiceLive)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                number += 1;
                filled.session.privacy().may_contact(&filled.request(number, channel)).unwrap()
            });
        });
    }
    group.finish();

    let people = CAMPAIGN.min(size as u64);
    let mut group = criterion.benchmark_group(format!("screening {people} of {size}, all reasons kept"));
    group.sample_size(10);
    for (name, channel) in [("e-mail", ContactChannel::Email), ("call", ContactChannel::VoiceLive)] {
        let request = ScreeningRequest {
            contact: campaign(channel),
            limit: Some(people),
            ..ScreeningRequest::default()
        };
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut kept = Vec::new();
                let screened = filled.session.privacy().screen(&request, &mut |screened| {
                    kept.push(screened);
                    ControlFlow::Continue(())
                });
                assert_eq!(screened.unwrap().people, people);
                kept
            });
        });
    }
    group.finish();
}
