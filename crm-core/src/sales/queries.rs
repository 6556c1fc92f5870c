//! The statements of sales that the record engine does not give.

use std::ops::ControlFlow;
use std::str::FromStr;

use super::model::StageType;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::derived;
use crate::storage::{Connection, Param, Row, query_all, query_one};

/// What entering a stage depends on.
pub(super) struct StageFacts {
    pub(super) id: RecordId,
    pub(super) pipeline: RecordId,
    pub(super) stage_type: StageType,
    pub(super) active: bool,
    pub(super) required_fields: Vec<String>,
    pub(super) pipeline_active: bool,
}

const STAGE_BY_ID: &str = "SELECT s.\"id\", s.\"pipeline\", s.\"stage_type\", s.\"active\", s.\"required_fields\", p.\"active\" \
     FROM \"stage\" AS s JOIN \"pipeline\" AS p ON p.\"id\" = s.\"pipeline\" WHERE s.\"id\" = ?1";

const FIRST_OPEN_STAGE: &str = "SELECT s.\"id\", s.\"pipeline\", s.\"stage_type\", s.\"active\", s.\"required_fields\", p.\"active\" \
     FROM \"stage\" AS s JOIN \"pipeline\" AS p ON p.\"id\" = s.\"pipeline\" \
     WHERE s.\"pipeline\" = ?1 AND s.\"stage_type\" = 'open' AND s.\"active\" = ?2 \
     ORDER BY s.\"position\" NULLS FIRST, s.row_id LIMIT 1";

fn read_stage(row: &dyn Row) -> Result<StageFacts> {
    Ok(StageFacts {
        id: row.id(0)?.unwrap_or_default(),
        pipeline: row.id(1)?.unwrap_or_default(),
        stage_type: StageType::from_str(row.text(2)?.unwrap_or_default())?,
        active: row.boolean(3)?.unwrap_or(true),
        required_fields: row.json(4)?.map(derived::items).unwrap_or_default(),
        pipeline_active: row.boolean(5)?.unwrap_or(true),
    })
}

pub(super) fn stage_facts(connection: &dyn Connection, stage: RecordId) -> Result<Option<StageFacts>> {
    query_one(connection, STAGE_BY_ID, &[Param::Id(stage)], read_stage)
}

/// The probability of a stage in hundredths of a per cent; 0 when it has none.
pub(super) fn stage_probability(connection: &dyn Connection, stage: RecordId) -> Result<i64> {
    let sql = "SELECT \"probability\" FROM \"stage\" WHERE \"id\" = ?1";
    let found = query_one(connection, sql, &[Param::Id(stage)], |row| row.integer(0))?;
    Ok(found.flatten().unwrap_or_default())
}

/// The stages of all pipelines.
pub(super) fn all_stages(connection: &dyn Connection) -> Result<Vec<RecordId>> {
    let sql = "SELECT \"id\" FROM \"stage\" ORDER BY row_id";
    query_all(connection, sql, &[], |row| Ok(row.id(0)?.unwrap_or_default()))
}

/// The stage that new deals of a pipeline begin in.
pub(super) fn first_open_stage(
    connection: &dyn Connection,
    pipeline: RecordId,
) -> Result<Option<StageFacts>> {
    query_one(connection, FIRST_OPEN_STAGE, &[Param::Id(pipeline), Param::Boolean(true)], read_stage)
}

/// The position behind the last stage of a pipeline.
pub(super) fn next_position(connection: &dyn Connection, pipeline: RecordId) -> Result<i64> {
    let sql = "SELECT max(\"position\") FROM \"stage\" WHERE \"pipeline\" = ?1";
    let last = query_one(connection, sql, &[Param::Id(pipeline)], |row| row.integer(0))?;
    Ok(last.flatten().unwrap_or(0) + 1)
}

fn exists(connection: &dyn Connection, sql: &str, parameters: &[Param<'_>]) -> Result<bool> {
    Ok(query_one(connection, sql, parameters, |_| Ok(()))?.is_some())
}

/// Whether another stage of the pipeline has the key.
pub(super) fn has_key(
    connection: &dyn Connection,
    pipeline: RecordId,
    key: &str,
    except: RecordId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM \"stage\" WHERE \"pipeline\" = ?1 AND \"key\" = ?2 AND \"id\" <> ?3";
    exists(connection, sql, &[Param::Id(pipeline), Param::Text(key), Param::Id(except)])
}

pub(super) fn has_deals(connection: &dyn Connection, stage: RecordId) -> Result<bool> {
    exists(connection, "SELECT 1 FROM \"deal\" WHERE \"stage\" = ?1 LIMIT 1", &[Param::Id(stage)])
}

pub(super) fn has_contact(connection: &dyn Connection, deal: RecordId) -> Result<bool> {
    exists(connection, "SELECT 1 FROM \"deal_contact\" WHERE \"deal\" = ?1 LIMIT 1", &[Param::Id(deal)])
}

pub(super) fn has_competitor(connection: &dyn Connection, deal: RecordId) -> Result<bool> {
    exists(connection, "SELECT 1 FROM \"deal_competitor\" WHERE \"deal\" = ?1 LIMIT 1", &[Param::Id(deal)])
}

/// Whether another record of the type puts the same to the deal, in the same role where roles count: capitals do not
/// make another role. The names are those of this crate's types.
pub(super) fn has_pair(
    connection: &dyn Connection,
    table: &str,
    field: &str,
    deal: RecordId,
    other: RecordId,
    role: Option<(&str, &str)>,
    except: RecordId,
) -> Result<bool> {
    let column = role.map_or_else(|| "NULL".to_owned(), |(column, _)| format!("\"{column}\""));
    let sql =
        format!("SELECT {column} FROM \"{table}\" WHERE \"deal\" = ?1 AND \"{field}\" = ?2 AND \"id\" <> ?3");
    let wanted = role.map(|(_, role)| role.to_lowercase());
    let mut found = false;
    connection.query(&sql, &[Param::Id(deal), Param::Id(other), Param::Id(except)], &mut |row| {
        found = match &wanted {
            Some(wanted) => row.text(0)?.unwrap_or_default().to_lowercase() == *wanted,
            None => true,
        };
        Ok(if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(found)
}

/// A contact of a deal.
pub(super) struct ContactFacts {
    pub(super) id: RecordId,
    pub(super) person: RecordId,
    pub(super) primary: bool,
}

pub(super) fn contacts_of(connection: &dyn Connection, deal: RecordId) -> Result<Vec<ContactFacts>> {
    let sql =
        "SELECT \"id\", \"person\", \"primary\" FROM \"deal_contact\" WHERE \"deal\" = ?1 ORDER BY row_id";
    query_all(connection, sql, &[Param::Id(deal)], |row| {
        Ok(ContactFacts {
            id: row.id(0)?.unwrap_or_default(),
            person: row.id(1)?.unwrap_or_default(),
            primary: row.boolean(2)?.unwrap_or_default(),
        })
    })
}

/// The stages of a pipeline, in their order.
pub(super) fn stage_ids(connection: &dyn Connection, pipeline: RecordId) -> Result<Vec<RecordId>> {
    let sql =
        "SELECT \"id\" FROM \"stage\" WHERE \"pipeline\" = ?1 ORDER BY \"position\" NULLS FIRST, row_id";
    query_all(connection, sql, &[Param::Id(pipeline)], |row| Ok(row.id(0)?.unwrap_or_default()))
}

/// The first deals of a stage.
pub(super) fn deals_in(connection: &dyn Connection, stage: RecordId, limit: i64) -> Result<Vec<RecordId>> {
    let sql = "SELECT \"id\" FROM \"deal\" WHERE \"stage\" = ?1 ORDER BY row_id LIMIT ?2";
    query_all(connection, sql, &[Param::Id(stage), Param::Integer(limit)], |row| {
        Ok(row.id(0)?.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::ReadMode;
    use crate::{Config, Crm};

    #[test]
    fn no_write_scans_a_table() {
        let crm = Crm::memory(Config::default()).unwrap();
        let id = Param::Id(RecordId::NIL);
        let check = |sql: &str, parameters: &[Param<'_>]| {
            let mut plan = Vec::new();
            crm.database()
                .read(ReadMode::Statement, &mut |connection| {
                    plan = connection.explain(sql, parameters)?;
                    Ok(())
                })
                .unwrap();
            assert!(!plan.is_empty() && plan.iter().all(|step| !step.contains("SCAN")), "{sql}: {plan:?}");
        };
        check(STAGE_BY_ID, &[id]);
        check(FIRST_OPEN_STAGE, &[id, Param::Boolean(true)]);
        check("SELECT max(\"position\") FROM \"stage\" WHERE \"pipeline\" = ?1", &[id]);
        for table in ["deal_contact", "deal_competitor"] {
            check(&format!("SELECT 1 FROM \"{table}\" WHERE \"deal\" = ?1 LIMIT 1"), &[id]);
        }
        check("SELECT 1 FROM \"deal\" WHERE \"stage\" = ?1 LIMIT 1", &[id]);
    }
}
