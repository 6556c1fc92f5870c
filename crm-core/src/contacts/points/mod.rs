//! Contact points: the e-mail addresses, phone numbers, postal addresses and profiles of a contact.

mod address;
mod email;
mod phone;
mod profile;

pub use address::PostalAddress;
pub use email::Email;
pub use phone::Phone;
pub use profile::Profile;

use crate::error::{CrmError, Result};
use crate::ground::text::{TextForm, normalise};
use crate::record::select::select;

select! {
    /// What an e-mail address is for.
    pub enum EmailKind {
        /// At work.
        #[default]
        Work = "work",
        /// At home.
        Home = "home",
        /// Any other use.
        Other = "other",
    }

    /// What a phone number is for.
    pub enum PhoneUse {
        /// At work.
        #[default]
        Work = "work",
        /// A mobile phone.
        Mobile = "mobile",
        /// At home.
        Home = "home",
        /// A fax machine.
        Fax = "fax",
        /// Any other use.
        Other = "other",
    }

    /// What a postal address is for.
    pub enum AddressKind {
        /// Where the contact works or has its seat.
        #[default]
        Work = "work",
        /// Where a person lives.
        Home = "home",
        /// Where invoices go.
        Billing = "billing",
        /// Where goods go.
        Shipping = "shipping",
        /// Any other use.
        Other = "other",
    }

    /// Where a profile is.
    pub enum ProfileKind {
        /// A web site.
        #[default]
        Website = "website",
        /// LinkedIn.
        Linkedin = "linkedin": "LinkedIn",
        /// X, formerly Twitter.
        X = "x",
        /// Facebook.
        Facebook = "facebook",
        /// Instagram.
        Instagram = "instagram",
        /// Mastodon or another server of the fediverse.
        Mastodon = "mastodon",
        /// GitHub.
        Github = "github": "GitHub",
        /// An instant messenger.
        Messenger = "messenger",
        /// Any other place.
        Other = "other",
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// Leaves exactly one part marked as primary: the first that was, or the first of all.
fn one_primary<P>(list: &mut [P], mark: impl Fn(&mut P) -> &mut bool) {
    let chosen = list.iter_mut().position(|part| *mark(part)).unwrap_or(0);
    for (position, part) in list.iter_mut().enumerate() {
        *mark(part) = position == chosen;
    }
}

/// Refuses a list that holds the same value twice.
fn none_twice<P>(list: &[P], member: &str, value: impl Fn(&P) -> String) -> Result<()> {
    if list.len() < 2 {
        return Ok(());
    }
    let mut seen = std::collections::HashSet::new();
    match list.iter().position(|part| !seen.insert(value(part))) {
        None => Ok(()),
        Some(position) => {
            Err(CrmError::invalid("parts.twice", "is in the list twice").at(format!("[{position}].{member}")))
        }
    }
}

fn line(text: &mut String, member: &'static str, form: TextForm, most: usize) -> Result<()> {
    let normal = normalise(text, form, most).map_err(|error| error.within(member))?;
    *text = normal.into_owned();
    Ok(())
}
