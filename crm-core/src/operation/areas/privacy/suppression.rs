//! Operations on suppressions, one-click unsubscribing and national registers.

use serde_json::json;

use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::operation::declare::operations;
use crate::privacy::{
    AddressType, Checked, ContactChannel, Loaded, RegisterSnapshot, RegisterSnapshotId, Screening,
    Suppression, SuppressionId, SuppressionQuestion, SuppressionReason, SuppressionRequest, SuppressionScope,
    UnsubscribeHeaders, UnsubscribeRequest, Unsubscribed,
};

operations! {
    /// Suppresses an address. What holds already is not written twice.
    command "suppression.add" (context, input {
        /// The address, in any spelling. It is not stored, only its keyed hash.
        address: String,
        /// What kind of address it is; that of the channel when nothing is said.
        address_type: Option<AddressType>,
        /// How far it reaches.
        scope: SuppressionScope = SuppressionScope::default(),
        /// The brand, the key of the purpose, or the topic that the scope is about.
        scope_key: Option<String>,
        /// The channel; all that use the address when none is named.
        channel: Option<ContactChannel>,
        /// The brand, when it is about messages under one brand only.
        brand: Option<String>,
        /// Why.
        reason: SuppressionReason = SuppressionReason::default(),
        /// From where it is known.
        source: Option<String>,
        /// Since when; since now when nothing is said.
        effective_at: Option<Timestamp>,
        /// Until when.
        expires_at: Option<Timestamp>,
    }) -> Suppression [
        "address.*", "email.*", "phone.*", "suppression.scope_key", "suppression.period", "purpose.unknown", "field.*",
    ] {
        context.suppressions().add(SuppressionRequest {
            address: input.address,
            address_type: input.address_type,
            scope: input.scope,
            scope_key: input.scope_key,
            channel: input.channel,
            brand: input.brand,
            reason: input.reason,
            source: input.source,
            effective_at: input.effective_at,
            expires_at: input.expires_at,
        })
    }

    /// Tells whether an address is suppressed for a message, and by what.
    query "suppression.check" (context, input {
        /// The address, in any spelling.
        address: String,
        /// The channel.
        channel: ContactChannel,
        /// The key of the purpose.
        purpose: String,
        /// The brand.
        brand: Option<String>,
        /// The topic.
        topic: Option<String>,
        /// When it is to go; now when nothing is said.
        at: Option<Timestamp>,
    }) -> Checked ["address.*", "email.*", "phone.*", "purpose.unknown"] {
        context.suppressions().check(&SuppressionQuestion {
            address: input.address,
            channel: input.channel,
            purpose: input.purpose,
            brand: input.brand,
            topic: input.topic,
            at: input.at,
        })
    }

    /// Lifts a suppression that somebody of ours has set, or that came from outside. What the owner of the address has said
    /// is lifted by a new consent only.
    command "suppression.lift" (context, input {
        /// The suppression.
        suppression: SuppressionId,
    }) -> Suppression ["record.not_found", "suppression.of_the_owner"] {
        context.suppressions().lift(input.suppression)
    }

    /// Takes note that a message came back: a hard bounce suppresses the address at once, soft ones after three in a row.
    /// Gives the suppression, if there is one now.
    command "suppression.bounce" (context, input {
        /// The address.
        address: String,
        /// The channel.
        channel: ContactChannel,
        /// Whether the address does not exist; otherwise it fails for the time being.
        hard: bool,
    }) -> Option<Suppression> ["address.*", "email.*", "phone.*"] {
        context.suppressions().bounce(&input.address, input.channel, input.hard)
    }

    /// Takes note that a message arrived: a row of soft bounces is over.
    command "suppression.delivered" (context, input {
        /// The address.
        address: String,
        /// The channel.
        channel: ContactChannel,
    }) -> () ["address.*", "email.*", "phone.*"] {
        context.suppressions().delivered(&input.address, input.channel)
    }

    /// Takes note that the owner of an address has called a message unwanted.
    command "suppression.complaint" (context, input {
        /// The address.
        address: String,
        /// The channel.
        channel: ContactChannel,
        /// From where it is known, for example the feedback loop of a provider.
        source: Option<String>,
    }) -> Suppression ["address.*", "email.*", "phone.*"] {
        context.suppressions().complaint(&input.address, input.channel, input.source.as_deref())
    }

    /// Makes the token for a message, and the headers `List-Unsubscribe` and `List-Unsubscribe-Post` (RFC 8058).
    command "unsubscribe.issue" (context, input {
        /// The address that it goes to.
        address: Option<String>,
        /// Or the person, whose primary address for the channel it goes to.
        person: Option<PersonId>,
        /// The key of the purpose.
        purpose: String,
        /// The channel.
        channel: ContactChannel = ContactChannel::default(),
        /// The brand.
        brand: Option<String>,
        /// The topic, when unsubscribing shall end this topic only.
        topic: Option<String>,
        /// Where the host redeems tokens, an HTTPS address.
        base_url: String,
    }) -> UnsubscribeHeaders [
        "unsubscribe.*", "address.*", "email.*", "phone.*", "purpose.unknown", "record.not_found",
    ] {
        context.unsubscribe().issue(&UnsubscribeRequest {
            address: input.address,
            person: input.person,
            purpose: input.purpose,
            channel: input.channel,
            brand: input.brand,
            topic: input.topic,
            base_url: input.base_url,
        })
    }

    /// Unsubscribes whoever a token was made for. It asks for no login and works after an erasure; to do it twice changes
    /// nothing. It does not say whose address it is.
    command "unsubscribe.redeem" (context, input {
        /// The token.
        token: String,
    }) -> Unsubscribed ["unsubscribe.token"] {
        context.unsubscribe().redeem(&input.token)
    }

    /// Stores entries of a snapshot of a national register, a thousand in each transaction. It is called for each part of the
    /// register, then `register_snapshot.finish` once.
    command(Administer) "register_snapshot.load" (context, input {
        /// The snapshot.
        snapshot: RegisterSnapshotId,
        /// The addresses. They are not stored, only their keyed hashes.
        entries: Vec<String>,
    }) -> Loaded ["record.not_found", "register_snapshot.complete", "register_snapshot.cancelled"] {
        let session = context.session()?;
        session.register_snapshots().load(input.snapshot, &input.entries, &mut |done| {
            context.report(&json!({ "taken": done.taken, "rejected": done.rejected, "of": done.of }))
        })
    }

    /// Completes a snapshot: from now on addresses are screened against it, and no longer against older ones.
    command(Administer) "register_snapshot.finish" (context, input {
        /// The snapshot.
        snapshot: RegisterSnapshotId,
    }) -> RegisterSnapshot ["record.not_found"] {
        context.register_snapshots().finish(input.snapshot)
    }

    /// Screens an address against the latest complete snapshot of a register: listed, not listed, or stale.
    query "register_snapshot.screen" (context, input {
        /// The register.
        registry: String,
        /// The address.
        address: String,
        /// What kind of address it is.
        address_type: AddressType = AddressType::Phone,
        /// The time; now when nothing is said.
        at: Option<Timestamp>,
    }) -> Screening ["address.*", "email.*", "phone.*"] {
        context.register_snapshots().screen(&input.registry, &input.address, input.address_type, input.at)
    }
}
