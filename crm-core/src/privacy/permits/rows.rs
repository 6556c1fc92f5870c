//! Rows as facts.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use crate::contacts::{Email, Phone, PhoneUse, PostalAddress, Profile};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::country::CountryCode;
use crate::ground::email::comparison_form;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::ground::zone::Zone;
use crate::privacy::address::ContactAddress;
use crate::privacy::consent::ConsentState;
use crate::privacy::kinds::{
    AddressType, AssessmentOutcome, BasisStatus, ContactChannel, IndicationMethod, LegalBasis,
};
use crate::privacy::permit::{
    Age, BasisFact, ConsentFact, ObjectionFact, RelationshipFact, SignalFact, SignalKind, SubjectFacts,
    SuppressionFact,
};
use crate::privacy::regimes::Place;
use crate::privacy::regimes::zones::zones_of;
use crate::privacy::suppression::Suppression;
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

/// A person by [`SUBJECT`](super::statements::SUBJECT).
pub(super) fn subject(row: &dyn Row, id: RecordId) -> Result<SubjectFacts<'static>> {
    let residence = match Place::from_residence(row.text(2)?, row.text(3)?)? {
        Some(place) => Some(place),
        // A person is taken to live where the addresses and telephone numbers say.
        None => home(&parts(row, 8)?).or_else(|| line(&parts(row, 9).unwrap_or_default())),
    };
    let zones = match row.text(4)? {
        Some(name) => name.parse::<Zone>().into_iter().collect(),
        None => residence.map(zones).unwrap_or_default(),
    };
    let age = match (row.date(0)?, option(row, 5)?) {
        (Some(born), _) => Age::Born(born),
        (None, Some(band)) => Age::Band(band),
        (None, None) => Age::Unknown,
    };
    Ok(SubjectFacts {
        id,
        kind: option(row, 1)?.unwrap_or_default(),
        residence,
        zones,
        age,
        deceased: !row.is_null(6)?,
        erased: row.is_null(10)?,
        restricted_since: row.timestamp(7)?,
        ..SubjectFacts::default()
    })
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
    let country = crate::ground::phone::PhoneNumber::parse(number, None).ok()?.country?;
    Some(country.into())
}

/// The zones of a place.
pub(super) fn zones(place: Place) -> Vec<Zone> {
    zones_of(place).iter().filter_map(|name| name.parse().ok()).collect()
}

/// The address of a person that a channel uses first, by [`ADDRESSES`](super::statements::ADDRESSES), and where it lies
/// by itself. What is known not to work is passed over.
pub(super) fn address(
    row: &dyn Row,
    channel: ContactChannel,
    country: CountryCode,
) -> Result<Option<(ContactAddress, Option<Place>)>> {
    Ok(match channel.address_type() {
        AddressType::Email => {
            best(parts::<Email>(row, 0)?, |email| (email.invalid, !email.primary)).map(|email| {
                (ContactAddress::normalised(AddressType::Email, comparison_form(&email.address)), None)
            })
        }
        AddressType::Phone => {
            let of_use = |phone: &Phone| match channel {
                ContactChannel::Fax => phone.kind != PhoneUse::Fax,
                channel if channel.is_text_message() => phone.kind != PhoneUse::Mobile,
                _ => phone.kind == PhoneUse::Fax,
            };
            best(parts::<Phone>(row, 1)?, |phone| (phone.invalid, (of_use(phone), !phone.primary))).map(
                |phone| {
                    let place = place_of_number(&phone.number);
                    (ContactAddress::normalised(AddressType::Phone, phone.number), place)
                },
            )
        }
        AddressType::Postal => {
            best(parts::<PostalAddress>(row, 2)?, |address| (address.invalid, !address.primary)).and_then(
                |found| {
                    let lines = found.lines(found.country_code().unwrap_or(country)).join("\n");
                    let address = ContactAddress::parse(AddressType::Postal, &lines, None).ok()?;
                    Some((address, place_of(&found)))
                },
            )
        }
        AddressType::Profile => best(parts::<Profile>(row, 3)?, |profile| (false, !profile.primary))
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

/// An objection by [`OBJECTIONS`](super::statements::OBJECTIONS).
pub(super) fn objection(row: &dyn Row) -> Result<ObjectionFact<'static>> {
    Ok(ObjectionFact {
        id: row.id(0)?.unwrap_or_default(),
        purpose: owned(row, 1)?.unwrap_or_default(),
        channel: option(row, 2)?,
        outcome: option(row, 3)?.unwrap_or_default(),
    })
}

/// An event by [`RELATIONSHIP`](super::statements::RELATIONSHIP).
pub(super) fn relationship(row: &dyn Row) -> Result<RelationshipFact<'static>> {
    Ok(RelationshipFact {
        id: row.id(0)?.unwrap_or_default(),
        kind: option(row, 1)?.unwrap_or_default(),
        at: row.timestamp(2)?.unwrap_or_default(),
        brand: owned(row, 3)?,
        same_controller: true,
        own_similar_goods: row.boolean(4)?,
        opt_out_offered: row.boolean(5)?,
    })
}

/// A basis by [`BASES_OF_PERSON`](super::statements::BASES_OF_PERSON); nothing for one that is suspended or ended.
pub(super) fn basis(row: &dyn Row, at: Timestamp) -> Result<Option<BasisFact<'static>>> {
    let status: BasisStatus = option(row, 7)?.unwrap_or_default();
    let Some(basis) = option::<LegalBasis>(row, 2)?.filter(|_| status == BasisStatus::Active) else {
        return Ok(None);
    };
    let outcome: Option<AssessmentOutcome> = option(row, 8)?;
    let overdue = row.timestamp(9)?.is_some_and(|review| review <= at);
    Ok(Some(BasisFact {
        id: row.id(0)?.unwrap_or_default(),
        purpose: owned(row, 1)?.unwrap_or_default(),
        basis,
        special_category: option(row, 3)?,
        assessed: outcome == Some(AssessmentOutcome::Outweighs) && !overdue,
        informed: row.timestamp(4)?.is_some_and(|informed| informed <= at),
        // Objections are facts of their own.
        objected: false,
        from: row.timestamp(5)?,
        until: row.timestamp(6)?,
    }))
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

/// The signal that a refusal of sale or sharing is.
pub(super) fn signal(state: &ConsentState, sale: &[&str]) -> Option<SignalFact> {
    let refused = state.status.is_refusal() && sale.contains(&state.purpose.as_str());
    refused.then(|| SignalFact {
        id: state.event.into(),
        kind: match state.method {
            IndicationMethod::BrowserSignal => SignalKind::GlobalPrivacyControl,
            _ => SignalKind::SaleOptOut,
        },
        at: state.since,
    })
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
