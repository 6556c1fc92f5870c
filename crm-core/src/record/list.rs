//! Lists.
use super::data::RecordData;
use super::door::Reader;
use super::filter::Filter;
use super::schema::RecordType;
use crate::error::Result;
use crate::ground::ids::RecordId;

pub(crate) fn by_id(_: &Reader<'_>, _: &RecordType, _: RecordId, _: Filter) -> Result<Option<RecordData>> {
    Ok(None)
}
