//! Operations on the rights of data subjects.

use serde_json::{Map, Value as Json};

use crate::access::users::UserId;
use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::operation::declare::operations;
use crate::operation::input::RecordInput;
use crate::privacy::rights::{
    AutomatedDecision, AutomatedDecisionId, DueRequest, IdentityCheck, IdentityState, Language, Package,
    PackageFormat, PackageOptions, PauseReason, Rectification, Rectified, RefusalGround, RequestClock,
    Review, ReviewState, RightsRequest, RightsRequestId,
};
use crate::privacy::{ContactChannel, Objection, Restriction, RestrictionGround};
use crate::record::Reference;
use crate::record::query::DEFAULT_LIMIT;

operations! {
    /// Takes a request of a data subject in: its clock begins to run.
    command "rights.open" (context, input {
        /// The request: at least the right and the law.
        request: RecordInput<RightsRequest>,
    }) -> RightsRequest ["rights.not_in_regime", "rights.time", "select.unknown", "field.*", "link.broken"] {
        let request = input.request.typed(context).map_err(|error| error.within("request"))?;
        context.rights().open(request)
    }

    /// Notes that the requester was told that the request was received.
    command "rights.acknowledge" (context, input {
        /// The request.
        request: RightsRequestId,
        /// When; now when nothing is said.
        at: Option<Timestamp>,
    }) -> RightsRequest ["record.not_found", "rights.closed", "rights.time"] {
        context.rights().acknowledge(input.request, input.at)
    }

    /// Notes what became of the question who asks. Where the law says so, the clock stands still until it is answered.
    command "rights.verify_identity" (context, input {
        /// The request.
        request: RightsRequestId,
        /// What came of it: `requested`, `verified` or `failed`.
        state: IdentityState,
        /// The person that the requester is, when that was found out.
        person: Option<PersonId>,
        /// How it was checked. No copy of a document belongs here.
        note: Option<String>,
        /// When; now when nothing is said.
        at: Option<Timestamp>,
    }) -> RightsRequest ["record.not_found", "rights.closed", "rights.time", "rights.identity.state", "link.broken"] {
        let check = IdentityCheck { state: input.state, person: input.person, note: input.note, at: input.at };
        context.rights().verify_identity(input.request, check)
    }

    /// Stops the clock of a request, because the requester was asked something that the law lets the controller wait
    /// for.
    command "rights.pause" (context, input {
        /// The request.
        request: RightsRequestId,
        /// Why.
        reason: PauseReason,
        /// What was asked.
        note: Option<String>,
        /// When; now when nothing is said.
        at: Option<Timestamp>,
    }) -> RightsRequest [
        "record.not_found", "rights.closed", "rights.paused", "rights.pause.not_allowed", "rights.overdue", "rights.time",
    ] {
        context.rights().pause(input.request, input.reason, input.at, input.note.as_deref())
    }

    /// Lets the clock of a request go on, because the requester has answered.
    command "rights.resume" (context, input {
        /// The request.
        request: RightsRequestId,
        /// What was answered.
        note: Option<String>,
        /// When; now when nothing is said.
        at: Option<Timestamp>,
    }) -> RightsRequest ["record.not_found", "rights.closed", "rights.not_paused", "rights.time"] {
        context.rights().resume(input.request, input.at, input.note.as_deref())
    }

    /// Extends the time to answer a request by what the law gives. The requester must have been told.
    command "rights.extend" (context, input {
        /// The request.
        request: RightsRequestId,
        /// Why it takes longer, as the requester was told.
        reason: String,
        /// When the requester was told; now when nothing is said.
        at: Option<Timestamp>,
    }) -> RightsRequest [
        "record.not_found", "rights.closed", "rights.extension.not_allowed", "rights.overdue", "rights.time",
        "field.required",
    ] {
        context.rights().extend(input.request, &input.reason, input.at)
    }

    /// Closes a request as answered. Nothing may be left to be done.
    command "rights.complete" (context, input {
        /// The request.
        request: RightsRequestId,
        /// What the requester was told.
        outcome: Option<String>,
    }) -> RightsRequest ["record.not_found", "rights.closed", "rights.identity", "rights.work_open"] {
        context.rights().complete(input.request, input.outcome.as_deref())
    }

    /// Refuses a request on a ground of the law.
    command "rights.refuse" (context, input {
        /// The request.
        request: RightsRequestId,
        /// On which ground.
        ground: RefusalGround,
        /// What the requester was told.
        outcome: Option<String>,
    }) -> RightsRequest ["record.not_found", "rights.closed"] {
        context.rights().refuse(input.request, input.ground, input.outcome.as_deref())
    }

    /// Notes that the requester took the request back.
    command "rights.withdraw" (context, input {
        /// The request.
        request: RightsRequestId,
        /// What was said about it.
        note: Option<String>,
    }) -> RightsRequest ["record.not_found", "rights.closed"] {
        context.rights().withdraw(input.request, input.note.as_deref())
    }

    /// Closes a request as one that says what another one says.
    command "rights.mark_duplicate" (context, input {
        /// The request.
        request: RightsRequestId,
        /// The other one.
        of: RightsRequestId,
    }) -> RightsRequest ["record.not_found", "rights.closed", "rights.itself"] {
        context.rights().mark_duplicate(input.request, input.of)
    }

    /// Reads the clock of a request, with its source in the law.
    query "rights.clock" (context, input {
        /// The request.
        request: RightsRequestId,
    }) -> RequestClock ["record.not_found"] {
        context.rights().clock(input.request)
    }

    /// Lists the open requests with their traffic lights, the first to be due first.
    query "rights.due" (context, input {
        /// How many at most.
        limit: u32 = DEFAULT_LIMIT,
    }) -> Vec<DueRequest> [] {
        context.rights().due(input.limit)
    }

    /// Lists the work that a request asks for anew: lines are added for stores that have got something since.
    command "rights.list_work" (context, input {
        /// The request.
        request: RightsRequestId,
    }) -> RightsRequest ["record.not_found", "rights.closed", "rights.person_missing"] {
        context.rights().list_work(input.request)
    }

    /// Makes the package of everything that a person is entitled to see (GDPR Article 15). For a request it is noted;
    /// for a person alone it is a look ahead. Either is written into the read log once the package is made: a package
    /// shows the log as it was before itself, and the next one shows that this one was handed out.
    command "rights.access_package" (context, input {
        /// The person.
        person: Option<PersonId>,
        /// The request that it answers.
        request: Option<RightsRequestId>,
        /// In which form.
        format: PackageFormat = PackageFormat::default(),
        /// In which language it speaks.
        language: Language = Language::default(),
        /// The name of the controller and how to reach it.
        controller: Option<String>,
    }) -> Package [
        "rights.purpose", "rights.incomplete", "rights.person_missing", "rights.identity", "rights.closed",
        "rights.other_person", "rights.past", "record.not_found",
    ] {
        let options = PackageOptions {
            format: input.format,
            language: input.language,
            controller: input.controller,
        };
        context.rights().access_package(input.person, input.request, &options)
    }

    /// Makes the package of what a person has provided, in forms that programs read (GDPR Article 20).
    command "rights.portability_package" (context, input {
        /// The person.
        person: Option<PersonId>,
        /// The request that it answers.
        request: Option<RightsRequestId>,
    }) -> Package [
        "rights.purpose", "rights.incomplete", "rights.person_missing", "rights.identity", "rights.closed",
        "rights.other_person", "rights.past", "record.not_found",
    ] {
        context.rights().portability_package(input.person, input.request)
    }

    /// Puts values of a record right (GDPR Article 16), and destroys the wrong ones in the journal.
    command "rights.rectify" (context, input {
        /// The record, as `type:id`.
        record: Reference,
        /// The right values, as a JSON Merge Patch.
        values: Map<String, Json>,
        /// The request that asks for it.
        request: Option<RightsRequestId>,
        /// What was wrong, without the wrong value.
        note: Option<String>,
    }) -> Rectified [
        "rights.purpose", "rights.closed", "rights.identity", "rights.other_person", "record.not_found", "field.*",
    ] {
        let (record, values, request, note) = (input.record, input.values, input.request, input.note);
        context.rights().rectify(&Rectification { record, values, request, note })
    }

    /// Restricts the processing of somebody's data (GDPR Article 18).
    command "rights.restrict" (context, input {
        /// The person.
        person: Option<PersonId>,
        /// The request that asks for it.
        request: Option<RightsRequestId>,
        /// Why.
        ground: RestrictionGround,
        /// What it is about.
        description: Option<String>,
    }) -> Restriction [
        "rights.person_missing", "rights.other_person", "rights.identity", "rights.closed", "record.not_found",
    ] {
        let description = input.description.as_deref();
        context.rights().restrict(input.person, input.request, input.ground, description)
    }

    /// Notes an objection to a purpose (GDPR Article 21). To direct marketing it is final.
    command "rights.object" (context, input {
        /// The person.
        person: Option<PersonId>,
        /// The request that says so.
        request: Option<RightsRequestId>,
        /// The key of the purpose.
        purpose: String,
        /// The channel, when the objection is to it only.
        channel: Option<ContactChannel>,
        /// The reasons that the person gave.
        description: Option<String>,
    }) -> Objection [
        "purpose.unknown", "rights.person_missing", "rights.other_person", "rights.closed", "record.not_found",
    ] {
        let description = input.description.as_deref();
        context.rights().object(input.person, input.request, &input.purpose, input.channel, description)
    }

    /// Notes a step in the review of an automated decision by a human (GDPR Article 22(3)).
    command "rights.automated_decision_review" (context, input {
        /// The decision.
        decision: AutomatedDecisionId,
        /// What the step is: `requested`, `upheld` or `changed`.
        state: ReviewState,
        /// The human who reviewed it; the user of the session when nobody is named.
        reviewer: Option<UserId>,
        /// What the review came to and why, or why the person contests the decision.
        note: Option<String>,
        /// The request that asks for it.
        request: Option<RightsRequestId>,
    }) -> AutomatedDecision [
        "automated_decision.review", "automated_decision.reviewer", "rights.other_person", "rights.identity",
        "rights.closed", "record.not_found",
    ] {
        let (decision, state, reviewer) = (input.decision, input.state, input.reviewer);
        let (note, request) = (input.note, input.request);
        context.rights().automated_decision_review(&Review { decision, state, reviewer, note, request })
    }
}
