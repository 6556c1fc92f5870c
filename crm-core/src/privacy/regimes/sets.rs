//! Sets of the closed lists, as bits: what a rule applies to is compared in one instruction.

use super::regime::RegimeKey;
use crate::privacy::kinds::{ContactChannel, LegalBasis, PurposeClass, RelationshipEventKind, SubjectKind};

/// Declares a set of the options of an enum. It serialises as the list of their keys.
macro_rules! sets {
    ($($(#[$meta:meta])* $name:ident of $option:ty;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(u16);

        impl $name {
            /// No option.
            pub const NONE: Self = Self(0);
            /// Every option.
            pub const ALL: Self = Self::of(<$option>::ALL);

            /// The set of these options.
            pub const fn of(options: &[$option]) -> Self {
                let (mut bits, mut at) = (0, 0);
                while at < options.len() {
                    bits |= 1 << options[at] as u16;
                    at += 1;
                }
                Self(bits)
            }

            /// Whether an option is in the set.
            pub const fn has(self, option: $option) -> bool {
                self.0 & (1 << option as u16) != 0
            }

            /// The set with an option more.
            pub const fn with(self, option: $option) -> Self {
                Self(self.0 | 1 << option as u16)
            }

            /// The set without an option.
            pub const fn without(self, option: $option) -> Self {
                Self(self.0 & !(1 << option as u16))
            }

            /// The options of the set, in their order.
            pub fn iter(self) -> impl Iterator<Item = $option> {
                <$option>::ALL.iter().copied().filter(move |option| self.has(*option))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.iter().map(|option| option.key()))
            }
        }
    )+};
}

sets! {
    /// A set of channels.
    Channels of ContactChannel;
    /// A set of classes of purposes.
    Classes of PurposeClass;
    /// A set of kinds of data subjects.
    Subjects of SubjectKind;
    /// A set of kinds of relationship events.
    Events of RelationshipEventKind;
    /// A set of legal bases.
    Bases of LegalBasis;
    /// A set of regimes.
    RegimeSet of RegimeKey;
}

/// Messages that are kept until somebody reads them: "electronic mail" of the ePrivacy Directive, Article 2(h), with
/// the messages that came after it (C-102/20).
pub(super) const ELECTRONIC_MAIL: Channels = Channels::of(&[
    ContactChannel::Email,
    ContactChannel::Sms,
    ContactChannel::Mms,
    ContactChannel::Rcs,
    ContactChannel::Push,
    ContactChannel::Messenger,
    ContactChannel::SocialDm,
]);
/// E-mail alone.
pub(super) const EMAIL: Channels = Channels::of(&[ContactChannel::Email]);
/// Messages of the telephone networks.
pub(super) const TEXTS: Channels =
    Channels::of(&[ContactChannel::Sms, ContactChannel::Mms, ContactChannel::Rcs]);
/// Calls that a person speaks, whoever dials.
pub(super) const SPOKEN: Channels =
    Channels::of(&[ContactChannel::VoiceLive, ContactChannel::VoiceAutodialed]);
/// Calls with an artificial or recorded voice.
pub(super) const RECORDED: Channels = Channels::of(&[ContactChannel::VoicePrerecorded]);
/// Calls of every sort.
pub(super) const CALLS: Channels = Channels::of(&[
    ContactChannel::VoiceLive,
    ContactChannel::VoiceAutodialed,
    ContactChannel::VoicePrerecorded,
]);
/// Calls of every sort and texts.
pub(super) const CALLS_AND_TEXTS: Channels = Channels::of(&[
    ContactChannel::VoiceLive,
    ContactChannel::VoiceAutodialed,
    ContactChannel::VoicePrerecorded,
    ContactChannel::Sms,
    ContactChannel::Mms,
    ContactChannel::Rcs,
]);
/// Faxes.
pub(super) const FAX: Channels = Channels::of(&[ContactChannel::Fax]);

/// Advertising alone.
pub(super) const MARKETING: Classes = Classes::of(&[PurposeClass::Marketing]);
/// What a person can be asked to consent to: advertising, profiles, sale, training.
pub(super) const OPTIONAL: Classes = Classes::of(&[
    PurposeClass::Marketing,
    PurposeClass::Profiling,
    PurposeClass::SaleShare,
    PurposeClass::AiTraining,
]);
/// Sale and sharing of data.
pub(super) const SALE: Classes = Classes::of(&[PurposeClass::SaleShare]);

/// Natural persons, also those who trade in their own name.
pub(super) const INDIVIDUALS: Subjects = Subjects::of(&[SubjectKind::Natural, SubjectKind::SoleTrader]);
/// People who act for an organisation.
pub(super) const BUSINESS: Subjects = Subjects::of(&[SubjectKind::Representative]);
/// Consumers alone.
pub(super) const CONSUMERS: Subjects = Subjects::of(&[SubjectKind::Natural]);
/// Who acts in trade, in their own name or for an organisation.
pub(super) const TRADE: Subjects = Subjects::of(&[SubjectKind::SoleTrader, SubjectKind::Representative]);
