//! Reading the records of privacy that a decision rests on, whoever looks.

use crate::error::Result;
use crate::ground::sort;
use crate::record::Record;
use crate::record::columns::read_record;
use crate::record::door::Reader;
use crate::storage::{Param, query_all};

/// The records of a type that pass a condition over its table, named `t`, in the order in which they were stored.
pub(crate) fn records<R: Record>(
    reader: &Reader<'_>,
    condition: &str,
    parameters: &[Param<'_>],
) -> Result<Vec<R>> {
    let record_type = reader.schema.require(R::NAME)?;
    let sql = format!(
        "SELECT {} FROM {} AS t WHERE {condition}",
        record_type.statements().columns,
        reader.table(record_type)
    );
    let mut found = query_all(reader.connection, &sql, parameters, |row| read_record(record_type, row))?;
    sort::by_key(&mut found, |data| data.row_id);
    found.into_iter().map(|data| data.into_record(record_type)).collect()
}
