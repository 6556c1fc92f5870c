//! Boards, timelines, histories, permits, files and the proof of the journal.

use std::io::{Read, Write};
use std::ops::ControlFlow;

use crm_core::activity::{Note, TimelineQuery};
use crm_core::interchange::{CsvExport, ImportOptions, Mapping, Transactions};
use crm_core::privacy::{
    ConsentEvent, ConsentStatus, ContactChannel, ContactRequest, IndicationMethod, NoticeKind, PermitOutcome,
    PrivacyNotice,
};
use crm_core::record::Snapshot;
use crm_core::record::filter::field;
use crm_core::record::query::Query as List;
use crm_core::sales::Board;
use crm_core::{Currency, Money, RecordId, Reference, Timestamp};

use super::Ours;

impl Ours {
    /// The board of the pipeline.
    pub(crate) fn board(&self, snapshot: &Snapshot<'_>) -> Board {
        snapshot.pipelines().board(self.pipeline, None).unwrap()
    }

    /// The board of the deals that are worth anything, which no total is kept of.
    pub(crate) fn filtered_board(&self, snapshot: &Snapshot<'_>) -> Board {
        let filter = field("amount").greater_than(Money::new(0, Currency::from_code("EUR").unwrap()));
        snapshot.pipelines().board(self.pipeline, Some(&filter)).unwrap()
    }

    /// The board as it was.
    pub(crate) fn board_at(&self, at: Timestamp) -> Board {
        self.session.as_of(at, |past| past.pipelines().board(self.pipeline, None)).unwrap()
    }

    /// The time of the engine.
    pub(crate) fn now(&self) -> Timestamp {
        self.session.now()
    }

    /// Writes notes on contacts, so many on each, in one transaction for each contact.
    pub(crate) fn notes(&self, contacts: &[usize], each: usize, body: &str) {
        for contact in contacts {
            let about = Reference::new("person", self.contact(*contact));
            let note = || Note { about: about.clone(), body: body.to_owned(), ..Note::default() };
            let notes = (0..each).map(|_| note()).collect();
            self.session.notes().create_all(notes).unwrap().into_iter().for_each(|made| drop(made.unwrap()));
        }
    }

    /// The latest 20 items on the timeline of a contact.
    pub(crate) fn timeline(&self, snapshot: &Snapshot<'_>, contact: usize) -> usize {
        let subject = Reference::new("person", self.contact(contact));
        let query = TimelineQuery { limit: 20, ..TimelineQuery::default() };
        snapshot.timeline(&subject, &query).unwrap().records.len()
    }

    /// The latest 20 changes of a deal.
    pub(crate) fn history(&self, snapshot: &Snapshot<'_>, deal: usize) -> usize {
        snapshot.deals().history(self.deals[deal - 1], None, 20).unwrap().len()
    }

    /// Takes back the last change of a deal.
    pub(crate) fn undo_move(&self, deal: usize) {
        let last = self.session.deals().history(self.deals[deal - 1], None, 1).unwrap().remove(0);
        self.session.journal().undo(last.sequence).unwrap();
    }

    /// Notes that contacts agreed to be written to.
    pub(crate) fn consents(&self, contacts: &[usize]) {
        let notice = PrivacyNotice {
            kind: NoticeKind::Consent,
            key: "newsletter".into(),
            language: "en".into(),
            notice_version: "1".into(),
            text: "We send you our newsletter once a month.".into(),
            ..PrivacyNotice::default()
        };
        let notice = self.session.privacy_notices().create(notice).unwrap().meta.id;
        for contact in contacts {
            let event = ConsentEvent {
                person: Some(self.contact(*contact)),
                purpose: "direct_marketing".into(),
                channel: Some(ContactChannel::Email),
                kind: ConsentStatus::Given,
                notice: Some(notice.into()),
                method: IndicationMethod::WebForm,
                ..ConsentEvent::default()
            };
            self.session.consent().record(event, None).unwrap();
        }
    }

    /// Whether a contact may be written to, with all that the law of their place asks.
    pub(crate) fn may_contact(&self, contact: usize) -> PermitOutcome {
        let request = ContactRequest {
            person: Some(self.contact(contact)),
            purpose: "direct_marketing".into(),
            channel: ContactChannel::Email,
            ..ContactRequest::default()
        };
        self.session.privacy().may_contact(&request).unwrap().outcome
    }

    /// Imports the contacts of a file of comma-separated values. Gives how many.
    pub(crate) fn import(&self, file: impl Read, batch: usize) -> usize {
        let mapping = Mapping::new("person")
            .column("Given", "given_name")
            .column("Family", "family_name")
            .column("Mail", "emails[0].address")
            .column("Phone", "phones[0].number");
        let options =
            ImportOptions { transactions: Transactions::Batches, batch, ..ImportOptions::default() };
        let report = self.session.imports().csv(file, &mapping, options).unwrap();
        assert_eq!(report.total.rejected, 0);
        usize::try_from(report.total.created).unwrap()
    }

    /// Writes all contacts as comma-separated values. Gives how many.
    pub(crate) fn export(&self, out: impl Write) -> usize {
        let columns =
            ["id", "given_name", "family_name", "organisation.name", "emails[0].address", "phones[0].number"];
        let written = self.session.exports().csv(out, &CsvExport::new("person", &columns)).unwrap();
        usize::try_from(written).unwrap()
    }

    /// Recomputes the journal and its tree. Gives how many entries there are.
    pub(crate) fn verify(&self) -> usize {
        let found = self.session.journal().verify().unwrap();
        assert!(found.is_sound());
        usize::try_from(self.session.journal().head().unwrap().size).unwrap()
    }

    /// Compares the records with the journal. Gives how many there are.
    pub(crate) fn verify_records(&self) -> usize {
        let found = self.session.journal().verify_records(&mut |_| ControlFlow::Continue(())).unwrap();
        assert!(found.is_sound());
        usize::try_from(found.compared).unwrap()
    }

    /// The deals of an account above an amount, at most 50.
    pub(crate) fn deals_above(&self, snapshot: &Snapshot<'_>, account: usize, amount: i64) -> usize {
        let organisation = RecordId::from(self.accounts[account - 1]);
        let above = Money::new(amount * 100, Currency::from_code("EUR").unwrap());
        let filter = field("organisation").equals(organisation).and(field("amount").greater_than(above));
        snapshot.deals().list(&List::new().filter(filter).limit(50)).unwrap().records.len()
    }
}
