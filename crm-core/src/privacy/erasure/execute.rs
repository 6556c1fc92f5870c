//! Erasing a person in one transaction.
//!
//! A plan is the same work, rolled back: what it says is what will be done, because it was done.

use std::collections::HashSet;
use std::sync::Arc;

use super::decide::Action;
use super::ids::ErasureId;
use super::kinds::{ErasureState, ReviewHit};
use super::locate::{Item, Located, around, locate};
use super::mentions::{self, Mention};
use super::model::{Erasure, ErasureReview};
use super::plan::{ErasurePlan, Outcome, Store, Tally};
use super::tombstones::{self, PseudonymKey, digits};
use super::{certificate, identifiers, journal_plain, suppress};
use crate::contacts::Person;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::proof::TreeHead;
use crate::journal::shred;
use crate::privacy::consent;
use crate::privacy::kinds::RestrictionGround;
use crate::privacy::subjects::Restriction;
use crate::record::erase::{Cause, Destroyed};
use crate::record::unit::UnitOfWork;
use crate::record::{Field, FieldKind, FieldType, RecordData, RecordType, Reference, Value, derived};
use crate::storage::{Param, query_one};

/// What stays of a person of whom something else must stay: by whom it was ordered, and from where.
const IDENTITY: [&str; 6] =
    ["salutation", "given_name", "middle_name", "family_name", "name_suffix", "addresses"];

/// What a required text says when its own was taken out.
pub(crate) const ERASED_TEXT: &str = "[erased]";

/// How a person is erased.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// The request that it answers.
    pub(super) request: Option<Reference>,
    /// Whether it repeats an erasure on a restored backup: a hold that was lifted long ago may stand in there.
    pub(super) despite_hold: bool,
    /// When it was first done, for such a repetition.
    pub(super) erased_at: Option<Timestamp>,
}

/// What was done, and what is needed to finish.
pub(super) struct Done {
    pub(super) plan: ErasurePlan,
    pub(super) erasure: ErasureId,
    pub(super) pseudonym: [u8; 32],
    pub(super) erased_at: Timestamp,
    /// The journal after the last entry of the erasure itself.
    pub(super) head: TreeHead,
    pub(super) key_destroyed: bool,
    /// Words that stood in the database because of this person only: they must be nowhere now.
    pub(super) needles: Vec<String>,
}

/// Erases a person.
///
/// # Errors
/// `record.not_found`; `privacy.erasure.held` while a legal hold is on the person.
pub(super) fn run(work: &mut UnitOfWork<'_>, person: RecordId, order: &Order) -> Result<Done> {
    let located = locate(work, person)?;
    if located.held.is_some() && !order.despite_hold {
        let reason = "a legal hold is on everything about this person";
        return Err(CrmError::new(ErrorKind::Rule, "privacy.erasure.held", reason).at("person"));
    }
    let country = work.engine.config.default_country;
    let typed: Person = located.person.clone().into_record(&located.person_type)?;
    let identifiers = identifiers::of(&typed, country);
    let addresses = identifiers::addresses(&typed, country);
    let mut reviews = mentions::find(work, &identifiers, &located.going())?;
    reviews.extend(whole_records(&located));

    let mut tally = Tally::default();
    journal_plain::check(work, &located, &identifiers, &mut tally)?;
    let key = PseudonymKey::of(work)?;
    let pseudonym = key.pseudonym(person);
    let erasure = begin(work, &pseudonym, order)?;
    let erased_at = order.erased_at.unwrap_or(work.now());
    let partial = located.keeps_some();
    let cause = Cause { id: erasure.into(), subject: Some(person), partial };

    work.connection.execute_batch(work.connection.dialect().defer_links())?;
    let mut destroyed = Destroyed::default();
    records(work, &located.items, &cause, &mut tally, &mut destroyed)?;
    bin(work, &located, &cause, &mut tally, &mut destroyed)?;
    let kept: Vec<RecordId> = located
        .items
        .iter()
        .filter(|item| matches!(item.action, Action::Keep(_)))
        .map(|item| item.data.id())
        .chain(located.bin.iter().filter(|binned| binned.kept.is_some()).map(|binned| binned.id))
        .collect();
    destroyed.payloads += shred::of_subject(work.connection, person, &kept)?;
    if !partial {
        consent::forget(work.connection, person)?;
    }
    subject(work, &located, &cause, &mut tally, &mut destroyed)?;
    let key_destroyed = !partial && work.destroy_key(person)?;
    if partial {
        tally.add(Store::SubjectKeys, Outcome::Kept, 1);
    }
    count(&mut tally, &destroyed, key_destroyed);
    tally.add(Store::Statistics, Outcome::Erased, statistics(work)?);
    let suppressed = suppress::suppress(work, &addresses)?;
    tally.add(Store::Suppression, Outcome::Suppressed, suppressed);
    tally.add(Store::FreeText, Outcome::Review, reviews.len() as u64);

    let head = work.journal.head();
    tombstones::put(work.connection, &pseudonym, erased_at, &head)?;
    queue(work, erasure, &reviews)?;
    let needles = only_of_the_person(work, &addresses, &reviews)?;
    for store in [
        Store::Bin,
        Store::ValueIndex,
        Store::SearchIndex,
        Store::Timeline,
        Store::Periods,
        Store::Attachments,
        Store::ExternalKeys,
        Store::ImportJobs,
        Store::Statistics,
        Store::QueuedEvents,
    ] {
        tally.none(store);
    }
    // Of a server's log and free pages the certificate says what is true: they are not for the engine to overwrite.
    if work.engine.database.remains().is_empty() {
        tally.none(Store::WriteAheadLog);
        tally.none(Store::FreePages);
    }
    let kept_until = tally.kept_until().filter(|_| partial);
    let plan = ErasurePlan { held: false, lines: tally.lines(), reviews, partial, kept_until };
    Ok(Done { plan, erasure, pseudonym, erased_at, head, key_destroyed, needles })
}

/// Erases a person and notes in the record of the erasure what was done, so that it can be finished by whoever comes
/// after a crash.
///
/// # Errors
/// As [`run`].
pub(super) fn committed(work: &mut UnitOfWork<'_>, person: RecordId, order: &Order) -> Result<Done> {
    let done = run(work, person, order)?;
    let record_type = work.record_type("erasure")?;
    let values = [
        ("certificate", Value::Json(certificate::draft(&done).to_string())),
        ("kept_until", done.plan.kept_until.map_or(Value::Null, Value::Date)),
    ];
    work.set(&record_type, done.erasure.into(), &values)?;
    Ok(done)
}

/// Whether a law or a hold still keeps something of a person.
///
/// # Errors
/// As [`run`].
pub(super) fn still_keeps(work: &UnitOfWork<'_>, person: RecordId) -> Result<bool> {
    let located = locate(work, person)?;
    Ok(located.held.is_some() || located.keeps_some())
}

/// The record of the erasure: a new one, or the one of an erasure that had to keep something.
fn begin(work: &mut UnitOfWork<'_>, pseudonym: &[u8; 32], order: &Order) -> Result<ErasureId> {
    let pseudonym = digits(pseudonym);
    let sql = "SELECT id FROM erasure WHERE pseudonym = ?1";
    if let Some(known) =
        query_one(work.connection, sql, &[Param::Text(&pseudonym)], |row| row.id(0))?.flatten()
    {
        let record_type = work.record_type("erasure")?;
        work.set(&record_type, known, &[("state", ErasureState::Pending.into_value())])?;
        return Ok(known.into());
    }
    let erasure = Erasure {
        pseudonym,
        request: order.request.clone(),
        erased_at: order.erased_at.unwrap_or(work.now()),
        ..Erasure::default()
    };
    Ok(work.create_record(erasure)?.meta.id.into())
}

/// Destroys one record that is no person, with what an ordinary deletion would delete, for the reason in `cause`.
///
/// # Errors
/// `storage.*`.
pub(crate) fn erase_record(
    work: &mut UnitOfWork<'_>,
    record_type: &Arc<RecordType>,
    data: RecordData,
    cause: &Cause,
) -> Result<()> {
    let items = around(work, record_type, data)?;
    work.connection.execute_batch(work.connection.dialect().defer_links())?;
    records(work, &items, cause, &mut Tally::default(), &mut Destroyed::default())
}

/// Takes everything personal out of one record that stays: values, links to people, and what the journal has of them.
/// Gives whether there was anything.
///
/// # Errors
/// `storage.*`.
pub(crate) fn anonymise_record(
    work: &mut UnitOfWork<'_>,
    record_type: &Arc<RecordType>,
    data: &RecordData,
    cause: &Cause,
) -> Result<bool> {
    let people =
        record_type.own_fields().iter().filter(|field| match (field.kind(), data.at(field.position)) {
            (FieldKind::Link { target, .. }, _) => target == "person",
            (_, Value::Reference(reference)) => reference.record_type == "person",
            _ => false,
        });
    let links = people.map(|field| (field.position, Value::Null));
    let values: Vec<_> = anonymous(record_type, data).chain(links).collect();
    if !work.redact(record_type, data.id(), &values)? {
        return Ok(false);
    }
    let mut subjects = vec![data.id()];
    subjects.extend(cause.subject);
    shred::of_record(work.connection, data.id(), &subjects)?;
    work.destroy_key(data.id())?;
    work.note_erasure(record_type, data.id(), &Cause { partial: true, ..*cause })?;
    Ok(true)
}

/// Redacts what stays and destroys what goes.
fn records(
    work: &mut UnitOfWork<'_>,
    items: &[Item],
    cause: &Cause,
    tally: &mut Tally,
    destroyed: &mut Destroyed,
) -> Result<()> {
    let erased = items.iter().filter(|item| item.action == Action::Erase);
    let going: HashSet<RecordId> = erased.map(|item| item.data.id()).collect();
    for item in items {
        let name = item.record_type.name();
        let cut = item.links.iter().map(|position| (*position, Value::Null));
        let (id, record_type) = (item.data.id(), &item.record_type);
        match &item.action {
            Action::Erase => {
                tally.record(Store::Records, name, Outcome::Erased);
                derivatives(tally, record_type, &item.data, Outcome::Erased)?;
            }
            Action::Anonymise => {
                tally.record(Store::Records, name, Outcome::Anonymised);
                derivatives(tally, record_type, &item.data, Outcome::Anonymised)?;
                let values: Vec<_> = anonymous(record_type, &item.data).chain(cut).collect();
                work.redact(record_type, id, &values)?;
                own_payloads(work, item.record_type.as_ref(), id, cause, destroyed)?;
            }
            Action::Unlink => {
                tally.record(Store::Records, name, Outcome::Unlinked);
                work.redact(record_type, id, &cut.collect::<Vec<_>>())?;
            }
            Action::Keep(kept) => {
                tally.kept(Store::Records, name, kept);
                // It stays as it is, but for a link to something that does not.
                let dangling = cut.filter(|(position, _)| {
                    item.data.at(*position).as_id().is_some_and(|target| going.contains(&target))
                });
                let dangling: Vec<_> = dangling.collect();
                work.redact(record_type, id, &dangling)?;
            }
        }
    }
    // What goes last was made first, so that what a record hangs on is there as long as the record.
    for item in items.iter().rev().filter(|item| item.action == Action::Erase) {
        destroyed.add(work.purge(&item.record_type, item.data.id(), cause)?);
    }
    Ok(())
}

/// Destroys what a record that stays has held under a key of its own: it named nobody, and was about the person.
fn own_payloads(
    work: &mut UnitOfWork<'_>,
    record_type: &RecordType,
    id: RecordId,
    cause: &Cause,
    destroyed: &mut Destroyed,
) -> Result<()> {
    let payloads = shred::of_record(work.connection, id, &[id])?;
    if payloads > 0 {
        destroyed.payloads += payloads;
        destroyed.keys += u64::from(work.destroy_key(id)?);
        work.note_erasure(record_type, id, &Cause { partial: true, ..*cause })?;
    }
    Ok(())
}

/// The values of an anonymous record: personal ones are gone, and a required text says so.
pub(crate) fn anonymous<'a>(
    record_type: &'a RecordType,
    data: &'a RecordData,
) -> impl Iterator<Item = (usize, Value)> + 'a {
    record_type
        .own_fields()
        .iter()
        .filter(|field| field.is_personal() && !data.at(field.position).is_null())
        .map(|field| (field.position, neutral(field, data.id())))
}

/// What a personal field holds when its value was taken out. What must have a value and has no neutral one is left
/// empty: the next who edits the record has to give it.
fn neutral(field: &Field, id: RecordId) -> Value {
    let descriptor = &field.descriptor;
    match field.kind() {
        FieldKind::Text | FieldKind::LongText if descriptor.required && descriptor.unique => {
            Value::Text(format!("{ERASED_TEXT} {id}"))
        }
        FieldKind::Text | FieldKind::LongText if descriptor.required => Value::Text(ERASED_TEXT.to_owned()),
        FieldKind::Integer if descriptor.required => Value::Integer(0),
        FieldKind::Number if descriptor.required => Value::Number(0.0),
        FieldKind::Date if descriptor.required => Value::Date(Timestamp::default().date()),
        FieldKind::Timestamp if descriptor.required => Value::Timestamp(Timestamp::default()),
        _ if descriptor.required => descriptor.default.clone().unwrap_or_default(),
        _ => Value::Null,
    }
}

/// Counts what is derived from a record and goes with its values.
fn derivatives(
    tally: &mut Tally,
    record_type: &RecordType,
    data: &RecordData,
    outcome: Outcome,
) -> Result<()> {
    let whole = outcome == Outcome::Erased;
    for field in record_type.fields.iter().filter(|field| whole || field.is_personal()) {
        let terms = derived::extract(field, data.at(field.position))?.terms.len();
        tally.add(Store::ValueIndex, Outcome::Erased, terms as u64);
    }
    if !derived::document(record_type, data, &[])?.is_empty() {
        tally.add(Store::SearchIndex, outcome, 1);
    }
    tally.add(Store::Timeline, Outcome::Erased, derived::places(record_type, data).len() as u64);
    Ok(())
}

/// Destroys what lies in the bin.
fn bin(
    work: &mut UnitOfWork<'_>,
    located: &Located,
    cause: &Cause,
    tally: &mut Tally,
    destroyed: &mut Destroyed,
) -> Result<()> {
    for binned in &located.bin {
        let name = binned.record_type.name();
        match &binned.kept {
            Some(kept) => tally.kept(Store::Bin, name, kept),
            None => {
                tally.record(Store::Bin, name, Outcome::Erased);
                destroyed.add(work.purge_from_bin(&binned.record_type, binned.id, cause)?);
            }
        }
    }
    Ok(())
}

/// Destroys the person, or leaves what identifies the person as long as something else stays.
fn subject(
    work: &mut UnitOfWork<'_>,
    located: &Located,
    cause: &Cause,
    tally: &mut Tally,
    destroyed: &mut Destroyed,
) -> Result<()> {
    let (record_type, person) = (&located.person_type, &located.person);
    if located.in_bin {
        return Ok(());
    }
    if !cause.partial {
        tally.record(Store::Records, record_type.name(), Outcome::Erased);
        derivatives(tally, record_type, person, Outcome::Erased)?;
        destroyed.add(work.purge(record_type, person.id(), cause)?);
        return Ok(());
    }
    tally.record(Store::Records, record_type.name(), Outcome::Anonymised);
    let values: Vec<_> = record_type
        .own_fields()
        .iter()
        .filter(|field| !IDENTITY.contains(&field.name()))
        .map(|field| (field.position, Value::Null))
        .collect();
    work.redact(record_type, person.id(), &values)?;
    destroyed.payloads += shred::of_record(work.connection, person.id(), &[person.id()])?;
    work.note_erasure(record_type, person.id(), cause)?;
    // What stays is for the law only; who reads for other purposes sees it redacted.
    let restriction = Restriction {
        person: person.id().into(),
        ground: RestrictionGround::LegalClaims,
        ..Restriction::default()
    };
    work.create_record(restriction)?;
    Ok(())
}

fn count(tally: &mut Tally, destroyed: &Destroyed, key_destroyed: bool) {
    for (store, count) in [
        (Store::JournalSealed, destroyed.payloads),
        (Store::SubjectKeys, destroyed.keys + u64::from(key_destroyed)),
        (Store::Attachments, destroyed.pieces),
        (Store::ExternalKeys, destroyed.external_keys),
        (Store::Periods, destroyed.periods),
    ] {
        tally.add(store, Outcome::Erased, count);
    }
}

/// Deletes the samples of the query planner, in which values of deleted rows go on living.
fn statistics(work: &UnitOfWork<'_>) -> Result<u64> {
    let Some(table) = work.connection.dialect().sampled_statistics() else { return Ok(0) };
    if crate::record::install::columns(work.connection, table)?.is_empty() {
        return Ok(0);
    }
    Ok(work.connection.execute(&format!("DELETE FROM {table}"), &[])? as u64)
}

/// Records that somebody must look at as a whole.
fn whole_records(located: &Located) -> Vec<Mention> {
    let mention = |hit: ReviewHit| {
        move |(record_type, id): &(Arc<RecordType>, RecordId)| Mention {
            record: Reference::new(record_type.name(), *id),
            field: None,
            hit,
        }
    };
    let shared = located.shared.iter().map(mention(ReviewHit::Household));
    shared.chain(located.former.iter().map(mention(ReviewHit::FormerlyLinked))).collect()
}

fn queue(work: &mut UnitOfWork<'_>, erasure: ErasureId, reviews: &[Mention]) -> Result<()> {
    for mention in reviews {
        work.create_record(ErasureReview {
            erasure: Some(erasure),
            record: mention.record.clone(),
            field: mention.field.clone(),
            hit: mention.hit,
            ..ErasureReview::default()
        })?;
    }
    Ok(())
}

/// The addresses that nobody else has and no text holds any more: they can be looked for in the bytes.
fn only_of_the_person(
    work: &UnitOfWork<'_>,
    addresses: &[crate::privacy::ContactAddress],
    reviews: &[Mention],
) -> Result<Vec<String>> {
    if reviews.iter().any(|mention| matches!(mention.hit, ReviewHit::Email | ReviewHit::Phone)) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for address in addresses {
        let elsewhere = crate::search::mentions::entries(work.connection, address.normal(), false, 1)?;
        if elsewhere.is_empty() {
            found.push(address.normal().to_owned());
        }
    }
    Ok(found)
}
