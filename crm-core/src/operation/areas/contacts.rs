//! Operations on people, organisations, households and their relationships.

use crate::contacts::{
    HierarchyEntry, HouseholdId, HouseholdMember, MemberPage, Membership, OrganisationId, PersonCard,
    PersonId, RelatedPage, Suggestion, TagChange, TagCount,
};
use crate::ground::time::Date;
use crate::operation::declare::operations;
use crate::record::Reference;
use crate::record::query::{Cursor, DEFAULT_LIMIT};

operations! {
    /// Reads what fits on a card: name, organisation, the e-mail address and the phone number to use.
    query "person.card" (context, input {
        /// The person.
        id: PersonId,
    }) -> PersonCard ["record.not_found"] {
        context.people().card(input.id)
    }

    /// Finds people by an e-mail address, in whatever case it is written.
    query "person.find_by_email" (context, input {
        /// The address.
        address: String,
    }) -> Vec<PersonId> ["email.*", "field.redacted"] {
        context.people().find_by_email(&input.address)
    }

    /// Finds people by a phone number, in any spelling.
    query "person.find_by_phone" (context, input {
        /// The number.
        number: String,
    }) -> Vec<PersonId> ["phone.*", "field.redacted"] {
        context.people().find_by_phone(&input.number)
    }

    /// Suggests people whose sort name (family, given, middle name) begins like this, each with the organisation: for fields
    /// that complete what is typed.
    query "person.suggest" (context, input {
        /// What was typed.
        prefix: String,
        /// How many at most, up to 50.
        limit: u32 = 20,
    }) -> Vec<Suggestion<PersonId>> ["search.too_long", "search.limit", "field.redacted"] {
        context.people().suggest(&input.prefix, input.limit)
    }

    /// Lists the organisations of a person: the one that the person mainly works for, and those with an affiliation.
    query "person.organisations" (context, input {
        /// The person.
        id: PersonId,
        /// Only affiliations that last on this day.
        on: Option<Date>,
    }) -> Vec<Membership> ["record.not_found", "field.redacted"] {
        context.people().organisations(input.id, input.on)
    }

    /// Finds organisations by an e-mail address.
    query "organisation.find_by_email" (context, input {
        /// The address.
        address: String,
    }) -> Vec<OrganisationId> ["email.*", "field.redacted"] {
        context.organisations().find_by_email(&input.address)
    }

    /// Finds organisations by a phone number, in any spelling.
    query "organisation.find_by_phone" (context, input {
        /// The number.
        number: String,
    }) -> Vec<OrganisationId> ["phone.*", "field.redacted"] {
        context.organisations().find_by_phone(&input.number)
    }

    /// Suggests organisations whose name begins like this.
    query "organisation.suggest" (context, input {
        /// What was typed.
        prefix: String,
        /// How many at most, up to 50.
        limit: u32 = 20,
    }) -> Vec<Suggestion<OrganisationId>> ["search.too_long", "search.limit", "field.redacted"] {
        context.organisations().suggest(&input.prefix, input.limit)
    }

    /// Lists the organisations above one, the nearest first.
    query "organisation.ancestors" (context, input {
        /// The organisation.
        id: OrganisationId,
    }) -> Vec<HierarchyEntry> ["record.not_found", "field.redacted"] {
        context.organisations().ancestors(input.id)
    }

    /// Lists the organisations below one, level by level.
    query "organisation.descendants" (context, input {
        /// The organisation.
        id: OrganisationId,
        /// How many levels.
        levels: u32 = 32,
    }) -> Vec<HierarchyEntry> ["record.not_found", "query.limit", "field.redacted"] {
        context.organisations().descendants(input.id, input.levels)
    }

    /// Lists the people of an organisation: those who mainly work there, then those with an affiliation.
    query "organisation.people" (context, input {
        /// The organisation.
        id: OrganisationId,
        /// Only affiliations that last on this day.
        on: Option<Date>,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
        /// Where to go on.
        cursor: Option<Cursor>,
    }) -> MemberPage ["record.not_found", "query.limit", "query.cursor", "field.redacted"] {
        context.organisations().people(input.id, input.on, input.cursor.as_ref(), input.limit)
    }

    /// Lists the people of a household.
    query "household.members" (context, input {
        /// The household.
        id: HouseholdId,
    }) -> Vec<HouseholdMember> ["record.not_found"] {
        context.households().members(input.id)
    }

    /// Lists the relationships of a person or an organisation, told from its end.
    query "relationship.of" (context, input {
        /// The contact, such as `person:0192…`.
        contact: Reference,
        /// Only those that last on this day.
        on: Option<Date>,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
        /// Where to go on.
        cursor: Option<Cursor>,
    }) -> RelatedPage ["record.not_found", "type.unknown", "query.limit", "query.cursor", "field.redacted"] {
        context.relationships().of(&input.contact, input.on, input.cursor.as_ref(), input.limit)
    }

    /// Lists the tags in use among the records of a type, with how many records have each.
    query "tag.list" (context, input {
        /// The record type, such as `person`.
        record_type: String,
        /// The tag after which the list goes on.
        after: Option<String>,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
    }) -> Vec<TagCount> ["type.unknown", "field.unknown", "query.limit", "field.redacted"] {
        context.records(&input.record_type).tags(input.after.as_deref(), input.limit)
    }

    /// Renames a tag on all records of a type. Where a record has the new tag already, the two become one.
    command "tag.rename" (context, input {
        /// The record type, such as `person`.
        record_type: String,
        /// The tag.
        tag: String,
        /// Its new name.
        to: String,
    }) -> TagChange ["type.unknown", "field.unknown", "tag.empty", "text.*"] {
        context.records(&input.record_type).rename_tag(&input.tag, &input.to)
    }

    /// Takes a tag off all records of a type.
    command "tag.remove" (context, input {
        /// The record type, such as `person`.
        record_type: String,
        /// The tag.
        tag: String,
    }) -> TagChange ["type.unknown", "field.unknown"] {
        context.records(&input.record_type).remove_tag(&input.tag)
    }
}
