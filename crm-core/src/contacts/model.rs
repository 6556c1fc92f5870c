//! The records of contacts.

use super::ids::{AffiliationId, HouseholdId, OrganisationId, PersonId, RelationshipId, RelationshipTypeId};
use super::points::{Email, Phone, PostalAddress, Profile};
use super::rules::{
    AffiliationRules, OrganisationRules, PersonRules, RelationshipRules, RelationshipTypeRules,
};
use crate::ground::money::Money;
use crate::ground::time::Date;
use crate::record::select::select;
use crate::record::{Meta, Record, Reference};

select! {
    /// Which sort of contact stands at one end of a relationship.
    pub enum ContactKind {
        /// People and organisations.
        #[default]
        Any = "any",
        /// People only.
        Person = "person",
        /// Organisations only.
        Organisation = "organisation",
    }
}

/// A natural person.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "person", plural = "people", id = PersonId, owned, rules = PersonRules, sort_key("family_name", "given_name", "middle_name"))]
pub struct Person {
    /// What every record has.
    pub meta: Meta,
    /// The form of address, for example `Dr.` or `Ms`.
    #[field(personal = identity, max = 60)]
    pub salutation: Option<String>,
    /// The given name.
    #[field(personal = identity, search = title, max = 150)]
    pub given_name: Option<String>,
    /// The middle names.
    #[field(personal = identity, search = title, max = 150)]
    pub middle_name: Option<String>,
    /// The family name. A person has this or a given name.
    #[field(personal = identity, search = title, max = 150)]
    pub family_name: Option<String>,
    /// What follows the name, for example `PhD` or `Jr.`.
    #[field(personal = identity, max = 60)]
    pub name_suffix: Option<String>,
    /// Other names by which the person is known.
    #[field(personal = identity, search = detail, max = 150)]
    pub nickname: Option<String>,
    /// The organisation that the person mainly works for.
    #[field(on_delete = clear)]
    pub organisation: Option<OrganisationId>,
    /// What the person does there.
    #[field(personal = professional, search = detail, max = 200)]
    pub job_title: Option<String>,
    /// The department there.
    #[field(personal = professional, max = 200)]
    pub department: Option<String>,
    /// The household that the person lives in.
    #[field(on_delete = clear)]
    pub household: Option<HouseholdId>,
    /// The e-mail addresses.
    #[field(personal = contact, search = detail, max = 50)]
    pub emails: Vec<Email>,
    /// The phone numbers.
    #[field(personal = contact, search = detail, max = 50)]
    pub phones: Vec<Phone>,
    /// The postal addresses.
    #[field(personal = contact, search = detail, max = 50)]
    pub addresses: Vec<PostalAddress>,
    /// Web sites and profiles.
    #[field(personal = contact, search = detail, max = 50)]
    pub profiles: Vec<Profile>,
    /// The date of birth.
    #[field(personal = demographic)]
    pub birth_date: Option<Date>,
    /// The language to write in, a BCP 47 tag such as `de` or `pt-BR`.
    #[field(max = 35)]
    pub language: Option<String>,
    /// Free tags.
    #[field(search = detail)]
    pub tags: Vec<String>,
    /// Where the contact came from, for example `Trade fair 2026`.
    #[field(max = 150)]
    pub source: Option<String>,
    /// Free notes.
    #[field(personal = communication, long, search = body)]
    pub description: Option<String>,
    /// The vCard properties that the fields above have no place for, so that an export gives them back.
    #[field(personal)]
    pub vcard_extras: Option<serde_json::Value>,
}

/// A company, an authority, a club: whatever is no natural person.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "organisation", plural = "organisations", id = OrganisationId, owned, rules = OrganisationRules, sort_key("name"))]
pub struct Organisation {
    /// What every record has.
    pub meta: Meta,
    /// The name that it is known by.
    #[field(search = title, max = 255)]
    pub name: String,
    /// The registered name with its legal form.
    #[field(search = title, max = 255)]
    pub legal_name: Option<String>,
    /// The organisation that it belongs to.
    #[field(on_delete = restrict)]
    pub parent: Option<OrganisationId>,
    /// What it does.
    #[field(max = 150, search = detail)]
    pub industry: Option<String>,
    /// Its web site.
    #[field(url, search = detail)]
    pub website: Option<String>,
    /// The e-mail addresses.
    #[field(search = detail, max = 50)]
    pub emails: Vec<Email>,
    /// The phone numbers.
    #[field(search = detail, max = 50)]
    pub phones: Vec<Phone>,
    /// The postal addresses.
    #[field(search = detail, max = 50)]
    pub addresses: Vec<PostalAddress>,
    /// Web sites and profiles.
    #[field(search = detail, max = 50)]
    pub profiles: Vec<Profile>,
    /// How many people work there.
    #[field(range(0, 100_000_000))]
    pub employees: Option<i64>,
    /// What it takes in a year.
    pub annual_revenue: Option<Money>,
    /// The value added tax identifier.
    #[field(max = 40, search = detail)]
    pub vat_number: Option<String>,
    /// Free tags.
    #[field(search = detail)]
    pub tags: Vec<String>,
    /// Where the contact came from.
    #[field(max = 150)]
    pub source: Option<String>,
    /// Free notes.
    #[field(long, search = body)]
    pub description: Option<String>,
    /// The vCard properties that the fields above have no place for.
    pub vcard_extras: Option<serde_json::Value>,
}

/// That a person works, or worked, in an organisation besides the main one.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "affiliation", plural = "affiliations", id = AffiliationId, rules = AffiliationRules, subject = "person")]
pub struct Affiliation {
    /// What every record has.
    pub meta: Meta,
    /// The person.
    #[field(on_delete = cascade)]
    pub person: PersonId,
    /// The organisation.
    #[field(on_delete = cascade)]
    pub organisation: OrganisationId,
    /// What the person does there.
    #[field(personal = professional, max = 200)]
    pub role: Option<String>,
    /// The first day.
    #[field(personal = professional)]
    pub start_date: Option<Date>,
    /// The last day; empty while it lasts.
    #[field(personal = professional)]
    pub end_date: Option<Date>,
}

/// People who live together and are addressed together.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "household", plural = "households", id = HouseholdId, owned, sort_key("name"))]
pub struct Household {
    /// What every record has.
    pub meta: Meta,
    /// The name, for example `Shaw Household`.
    #[field(personal = identity, search = title, max = 255)]
    pub name: String,
    /// The postal addresses.
    #[field(personal = contact, search = detail, max = 20)]
    pub addresses: Vec<PostalAddress>,
    /// Free notes.
    #[field(personal = communication, long, search = body)]
    pub description: Option<String>,
}

/// A kind of relationship, named from both ends: `is manager of`, `reports to`.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "relationship_type", plural = "relationship_types", id = RelationshipTypeId, rules = RelationshipTypeRules, sort_key("name"))]
pub struct RelationshipType {
    /// What every record has.
    pub meta: Meta,
    /// What the first is to the second.
    #[field(unique, search = title, max = 100)]
    pub name: String,
    /// What the second is to the first. A symmetric kind has its name here, too; it may be left out then.
    #[field(max = 100)]
    pub inverse_name: String,
    /// Whether both ends are alike, as with `spouse of`.
    pub symmetric: bool,
    /// Whether a contact may have the relationship to itself.
    pub allow_self: bool,
    /// Which contacts may stand at the first end.
    #[field(default = ContactKind::Any)]
    pub first_kind: ContactKind,
    /// Which contacts may stand at the second end.
    #[field(default = ContactKind::Any)]
    pub second_kind: ContactKind,
}

/// A relationship between two contacts.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "relationship", plural = "relationships", id = RelationshipId, rules = RelationshipRules, index("first", "second"))]
pub struct Relationship {
    /// What every record has.
    pub meta: Meta,
    /// The kind.
    #[field(on_delete = restrict)]
    pub kind: RelationshipTypeId,
    /// The first end: a person or an organisation.
    #[field(required, on_delete = cascade)]
    pub first: Option<Reference>,
    /// The second end: a person or an organisation.
    #[field(required, on_delete = cascade)]
    pub second: Option<Reference>,
    /// The first day.
    #[field(personal = demographic)]
    pub start_date: Option<Date>,
    /// The last day; empty while it lasts.
    #[field(personal = demographic)]
    pub end_date: Option<Date>,
    /// Free notes.
    #[field(personal = communication, long, search = body)]
    pub description: Option<String>,
}
