//! Lists, counts and groups: what every record type can be asked.

use super::columns::read_record;
use super::data::RecordData;
use super::descriptor::FieldKind;
use super::door::Reader;
use super::filter::{Filter, FilterContext, field};
use super::query::{Cursor, GroupPlan, GroupQuery, Groups, ListPlan, Query, count};
use super::schema::RecordType;
use crate::error::{CrmError, Result};
use crate::ground::email::EmailAddress;
use crate::ground::ids::RecordId;
use crate::ground::phone::PhoneNumber;
use crate::ground::url;
use crate::storage::query_one;

/// Makes the context in which filters and queries of a reader are compiled, and gives what the closure gives.
pub(crate) fn with_context<T>(
    reader: &Reader<'_>,
    work: impl FnOnce(&FilterContext<'_>) -> Result<T>,
) -> Result<T> {
    let (mut work, mut outcome) = (Some(work), None);
    in_context(reader, &mut |context| outcome = work.take().map(|work| work(context)));
    outcome.ok_or_else(|| CrmError::internal("a query was not compiled"))?
}

/// One copy of this for all that is done in a context.
fn in_context(reader: &Reader<'_>, work: &mut dyn FnMut(&FilterContext<'_>)) {
    let config = &reader.engine.config;
    let country = Some(config.default_country);
    let access = |record_type: &RecordType| reader.engine.access.predicate(reader.viewer, record_type);
    let table = |record_type: &RecordType| reader.table(record_type);
    let normalise = |kind: &FieldKind, text: &str| match kind {
        FieldKind::Email => EmailAddress::parse(text).ok().map(|email| email.address),
        FieldKind::Phone => PhoneNumber::parse(text, country).ok().map(|phone| phone.e164),
        FieldKind::Url => url::normalise(text).ok(),
        _ => None,
    };
    let user = reader.viewer.user;
    let mut context = FilterContext::new(&reader.schema, reader.connection.dialect(), reader.now());
    context.zone = config.default_zone;
    context.me = (!user.is_nil()).then_some(user);
    context.teams = &reader.viewer.teams;
    context.default_country = country;
    context.access = &access;
    context.table = &table;
    context.value_table = reader.value_table();
    context.normalise = &normalise;
    work(&context);
}

/// A page of a list, and where it goes on. `give` makes of each record what the caller wants, at once, while its
/// values are at hand.
pub(crate) fn page<T>(
    reader: &Reader<'_>,
    record_type: &RecordType,
    query: &Query,
    give: impl Fn(RecordData) -> Result<T>,
) -> Result<(Vec<T>, Option<Cursor>)> {
    // Records are large, and to let a list of them grow is to move them.
    let mut records = Vec::with_capacity(query.limit.min(USUAL_PAGE) as usize);
    let next = each_of_page(reader, record_type, query, &mut |data| {
        records.push(give(data)?);
        Ok(())
    })?;
    Ok((records, next))
}

fn each_of_page(
    reader: &Reader<'_>,
    record_type: &RecordType,
    query: &Query,
    take: &mut dyn FnMut(RecordData) -> Result<()>,
) -> Result<Option<Cursor>> {
    with_context(reader, |context| {
        let plan = ListPlan::compile(query, record_type, context)?;
        let page = plan.run(reader.connection, &mut |row| take(read_record(record_type, row)?))?;
        Ok(page.next)
    })
}

/// How many records most pages have at most.
const USUAL_PAGE: u32 = 64;

/// How many records pass a filter.
pub(crate) fn count_of(reader: &Reader<'_>, record_type: &RecordType, filter: &Filter) -> Result<u64> {
    with_context(reader, |context| {
        let statement = count(filter, record_type, context)?;
        let number = query_one(reader.connection, &statement.sql, &statement.params(), |row| row.integer(0))?;
        u64::try_from(number.flatten().unwrap_or_default())
            .map_err(|_| CrmError::internal("a count is negative"))
    })
}

/// Groups of records with their measures.
pub(crate) fn groups(reader: &Reader<'_>, record_type: &RecordType, query: &GroupQuery) -> Result<Groups> {
    with_context(reader, |context| GroupPlan::compile(query, record_type, context)?.run(reader.connection))
}

/// A record by its identifier, if it meets a condition.
pub(crate) fn by_id(
    reader: &Reader<'_>,
    record_type: &RecordType,
    id: RecordId,
    condition: Filter,
) -> Result<Option<RecordData>> {
    let query = Query::new().filter(field("id").equals(id)).filter(condition).limit(1);
    Ok(page(reader, record_type, &query, Ok)?.0.pop())
}
