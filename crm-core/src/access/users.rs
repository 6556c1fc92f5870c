//! Users and teams: who acts, and who is responsible.

use crate::crm::Engine;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::{RecordId, typed_ids};
use crate::ground::zone::Zone;
use crate::journal::entry::Operation;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};
use crate::record::{Meta, Record, Value};
use crate::storage::{Param, ReadMode, query_all, query_one};

typed_ids! {
    /// The identifier of a [`User`].
    UserId => "user";
    /// The identifier of a [`Team`].
    TeamId => "team";
    /// The identifier of a [`TeamMember`].
    TeamMemberId => "team_member";
}

/// Somebody who works with the CRM.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "user", plural = "users", id = UserId, rules = UserRules, sort_key("name"))]
pub struct User {
    /// What every record has.
    pub meta: Meta,
    /// The name that others see.
    #[field(personal = identity, search = title, max = 200)]
    pub name: String,
    /// The e-mail address, by which the host knows the user.
    #[field(personal = contact, email, unique, search = detail)]
    pub email: Option<String>,
    /// The IANA time zone in which the user's "today" is meant.
    #[field(max = 60)]
    pub time_zone: Option<String>,
    /// Whether the user may act.
    #[field(default = true)]
    pub active: Option<bool>,
}

/// A time zone that does not exist would silently count as none.
pub(crate) struct UserRules;

impl Rules for UserRules {
    fn before(&self, _work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation != Operation::Delete && change.changes("time_zone") {
            if let Value::Text(name) = change.after("time_zone") {
                name.parse::<Zone>().map_err(|error| error.at("time_zone"))?;
            }
        }
        Ok(())
    }
}

/// People who are responsible together.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "team", plural = "teams", id = TeamId, sort_key("name"))]
pub struct Team {
    /// What every record has.
    pub meta: Meta,
    /// The name.
    #[field(unique, search = title, max = 200)]
    pub name: String,
}

/// That a user belongs to a team.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "team_member", plural = "team_members", id = TeamMemberId)]
pub struct TeamMember {
    /// What every record has.
    pub meta: Meta,
    /// The team.
    #[field(name = "member_of", on_delete = cascade)]
    pub team: TeamId,
    /// The user.
    #[field(on_delete = cascade)]
    pub user: UserId,
}

/// The teams of a user.
///
/// # Errors
/// `user.unknown` when there is no such user, or one who may not act.
pub(crate) fn teams_of(engine: &Engine, user: UserId) -> Result<Vec<RecordId>> {
    let mut teams = Vec::new();
    engine.database.read(ReadMode::Snapshot, &mut |connection| {
        let active = query_one(
            connection,
            "SELECT active FROM \"user\" WHERE \"id\" = ?1",
            &[Param::Id(user.into())],
            |row| Ok(row.boolean(0)?.unwrap_or(true)),
        )?;
        if active != Some(true) {
            return Err(CrmError::new(ErrorKind::Forbidden, "user.unknown", "is no active user").at("actor"));
        }
        teams = query_all(
            connection,
            "SELECT member_of FROM team_member WHERE \"user\" = ?1 ORDER BY row_id",
            &[Param::Id(user.into())],
            |row| Ok(row.id(0)?.unwrap_or_default()),
        )?;
        Ok(())
    })?;
    Ok(teams)
}

crate::record::areas! {
    /// The users.
    users: User;
    /// The teams.
    teams: Team;
    /// Who belongs to which team.
    team_members: TeamMember;
}
