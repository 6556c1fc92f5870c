//! Writing suppressions, and lifting them by a consent.

use super::cover::{Grant, Lift};
use super::model::Suppression;
use crate::error::Result;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{AddressType, ContactChannel, SuppressionReason, SuppressionScope};
use crate::privacy::purposes;
use crate::record::columns::read_record;
use crate::record::unit::UnitOfWork;
use crate::record::{FieldType, Record, Value};
use crate::storage::{Connection, Param, query_all, query_one};

/// A suppression that is to hold.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) address_type: AddressType,
    pub(crate) address_hash: String,
    pub(crate) scope: SuppressionScope,
    pub(crate) scope_key: Option<String>,
    pub(crate) channel: Option<ContactChannel>,
    pub(crate) brand: Option<String>,
    pub(crate) reason: SuppressionReason,
    pub(crate) source: Option<String>,
    pub(crate) effective_at: Option<Timestamp>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl Refusal {
    /// The refusal of an address, as widely as nobody has said otherwise.
    pub(crate) fn of(address_type: AddressType, address_hash: String) -> Self {
        Self {
            address_type,
            address_hash,
            scope: SuppressionScope::Controller,
            scope_key: None,
            channel: None,
            brand: None,
            reason: SuppressionReason::Manual,
            source: None,
            effective_at: None,
            expires_at: None,
        }
    }

    /// The refusal of the address of somebody who was erased.
    pub(crate) fn of_erased(address_type: AddressType, address_hash: String) -> Self {
        Self {
            scope: SuppressionScope::Global,
            reason: SuppressionReason::Erased,
            ..Self::of(address_type, address_hash)
        }
    }

    /// Whether a suppression says the same already, at least as long, and was not lifted since, not even in part.
    fn is_said_by(&self, there: &Suppression, at: Timestamp) -> bool {
        there.lifted_for.is_empty() && self.is_kept_by(there, at)
    }

    /// Whether a suppression says the same already, at least as long, for whatever the owner has not lifted it for.
    fn is_kept_by(&self, there: &Suppression, at: Timestamp) -> bool {
        there.scope == self.scope
            && there.scope_key == self.scope_key
            && there.channel == self.channel
            && there.brand == self.brand
            && there.reason == self.reason
            && there.address_type == self.address_type
            && there.lifted_at.is_none()
            && there.holds_at(at)
            && there.expires_at.is_none_or(|end| self.expires_at.is_some_and(|wanted| wanted <= end))
    }
}

/// Makes a refusal hold. Gives the suppression, and whether it held before.
pub(crate) fn refuse(work: &mut UnitOfWork<'_>, refusal: Refusal) -> Result<(Suppression, bool)> {
    let at = refusal.effective_at.unwrap_or(work.now());
    let there = of_address(work, &refusal.address_hash)?;
    if let Some(there) = there.into_iter().find(|there| refusal.is_said_by(there, at)) {
        return Ok((there, true));
    }
    let suppression = work.create_record(Suppression {
        scope: refusal.scope,
        scope_key: refusal.scope_key,
        channel: refusal.channel,
        brand: refusal.brand,
        address_type: refusal.address_type,
        address_hash: refusal.address_hash,
        reason: refusal.reason,
        source: refusal.source,
        effective_at: refusal.effective_at,
        expires_at: refusal.expires_at,
        ..Suppression::default()
    })?;
    Ok((suppression, false))
}

/// Makes a refusal hold that was made before: one that holds, even if a later consent took something out of it, is
/// left as it is.
pub(crate) fn keep(work: &mut UnitOfWork<'_>, refusal: Refusal) -> Result<()> {
    let at = work.now();
    let there = of_address(work, &refusal.address_hash)?;
    if !there.iter().any(|there| refusal.is_kept_by(there, at)) {
        refuse(work, refusal)?;
    }
    Ok(())
}

/// Lifts the suppressions of an address as far as a consent of its owner goes.
pub(crate) fn lift(work: &mut UnitOfWork<'_>, address_hash: &str, grant: &Grant<'_>) -> Result<()> {
    let record_type = work.record_type(Suppression::NAME)?;
    for suppression in of_address(work, address_hash)? {
        let lineage = lineage_of(work.connection, &suppression)?;
        let change = match suppression.lift(grant, &lineage) {
            Lift::None => continue,
            Lift::Whole => ("lifted_at", Value::Timestamp(grant.at)),
            Lift::For(exemption) if suppression.lifted_for.contains(&exemption) => continue,
            Lift::For(exemption) => {
                let mut all = suppression.lifted_for;
                all.push(exemption);
                ("lifted_for", all.into_value())
            }
        };
        work.set(&record_type, suppression.meta.id, &[change])?;
    }
    Ok(())
}

fn lineage_of(connection: &dyn Connection, suppression: &Suppression) -> Result<Vec<String>> {
    match (suppression.scope, suppression.scope_key.as_deref()) {
        // A purpose that is gone since stands alone.
        (SuppressionScope::Purpose, Some(key)) => match purposes::lineage(connection, key) {
            Ok(lineage) => Ok(lineage.into_iter().map(|purpose| purpose.key).collect()),
            Err(error) if error.kind().is_environmental() => Err(error),
            Err(_) => Ok(vec![key.to_owned()]),
        },
        _ => Ok(Vec::new()),
    }
}

/// All suppressions of an address.
fn of_address(work: &UnitOfWork<'_>, address_hash: &str) -> Result<Vec<Suppression>> {
    let record_type = work.record_type(Suppression::NAME)?;
    let sql = format!(
        "SELECT {} FROM {} AS t WHERE {OF_ADDRESS}",
        record_type.statements().columns,
        record_type.table
    );
    query_all(work.connection, &sql, &[Param::Text(address_hash)], |row| {
        read_record(&record_type, row)?.into_record(&record_type)
    })
}

/// The condition for the suppressions of an address.
pub(crate) const OF_ADDRESS: &str = "t.address_hash = ?1";

/// Whether the owner of an address was erased and has not asked to be addressed again.
pub(crate) fn is_erased(connection: &dyn Connection, address_hash: &str) -> Result<bool> {
    let sql = "SELECT 1 FROM suppression WHERE address_hash = ?1 AND \"reason\" = ?2 AND lifted_at IS NULL";
    let parameters = [Param::Text(address_hash), Param::Text(SuppressionReason::Erased.key())];
    Ok(query_one(connection, sql, &parameters, |_| Ok(()))?.is_some())
}
