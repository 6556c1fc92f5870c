//! The operations that must not walk through a table, on any engine.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use crm_core::contacts::{Email, Organisation, Person, Phone};
use crm_core::record::filter::field;
use crm_core::record::query::Query;
use crm_core::sales::{Deal, template};
use crm_core::search::SearchQuery;
use crm_core::service::Case;
use crm_core::{Money, Result, Session};
use serde_json::json;

fn person(given: &str, organisation: crm_core::RecordId) -> Person {
    Person {
        given_name: Some(given.into()),
        family_name: Some("Lovelace".into()),
        organisation: Some(organisation.into()),
        emails: vec![Email::work(format!("{given}@example.com"))],
        phones: vec![Phone::work("+49 30 901820")],
        ..Person::default()
    }
}

/// Everything that the performance gates W1 to W8 measure, and the first card after the start.
pub(crate) fn hot_operations(session: &Session) -> Result<()> {
    let works =
        session.organisations().create(Organisation { name: "Works".into(), ..Default::default() })?;
    let ada = session.people().create(person("Ada", works.meta.id))?;
    let batch = ["Bob", "Eve"].map(|name| person(name, works.meta.id)).to_vec();
    session.people().create_all(batch)?.into_iter().collect::<Result<Vec<_>>>()?;
    session.people().patch(ada.meta.id, &json!({"job_title": "Engineer"}))?;

    let (pipeline, stages) = template("Sales");
    let (pipeline, stages) = session.pipelines().create_with_stages(pipeline, stages)?;
    let deal = session.deals().create(Deal {
        name: "Licences".into(),
        pipeline: pipeline.meta.id.into(),
        organisation: Some(works.meta.id.into()),
        person: Some(ada.meta.id.into()),
        amount: Some(Money::parse("1000", "EUR".parse()?)?),
        ..Deal::default()
    })?;
    session.deals().move_to(deal.meta.id, stages[1].meta.id)?;
    session.cases().create(Case {
        subject: "It is broken".into(),
        requester: Some(ada.meta.id.into()),
        ..Case::default()
    })?;

    session.snapshot(|snapshot| {
        snapshot.people().card(ada.meta.id)?;
        snapshot.pipelines().board(pipeline.meta.id, None)?;
        snapshot.people().get(ada.meta.id)?;
        snapshot.search().suggest("person", "lov", 20)?;
        snapshot.people().suggest("lov", 20)?;
        let words = SearchQuery::new("ada lovelace").of_types(&["person"]);
        snapshot.search().run(&words)?;
        snapshot.search().run(&words.without_snippets())?;
        let by_name = Query::new().ascending("name_key").limit(2);
        let page = snapshot.people().list(&by_name)?;
        let next = page.next.expect("there are three people");
        snapshot.people().list(&by_name.clone().after(next))?;
        let of_works = field("organisation").equals(works.meta.id);
        snapshot.people().list(&by_name.filter(of_works).limit(50))?;
        Ok(())
    })
}
