//! Boards, forecasts, outcomes, conversion and velocity: against what is added up by hand.

use std::collections::BTreeMap;

use crate::sales_support::{Sales, money, time};
use crm_core::DateUnit;
use crm_core::record::filter::field;
use crm_core::record::query::Query;
use crm_core::sales::{Board, Deal, DealId, ForecastQuery, LostReason, PassageQuery, Stage, StageId};
use crm_core::{Currency, Money, RecordId};
use proptest::prelude::*;
use serde_json::json;

const KEYS: [&str; 6] = ["qualification", "needs_analysis", "proposal", "negotiation", "won", "lost"];
const CURRENCIES: [&str; 3] = ["EUR", "JPY", "BHD"];

fn column<'b>(sales: &Sales, board: &'b Board, key: &str) -> &'b crm_core::sales::BoardColumn {
    board.columns.iter().find(|column| sales.key(column.stage) == key).unwrap()
}

fn board(sales: &Sales) -> Board {
    sales.session.pipelines().board(sales.pipeline.meta.id, None).unwrap()
}

#[derive(Clone, Debug)]
struct Plan {
    stage: usize,
    amount: Option<(i64, usize)>,
    probability: Option<i64>,
    moves: Vec<usize>,
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let amount = proptest::option::of((prop_oneof![0_i64..100_000, 0_i64..1_000_000_000_000], 0_usize..3));
    let plan =
        (0_usize..6, amount, proptest::option::of(0_i64..=10_000), prop::collection::vec(0_usize..6, 0..4));
    prop::collection::vec(
        plan.prop_map(|(stage, amount, probability, moves)| Plan { stage, amount, probability, moves }),
        0..25,
    )
}

/// Sums by stage and currency as everybody would add them up: over the ordinary list of deals.
fn by_hand(sales: &Sales) -> BTreeMap<(StageId, Currency), (i64, i64)> {
    let stages: Vec<Stage> = sales.session.stages().list(&Query::new()).unwrap().records;
    let mut sums = BTreeMap::new();
    for deal in sales.session.deals().list(&Query::new().limit(1000)).unwrap().records {
        let stage = stages.iter().find(|stage| StageId::from(stage.meta.id) == deal.stage).unwrap();
        let (Some(amount), Some(weighted)) = (deal.amount, deal.weighted_amount(stage).unwrap()) else {
            continue;
        };
        let sum: &mut (i64, i64) = sums.entry((deal.stage, amount.currency())).or_default();
        sum.0 += amount.minor();
        sum.1 += weighted.minor();
    }
    sums
}

fn of_board(board: &Board) -> BTreeMap<(StageId, Currency), (i64, i64)> {
    let mut sums: BTreeMap<_, (i64, i64)> = BTreeMap::new();
    for column in &board.columns {
        for amount in &column.amounts {
            sums.entry((column.stage, amount.currency())).or_default().0 += amount.minor();
        }
        for weighted in &column.weighted {
            sums.entry((column.stage, weighted.currency())).or_default().1 += weighted.minor();
        }
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn board_list_and_forecast_agree_to_the_cent(plans in plans(), probability in 0_i64..=10_000) {
        let sales = Sales::open();
        let deals = sales.session.deals();
        for plan in &plans {
            let closed = plan.stage > 3;
            let deal = Deal {
                stage: sales.stage(KEYS[plan.stage]),
                amount: plan.amount.map(|(minor, place)| Money::new(minor, CURRENCIES[place].parse().unwrap())),
                probability: plan.probability.filter(|_| !closed).map(rust_decimal),
                lost_notes: Some("?".into()),
                ..sales.deal()
            };
            let id: DealId = deals.create(deal).unwrap().meta.id.into();
            for place in &plan.moves {
                sales.clock.advance_micros(1);
                deals.move_with(id, sales.stage(KEYS[*place]), &json!({"lost_notes": "?"})).unwrap();
            }
        }
        let check = || -> Result<(), TestCaseError> {
            let (board, by_hand) = (board(&sales), by_hand(&sales));
            prop_assert_eq!(&of_board(&board), &by_hand);
            prop_assert_eq!(board.columns.iter().map(|column| column.count).sum::<u64>(), plans.len() as u64);
            let mut forecast: BTreeMap<Currency, (i64, i64)> = BTreeMap::new();
            for row in deals.forecast(&ForecastQuery::default()).unwrap() {
                let (Some(amount), Some(weighted)) = (row.amount, row.weighted) else { continue };
                let sum = forecast.entry(amount.currency()).or_default();
                sum.0 += amount.minor();
                sum.1 += weighted.minor();
            }
            let mut expected: BTreeMap<Currency, (i64, i64)> = BTreeMap::new();
            for ((_, currency), sums) in by_hand {
                let sum = expected.entry(currency).or_default();
                sum.0 += sums.0;
                sum.1 += sums.1;
            }
            prop_assert_eq!(forecast, expected);
            Ok(())
        };
        check()?;
        let before = (sales.session.now(), board(&sales));
        sales.days(1);
        let changed = json!({"probability": rust_decimal(probability).to_string()});
        sales.session.stages().patch(sales.stage("proposal").0, &changed).unwrap();
        for deal in deals.list(&Query::new().limit(5)).unwrap().records {
            deals.move_with(deal.meta.id, sales.stage("won"), &json!({"amount": "77 JPY"})).unwrap();
        }
        check()?;
        let past = sales.session.as_of(before.0, |past| past.pipelines().board(sales.pipeline.meta.id, None));
        prop_assert_eq!(past.unwrap(), before.1);
    }
}

/// Hundredths of a per cent as a decimal, through the text that every host would send.
fn rust_decimal(units: i64) -> rust_decimal::Decimal {
    format!("{}.{:02}", units / 100, units % 100).parse().unwrap()
}

#[test]
fn a_board_counts_and_finds_what_rots() {
    let sales = Sales::open();
    let session = &sales.session;
    session.stages().patch(sales.stage("proposal").0, &json!({"rotting_days": 10})).unwrap();
    session.stages().patch(sales.stage("won").0, &json!({"rotting_days": 1})).unwrap();
    let first = sales.deal_in("proposal", "10.05 EUR");
    let since = session.now();
    sales.days(8);
    sales.deal_in("proposal", "10.05 EUR");
    sales.deal_in("proposal", "33 JPY");
    sales.deal_in("proposal", "");
    sales.deal_in("won", "4 EUR");
    sales.days(2);
    assert_eq!(column(&sales, &board(&sales), "proposal").rotting, 0, "ten days are not more than ten days");
    sales.clock.advance_micros(1);
    let shown = board(&sales);
    assert_eq!(shown.columns.len(), 6);
    let proposal = column(&sales, &shown, "proposal");
    assert_eq!((proposal.count, proposal.rotting, proposal.oldest), (4, 1, Some(since)));
    assert_eq!(proposal.amounts, [money("20.10 EUR"), money("33 JPY")]);
    assert_eq!(proposal.weighted, [money("10.06 EUR"), money("17 JPY")], "5.025 twice, and 16.5");
    let won = column(&sales, &shown, "won");
    assert_eq!((won.rotting, &won.weighted), (0, &won.amounts));
    let empty = column(&sales, &shown, "negotiation");
    assert_eq!((empty.count, empty.amounts.len(), empty.oldest), (0, 0, None));
    let rotting = session.deals().rotting(sales.pipeline.meta.id, &Query::new()).unwrap();
    assert_eq!(rotting.records.iter().map(|deal| deal.meta.id).collect::<Vec<_>>(), [first.meta.id]);

    let filter = field("amount").greater_than(money("10 EUR"));
    let some = session.pipelines().board(sales.pipeline.meta.id, Some(&filter)).unwrap();
    assert_eq!(column(&sales, &some, "proposal").count, 2);
    let error = session.pipelines().board(first.meta.id, None).unwrap_err();
    assert_eq!(error.code(), "record.not_found");

    // Inactive stages are shown for as long as deals are in them.
    session.stages().patch(sales.stage("negotiation").0, &json!({"active": false})).unwrap();
    session.stages().patch(sales.stage("proposal").0, &json!({"active": false})).unwrap();
    let shown: Vec<_> =
        board(&sales).columns.iter().map(|column| sales.key(column.stage).to_owned()).collect();
    assert_eq!(shown, ["qualification", "needs_analysis", "proposal", "won", "lost"]);

    let empty = session
        .as_of(time("2026-11-21T10:00:00Z"), |past| past.pipelines().board(sales.pipeline.meta.id, None));
    assert_eq!(empty.unwrap().columns.iter().map(|column| column.count).sum::<u64>(), 1);
}

#[test]
fn conversion_and_velocity_between_any_two_stages() {
    let sales = Sales::open();
    let session = &sales.session;
    let go = |key: &str, deal: RecordId| {
        session.deals().move_with(deal, sales.stage(key), &json!({"lost_notes": "?"})).unwrap();
    };
    let query = |from: &str, to: &str| PassageQuery {
        from: sales.stage(from),
        to: sales.stage(to),
        ..PassageQuery::default()
    };
    // Day 0: three deals come in. One goes through everything, one skips a stage, one is lost.
    let deals: Vec<RecordId> = (0..3).map(|_| sales.deal_in("qualification", "").meta.id).collect();
    let start = session.now();
    sales.days(2);
    go("proposal", deals[0]);
    sales.days(2);
    go("proposal", deals[1]);
    go("lost", deals[2]);
    sales.days(1);
    // Back and forth: it counts from its first time in each.
    go("qualification", deals[1]);
    sales.days(1);
    go("proposal", deals[1]);
    go("won", deals[0]);
    sales.days(10);
    let late = sales.deal_in("qualification", "").meta.id;
    let check =
        |query: &PassageQuery, entered: u64, converted: u64, rate: &str, months: &[(&str, u64, u64)]| {
            let found = session.pipelines().conversion(query).unwrap();
            assert_eq!((found.entered, found.converted), (entered, converted), "{query:?}");
            assert_eq!(found.rate.map(|rate| rate.to_string()).unwrap_or_default(), rate);
            let cohorts: Vec<_> = found
                .months
                .iter()
                .map(|cohort| (cohort.month.as_str(), cohort.entered, cohort.converted))
                .collect();
            assert_eq!(cohorts, months);
        };
    check(&query("qualification", "proposal"), 4, 2, "50", &[("2026-11", 3, 2), ("2026-12", 1, 0)]);
    check(&query("qualification", "won"), 4, 1, "25", &[("2026-11", 3, 1), ("2026-12", 1, 0)]);
    check(&query("proposal", "won"), 2, 1, "50", &[("2026-11", 2, 1)]);
    check(&query("proposal", "qualification"), 2, 1, "50", &[("2026-11", 2, 1)]);
    check(&query("won", "lost"), 1, 0, "0", &[("2026-11", 1, 0)]);
    check(&query("negotiation", "won"), 0, 0, "", &[]);
    let until = PassageQuery { until: Some(start.plus_days(5)), ..query("qualification", "proposal") };
    check(&until, 3, 2, "66.67", &[("2026-11", 3, 2)]);
    let since = PassageQuery { since: Some(start.plus_days(5)), ..query("qualification", "proposal") };
    check(&since, 2, 1, "50", &[("2026-11", 1, 1), ("2026-12", 1, 0)]);
    let one = PassageQuery { filter: Some(field("id").equals(late)), ..query("qualification", "proposal") };
    check(&one, 1, 0, "0", &[("2026-12", 1, 0)]);
    let error = session.pipelines().conversion(&query("won", "won")).unwrap_err();
    assert_eq!((error.code(), error.path()), ("stage.same", Some("to")));

    let day = 86_400;
    let velocity = session.pipelines().velocity(&query("qualification", "proposal")).unwrap();
    assert_eq!(velocity.count, 2);
    assert_eq!(velocity.median_seconds, Some(3 * day));
    assert_eq!(velocity.mean_seconds, Some(3 * day));
    assert_eq!(velocity.p90_seconds, Some(4 * day));
    assert_eq!(session.pipelines().velocity(&query("negotiation", "won")).unwrap().count, 0);

    // As of the third day only one deal had a proposal, and nothing was known of the second.
    session
        .as_of(start.plus_days(3), |past| {
            let found = past.pipelines().conversion(&query("qualification", "proposal"))?;
            assert_eq!((found.entered, found.converted), (3, 1));
            assert_eq!(
                past.pipelines().velocity(&query("qualification", "proposal"))?.mean_seconds,
                Some(2 * day)
            );
            let spans = past.deals().stage_history(deals[0])?;
            assert_eq!(spans.iter().map(|span| span.seconds).collect::<Vec<_>>(), [2 * day, day]);
            assert_eq!(spans[1].left_at, None);
            Ok(())
        })
        .unwrap();
    // A deleted deal is in no figure, and comes back into all of them.
    session.deals().delete(deals[0]).unwrap();
    check(&query("proposal", "won"), 1, 0, "0", &[("2026-11", 1, 0)]);
}

#[test]
fn forecasts_and_outcomes() {
    let sales = Sales::open();
    let session = &sales.session;
    let deals = session.deals();
    let expected = |key: &str, amount: &str, date: &str| {
        let deal = sales.deal_in(key, amount).meta.id;
        deals.patch(deal, &json!({"expected_close_date": date})).unwrap();
        deal
    };
    expected("proposal", "100 EUR", "2026-12-31");
    expected("proposal", "50 EUR", "2026-12-01");
    expected("qualification", "9 JPY", "2026-12-01");
    let commit = expected("qualification", "80 EUR", "2027-01-05");
    deals.patch(commit, &json!({"forecast_category": "commit"})).unwrap();
    sales.deal_in("negotiation", "1 EUR");
    let won = expected("won", "60 EUR", "2027-05-05");
    deals.patch(won, &json!({"forecast_category": "commit"})).unwrap();
    sales.deal_in("won", "30.01 EUR");
    sales.deal_in("lost", "7 EUR");
    let price = LostReason { name: "Price".into(), ..LostReason::default() };
    let price = session.lost_reasons().create(price).unwrap().meta.id;
    for amount in ["5 EUR", "6 JPY"] {
        let deal = sales.deal_in("proposal", amount).meta.id;
        deals.move_with(deal, sales.stage("lost"), &json!({"lost_reason": price.to_string()})).unwrap();
    }
    let rows = |query: ForecastQuery| -> Vec<String> {
        deals
            .forecast(&query)
            .unwrap()
            .iter()
            .map(|row| {
                let amount =
                    |amount: Option<Money>| amount.map(|amount| amount.to_string()).unwrap_or_default();
                format!(
                    "{} {} {}: {} / {}",
                    row.period.as_deref().unwrap_or("-"),
                    row.category,
                    row.count,
                    amount(row.amount),
                    amount(row.weighted)
                )
            })
            .collect()
    };
    let open = field("closed_at").is_null();
    assert_eq!(
        rows(ForecastQuery { filter: Some(open.clone()), ..ForecastQuery::default() }),
        [
            "2026-12 best_case 2: 150.00 EUR / 75.00 EUR",
            "2026-12 pipeline 1: 9 JPY / 1 JPY",
            "2027-01 commit 1: 80.00 EUR / 8.00 EUR",
            "- commit 1: 1.00 EUR / 0.80 EUR",
        ]
    );
    let closed = ForecastQuery { filter: Some(!open), unit: DateUnit::Quarter, by_owner: true };
    assert_eq!(
        rows(closed),
        [
            "2026-Q4 closed 2: 90.01 EUR / 90.01 EUR",
            "2026-Q4 omitted 2: 12.00 EUR / 0.00 EUR",
            "2026-Q4 omitted 1: 6 JPY / 0 JPY",
        ]
    );
    let outcome = deals.outcome(None).unwrap();
    assert_eq!((outcome.won, outcome.lost), (2, 3));
    assert_eq!(outcome.win_rate.map(|rate| rate.to_string()).as_deref(), Some("40"));
    assert_eq!(outcome.won_amounts, [money("90.01 EUR")]);
    assert_eq!(outcome.average_won, [money("45.01 EUR")]);
    let reasons: Vec<_> = outcome
        .lost_reasons
        .iter()
        .map(|one| (one.reason.map(RecordId::from), one.count, one.amounts.clone()))
        .collect();
    assert_eq!(
        reasons,
        [(Some(price), 2, vec![money("5 EUR"), money("6 JPY")]), (None, 1, vec![money("7 EUR")])]
    );
    let json = serde_json::to_value(&outcome).unwrap();
    assert_eq!(json["win_rate"], json!("40"));
}
