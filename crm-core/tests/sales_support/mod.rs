//! What the tests of sales begin with.
#![allow(dead_code, unreachable_pub, reason = "a module of every test, none of which needs all of it")]

use crate::engine_support;
use std::sync::Arc;

use crm_core::sales::{Deal, Pipeline, Stage, StageId, template};
use crm_core::{Actor, Config, Crm, ManualClock, Money, Purpose, SeededRandom, Session, Timestamp};

pub struct Sales {
    pub crm: Crm,
    pub session: Session,
    pub clock: Arc<ManualClock>,
    pub pipeline: Pipeline,
    pub stages: Vec<Stage>,
}

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn money(text: &str) -> Money {
    text.parse().unwrap()
}

impl Sales {
    /// A database with the pipeline of the template: qualification 10, needs analysis 20, proposal 50,
    /// negotiation 80, won, lost.
    pub fn open() -> Self {
        let clock = Arc::new(ManualClock::at(time("2026-11-21T10:00:00Z")));
        let config = Config::default().clock(Arc::clone(&clock)).random(SeededRandom::new([7; 32]));
        let crm = engine_support::open(config);
        let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
        let (pipeline, stages) = template("Sales");
        let (pipeline, stages) = session.pipelines().create_with_stages(pipeline, stages).unwrap();
        Self { crm, session, clock, pipeline, stages }
    }

    pub fn stage(&self, key: &str) -> StageId {
        let found = self.stages.iter().find(|stage| stage.key.as_deref() == Some(key));
        found.unwrap_or_else(|| panic!("no stage {key}")).meta.id.into()
    }

    pub fn key(&self, stage: StageId) -> &str {
        let found = self.stages.iter().find(|known| StageId::from(known.meta.id) == stage);
        found.and_then(|stage| stage.key.as_deref()).unwrap_or("?")
    }

    pub fn deal(&self) -> Deal {
        Deal { name: "Licences".into(), pipeline: self.pipeline.meta.id.into(), ..Deal::default() }
    }

    pub fn deal_in(&self, key: &str, amount: &str) -> Deal {
        let lost_notes = (key == "lost").then(|| "too dear".to_owned());
        let amount = (!amount.is_empty()).then(|| money(amount));
        let deal = Deal { stage: self.stage(key), amount, lost_notes, ..self.deal() };
        self.session.deals().create(deal).unwrap()
    }

    pub fn days(&self, days: i64) {
        self.clock.advance_days(days);
    }
}
