//! Jobs: work that made many changes under one number, so that it can be listed and undone as one.

use serde::Serialize;
use serde_json::Value as Json;

use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::record::unit::UnitOfWork;
use crate::storage::{Connection, Param, query_all, query_one};

/// The kind under which imports are listed.
pub(crate) const IMPORT: &str = "import";

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportJobState"))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It runs, or it was broken off by a crash.
    Running,
    /// It is done.
    Done,
    /// It was taken back.
    Undone,
}

impl JobState {
    const ALL: [Self; 3] = [Self::Running, Self::Done, Self::Undone];

    fn key(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Undone => "undone",
        }
    }
}

/// One job.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportJob"))]
pub struct Job {
    /// The number of the job, as the journal names it.
    pub id: RecordId,
    /// What it was, for example `import`.
    pub kind: String,
    /// When it began.
    pub started_at: Timestamp,
    /// Who ran it; nil for the system.
    pub actor: RecordId,
    /// How far it is.
    pub state: JobState,
    /// What came of it.
    pub summary: Json,
}

/// Writes a job down, under a number after those of all earlier ones; the changes from here on belong to it.
pub(crate) fn begin(unit: &mut UnitOfWork<'_>, kind: &str) -> Result<RecordId> {
    let last =
        query_one(unit.connection, "SELECT id FROM crm_job ORDER BY id DESC LIMIT 1", &[], |row| row.id(0))?;
    let fresh = unit.new_id();
    // Jobs of one millisecond, or from before a clock was put back, keep their order.
    let id = last.flatten().filter(|last| *last >= fresh).map_or(fresh, RecordId::next);
    unit.connection.execute(
        "INSERT INTO crm_job (id, kind, started_at, actor, summary) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[
            Param::Id(id),
            Param::Text(kind),
            Param::Timestamp(unit.now),
            Param::Id(unit.actor()),
            Param::Json(&summary(JobState::Running, &Json::Null)),
        ],
    )?;
    unit.job = Some(id);
    Ok(id)
}

/// Says how far a job is, and what came of it.
pub(crate) fn set_state(
    connection: &dyn Connection,
    id: RecordId,
    state: JobState,
    result: &Json,
) -> Result<()> {
    connection.execute(
        "UPDATE crm_job SET summary = ?2 WHERE id = ?1",
        &[Param::Id(id), Param::Json(&summary(state, result))],
    )?;
    Ok(())
}

fn summary(state: JobState, result: &Json) -> String {
    serde_json::json!({"state": state.key(), "result": result}).to_string()
}

const COLUMNS: &str = "id, kind, started_at, actor, summary";

fn read(row: &dyn crate::storage::Row) -> Result<Job> {
    let mut summary: Json = serde_json::from_str(row.json(4)?.unwrap_or("null")).unwrap_or_default();
    let state = summary.get("state").and_then(Json::as_str).unwrap_or_default();
    let state = JobState::ALL.into_iter().find(|known| known.key() == state).unwrap_or(JobState::Done);
    Ok(Job {
        id: row.id(0)?.unwrap_or_default(),
        kind: row.text(1)?.unwrap_or_default().to_owned(),
        started_at: row.timestamp(2)?.unwrap_or_default(),
        actor: row.id(3)?.unwrap_or_default(),
        state,
        summary: summary.get_mut("result").map(Json::take).unwrap_or_default(),
    })
}

/// The job with a number.
///
/// # Errors
/// `job.unknown`.
pub(crate) fn get(connection: &dyn Connection, id: RecordId) -> Result<Job> {
    let sql = format!("SELECT {COLUMNS} FROM crm_job WHERE id = ?1");
    query_one(connection, &sql, &[Param::Id(id)], read)?
        .ok_or_else(|| CrmError::new(ErrorKind::NotFound, "job.unknown", "there is no such job").at("job"))
}

/// Jobs before another, the latest first.
pub(crate) fn list(connection: &dyn Connection, before: Option<RecordId>, limit: u32) -> Result<Vec<Job>> {
    let sql = format!("SELECT {COLUMNS} FROM crm_job WHERE id < ?1 ORDER BY id DESC LIMIT ?2");
    let last = RecordId::from_bytes([0xFF; 16]);
    query_all(connection, &sql, &[Param::Id(before.unwrap_or(last)), Param::Integer(limit.into())], read)
}
