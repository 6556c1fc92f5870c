//! Rows as facts.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::contacts::{Email, Phone, PhoneUse, PostalAddress, Profile};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::country::CountryCode;
use crate::ground::email::comparison_form;
use crate::ground::phone::country_of;
use crate::ground::time::Timestamp;
use crate::ground::zone::Zone;
use crate::privacy::address::ContactAddress;
use crate::privacy::consent::ConsentState;
use crate::privacy::kinds::{
    AddressType, AssessmentOutcome, BasisStatus, ContactChannel, IndicationMethod, LegalBasis, PurposeClass,
};
use crate::privacy::permit::{
    Age, BasisFact, ConsentFact, ObjectionFact, RelationshipFact, SignalFact, SignalKind, SubjectFacts,
    SuppressionFact,
};
use crate::privacy::purposes::{BUILT_IN, BuiltIn};
use crate::privacy::regimes::Place;
use crate::privacy::regimes::zones::zones_of;
use crate::privacy::suppression::Suppression;
use crate::record::Meta;
use crate::record::derived::items;
use crate::record::select::{self, Select};
use crate::storage::Row;

/// The option of a select column.
fn option<S: Select>(row: &dyn Row, column: usize) -> Result<Option<S>> {
    row.text(column)?.map(select::parse).transpose()
}

/// A text of its own.
fn owned(row: &dyn Row, column: usize) -> Result<Option<Cow<'static, str>>> {
    Ok(row.text(column)?.map(|text| Cow::Owned(text.to_owned())))
}

/// The parts of a JSON column.
fn parts<T: DeserializeOwned>(row: &dyn Row, column: usize) -> Result<Vec<T>> {
    let damaged =
        |_| CrmError::new(ErrorKind::Corrupt, "storage.value", "the database holds a list of another type");
    row.json(column)?.map_or(Ok(Vec::new()), |text| serde_json::from_str(text).map_err(damaged))
}

/// An address with the place where it lies by itself.
pub(super) type Located = (ContactAddress, Option<Place>);

/// A person who may be contacted.
pub(super) struct Contact {
    /// The number of the row.
    pub(super) row: i64,
    /// What the row says of the person; what was noted besides is read by other statements.
    pub(super) subject: SubjectFacts<'static>,
    /// The address to use first for the channel that was asked about.
    pub(super) address: Option<Located>,
}

/// Whose state or mark is in a row of [`PERSON`](super::statements::PERSON): the person's, or nobody's.
pub(super) const HOLDER: usize = 7;

/// A person by [`PERSON`](super::statements::PERSON), with the address for a channel if one is named.
pub(super) fn contact(
    row: &dyn Row,
    channel: Option<ContactChannel>,
    country: CountryCode,
) -> Result<Contact> {
    let address = match channel {
        Some(channel) => address(row, channel, country)?,
        None => None,
    };
    // A person is taken to live where the addresses and telephone numbers say.
    let residence = home(&parts(row, 5)?).or_else(|| line(&parts(row, 4).unwrap_or_default()));
    let subject = SubjectFacts {
        id: row.id(0)?.unwrap_or_default(),
        residence,
        zones: residence.map(zones).unwrap_or_default(),
        age: row.date(2)?.map_or(Age::Unknown, Age::Born),
        ..SubjectFacts::default()
    };
    Ok(Contact { row: row.integer(1)?.unwrap_or_default(), subject, address })
}

/// Adds what is noted of a person as a data subject, by [`SUBJECT`](super::statements::SUBJECT). What is noted goes
/// before what addresses and telephone numbers say.
pub(super) fn note_subject(row: &dyn Row, subject: &mut SubjectFacts<'static>) -> Result<()> {
    subject.kind = option(row, 0)?.unwrap_or_default();
    if let Some(place) = Place::from_residence(row.text(1)?, row.text(2)?)? {
        subject.residence = Some(place);
        subject.zones = zones(place);
    }
    if let Some(name) = row.text(3)? {
        subject.zones = name.parse::<Zone>().into_iter().collect();
    }
    if subject.age == Age::Unknown {
        subject.age = option(row, 4)?.map_or(Age::Unknown, Age::Band);
    }
    subject.deceased = !row.is_null(5)?;
    subject.restricted_since = row.timestamp(6)?;
    Ok(())
}

/// Where the addresses say that somebody lives: the primary one first.
fn home(addresses: &[PostalAddress]) -> Option<Place> {
    let found = addresses.iter().find(|address| address.primary).or_else(|| addresses.first())?;
    place_of(found)
}

/// Where a postal address lies. The region counts where it is a code, as is usual in North America and Australia.
fn place_of(address: &PostalAddress) -> Option<Place> {
    let country = address.country_code()?;
    let region = address.region.trim();
    let coded = (2..=3).contains(&region.len()) && region.bytes().all(|byte| byte.is_ascii_uppercase());
    if coded && matches!(country.code(), "US" | "CA" | "AU") {
        return format!("{}-{region}", country.code()).parse().ok();
    }
    Some(country.into())
}

/// Where the telephone numbers say that somebody lives.
fn line(phones: &[Phone]) -> Option<Place> {
    let found = phones.iter().find(|phone| phone.primary).or_else(|| phones.first())?;
    place_of_number(&found.number)
}

/// Where a telephone number belongs: the state or province by its area code, else the country.
pub(super) fn place_of_number(number: &str) -> Option<Place> {
    if number.starts_with("+1") {
        return Place::of_north_american(number);
    }
    country_of(number).map(Place::from)
}

/// The zones of a place.
pub(super) fn zones(place: Place) -> Vec<Zone> {
    zones_of(place).iter().filter_map(|name| name.parse().ok()).collect()
}

/// The address of a person that a channel uses first. What is known not to work is passed over.
fn address(row: &dyn Row, channel: ContactChannel, country: CountryCode) -> Result<Option<Located>> {
    Ok(match channel.address_type() {
        AddressType::Email => {
            best(parts::<Email>(row, 3)?, |email| (email.invalid, !email.primary)).map(|email| {
                (ContactAddress::normalised(AddressType::Email, comparison_form(&email.address)), None)
            })
        }
        AddressType::Phone => {
            let of_use = |phone: &Phone| match channel {
                ContactChannel::Fax => phone.kind != PhoneUse::Fax,
                channel if channel.is_text_message() => phone.kind != PhoneUse::Mobile,
                _ => phone.kind == PhoneUse::Fax,
            };
            best(parts::<Phone>(row, 4)?, |phone| (phone.invalid, (of_use(phone), !phone.primary))).map(
                |phone| {
                    let place = place_of_number(&phone.number);
                    (ContactAddress::normalised(AddressType::Phone, phone.number), place)
                },
            )
        }
        AddressType::Postal => {
            best(parts::<PostalAddress>(row, 5)?, |address| (address.invalid, !address.primary)).and_then(
                |found| {
                    let lines = found.lines(found.country_code().unwrap_or(country)).join("\n");
                    let address = ContactAddress::parse(AddressType::Postal, &lines, None).ok()?;
                    Some((address, place_of(&found)))
                },
            )
        }
        AddressType::Profile => best(parts::<Profile>(row, 6)?, |profile| (false, !profile.primary))
            .and_then(|found| {
                Some((ContactAddress::parse(AddressType::Profile, &found.address, None).ok()?, None))
            }),
        AddressType::None => None,
    })
}

/// The item with the least rank, unless it is known not to work.
fn best<T, R: Ord>(items: Vec<T>, rank: impl Fn(&T) -> (bool, R)) -> Option<T> {
    items.into_iter().min_by_key(&rank).filter(|item| !rank(item).0)
}

/// Adds what was noted of a person, by [`OF_PERSON`](super::statements::OF_PERSON).
pub(super) fn note(row: &dyn Row, at: Timestamp, subject: &mut SubjectFacts<'static>) -> Result<()> {
    match row.text(0)? {
        Some("basis") => subject.bases.extend(basis(row)?.map(|basis| basis.at(at))),
        Some("objection") => subject.objections.push(objection(row)?),
        _ => subject.relationship.push(relationship(row)?),
    }
    Ok(())
}

fn objection(row: &dyn Row) -> Result<ObjectionFact<'static>> {
    Ok(ObjectionFact {
        id: row.id(1)?.unwrap_or_default(),
        purpose: owned(row, 2)?.unwrap_or_default(),
        channel: option(row, 3)?,
        outcome: option(row, 4)?.unwrap_or_default(),
    })
}

fn relationship(row: &dyn Row) -> Result<RelationshipFact<'static>> {
    Ok(RelationshipFact {
        id: row.id(1)?.unwrap_or_default(),
        kind: option(row, 2)?.unwrap_or_default(),
        at: row.timestamp(7)?.unwrap_or_default(),
        brand: owned(row, 3)?,
        same_controller: true,
        own_similar_goods: row.boolean(11)?,
        opt_out_offered: row.boolean(12)?,
    })
}

/// A legal basis as it is stored: what holds of it is a matter of the time.
#[derive(Clone, Debug)]
pub(super) struct StoredBasis {
    fact: BasisFact<'static>,
    informed_at: Option<Timestamp>,
    /// When the assessment is to be looked at again.
    review_at: Option<Timestamp>,
}

impl StoredBasis {
    /// The basis at a time.
    pub(super) fn at(&self, at: Timestamp) -> BasisFact<'static> {
        let overdue = self.review_at.is_some_and(|review| review <= at);
        let mut fact = self.fact.clone();
        fact.assessed &= !overdue;
        fact.informed = self.informed_at.is_some_and(|informed| informed <= at);
        fact
    }
}

/// A basis by [`BASES_OF_ALL`](super::statements::BASES_OF_ALL); nothing for one that is suspended or ended.
pub(super) fn basis(row: &dyn Row) -> Result<Option<StoredBasis>> {
    let status: BasisStatus = option(row, 5)?.unwrap_or_default();
    let Some(basis) = option::<LegalBasis>(row, 3)?.filter(|_| status == BasisStatus::Active) else {
        return Ok(None);
    };
    let outcome: Option<AssessmentOutcome> = option(row, 6)?;
    let fact = BasisFact {
        id: row.id(1)?.unwrap_or_default(),
        purpose: owned(row, 2)?.unwrap_or_default(),
        basis,
        special_category: option(row, 4)?,
        assessed: outcome == Some(AssessmentOutcome::Outweighs),
        informed: false,
        // Objections are facts of their own.
        objected: false,
        from: row.timestamp(8)?,
        until: row.timestamp(9)?,
    };
    Ok(Some(StoredBasis { fact, informed_at: row.timestamp(7)?, review_at: row.timestamp(10)? }))
}

/// A state of the ledger. It is valid for the address that is asked about, or for none in particular.
pub(super) fn consent(state: ConsentState) -> ConsentFact<'static> {
    ConsentFact {
        id: state.event.into(),
        purpose: Cow::Owned(state.purpose),
        channel: state.channel,
        brand: state.brand.map(Cow::Owned),
        status: state.status,
        expression: state.expression,
        at: state.since,
        expires_at: state.expires_at,
        notice: state.notice.map(Into::into),
        confirmed: (state.method == IndicationMethod::DoubleOptIn).then_some(true),
        by_guardian: state.guardian.is_some(),
    }
}

/// The signal that a refusal of one of the built-in purposes is that are a sale or a sharing.
pub(super) fn signal(state: &ConsentState) -> Option<SignalFact> {
    let of_sale =
        |purpose: &BuiltIn| purpose.class == PurposeClass::SaleShare && purpose.key == state.purpose;
    let refused = state.status.is_refusal() && BUILT_IN.iter().any(of_sale);
    refused.then(|| SignalFact {
        id: state.event.into(),
        kind: match state.method {
            IndicationMethod::BrowserSignal => SignalKind::GlobalPrivacyControl,
            _ => SignalKind::SaleOptOut,
        },
        at: state.since,
    })
}

/// What was noted of an address, by [`OF_ADDRESS`](super::statements::OF_ADDRESS): a suppression as far as a permit asks,
/// or that it was contacted, which is added.
pub(super) fn of_address(row: &dyn Row, contacted: &mut Vec<Timestamp>) -> Result<Option<Suppression>> {
    let Some(id) = row.id(0)? else {
        contacted.extend(row.timestamp(6)?);
        return Ok(None);
    };
    Ok(Some(Suppression {
        meta: Meta { id, ..Meta::default() },
        scope: option(row, 1)?.unwrap_or_default(),
        scope_key: row.text(2)?.map(str::to_owned),
        channel: option(row, 3)?,
        reason: option(row, 4)?.unwrap_or_default(),
        lifted_for: items(row.json(5)?.unwrap_or("[]")),
        effective_at: row.timestamp(6)?,
        expires_at: row.timestamp(7)?,
        lifted_at: row.timestamp(8)?,
        ..Suppression::default()
    }))
}

/// A suppression that holds for what is asked.
pub(super) fn suppression(found: Suppression) -> SuppressionFact<'static> {
    SuppressionFact {
        id: found.meta.id,
        scope: found.scope,
        key: found.scope_key.map(Cow::Owned),
        channel: found.channel,
        reason: found.reason,
        from: found.effective_at.unwrap_or(Timestamp::MIN),
        until: found.expires_at,
    }
}
