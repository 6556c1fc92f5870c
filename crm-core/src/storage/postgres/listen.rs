//! Hearing of the commits of other handles.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use postgres::Client;
use postgres::fallible_iterator::FallibleIterator;

use super::connect::Target;
use crate::error::Result;

/// How often the thread looks whether the database was closed, and how long it waits before it connects again.
const TICK: Duration = Duration::from_millis(250);

/// What is called when another handle has committed.
pub(super) type Hear = Box<dyn Fn() + Send + Sync>;

/// The channel of a schema.
pub(super) fn channel(schema: &str) -> String {
    format!("crm_commit_{schema}")
}

/// Listens in a thread of its own until `closed` is set. When it returns, nothing is missed from then on.
pub(super) fn start(target: Arc<Target>, own: String, closed: Arc<AtomicBool>, hear: Hear) -> Result<()> {
    let client = connect(&target)?;
    let spawned = thread::Builder::new().name("crm-listen".to_owned()).spawn(move || {
        let mut client = Some(client);
        while !closed.load(Ordering::Acquire) {
            match client.as_mut() {
                Some(connected) => {
                    if listen(connected, &own, &hear).is_err() || connected.is_closed() {
                        client = None;
                    }
                }
                None => {
                    thread::sleep(TICK);
                    client = connect(&target).ok();
                    if client.is_some() {
                        // What was committed meanwhile was not heard of.
                        hear();
                    }
                }
            }
        }
    });
    spawned.map(|_| ()).map_err(|_| crate::storage::error::io())
}

fn connect(target: &Target) -> Result<Client> {
    let mut client = target.client()?;
    let sql = format!("LISTEN \"{}\"", channel(target.schema()));
    client.batch_execute(&sql).map_err(|failure| super::error::running(&failure))?;
    Ok(client)
}

/// Waits for a moment, and calls `hear` once for all that came in it.
fn listen(client: &mut Client, own: &str, hear: &Hear) -> std::result::Result<(), postgres::Error> {
    let mut notifications = client.notifications();
    let mut foreign = false;
    let mut wait = TICK;
    while let Some(heard) = notifications.timeout_iter(wait).next()? {
        foreign |= heard.payload() != own;
        wait = Duration::ZERO;
    }
    if foreign {
        hear();
    }
    Ok(())
}
