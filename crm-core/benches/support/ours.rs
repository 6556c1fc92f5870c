//! The engine, through its public interface, on the same rows as the floors.

mod rest;

use std::path::Path;

use crm_core::contacts::{Email, Organisation, OrganisationId, Person, PersonCard, PersonId, Phone};
use crm_core::record::Snapshot;
use crm_core::record::filter::field;
use crm_core::record::query::{Cursor, Query as List};
use crm_core::sales::{Deal, DealId, PipelineId, StageId, template};
use crm_core::search::SearchQuery;
use crm_core::service::{Case, CasePriority};
use crm_core::{Actor, Config, Crm, Currency, Money, Purpose, RecordId, Session};

use super::data::{Account, Case as CaseRow, Contact, Deal as DealRow, Query};

/// An open database of the engine.
pub(crate) struct Ours {
    crm: Crm,
    session: Session,
    accounts: Vec<OrganisationId>,
    contacts: Vec<PersonId>,
    deals: Vec<DealId>,
    pipeline: PipelineId,
    stages: Vec<StageId>,
}

fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

impl Ours {
    /// A new database.
    pub(crate) fn create(path: &Path) -> Self {
        Self::create_with(path, Config::default())
    }

    /// A new database with settings of its own.
    pub(crate) fn create_with(path: &Path, config: Config) -> Self {
        let crm = Crm::open(path, config).unwrap();
        let session = session(&crm);
        let (pipeline, stages) = template("Sales");
        let (pipeline, stages) = session.pipelines().create_with_stages(pipeline, stages).unwrap();
        let stages = stages.iter().map(|stage| stage.meta.id.into()).collect();
        let pipeline = pipeline.meta.id.into();
        Self { crm, session, accounts: Vec::new(), contacts: Vec::new(), deals: Vec::new(), pipeline, stages }
    }

    /// Opens a database that exists and reads one card from it.
    pub(crate) fn open_and_read(path: &Path, contact: PersonId) -> PersonCard {
        let crm = Crm::open(path, Config::default()).unwrap();
        let card = session(&crm).people().card(contact).unwrap();
        crm.close().unwrap();
        card
    }

    /// The identifier of a contact by its number, from 1.
    pub(crate) fn contact(&self, number: usize) -> PersonId {
        self.contacts[number - 1]
    }

    /// Empties the write-ahead log into the file.
    pub(crate) fn checkpoint(&self) {
        assert!(self.crm.database().checkpoint().unwrap(), "nothing else reads from the log");
    }

    /// Writes accounts in one transaction.
    pub(crate) fn accounts(&mut self, rows: &[Account]) {
        let organisations = rows
            .iter()
            .map(|row| Organisation { name: row.name.clone(), ..Organisation::default() })
            .collect();
        for created in self.session.organisations().create_all(organisations).unwrap() {
            self.accounts.push(created.unwrap().meta.id.into());
        }
    }

    fn person(&self, row: &Contact) -> Person {
        Person {
            given_name: Some(row.given.clone()),
            family_name: Some(row.family.clone()),
            organisation: Some(self.accounts[row.account - 1]),
            emails: vec![Email::work(row.email.as_str())],
            phones: vec![Phone::work(row.phone.as_str())],
            ..Person::default()
        }
    }

    /// Writes a contact in a transaction of its own.
    pub(crate) fn create_contact(&mut self, row: &Contact) {
        let created = self.session.people().create(self.person(row)).unwrap();
        self.contacts.push(created.meta.id.into());
    }

    /// Writes contacts in one transaction.
    pub(crate) fn contacts(&mut self, rows: &[Contact]) {
        let people = rows.iter().map(|row| self.person(row)).collect();
        for created in self.session.people().create_all(people).unwrap() {
            self.contacts.push(created.unwrap().meta.id.into());
        }
    }

    fn deal(&self, row: &DealRow) -> Deal {
        Deal {
            name: row.name.clone(),
            pipeline: self.pipeline,
            organisation: Some(self.accounts[row.account - 1]),
            amount: Some(Money::new(row.amount * 100, Currency::from_code("EUR").unwrap())),
            ..Deal::default()
        }
    }

    /// Writes a deal in a transaction of its own.
    pub(crate) fn create_deal(&mut self, row: &DealRow) {
        let created = self.session.deals().create(self.deal(row)).unwrap();
        self.deals.push(created.meta.id.into());
    }

    /// Writes deals in one transaction.
    pub(crate) fn deals(&mut self, rows: &[DealRow]) {
        let deals = rows.iter().map(|row| self.deal(row)).collect();
        for created in self.session.deals().create_all(deals).unwrap() {
            self.deals.push(created.unwrap().meta.id.into());
        }
    }

    /// Moves a deal to a stage, both by number, in a transaction of its own.
    pub(crate) fn move_deal(&self, deal: usize, stage: usize) {
        self.session.deals().move_to(self.deals[deal - 1], self.stages[stage]).unwrap();
    }

    fn case(&self, row: &CaseRow) -> Case {
        let priorities = [CasePriority::Low, CasePriority::Normal, CasePriority::High, CasePriority::Urgent];
        let priority = usize::try_from(row.priority).unwrap();
        Case {
            subject: row.subject.clone(),
            requester: Some(self.contacts[row.contact - 1]),
            priority: priorities[priority],
            ..Case::default()
        }
    }

    /// Writes a case in a transaction of its own.
    pub(crate) fn create_case(&self, row: &CaseRow) {
        self.session.cases().create(self.case(row)).unwrap();
    }

    /// Writes cases in one transaction.
    pub(crate) fn cases(&self, rows: &[CaseRow]) {
        let cases = rows.iter().map(|row| self.case(row)).collect();
        self.session
            .cases()
            .create_all(cases)
            .unwrap()
            .into_iter()
            .for_each(|created| drop(created.unwrap()));
    }

    /// Runs reads on one state.
    pub(crate) fn snapshot<T>(&self, work: impl Fn(&Snapshot<'_>) -> T) -> T {
        self.session.snapshot(|snapshot| Ok(work(snapshot))).unwrap()
    }

    /// Reads a card: name, organisation, e-mail address, phone number.
    pub(crate) fn card(&self, snapshot: &Snapshot<'_>, number: usize) -> PersonCard {
        snapshot.people().card(self.contact(number)).unwrap()
    }

    /// Reads a whole record.
    pub(crate) fn person_record(&self, snapshot: &Snapshot<'_>, number: usize) -> Person {
        snapshot.people().get(self.contact(number)).unwrap()
    }

    /// The first 20 people whose name begins like this.
    pub(crate) fn suggest(snapshot: &Snapshot<'_>, query: &Query) -> usize {
        snapshot.search().suggest("person", &query.prefix, 20).unwrap().len()
    }

    /// The best 20 people with these two words.
    pub(crate) fn search(snapshot: &Snapshot<'_>, query: &Query, snippets: bool) -> usize {
        let search = SearchQuery::new(query.words.as_str()).of_types(&["person"]).whole_words();
        let search = if snippets { search } else { search.without_snippets() };
        snapshot.search().run(&search).unwrap().len()
    }

    /// The 50 people after a place in the list by name, and where it goes on.
    pub(crate) fn page(snapshot: &Snapshot<'_>, after: Option<&Cursor>) -> Option<Cursor> {
        let mut list = List::new().ascending("name_key").limit(50);
        list.cursor = after.cloned();
        snapshot.people().list(&list).unwrap().next
    }

    /// The people of an account by name, at most 50.
    pub(crate) fn page_of_account(&self, snapshot: &Snapshot<'_>, account: usize) -> usize {
        let organisation = RecordId::from(self.accounts[account - 1]);
        let list =
            List::new().filter(field("organisation").equals(organisation)).ascending("name_key").limit(50);
        snapshot.people().list(&list).unwrap().records.len()
    }
}
