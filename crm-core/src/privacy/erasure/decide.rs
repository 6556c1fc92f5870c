//! What becomes of one record when a person is erased: facts in, decision out.

use super::kinds::HoldGround;
use crate::ground::time::Date;
use crate::record::OnErasure;

/// Why a record stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kept {
    /// On which ground.
    pub(crate) ground: HoldGround,
    /// Until when, the day included; `None` when no end is known.
    pub(crate) until: Option<Date>,
    /// The statute, or nothing for a hold.
    pub(crate) source: Option<String>,
}

/// What becomes of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// It is destroyed.
    Erase,
    /// It stays without the link and without its personal values.
    Anonymise,
    /// It stays, and its personal values too, because they are somebody else's; only the link goes.
    Unlink,
    /// It stays as it is, for a while.
    Keep(Kept),
}

/// What is known of a record that links to the person, or to a record that goes with the person.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// Whether an ordinary deletion of what it links to would delete it, too.
    pub(crate) cascades: bool,
    /// Whether the personal values in it are the person's.
    pub(crate) belongs: bool,
    /// What its type declares.
    pub(crate) declared: Option<OnErasure>,
    /// What keeps it.
    pub(crate) kept: Option<Kept>,
}

/// Decides. What keeps a record goes before everything; then what its type declares, for records of the person; then the
/// link, as in an ordinary deletion.
pub(crate) fn decide(facts: Facts) -> Action {
    if let Some(kept) = facts.kept {
        return Action::Keep(kept);
    }
    match (facts.belongs, facts.declared, facts.cascades) {
        (true, Some(OnErasure::Erase), _) => Action::Erase,
        (true, Some(OnErasure::Anonymise), _) => Action::Anonymise,
        (_, _, true) => Action::Erase,
        (true, None, false) => Action::Anonymise,
        (false, _, false) => Action::Unlink,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_kept_erased_anonymised_or_let_go() {
        let kept = Kept { ground: HoldGround::LegalClaims, until: None, source: None };
        let erase = Some(OnErasure::Erase);
        let anonymise = Some(OnErasure::Anonymise);
        for (cascades, belongs, declared, held, expected) in [
            (true, true, None, false, Action::Erase),
            (true, false, None, false, Action::Erase),
            (false, true, None, false, Action::Anonymise),
            (false, false, None, false, Action::Unlink),
            (true, true, anonymise, false, Action::Anonymise),
            (true, false, anonymise, false, Action::Erase),
            (false, true, erase, false, Action::Erase),
            (false, false, erase, false, Action::Unlink),
            (true, true, erase, true, Action::Keep(kept.clone())),
        ] {
            let facts = Facts { cascades, belongs, declared, kept: held.then(|| kept.clone()) };
            assert_eq!(decide(facts.clone()), expected, "{facts:?}");
        }
    }
}
