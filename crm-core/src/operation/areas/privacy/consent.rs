//! Operations on the consent ledger.

use serde_json::Value as Json;

use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::operation::declare::operations;
use crate::operation::input::RecordInput;
use crate::privacy::{
    AddressType, Confirmation, ConsentEvent, ConsentEventId, ConsentState, ContactChannel, ForeignState,
    ForeignSystem, Imported, Processing, Question, Recorded, Requested,
};

operations! {
    /// Records an event of the consent ledger with its evidence. An event with a key that is known is not recorded again.
    command "consent.record" (context, input {
        /// The event.
        event: RecordInput<ConsentEvent>,
        /// The evidence: any JSON of up to 64 KiB. It is sealed under the key of the person.
        evidence: Option<Json>,
    }) -> Recorded [
        "consent_event.*", "purpose.unknown", "address.*", "email.*", "phone.*", "link.broken", "field.*", "select.*",
    ] {
        let event = input.event.typed(context).map_err(|error| error.within("event"))?;
        context.consent().record(event, input.evidence.as_ref())
    }

    /// Asks for a consent by double opt-in: records the request and gives the token for the link that goes to the address.
    /// The token is told once and stored nowhere.
    command "consent.request" (context, input {
        /// What is asked for: the event without its kind.
        event: RecordInput<ConsentEvent>,
        /// For how many hours it can be confirmed; 168 when nothing is said, 2,160 at most.
        hours: Option<u32>,
        /// The evidence of the request.
        evidence: Option<Json>,
    }) -> Requested [
        "consent.token_hours", "consent_event.*", "purpose.unknown", "address.*", "email.*", "phone.*", "link.broken",
        "field.*", "select.*",
    ] {
        let event = input.event.typed(context).map_err(|error| error.within("event"))?;
        context.consent().request(event, input.hours, input.evidence.as_ref())
    }

    /// Confirms a request with its token: the owner of the address consents, now. A token is used once.
    command "consent.confirm" (context, input {
        /// The token.
        token: String,
        /// The evidence of the confirmation.
        evidence: Option<Json>,
    }) -> Confirmation ["consent.token_*", "consent_event.*"] {
        context.consent().confirm(&input.token, input.evidence.as_ref())
    }

    /// Tells where a consent stands at a time; null when the ledger says nothing. Without an address, it is about all that
    /// the ledger knows of the person, and the strictest answer counts.
    query "consent.state" (context, input {
        /// The person.
        person: Option<PersonId>,
        /// The address. With a person, what the address has said counts, too.
        address: Option<String>,
        /// What kind of address it is; that of the channel when nothing is said.
        address_type: Option<AddressType>,
        /// The key of the purpose.
        purpose: String,
        /// The channel.
        channel: Option<ContactChannel>,
        /// The brand.
        brand: Option<String>,
        /// The time; now when nothing is said.
        at: Option<Timestamp>,
    }) -> Option<ConsentState> [
        "purpose.unknown", "consent_event.holder", "address.*", "email.*", "phone.*", "record.not_found",
    ] {
        context.consent().state(&Question {
            person: input.person,
            address: input.address,
            address_type: input.address_type,
            purpose: input.purpose,
            channel: input.channel,
            brand: input.brand,
            at: input.at,
        })
    }

    /// Lists where all consents of a person, or of an address, stand now.
    query "consent.states" (context, input {
        /// The person.
        person: Option<PersonId>,
        /// The address.
        address: Option<String>,
        /// What kind of address it is.
        address_type: Option<AddressType>,
    }) -> Vec<ConsentState> ["consent_event.holder", "address.*", "email.*", "phone.*", "record.not_found"] {
        context.consent().states(&Question {
            person: input.person,
            address: input.address,
            address_type: input.address_type,
            ..Question::default()
        })
    }

    /// Opens the evidence of an event; null when there is none.
    query(Administer) "consent.evidence" (context, input {
        /// The event.
        event: ConsentEventId,
    }) -> Option<Json> ["record.not_found", "consent.evidence_erased"] {
        context.consent().evidence(input.event)
    }

    /// Gives the consent records of a person by ISO/IEC TS 27560, as JSON-LD with the terms of the Data Privacy Vocabulary.
    query "consent.records" (context, input {
        /// The person.
        person: PersonId,
        /// What the host says of the processing.
        processing: Processing,
    }) -> Vec<Json> ["consent.record_incomplete", "record.not_found"] {
        context.consent().records(input.person, &input.processing)
    }

    /// Gives the receipt of an event by ISO/IEC TS 27560, with the consent record in it.
    query "consent.receipt" (context, input {
        /// The event.
        event: ConsentEventId,
        /// What the host says of the processing.
        processing: Processing,
    }) -> Json ["consent.record_incomplete", "record.not_found"] {
        context.consent().receipt(input.event, &input.processing)
    }

    /// Takes over consent states of another system, all or none. Defaults, and consents without a time, become `unknown`.
    command(Administer) "consent.import_states" (context, input {
        /// The system.
        system: ForeignSystem,
        /// The states.
        rows: Vec<ForeignState>,
    }) -> Imported [
        "consent.import_state", "consent_event.*", "purpose.unknown", "address.*", "email.*", "phone.*", "link.broken",
        "record.not_found", "field.*",
    ] {
        context.consent().import_states(input.system, &input.rows)
    }
}
