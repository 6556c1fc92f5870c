//! Section 4: what the queues hold, and answering cases.

use crm_core::record::query::Query;
use crm_core::service::{Case, Channel, Inbound, QueueId, Reply};
use crm_core::{RecordId, Result, Session};

use crate::sample::{Demo, missing};
use crate::support::bars::stack;
use crate::support::screen::{cool, dim, done, good, heading, say, section, warm};
use crate::support::table::Table;
use crate::support::words::{age, number};

/// Prints what each queue holds.
pub(crate) fn show(demo: &Demo) -> Result<()> {
    section(4, "Cases", &["session.cases().queue_overview()?"]);
    let service = demo.service()?;
    let queues = service.queues().list(&Query::new())?.records;
    let mut overview = service.cases().queue_overview()?;
    let unfinished = |queue: &crm_core::service::QueueOverview| queue.open + queue.pending + queue.on_hold;
    overview.sort_by_key(|queue| (std::cmp::Reverse(unfinished(queue)), std::cmp::Reverse(queue.closed)));
    let most = overview.iter().map(unfinished).max().unwrap_or(1);
    let legend = format!("{} open  {} waiting for the customer  {} on hold", warm("█"), cool("▓"), dim("░"));
    say(&legend);
    println!();
    let mut table = Table::default()
        .left("queue", 18)
        .left("", 28)
        .right("open")
        .right("waiting")
        .right("on hold")
        .right("resolved")
        .right("closed")
        .right("oldest");
    for queue in &overview {
        let name = queues
            .iter()
            .find(|known| queue.queue.is_some_and(|id| RecordId::from(id) == known.meta.id))
            .map_or("(no queue)", |known| known.name.as_str());
        #[expect(clippy::cast_precision_loss, reason = "a length to draw")]
        let parts = [queue.open as f64, queue.pending as f64, queue.on_hold as f64];
        #[expect(clippy::cast_precision_loss, reason = "a length to draw")]
        let lengths = stack(&parts, most as f64, 27);
        let bar = format!(
            "{}{}{}",
            warm("█".repeat(lengths[0])),
            cool("▓".repeat(lengths[1])),
            dim("░".repeat(lengths[2]))
        );
        table.row([
            name.to_owned(),
            bar,
            number(queue.open),
            number(queue.pending),
            number(queue.on_hold),
            number(queue.resolved),
            number(queue.closed),
            queue.oldest.map(|since| age(since, service.now())).unwrap_or_default(),
        ]);
    }
    table.print();
    println!();
    Ok(())
}

fn case(session: &Session, number: &str) -> Result<Case> {
    session.cases().find_by_number(number)?.ok_or_else(|| missing("case"))
}

/// The number, status and subject of a case.
fn in_words(session: &Session, case: &Case) -> Result<String> {
    let status = session.case_statuses().get(case.status)?;
    Ok(format!("{} is {}", case.number.as_deref().unwrap_or_default(), status.name.to_lowercase()))
}

/// Answers some cases: a reply, a resolution, the customer's answer that opens a case again, a merge.
pub(crate) fn answer(demo: &Demo) -> Result<()> {
    let service = demo.service()?;
    heading("Answering", "session.cases().reply · resolve · receive · merge");
    let asked = case(&service, "C-00151")?;
    let reply = Reply {
        channel: Channel::Email,
        subject: Some(format!("Re: [{}] {}", asked.number.as_deref().unwrap_or_default(), asked.subject)),
        body: "Bonjour, les 45 joints partent aujourd'hui avec DHL.".to_owned(),
        message_id: Some("answer-151@nordlicht-werke.example".to_owned()),
        ..Reply::default()
    };
    let id = asked.meta.id.into();
    service.cases().reply(id, reply)?;
    done(&format!("replied to “{}”", asked.subject), &in_words(&service, &case(&service, "C-00151")?)?);

    demo.minutes_pass(20);
    service.cases().resolve(id, Some("45 seals sent from stock."))?;
    done("resolved it", &in_words(&service, &case(&service, "C-00151")?)?);

    demo.minutes_pass(90);
    let received = service.cases().receive(&Inbound {
        from: asked.requester,
        channel: Channel::Email,
        subject: Some(format!("Re: Re: {}", asked.subject)),
        body: Some("Merci ! Pouvez-vous en ajouter dix de plus ?".to_owned()),
        message_id: Some("thanks@valmorin.example".to_owned()),
        in_reply_to: Some("<answer-151@nordlicht-werke.example>".to_owned()),
        ..Inbound::default()
    })?;
    let outcome =
        format!("{}, {:?}", in_words(&service, &received.case)?, received.received_as).to_lowercase();
    done("the customer answers the e-mail: the engine finds the case", &outcome.replace("c-", "C-"));

    demo.minutes_pass(5);
    let (first, second) = (case(&service, "C-00095")?, case(&service, "C-00148")?);
    let merged = service.cases().merge(second.meta.id.into(), first.meta.id.into())?;
    done(
        "merged two reports of the same fault",
        &format!(
            "{} into {}, records moved: {}",
            second.number.as_deref().unwrap_or_default(),
            merged.case.number.as_deref().unwrap_or_default(),
            merged.moved
        ),
    );
    let queue: Option<QueueId> = merged.case.queue;
    let led = case(&service, "C-00148")?;
    let closed = led.merged_into.is_some() || led.meta.id == merged.case.meta.id;
    if queue.is_some() && closed {
        say(format!(
            "    {}",
            dim("C-00148 now leads to C-00095, in searches and by its number in e-mails.")
        ));
    }
    println!("  {}", good(format!("{} cases are open now.", open(&service)?)));
    Ok(())
}

fn open(session: &Session) -> Result<u64> {
    Ok(session.cases().queue_overview()?.iter().map(|queue| queue.open).sum())
}
