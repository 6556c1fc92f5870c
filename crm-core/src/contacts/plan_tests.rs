//! No statement of contacts reads a whole table.

use super::{card, hierarchy, rules, suggest};
use crate::record::door::{Reader, read};
use crate::record::names::in_range;
use crate::storage::{Param, ReadMode};
use crate::{Actor, Config, Crm, Purpose, RecordId};

#[test]
fn every_statement_is_served_by_an_index() {
    let crm = Crm::memory(Config::default()).unwrap();
    let session = crm.session(Actor::System, Purpose::CustomerCare).unwrap();
    let id = Param::Id(RecordId::from_bytes([1; 16]));
    let check = |reader: &Reader<'_>, sql: &str, parameters: &[Param<'_>], index: &str| {
        let plan = reader.connection.explain(sql, parameters).unwrap();
        let scans = plan.iter().any(|step| {
            step.starts_with("SCAN") && !["SCAN line", "SCAN tree"].contains(&step.as_str())
                || step.starts_with("USE TEMP B-TREE") && !sql.starts_with("WITH")
        });
        assert!(!scans && plan.iter().any(|step| step.contains(index)), "{sql}\n{plan:#?}");
    };
    read(&session, ReadMode::Snapshot, |reader| {
        check(reader, card::OPEN, &[id], "person.id");
        let range = [Param::Text("a"), Param::Text("b"), Param::Integer(20)];
        check(reader, &in_range(suggest::OPEN_PEOPLE), &range, "person.name_key");
        check(reader, &in_range(suggest::OPEN_ORGANISATIONS), &range, "organisation.name_key");
        let walk = [id, Param::Integer(9), Param::Integer(9)];
        for (sql, parameters) in [
            (hierarchy::ABOVE, &walk[..]),
            (hierarchy::BELOW, &walk[..]),
        ] {
            check(reader, &hierarchy::over(sql, "organisation"), parameters, "organisation.");
        }
        check(reader, rules::affiliation::OTHERS, &[id, id, id], "affiliation.");
        let ends = [Param::Text("person:a"), Param::Text("person:b"), id, id];
        check(reader, rules::relationship::SAME, &ends, "relationship.first.second");
        // What the other lists come down to when the session sees everything.
        let page = [id, Param::Integer(0), Param::Integer(9)];
        let pages = [
            ("SELECT t.id FROM person AS t WHERE t.organisation = ?1 AND t.row_id > ?2 ORDER BY t.row_id LIMIT ?3", "person.organisation"),
            ("SELECT t.id FROM affiliation AS t WHERE t.organisation = ?1 AND t.row_id > ?2 ORDER BY t.row_id LIMIT ?3", "affiliation.organisation"),
            ("SELECT t.id, k.name FROM relationship AS t JOIN relationship_type AS k ON k.id = t.kind WHERE t.first = ?1 AND t.row_id > ?2 ORDER BY t.row_id LIMIT ?3", "relationship.first"),
            ("SELECT t.id, k.name FROM relationship AS t JOIN relationship_type AS k ON k.id = t.kind WHERE t.second = ?1 AND t.row_id > ?2 ORDER BY t.row_id LIMIT ?3", "relationship.second"),
            ("SELECT t.id FROM person AS t WHERE t.row_id IN (SELECT v.record FROM crm_value AS v WHERE v.field = ?1 AND v.value = ?2) ORDER BY t.row_id LIMIT ?3", "PRIMARY KEY (field=? AND value=?)"),
        ];
        for (sql, index) in pages {
            check(reader, sql, &page, index);
        }
        Ok(())
    })
    .unwrap();
}
