//! How letters join their neighbours, of which the rules for joiners ask.

/// A mask of one joining type.
const fn mask(joining_type: unicode_joining_type::JoiningType) -> u32 {
    1 << joining_type as u32
}

/// Letters that join what is on their left.
pub const LEFT_OR_DUAL_JOINING_MASK: JoiningTypeMask = JoiningTypeMask(
    mask(unicode_joining_type::JoiningType::LeftJoining)
        | mask(unicode_joining_type::JoiningType::DualJoining),
);

/// Letters that join what is on their right.
pub const RIGHT_OR_DUAL_JOINING_MASK: JoiningTypeMask = JoiningTypeMask(
    mask(unicode_joining_type::JoiningType::RightJoining)
        | mask(unicode_joining_type::JoiningType::DualJoining),
);

/// The property `Joining_Type`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JoiningType(unicode_joining_type::JoiningType);

impl JoiningType {
    /// The mask that holds this type alone.
    #[must_use]
    pub fn to_mask(self) -> JoiningTypeMask {
        JoiningTypeMask(mask(self.0))
    }

    /// Whether the character is not seen by its neighbours.
    #[must_use]
    pub fn is_transparent(self) -> bool {
        self.0 == unicode_joining_type::JoiningType::Transparent
    }
}

/// A set of joining types.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JoiningTypeMask(u32);

impl JoiningTypeMask {
    /// Whether a type is in both.
    #[must_use]
    pub fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The joining type of a character.
#[must_use]
pub fn joining_type(c: char) -> JoiningType {
    JoiningType(unicode_joining_type::get_joining_type(c))
}
