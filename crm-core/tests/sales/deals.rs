//! Deals: where they begin, what a move requires, what closing and reopening do, their history.

use crate::sales_support::{Sales, money};
use crm_core::contacts::Person;
use crm_core::sales::{
    Competitor, Deal, DealCompetitor, DealContact, ForecastCategory, LostReason, Pipeline, Stage, StageId,
    StageType, template,
};
use crm_core::{CrmError, Result};
use serde_json::{Value as Json, json};

fn codes(error: &CrmError) -> (&str, Option<&str>) {
    (error.code(), error.path())
}

#[test]
fn the_time_of_closing_can_be_given_and_corrected_but_not_made_up() {
    let sales = Sales::open();
    let deals = sales.session.deals();
    let (now, before) = (sales.session.now(), sales.session.now().plus_days(-40));
    let won =
        deals.create(Deal { stage: sales.stage("won"), closed_at: Some(before), ..sales.deal() }).unwrap();
    assert_eq!(won.closed_at, Some(before), "an import knows when a deal was won");
    let other = deals.create(Deal { stage: sales.stage("won"), ..sales.deal() }).unwrap();
    assert_eq!(other.closed_at, Some(now));
    let corrected = deals.patch(won.meta.id, &json!({"closed_at": before.plus_days(1).to_string()})).unwrap();
    assert_eq!(corrected.closed_at, Some(before.plus_days(1)));
    let open = deals.create(sales.deal()).unwrap();
    for (deal, patch, code) in [
        (&won, json!({"closed_at": null}), "deal.closed_at.state"),
        (&won, json!({"closed_at": now.plus_days(1).to_string()}), "deal.closed_at.future"),
        (&open, json!({"closed_at": before.to_string()}), "deal.closed_at.state"),
    ] {
        assert_eq!(codes(&deals.patch(deal.meta.id, &patch).unwrap_err()), (code, Some("closed_at")));
    }
    let reopened = deals.move_to(won.meta.id, sales.stage("proposal")).unwrap();
    assert_eq!(reopened.closed_at, None);
}

#[test]
fn a_new_deal_begins_in_the_first_open_stage() {
    let sales = Sales::open();
    let deals = sales.session.deals();
    let deal = deals.create(sales.deal()).unwrap();
    assert_eq!(sales.key(deal.stage), "qualification");
    assert_eq!((deal.probability, deal.closed_at), (None, None));
    assert_eq!(deal.stage_entered_at, Some(sales.session.now()));
    let by_stage = Deal { name: "D".into(), stage: sales.stage("proposal"), ..Deal::default() };
    let by_stage = deals.create(by_stage).unwrap();
    assert_eq!(by_stage.pipeline, sales.pipeline.meta.id.into());

    let (other, other_stages) = template("Partners");
    let (other, other_stages) = sales.session.pipelines().create_with_stages(other, other_stages).unwrap();
    let foreign = StageId::from(other_stages[2].meta.id);
    let bare = sales
        .session
        .pipelines()
        .create(Pipeline { name: "Bare".into(), active: Some(true), ..Pipeline::default() })
        .unwrap();
    for (bad, code, path) in [
        (Deal { stage: foreign, ..sales.deal() }, "deal.stage.pipeline", "stage"),
        (Deal { pipeline: bare.meta.id.into(), ..sales.deal() }, "pipeline.no_open_stage", "pipeline"),
        (Deal { pipeline: sales.stages[0].meta.id.into(), ..sales.deal() }, "link.broken", "pipeline"),
        (Deal { stage: StageId::from(bare.meta.id), ..sales.deal() }, "link.broken", "stage"),
        (Deal { name: "x".into(), ..Deal::default() }, "field.required", "pipeline"),
        (Deal { amount: Some(money("-1.00 EUR")), ..sales.deal() }, "deal.amount.negative", "amount"),
        (Deal { probability: Some(101.into()), ..sales.deal() }, "field.range", "probability"),
        (Deal { closed_at: Some(sales.session.now()), ..sales.deal() }, "deal.closed_at.state", "closed_at"),
        (
            Deal { stage: sales.stage("won"), probability: Some(7.into()), ..sales.deal() },
            "deal.probability.closed",
            "probability",
        ),
    ] {
        assert_eq!(codes(&deals.create(bad).unwrap_err()), (code, Some(path)));
    }

    // Another pipeline: its first open stage, unless a stage of it is given.
    let moved = deals.patch(deal.meta.id, &json!({"pipeline": other.meta.id.to_string()})).unwrap();
    assert_eq!(moved.stage, other_stages[0].meta.id.into());
    let error = deals.patch(deal.meta.id, &json!({"stage": sales.stage("won").to_string()})).unwrap_err();
    assert_eq!(codes(&error), ("deal.stage.pipeline", Some("stage")));
    let back = deals.move_to(deal.meta.id, sales.stage("negotiation")).unwrap();
    assert_eq!((back.pipeline, sales.key(back.stage)), (sales.pipeline.meta.id.into(), "negotiation"));

    sales.session.pipelines().patch(other.meta.id, &json!({"active": false})).unwrap();
    let error = deals.move_to(deal.meta.id, foreign).unwrap_err();
    assert_eq!(codes(&error), ("deal.pipeline.inactive", Some("pipeline")));
    sales.session.stages().patch(sales.stage("proposal").0, &json!({"active": false})).unwrap();
    let error = deals.move_to(deal.meta.id, sales.stage("proposal")).unwrap_err();
    assert_eq!(codes(&error), ("deal.stage.inactive", Some("stage")));
    let stays = deals.patch(by_stage.meta.id, &json!({"next_step": "Call"})).unwrap();
    assert_eq!(sales.key(stays.stage), "proposal");
}

#[test]
fn a_move_is_refused_with_all_that_is_missing() {
    let sales = Sales::open();
    let deals = sales.session.deals();
    let require = |key: &str, fields: Json| {
        sales.session.stages().patch(sales.stage(key).0, &json!({"required_fields": fields})).unwrap();
    };
    require("proposal", json!(["amount", "expected_close_date", "primary_contact"]));
    require("negotiation", json!(["contacts", "competitors", "next_step", "tags"]));
    require("won", json!(["amount"]));
    let error = sales
        .session
        .stages()
        .patch(sales.stage("won").0, &json!({"required_fields": ["amount", "colour"]}))
        .unwrap_err();
    assert_eq!(codes(&error), ("stage.required_fields.unknown", Some("required_fields[1]")));

    let deal = deals.create(sales.deal()).unwrap();
    let check = |key: &str, patch: Json, missing: &[&str]| match deals.move_with(
        deal.meta.id,
        sales.stage(key),
        &patch,
    ) {
        Ok(moved) => {
            assert_eq!(missing, &[] as &[&str], "{key} {patch}");
            assert_eq!(sales.key(moved.stage), key);
        }
        Err(error) => {
            assert_eq!(codes(&error), ("deal.stage.requirements", Some("stage")), "{key}: {error}");
            assert_eq!(error.details()["missing"], json!(missing), "{key} {patch}");
        }
    };
    check("proposal", json!({}), &["amount", "expected_close_date", "primary_contact"]);
    check("proposal", json!({"amount": "10 EUR"}), &["expected_close_date", "primary_contact"]);
    check("negotiation", json!({}), &["contacts", "competitors", "next_step", "tags"]);
    check("lost", json!({}), &["lost_reason"]);
    check("won", json!({}), &["amount"]);
    assert_eq!(deals.get(deal.meta.id).unwrap().meta.version, 1, "a refused move changes nothing");

    let person = Person { family_name: Some("Shaw".into()), ..Person::default() };
    let person = sales.session.people().create(person).unwrap();
    let contact = DealContact {
        deal: deal.meta.id.into(),
        person: person.meta.id.into(),
        role: Some("Champion".into()),
        ..DealContact::default()
    };
    sales.session.deal_contacts().create(contact).unwrap();
    check("proposal", json!({"amount": "10 EUR", "expected_close_date": "2026-12-31"}), &["primary_contact"]);
    check(
        "proposal",
        json!({"amount": "10 EUR", "expected_close_date": "2026-12-31", "person": person.meta.id.to_string()}),
        &[],
    );
    check("negotiation", json!({"next_step": "Offer"}), &["competitors", "tags"]);
    let rival = Competitor { name: "Rival".into(), ..Competitor::default() };
    let rival = sales.session.competitors().create(rival).unwrap();
    let after = DealCompetitor {
        deal: deal.meta.id.into(),
        competitor: rival.meta.id.into(),
        ..DealCompetitor::default()
    };
    sales.session.deal_competitors().create(after.clone()).unwrap();
    let twice = sales.session.deal_competitors().create(after).unwrap_err();
    assert_eq!(codes(&twice), ("deal.pair.exists", Some("competitor")));
    check("negotiation", json!({"next_step": "Offer", "tags": ["a"]}), &[]);
    check("won", json!({}), &[]);
    // What is required to enter is not required to stay.
    deals.patch(deal.meta.id, &json!({"amount": null})).unwrap();
}

#[test]
fn closing_freezes_and_reopening_thaws() {
    let sales = Sales::open();
    let deals = sales.session.deals();
    let price = LostReason { name: "Price".into(), ..LostReason::default() };
    let price = sales.session.lost_reasons().create(price).unwrap();
    let own = Deal { probability: Some(33.into()), amount: Some(money("100 EUR")), ..sales.deal() };
    let deal = deals.create(own).unwrap().meta.id;
    deals.move_to(deal, sales.stage("negotiation")).unwrap();
    assert_eq!(deals.get(deal).unwrap().probability, Some(33.into()), "an own probability stays");

    sales.days(3);
    let reason = json!({"lost_reason": price.meta.id.to_string()});
    let lost = deals.move_with(deal, sales.stage("lost"), &reason).unwrap();
    assert_eq!(lost.probability, Some(0.into()));
    assert_eq!(lost.closed_at, Some(sales.session.now()));
    assert_eq!(lost.last_open_stage, Some(sales.stage("negotiation")));
    let error = deals.patch(deal, &json!({"probability": "50"})).unwrap_err();
    assert_eq!(codes(&error), ("deal.probability.closed", Some("probability")));
    deals.update(Deal { description: Some("notes".into()), ..lost }).unwrap();

    sales.days(1);
    let won = deals.move_to(deal, sales.stage("won")).unwrap();
    assert_eq!((won.probability, won.closed_at), (Some(100.into()), Some(sales.session.now())));
    assert_eq!(won.last_open_stage, Some(sales.stage("negotiation")));
    let open = deals.move_to(deal, sales.stage("proposal")).unwrap();
    assert_eq!((open.probability, open.closed_at, open.lost_reason), (None, None, None));
    assert_eq!(open.last_open_stage, None);

    let error = sales.session.lost_reasons().delete(price.meta.id);
    assert!(error.is_ok(), "nothing links to the reason any more");
}

#[test]
fn a_changed_stage_rewrites_no_deal() {
    let sales = Sales::open();
    let session = &sales.session;
    let open = sales.deal_in("proposal", "100.00 EUR");
    let own =
        session.deals().patch(sales.deal_in("proposal", "100 EUR").meta.id, &json!({"probability": 70}));
    let own = own.unwrap();
    let won = sales.deal_in("won", "100 EUR");
    let before = session.journal().head().unwrap().size;
    session
        .stages()
        .patch(sales.stage("proposal").0, &json!({"probability": "60", "forecast_category": "commit"}))
        .unwrap();
    assert_eq!(session.journal().head().unwrap().size, before + 1, "only the stage was written");
    let stage = session.stages().get(sales.stage("proposal").0).unwrap();
    for (deal, probability, weighted) in [(&open, 60, "60.00 EUR"), (&own, 70, "70.00 EUR")] {
        let now = session.deals().get(deal.meta.id).unwrap();
        assert_eq!(now.meta.version, deal.meta.version);
        assert_eq!(now.effective_probability(&stage), probability.into());
        assert_eq!(now.weighted_amount(&stage).unwrap(), Some(money(weighted)));
        assert_eq!(now.effective_category(&stage), ForecastCategory::Commit);
    }
    assert_eq!(session.deals().get(won.meta.id).unwrap(), won);

    // A stage with deals in it cannot come to mean something else.
    let stages = session.stages();
    for (key, patch, expected) in [
        ("won", json!({"probability": 90}), Err(("stage.probability", "probability"))),
        (
            "won",
            json!({"forecast_category": "commit"}),
            Err(("stage.forecast_category", "forecast_category")),
        ),
        ("won", json!({"stage_type": "lost"}), Err(("stage.type.in_use", "stage_type"))),
        ("proposal", json!({"stage_type": "won"}), Err(("stage.type.in_use", "stage_type"))),
        ("proposal", json!({"stage_type": "on_hold"}), Ok(())),
        (
            "proposal",
            json!({"forecast_category": "closed"}),
            Err(("stage.forecast_category", "forecast_category")),
        ),
        ("proposal", json!({"key": "won"}), Err(("stage.key.duplicate", "key"))),
        ("negotiation", json!({"stage_type": "won"}), Ok(())),
    ] {
        let found = stages.patch(sales.stage(key).0, &patch).map(|_| ());
        let found = found.map_err(|error| (error.code().to_owned(), error.path().unwrap().to_owned()));
        let expected = expected.map_err(|(code, path)| (code.to_owned(), path.to_owned()));
        assert_eq!(found, expected, "{key} {patch}");
    }
    let negotiation = stages.get(sales.stage("negotiation").0).unwrap();
    assert_eq!(negotiation.probability, Some(100.into()), "a stage takes on what its new type stands for");
    let (other, other_stages) = template("Other");
    let (other, _) = session.pipelines().create_with_stages(other, other_stages).unwrap();
    let moved = json!({"pipeline": other.meta.id.to_string()});
    let error = stages.patch(sales.stage("lost").0, &moved).unwrap_err();
    assert_eq!(codes(&error), ("stage.pipeline.fixed", Some("pipeline")));
}

#[test]
fn the_history_has_every_stage_with_its_duration() {
    let sales = Sales::open();
    let deals = sales.session.deals();
    let deal = deals.create(sales.deal()).unwrap().meta.id;
    let history = || -> Vec<(String, i64, bool)> {
        let spans = deals.stage_history(deal).unwrap();
        let current = deals.get(deal).unwrap();
        assert_eq!(
            spans.last().map(|span| (span.stage, Some(span.entered_at))),
            Some((current.stage, current.stage_entered_at))
        );
        spans
            .into_iter()
            .map(|span| (sales.key(span.stage).to_owned(), span.seconds / 86_400, span.left_at.is_none()))
            .collect()
    };
    for (key, days) in [("proposal", 2), ("qualification", 5), ("proposal", 1)] {
        sales.days(days);
        deals.move_to(deal, sales.stage(key)).unwrap();
    }
    sales.days(4);
    let entry = |key: &str, days, open| (key.to_owned(), days, open);
    let moves = vec![
        entry("qualification", 2, false),
        entry("proposal", 5, false),
        entry("qualification", 1, false),
        entry("proposal", 4, true),
    ];
    assert_eq!(history(), moves);
    // Staying is no move.
    deals.move_to(deal, sales.stage("proposal")).unwrap();
    assert_eq!(history(), moves);

    let last = deals.history(deal, None, 1).unwrap()[0].sequence;
    // The requirement came later; an undo brings back what was valid.
    sales
        .session
        .stages()
        .patch(sales.stage("qualification").0, &json!({"required_fields": ["amount"]}))
        .unwrap();
    sales.session.journal().undo(last).unwrap();
    sales.days(3);
    let mut undone = moves.clone();
    undone[3].2 = false;
    undone.push(entry("qualification", 3, true));
    assert_eq!(history(), undone);

    deals.delete(deal).unwrap();
    assert_eq!(deals.stage_history(deal).unwrap_err().code(), "record.not_found");
    sales.days(1);
    deals.restore(deal).unwrap();
    undone[4].2 = false;
    undone.push(entry("qualification", 0, true));
    assert_eq!(history(), undone);
    assert!(sales.session.journal().verify().unwrap().is_sound());
}

#[test]
fn a_deal_has_one_primary_contact() {
    let sales = Sales::open();
    let session = &sales.session;
    let person = |name: &str| {
        let person = Person { family_name: Some(name.into()), ..Person::default() };
        session.people().create(person).unwrap().meta.id
    };
    let (ada, bob) = (person("Ada"), person("Bob"));
    let deal = session.deals().create(Deal { person: Some(ada.into()), ..sales.deal() }).unwrap().meta.id;
    let contact = |person: crm_core::RecordId, primary| DealContact {
        deal: deal.into(),
        person: person.into(),
        primary,
        ..DealContact::default()
    };
    let first = session.deal_contacts().create(contact(ada, true)).unwrap();
    let second = session.deal_contacts().create(contact(bob, false)).unwrap();
    let error = session.deal_contacts().create(contact(bob, true)).unwrap_err();
    assert_eq!(codes(&error), ("deal.pair.exists", Some("person")));
    let state = || -> Result<_> {
        let primary = |id| session.deal_contacts().find(id).map(|found| found.is_some_and(|one| one.primary));
        let person = session.deals().get(deal)?.person.map(crm_core::RecordId::from);
        Ok((person, primary(first.meta.id)?, primary(second.meta.id)?))
    };
    assert_eq!(state().unwrap(), (Some(ada), true, false));
    session.deal_contacts().patch(second.meta.id, &json!({"primary": true})).unwrap();
    assert_eq!(state().unwrap(), (Some(bob), false, true));
    session.deals().patch(deal, &json!({"person": ada.to_string()})).unwrap();
    assert_eq!(state().unwrap(), (Some(ada), true, false));
    session.deal_contacts().delete(first.meta.id).unwrap();
    assert_eq!(state().unwrap(), (None, false, false));
    session.deal_contacts().restore(first.meta.id).unwrap();
    assert_eq!(state().unwrap(), (Some(ada), true, false));
    session.deal_contacts().patch(first.meta.id, &json!({"primary": false})).unwrap();
    assert_eq!(state().unwrap(), (None, false, false));
    session.deals().patch(deal, &json!({"person": bob.to_string()})).unwrap();
    assert_eq!(state().unwrap(), (Some(bob), false, true));
    // The deal goes and comes back with its contacts and its person.
    session.deals().delete(deal).unwrap();
    assert!(session.deal_contacts().find(second.meta.id).unwrap().is_none());
    session.deals().restore(deal).unwrap();
    assert_eq!(state().unwrap(), (Some(bob), false, true));
}

#[test]
fn a_person_has_each_role_in_a_deal_once() {
    let sales = Sales::open();
    let session = &sales.session;
    let ada =
        session.people().create(Person { family_name: Some("Ada".into()), ..Person::default() }).unwrap();
    let ada = ada.meta.id;
    let deal = session.deals().create(sales.deal()).unwrap().meta.id;
    let put = |role: Option<&str>, primary| {
        session.deal_contacts().create(DealContact {
            deal: deal.into(),
            person: ada.into(),
            role: role.map(Into::into),
            primary,
            ..DealContact::default()
        })
    };
    let donor = put(Some("Donor"), true).unwrap().meta.id;
    let influencer = put(Some("Influencer"), true).unwrap().meta.id;
    put(None, false).unwrap();
    for role in [Some("Donor"), Some("DONOR "), Some("influencer"), None, Some("")] {
        assert_eq!(codes(&put(role, false).unwrap_err()), ("deal.pair.exists", Some("person")), "{role:?}");
    }
    // A changed role is looked at, too; the own one is no obstacle.
    let twice = session.deal_contacts().patch(influencer, &json!({"role": "dOnOr"})).unwrap_err();
    assert_eq!(codes(&twice), ("deal.pair.exists", Some("person")));
    session.deal_contacts().patch(influencer, &json!({"role": "INFLUENCER"})).unwrap();
    // The primary contact stays as long as the person has any role.
    let person = || session.deals().get(deal).unwrap().person.map(crm_core::RecordId::from);
    let primary = |id| session.deal_contacts().get(id).unwrap().primary;
    assert!(primary(donor) && primary(influencer));
    session.deal_contacts().delete(donor).unwrap();
    assert_eq!((person(), primary(influencer)), (Some(ada), true));
    session.deal_contacts().restore(donor).unwrap();
    session.deal_contacts().patch(donor, &json!({"primary": false})).unwrap();
    assert_eq!((person(), primary(donor), primary(influencer)), (None, false, false));
}

#[test]
fn stages_with_deals_are_not_deleted_without_a_place_for_them() {
    let sales = Sales::open();
    let session = &sales.session;
    let stages = session.stages();
    let deals: Vec<Deal> = (0..3).map(|_| sales.deal_in("proposal", "5 EUR")).collect();
    let proposal = sales.stage("proposal");
    for error in [
        stages.delete(proposal.0).unwrap_err(),
        stages.remove(proposal, None).unwrap_err(),
        session.pipelines().delete(sales.pipeline.meta.id).unwrap_err(),
    ] {
        assert_eq!(error.code(), "record.restricted", "{error}");
        assert_eq!(error.details()["count"], json!(3));
    }
    assert_eq!(stages.remove(proposal, Some(proposal)).unwrap_err().code(), "stage.same");
    session.stages().patch(sales.stage("negotiation").0, &json!({"required_fields": ["next_step"]})).unwrap();
    let error = stages.remove(proposal, Some(sales.stage("negotiation"))).unwrap_err();
    assert_eq!(error.code(), "deal.stage.requirements");
    assert_eq!(error.details()["deal"], json!(deals[0].meta.id.to_string()));
    assert_eq!(session.deals().get(deals[0].meta.id).unwrap(), deals[0]);

    sales.days(1);
    assert_eq!(stages.remove(proposal, Some(sales.stage("qualification"))).unwrap(), 3);
    assert!(stages.find(proposal.0).unwrap().is_none());
    let spans = session.deals().stage_history(deals[0].meta.id).unwrap();
    assert_eq!(
        spans.iter().map(|span| span.name.as_deref()).collect::<Vec<_>>(),
        [None, Some("Qualification")]
    );
    assert_eq!(stages.remove(sales.stage("negotiation"), None).unwrap(), 0);

    for deal in deals {
        session.deals().delete(deal.meta.id).unwrap();
    }
    session.pipelines().delete(sales.pipeline.meta.id).unwrap();
    assert!(stages.find(sales.stage("won").0).unwrap().is_none(), "stages go with their pipeline");
    session.pipelines().restore(sales.pipeline.meta.id).unwrap();
    assert!(stages.find(sales.stage("won").0).unwrap().is_some());
}

#[test]
fn stages_are_ordered() {
    let sales = Sales::open();
    let session = &sales.session;
    let hold = Stage {
        pipeline: sales.pipeline.meta.id.into(),
        name: "On ice".into(),
        stage_type: StageType::OnHold,
        ..Stage::default()
    };
    let hold = session.stages().create(hold).unwrap();
    assert_eq!((hold.position, hold.probability), (Some(7), Some(0.into())));
    let mut order: Vec<StageId> = sales.stages.iter().map(|stage| stage.meta.id.into()).collect();
    let error = session.stages().reorder(sales.pipeline.meta.id, &order).unwrap_err();
    assert_eq!(codes(&error), ("stage.order.incomplete", Some("order")));
    order.insert(0, hold.meta.id.into());
    order.swap(1, 2);
    session.stages().reorder(sales.pipeline.meta.id, &order).unwrap();
    let board = session.pipelines().board(sales.pipeline.meta.id, None).unwrap();
    let shown: Vec<StageId> = board.columns.iter().map(|column| column.stage).collect();
    assert_eq!(shown, order);
    // New deals begin in the first stage that is open, not on hold.
    assert_eq!(sales.key(session.deals().create(sales.deal()).unwrap().stage), "needs_analysis");

    let (mut other, mut stages) = template("Other");
    stages[2].probability = Some(101.into());
    let error = session.pipelines().create_with_stages(other.clone(), stages).unwrap_err();
    assert_eq!(codes(&error), ("field.range", Some("stages[2].probability")));
    other.default_currency = Some("XXY".into());
    let error = session.pipelines().create(other).unwrap_err();
    assert_eq!(codes(&error), ("currency.unknown", Some("default_currency")));
    let named =
        Pipeline { name: "sales".into(), default_currency: Some("eur".into()), ..Pipeline::default() };
    assert_eq!(session.pipelines().create(named).unwrap().default_currency.as_deref(), Some("EUR"));
}
