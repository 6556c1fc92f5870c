//! The rights of data subjects as a session sees them.

use super::actions::{Handled, IdentityCheck, Step, person_missing};
use super::clockwork::{Clockwork, Facts, RequestClock};
use super::decisions::{self, Review};
use super::due::{self, DueRequest};
use super::kinds::{PauseReason, RefusalGround, RightsEventKind};
use super::model::{AutomatedDecision, RightsRequest};
use super::package::{self, Package, PackageFormat, PackageOptions};
use super::rectify::{self, Rectification, Rectified};
use super::{RightsRequestId, stores};
use crate::contacts::{Person, PersonId};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ContactChannel, RestrictionGround};
use crate::privacy::reading::Logged;
use crate::privacy::subjects::{Objection, Restriction};
use crate::record::door::Reader;
use crate::record::door::{Door, Scope, read, write};
use crate::record::set::{require_visible, visible};
use crate::record::unit::{UnitOfWork, not_found};
use crate::record::{Record, Records};
use crate::session::{Purpose, Session};
use crate::storage::ReadMode;

/// The rights of data subjects: requests and what is done with them, the packages that are handed out.
///
/// ```
/// use crm_core::contacts::Person;
/// use crm_core::privacy::rights::{IdentityCheck, IdentityState, PackageFormat, PackageOptions, RightsRequest};
/// use crm_core::{Actor, Config, Crm, ManualClock, Purpose};
/// let clock = ManualClock::at("2026-01-31T09:00:00Z".parse()?);
/// let crm = Crm::memory(Config::default().clock(clock).zone("Europe/Berlin")?)?;
/// let session = crm.session(Actor::System, Purpose::RightsFulfilment)?;
/// let ada = session.people().create(Person { given_name: Some("Ada".into()), ..Person::default() })?;
/// let request = RightsRequest { person: Some(ada.meta.id.into()), ..RightsRequest::default() };
/// let request = session.rights().open(request)?;
/// assert_eq!(request.due_on.map(|day| day.to_string()).as_deref(), Some("2026-03-02"));
/// let check = IdentityCheck { state: IdentityState::Verified, ..IdentityCheck::default() };
/// session.rights().verify_identity(request.id(), check)?;
/// let package = session.rights().access_package(None, Some(request.id()), &PackageOptions::default())?;
/// assert_eq!(package.files[0].name, "access.json");
/// # use crm_core::record::Record;
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub struct Rights<'d> {
    door: &'d dyn Door,
}

impl Session {
    /// The rights of data subjects.
    pub fn rights(&self) -> Rights<'_> {
        Rights { door: self }
    }
}

impl Scope<'_> {
    /// The rights of data subjects.
    pub fn rights(&self) -> Rights<'_> {
        Rights { door: self }
    }
}

impl Rights<'_> {
    /// Takes a request in: its clock begins to run.
    ///
    /// # Errors
    /// `rights.not_in_regime` for a right that the law does not know; `rights.time` for a time in the future;
    /// `field.*`.
    pub fn open(&self, request: RightsRequest) -> Result<RightsRequest> {
        Records::behind(self.door).create(request)
    }

    /// Notes that the requester was told that the request was received.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`; `rights.time`.
    pub fn acknowledge(&self, request: RightsRequestId, at: Option<Timestamp>) -> Result<RightsRequest> {
        self.step(request, |handled| handled.acknowledge(at))
    }

    /// Notes what became of the question who asks. Where the law says so, the clock stands still from when proof was
    /// requested until the identity is verified.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`; `rights.time`; `rights.identity.state`; `link.broken`.
    pub fn verify_identity(&self, request: RightsRequestId, check: IdentityCheck) -> Result<RightsRequest> {
        self.step(request, |handled| handled.check_identity(check.clone()))
    }

    /// Stops the clock, because the requester was asked something that the law lets the controller wait for.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`; `rights.paused`; `rights.pause.not_allowed`; `rights.overdue`;
    /// `rights.time`.
    pub fn pause(
        &self,
        request: RightsRequestId,
        reason: PauseReason,
        at: Option<Timestamp>,
        note: Option<&str>,
    ) -> Result<RightsRequest> {
        self.step(request, |handled| handled.pause(reason, at, note.map(str::to_owned)))
    }

    /// Lets the clock go on, because the requester has answered.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`; `rights.not_paused`; `rights.time`.
    pub fn resume(
        &self,
        request: RightsRequestId,
        at: Option<Timestamp>,
        note: Option<&str>,
    ) -> Result<RightsRequest> {
        self.step(request, |handled| handled.resume(at, note.map(str::to_owned)))
    }

    /// Extends the time to answer by what the law gives. The requester must have been told, with the reason.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`; `rights.extension.not_allowed`; `rights.overdue`; `rights.time`;
    /// `field.required` without a reason.
    pub fn extend(
        &self,
        request: RightsRequestId,
        reason: &str,
        at: Option<Timestamp>,
    ) -> Result<RightsRequest> {
        self.step(request, |handled| handled.extend(at, Some(reason.to_owned())))
    }

    /// Closes a request as answered.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`; `rights.identity`; `rights.work_open` while lines of work are open.
    pub fn complete(&self, request: RightsRequestId, outcome: Option<&str>) -> Result<RightsRequest> {
        self.step(request, |handled| handled.complete(outcome.map(str::to_owned)))
    }

    /// Refuses a request on a ground of the law.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`.
    pub fn refuse(
        &self,
        request: RightsRequestId,
        ground: RefusalGround,
        outcome: Option<&str>,
    ) -> Result<RightsRequest> {
        self.step(request, |handled| handled.refuse(ground, outcome.map(str::to_owned)))
    }

    /// Notes that the requester took the request back.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`.
    pub fn withdraw(&self, request: RightsRequestId, note: Option<&str>) -> Result<RightsRequest> {
        self.step(request, |handled| handled.withdraw(note.map(str::to_owned)))
    }

    /// Closes a request as one that says what another one says.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`; `rights.itself`.
    pub fn mark_duplicate(&self, request: RightsRequestId, of: RightsRequestId) -> Result<RightsRequest> {
        self.step(request, |handled| handled.mark_duplicate(of))
    }

    /// The clock of a request with its source in the law.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn clock(&self, request: RightsRequestId) -> Result<RequestClock> {
        read(self.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(RightsRequest::NAME)?;
            let data = visible(reader, record_type, request.into())?
                .ok_or_else(|| not_found(RightsRequest::NAME))?;
            let facts = Facts::of(&data.into_record(record_type)?);
            let clockwork = Clockwork::of(reader.engine, reader.connection, facts)?;
            Ok(clockwork.show(clockwork.deadlines_of(reader.connection, request.into())?))
        })
    }

    /// The open requests, the first to be due first; at most `limit`.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn due(&self, limit: u32) -> Result<Vec<DueRequest>> {
        read(self.door, ReadMode::Snapshot, |reader| due::open_requests(reader, limit))
    }

    /// Lists the work of a request anew: lines are added for stores that have got something since.
    ///
    /// # Errors
    /// `record.not_found`; `rights.closed`; `rights.person_missing`.
    pub fn list_work(&self, request: RightsRequestId) -> Result<RightsRequest> {
        self.step(request, |handled| {
            let (id, person) = (handled.id(), handled.require_person()?);
            stores::list_work(handled.unit, id, person)
        })
    }

    /// Everything that a person is entitled to see (GDPR Article 15): of a request, or for a look ahead of a person.
    /// For a request the package is noted: its hash, and for one for access or portability the lines of work as done.
    /// That the data were read is written into the read log, whoever asked for it, once the package is made: it shows the
    /// log as it was before, and the next package shows that this one was handed out.
    ///
    /// # Errors
    /// `rights.purpose` for a session that is not there for rights or legal duties; `rights.incomplete` for one that
    /// does not see all records; `rights.person_missing`, `rights.identity`, `rights.closed`, `record.not_found`.
    pub fn access_package(
        &self,
        person: Option<PersonId>,
        request: Option<RightsRequestId>,
        options: &PackageOptions,
    ) -> Result<Package> {
        self.package("rights.access_package", person, request, |reader, person, request| {
            package::access(reader, person, request, options)
        })
    }

    /// What a person has provided, in forms that programs read (GDPR Article 20): JSON, CSV and a vCard. Nothing that
    /// was concluded about the person is in it.
    ///
    /// # Errors
    /// As [`access_package`](Self::access_package).
    pub fn portability_package(
        &self,
        person: Option<PersonId>,
        request: Option<RightsRequestId>,
    ) -> Result<Package> {
        self.package("rights.portability_package", person, request, |reader, person, _| {
            package::portability(reader, person)
        })
    }

    /// Puts values right, and destroys the wrong ones in the journal.
    ///
    /// # Errors
    /// `rights.purpose`; `record.not_found`; `rights.closed`, `rights.identity`, `rights.other_person`; `field.*` as
    /// for any change.
    pub fn rectify(&self, rectification: &Rectification) -> Result<Rectified> {
        write(self.door, None, |unit| {
            require_purpose(unit.viewer.purpose)?;
            rectify::rectify(unit, rectification)
        })
    }

    /// Restricts the processing of somebody's data (GDPR Article 18).
    ///
    /// # Errors
    /// `rights.person_missing`, `rights.identity`, `rights.closed`; `record.not_found`, `link.broken`.
    pub fn restrict(
        &self,
        person: Option<PersonId>,
        request: Option<RightsRequestId>,
        ground: RestrictionGround,
        description: Option<&str>,
    ) -> Result<Restriction> {
        write(self.door, None, |unit| {
            let person = execute(unit, person, request, true)?;
            let description = description.map(str::to_owned);
            let since = unit.now();
            unit.create_record(Restriction { person, ground, since, description, ..Restriction::default() })
        })
    }

    /// Notes an objection to a purpose (GDPR Article 21). To direct marketing it is final.
    ///
    /// # Errors
    /// `purpose.unknown`; `rights.person_missing`, `rights.closed`; `record.not_found`, `link.broken`.
    pub fn object(
        &self,
        person: Option<PersonId>,
        request: Option<RightsRequestId>,
        purpose: &str,
        channel: Option<ContactChannel>,
        description: Option<&str>,
    ) -> Result<Objection> {
        write(self.door, None, |unit| {
            let person = execute(unit, person, request, false)?;
            let (purpose, description) = (purpose.to_owned(), description.map(str::to_owned));
            let received_at = unit.now();
            unit.create_record(Objection {
                person,
                purpose,
                channel,
                received_at,
                description,
                ..Objection::default()
            })
        })
    }

    /// Notes a step in the review of an automated decision by a human (GDPR Article 22(3)).
    ///
    /// # Errors
    /// `record.not_found`; `automated_decision.review`; `automated_decision.reviewer` when no human is named;
    /// `rights.other_person`, `rights.identity`, `rights.closed`.
    pub fn automated_decision_review(&self, review: &Review) -> Result<AutomatedDecision> {
        write(self.door, None, |unit| decisions::review(unit, review))
    }

    /// Takes a step with an open request. Gives it as it is afterwards.
    fn step(
        &self,
        request: RightsRequestId,
        work: impl Fn(&mut Handled<'_, '_>) -> Result<()>,
    ) -> Result<RightsRequest> {
        write(self.door, None, |unit| {
            let mut handled = Handled::open(unit, request)?;
            work(&mut handled)?;
            Ok(handled.request)
        })
    }

    /// Makes a package, and notes it on the request and in the read log.
    fn package(
        &self,
        operation: &'static str,
        person: Option<PersonId>,
        request: Option<RightsRequestId>,
        make: impl Fn(&Reader<'_>, PersonId, Option<&RightsRequest>) -> Result<Package>,
    ) -> Result<Package> {
        let Some(request) = request else {
            let person = person.ok_or_else(|| person_missing().at("person"))?;
            let (package, logged) = read(self.door, ReadMode::Snapshot, |reader| {
                require_purpose(reader.viewer.purpose)?;
                let package = make(reader, person, None)?;
                let logged = Logged::package(operation, reader, person.into(), package.records);
                Ok((package, logged))
            })?;
            self.door.log_read(&logged)?;
            return Ok(package);
        };
        // What is handed out and what is noted about it are of one state.
        write(self.door, None, |unit| {
            require_purpose(unit.viewer.purpose)?;
            let mut handled = Handled::open(unit, request)?;
            handled.require_identity()?;
            let of_request = handled.require_person()?;
            if person.is_some_and(|person| person != of_request) {
                let reason = "is about the data of somebody else";
                return Err(CrmError::invalid("rights.other_person", reason).at("request"));
            }
            let reader = Reader::of_unit(handled.unit)?;
            let package = make(&reader, of_request, Some(&handled.request))?;
            let logged = Logged::package(operation, &reader, of_request.into(), package.records);
            logged.write(handled.unit, None)?;
            handled.note(Step::new(RightsEventKind::Package, None, None))?;
            package::note(&mut handled, &package)?;
            Ok(package)
        })
    }
}

/// The person that something is done for, of a request or by itself; with a request, the step is noted.
fn execute(
    unit: &mut UnitOfWork<'_>,
    person: Option<PersonId>,
    request: Option<RightsRequestId>,
    needs_identity: bool,
) -> Result<PersonId> {
    let Some(request) = request else {
        let person = person.ok_or_else(|| person_missing().at("person"))?;
        let record_type = unit.record_type(Person::NAME)?;
        require_visible(unit, &record_type, person.into())?;
        return Ok(person);
    };
    let mut handled = Handled::open(unit, request)?;
    if needs_identity {
        handled.require_identity()?;
    }
    let of_request = handled.require_person()?;
    if person.is_some_and(|person| person != of_request) {
        let reason = "is about the data of somebody else";
        return Err(CrmError::invalid("rights.other_person", reason).at("request"));
    }
    handled.note(Step::new(RightsEventKind::Executed, None, None))?;
    Ok(of_request)
}

/// Refuses to gather all that is known of somebody for anything but rights and legal duties.
fn require_purpose(purpose: Purpose) -> Result<()> {
    if matches!(purpose, Purpose::RightsFulfilment | Purpose::LegalCompliance) {
        return Ok(());
    }
    let reason = "needs a session for the fulfilment of rights or for legal compliance";
    Err(CrmError::new(ErrorKind::Forbidden, "rights.purpose", reason))
}

impl PackageFormat {
    /// Whether the format has a file for programs.
    pub(super) const fn has_json(self) -> bool {
        matches!(self, Self::Json | Self::Both)
    }

    /// Whether the format has a page for people.
    pub(super) const fn has_html(self) -> bool {
        matches!(self, Self::Html | Self::Both)
    }
}
