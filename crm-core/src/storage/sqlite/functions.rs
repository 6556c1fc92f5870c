//! The SQL functions of ours: the label of the calendar bucket that a time stamp falls into, and the folded form
//! of a text.

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::{Connection, Error};

use crate::ground::text::fold;
use crate::ground::time::Timestamp;
use crate::ground::zone::{DateUnit, Zone};

/// Registers `crm_bucket(micros, unit, zone)` and `crm_fold(text)`. The dialect writes the calls.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(c"crm_bucket", 3, flags, bucket)?;
    connection.create_scalar_function(c"crm_fold", 1, flags, folded)
}

fn folded(context: &Context<'_>) -> rusqlite::Result<Option<String>> {
    Ok(context.get::<Option<String>>(0)?.map(|text| fold(&text)))
}

fn bucket(context: &Context<'_>) -> rusqlite::Result<Option<String>> {
    let Some(micros) = context.get::<Option<i64>>(0)? else { return Ok(None) };
    // Unit and zone are the same for every row, so SQLite keeps them with the statement.
    let unit = context.get_or_create_aux(1, |value| {
        let name = value.as_str()?;
        DateUnit::from_name(name).ok_or_else(|| refuse("the unit of a bucket is unknown"))
    })?;
    let zone = context.get_or_create_aux(2, |value| {
        value.as_str()?.parse::<Zone>().map_err(|_| refuse("the time zone is unknown"))
    })?;
    Ok(Some(unit.label(zone.date(Timestamp::from_micros(micros)))))
}

/// An error of the function. SQLite reports it as a failed statement.
fn refuse(reason: &'static str) -> Error {
    Error::UserFunctionError(reason.into())
}
