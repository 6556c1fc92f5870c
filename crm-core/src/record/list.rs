//! Lists, counts and groups: what every record type can be asked.

use std::cell::RefCell;

use super::columns::read_record;
use super::data::RecordData;
use super::descriptor::FieldKind;
use super::door::{Door, Reader};
use super::filter::compile::Selection;
use super::filter::context::Bind;
use super::filter::{Filter, FilterContext, OwnedParam, field};
use super::query::{Cursor, GroupPlan, GroupQuery, Groups, ListPlan, Query, count};
use super::records::Page;
use super::schema::{Field, RecordType};
use crate::error::{CrmError, Result};
use crate::ground::email::EmailAddress;
use crate::ground::ids::RecordId;
use crate::ground::phone::PhoneNumber;
use crate::ground::url;
use crate::privacy::reading::{Logged, small_groups};
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
    let check_field = |record_type: &RecordType, field: &Field| reader.check_field(record_type, field);
    let guard = |record_type: &RecordType, alias: &str, bind: &mut Bind<'_>| {
        reader.guard_condition(record_type, alias, bind)
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
    // What may be read without exception costs no question.
    if !reader.scope.is_open() {
        context.check_field = &check_field;
        context.guard = &guard;
    }
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
        let page = plan.run(reader.connection, &mut |row| {
            let mut data = read_record(record_type, row)?;
            reader.redact(record_type, &mut data)?;
            take(data)
        })?;
        Ok(page.next)
    })
}

/// The identifiers of the records of a page, and where it goes on. Nothing else is read of the records.
pub(crate) fn identifiers(
    reader: &Reader<'_>,
    record_type: &RecordType,
    query: &Query,
) -> Result<(Vec<RecordId>, Option<Cursor>)> {
    let mut found = Vec::with_capacity(query.limit as usize);
    let next = with_context(reader, |context| {
        let plan = ListPlan::compile(query, record_type, context)?;
        // Behind the number of the row come the columns of the fields, the identifier first.
        let page = plan.run(reader.connection, &mut |row| {
            found.push(row.id(1)?.unwrap_or_default());
            Ok(())
        })?;
        Ok(page.next)
    })?;
    Ok((found, next))
}

/// A page with what is to be logged of it.
pub(crate) struct Listed<T> {
    page: Page<T>,
    logged: Option<RefCell<Logged>>,
}

impl<T> Listed<T> {
    /// Writes what is to be logged, after the read.
    pub(crate) fn log(self, door: &dyn Door) -> Result<Page<T>> {
        if let Some(logged) = self.logged {
            door.log_read(&logged.into_inner())?;
        }
        Ok(self.page)
    }
}

/// A page of a list, logged when its turn has come.
pub(crate) fn logged_page<T>(
    reader: &Reader<'_>,
    record_type: &RecordType,
    query: &Query,
    give: impl Fn(RecordData) -> Result<T>,
) -> Result<Listed<T>> {
    let logged = Logged::sampled(reader.engine, "list", record_type);
    let (records, next) = page(reader, record_type, query, |data| {
        if let Some(logged) = &logged {
            logged.borrow_mut().add(reader, record_type, &data);
        }
        give(data)
    })?;
    Ok(Listed { page: Page { records, next }, logged })
}

/// How many records most pages have at most.
const USUAL_PAGE: u32 = 64;

/// How many records pass a filter.
pub(crate) fn count_of(reader: &Reader<'_>, record_type: &RecordType, filter: &Filter) -> Result<u64> {
    let count = with_context(reader, |context| {
        let statement = count(filter, record_type, context)?;
        let number = query_one(reader.connection, &statement.sql, &statement.params(), |row| row.integer(0))?;
        u64::try_from(number.flatten().unwrap_or_default())
            .map_err(|_| CrmError::internal("a count is negative"))
    })?;
    small_groups::check_count(reader, record_type, filter)?;
    Ok(count)
}

/// Groups of records with their measures.
pub(crate) fn groups(reader: &Reader<'_>, record_type: &RecordType, query: &GroupQuery) -> Result<Groups> {
    let Some(least) = small_groups::least(reader, record_type) else {
        return with_context(reader, |context| {
            GroupPlan::compile(query, record_type, context)?.run(reader.connection)
        });
    };
    small_groups::groups(reader, record_type, query, least)
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

/// A record by its row, if the session may see it, without what it may not see.
pub(crate) fn by_row(
    reader: &Reader<'_>,
    record_type: &RecordType,
    row_id: i64,
) -> Result<Option<RecordData>> {
    let statement = with_context(reader, |context| {
        let mut selection = Selection::new(record_type, context)?;
        let row = selection.bind(OwnedParam::Integer(row_id));
        selection.restrict_sql(format!("t.row_id = {row}"));
        selection.statement(&format!("SELECT {}", record_type.statements().columns))
    })?;
    let mut found = query_one(reader.connection, &statement.sql, &statement.params(), |row| {
        read_record(record_type, row)
    })?;
    if let Some(data) = &mut found {
        reader.redact(record_type, data)?;
    }
    Ok(found)
}
