//! A primary server and a replica that follows it, in a temporary folder.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use postgres::{Client, NoTls};

/// Ports are the ends of names of sockets in a folder of our own, so they are always free.
const PRIMARY: u16 = 5501;
const REPLICA: u16 = 5502;

const SETTINGS: &str = "listen_addresses = ''\nmax_connections = 100\nshared_buffers = 64MB\nfsync = off\n\
    autovacuum = off\nmax_wal_size = 4GB\n";

/// A cluster of two servers. What the primary acknowledges is on both.
pub(crate) struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    is_root: bool,
}

impl Cluster {
    /// Starts a primary, copies it, starts the copy as its replica, and lets commits wait for the replica.
    pub(crate) fn start() -> Self {
        let bin = std::env::var_os("CRM_TEST_POSTGRES_BIN")
            .expect("tests/postgres/cluster says where the server is");
        let is_root = output(Command::new("id").arg("-u")).trim() == "0";
        let folder = std::env::temp_dir().join(format!("crm-failover-{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let cluster = Self { folder, bin: bin.into(), is_root };
        if is_root {
            output(Command::new("chown").arg("postgres").arg(&cluster.folder));
        }
        let primary = cluster.data(PRIMARY);
        cluster.run(
            "initdb",
            &["-U", "crm", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"],
            &primary,
        );
        let settings = format!("{SETTINGS}unix_socket_directories = '{}'\n", cluster.folder.display());
        let file = primary.join("postgresql.conf");
        fs::write(&file, fs::read_to_string(&file).unwrap() + &settings).unwrap();
        cluster.start_server(PRIMARY);
        let (host, port) = (cluster.folder.to_str().unwrap(), PRIMARY.to_string());
        let copy = ["-h", host, "-p", &port, "-U", "crm", "-R", "-c", "fast", "--no-sync", "-D"];
        cluster.run("pg_basebackup", &copy, &cluster.data(REPLICA));
        cluster.start_server(REPLICA);
        let mut client = cluster.client(PRIMARY);
        client.batch_execute("CREATE DATABASE crm").unwrap();
        // After the copy, so that the replica does not wait for others when it has taken over.
        client.batch_execute("ALTER SYSTEM SET synchronous_standby_names = '*'").unwrap();
        client.batch_execute("SELECT pg_reload_conf()").unwrap();
        let sql = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        until("the replica is synchronous", || client.query_one(sql, &[]).unwrap().get::<_, i64>(0) == 1);
        cluster
    }

    /// The URL with both servers, of which the one that takes writes is meant.
    pub(crate) fn url(&self) -> String {
        let host = self.folder.to_str().unwrap().replace('/', "%2F");
        format!(
            "postgres://crm@{host}:{PRIMARY},{host}:{REPLICA}/crm?target_session_attrs=read-write&connect_timeout=5"
        )
    }

    /// Ends the primary and all of its processes at once, in the middle of whatever they do. A moment before it stops
    /// sending its log, so that some commits are on the primary alone: they must not have been acknowledged.
    pub(crate) fn kill_primary(&self) {
        let mut client = self.client(PRIMARY);
        let sender =
            client.query_one("SELECT pid::text FROM pg_stat_replication", &[]).unwrap().get::<_, String>(0);
        output(Command::new("kill").args(["-STOP", &sender]));
        sleep(Duration::from_millis(200));
        let file = fs::read_to_string(self.data(PRIMARY).join("postmaster.pid")).unwrap();
        let parent = file.lines().next().unwrap().trim().to_owned();
        let mut victims = vec![parent.clone()];
        victims.extend(children(&parent));
        output(Command::new("kill").arg("-KILL").args(&victims));
        until("the primary is gone", || !victims.iter().any(|process| is_running(process)));
    }

    /// Makes the replica the primary.
    pub(crate) fn promote_replica(&self) {
        self.run("pg_ctl", &["promote", "-w", "-t", "60", "-D"], &self.data(REPLICA));
    }

    fn data(&self, port: u16) -> PathBuf {
        self.folder.join(if port == PRIMARY { "primary" } else { "replica" })
    }

    fn start_server(&self, port: u16) {
        let (log, option) = (self.folder.join(format!("{port}.log")), format!("-p {port}"));
        let start = ["start", "-w", "-t", "60", "-o", &option, "-l", log.to_str().unwrap(), "-D"];
        self.run("pg_ctl", &start, &self.data(port));
    }

    fn client(&self, port: u16) -> Client {
        let url = format!("host={} port={port} user=crm dbname=postgres", self.folder.display());
        Client::connect(&url, NoTls).unwrap()
    }

    /// Runs a program of the server, with a folder of data as its last argument. It refuses to run as root.
    fn run(&self, program: &str, arguments: &[&str], data: &Path) {
        let program = self.bin.join(program);
        let mut command = if self.is_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        // What it starts must not keep our output open.
        let status = command
            .args(arguments)
            .arg(data)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{command:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for port in [PRIMARY, REPLICA] {
            let file = self.data(port).join("postmaster.pid");
            let process =
                fs::read_to_string(file).ok().and_then(|text| text.lines().next().map(str::to_owned));
            if let Some(process) = process.filter(|process| is_running(process)) {
                // SIGQUIT: an immediate shutdown.
                let _ = Command::new("kill").args(["-QUIT", &process]).status();
                until("the server has stopped", || !is_running(&process));
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Waits for something that takes a moment.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..6_000 {
        if is_so() {
            return;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("not within a minute: {what}");
}

/// What a program of the system prints.
fn output(command: &mut Command) -> String {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

/// The state and the parent of a process; nothing when there is no such process.
fn state(process: &str) -> Option<(String, String)> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before the bracket may hold anything.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned);
    Some((fields.next()?, fields.next()?))
}

/// Whether a process is there and more than an entry that nobody has asked for.
fn is_running(process: &str) -> bool {
    state(process).is_some_and(|(state, _)| state != "Z")
}

/// The children of a process.
fn children(parent: &str) -> Vec<String> {
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        .filter(|process| state(process).is_some_and(|(_, of)| of == parent))
        .collect()
}
