//! What a contact that is permitted still demands.

use serde::Serialize;

/// How much of a duty: how soon, how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "unit", content = "count", rename_all = "snake_case")]
pub enum Amount {
    /// Minutes.
    Minutes(u16),
    /// Calendar days.
    Days(u16),
    /// Days on which business is done.
    BusinessDays(u16),
    /// Years.
    Years(u16),
}

impl Amount {
    /// Roughly how long it is, in minutes, so that the shorter of two can be told.
    pub(crate) const fn rough_minutes(self) -> u64 {
        match self {
            Self::Minutes(count) => count as u64,
            Self::Days(count) => count as u64 * 1_440,
            // Five business days take a week.
            Self::BusinessDays(count) => count as u64 * 1_440 * 7 / 5,
            Self::Years(count) => count as u64 * 525_600,
        }
    }
}

/// Declares the obligations: the code, and what it asks for in plain words.
macro_rules! obligations {
    ($($(#[doc = $doc:literal])* $variant:ident = $key:literal: $text:literal;)+) => {
        /// What has to be done, by its stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum ObligationCode {
            $($(#[doc = $doc])* $variant),+
        }

        impl ObligationCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// What it asks for, in plain words.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

obligations! {
    /// A way to refuse in each message.
    OptOutInMessage = "opt_out_in_message": "Offer a free and easy way to refuse in the message.";
    /// The headers of RFC 8058.
    OneClickUnsubscribe = "one_click_unsubscribe":
        "Send the headers List-Unsubscribe and List-Unsubscribe-Post for one click (RFC 8058).";
    /// The postal address of the sender.
    PostalAddress = "postal_address": "Name the sender's postal address in the message.";
    /// Who sends, plainly.
    SenderIdentity = "sender_identity": "Say plainly who contacts, and for whom.";
    /// That it is advertising.
    AdvertisingLabel = "advertising_label": "Make it plain that this is advertising.";
    /// The number that is called from.
    CallerId = "caller_id": "Send a number that can be called back.";
    /// That the voice is artificial or recorded.
    ArtificialVoiceNotice = "artificial_voice_notice": "Say at the beginning that the voice is artificial or recorded.";
    /// That the call is recorded.
    RecordingNotice = "recording_notice": "Say that the call is recorded, and get consent to it where the law asks.";
    /// A choice without a profile.
    NonPersonalisedOption = "non_personalised_option": "Offer a choice that does not go by personal traits.";
    /// How soon a refusal takes effect.
    HonourOptOut = "honour_opt_out": "Give effect to a refusal within this time.";
    /// How soon one click takes effect.
    HonourOneClick = "honour_one_click": "Give effect to a one-click unsubscribe within this time.";
    /// How soon a request not to be called takes effect.
    HonourDoNotCall = "honour_do_not_call": "Put a request not to be called on the own list within this time.";
    /// How soon a confirmation of a revocation may be sent.
    ConfirmRevocation = "confirm_revocation": "Confirm a revocation by at most one text, within this time.";
    /// How old the copy of a register may be.
    ScreenRegister = "screen_register": "Check the number against the register again at least this often.";
    /// How long the way to refuse has to work.
    KeepOptOutAlive = "keep_opt_out_alive": "Keep the way to refuse working for at least this time.";
    /// How long the own list is kept.
    KeepDoNotCall = "keep_do_not_call": "Keep a number on the own do-not-call list for at least this time.";
    /// How long the proof is kept.
    KeepProof = "keep_proof": "Keep the proof of the permission for at least this time.";
    /// That the status of an opt-out is shown.
    DisplayOptOut = "display_opt_out": "Show people whether their opt-out is in effect.";
}

impl ObligationCode {
    /// Whether the longer of two times is the stricter one: it is for what has to be kept.
    pub(crate) const fn longer_is_stricter(self) -> bool {
        matches!(self, Self::KeepOptOutAlive | Self::KeepDoNotCall | Self::KeepProof)
    }
}

impl Serialize for ObligationCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key())
    }
}

/// A duty with its amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Obligation {
    /// What has to be done.
    pub code: ObligationCode,
    /// How soon, or how long.
    pub amount: Option<Amount>,
}

impl Obligation {
    /// The duty without an amount.
    pub(crate) const fn plain(code: ObligationCode) -> Self {
        Self { code, amount: None }
    }

    /// The duty with an amount.
    pub(crate) const fn of(code: ObligationCode, amount: Amount) -> Self {
        Self { code, amount: Some(amount) }
    }

    /// The stricter of two duties with the same code.
    pub(crate) fn stricter(self, other: Self) -> Self {
        let (Some(mine), Some(theirs)) = (self.amount, other.amount) else {
            return if self.amount.is_some() { self } else { other };
        };
        // Equal lengths in other units are told apart by the unit, so that the order of rules does not matter.
        let mine_first = (mine.rough_minutes(), mine) < (theirs.rough_minutes(), theirs);
        if mine_first == self.code.longer_is_stricter() { other } else { self }
    }
}
