//! Reaching the server: the URL, TLS, the settings of a session.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use postgres::config::{Host, SslMode, TargetSessionAttrs};
use postgres::{Client, Config};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error;
use super::interrupt::{Gate, Signals};
use super::link::Link;
use super::options::Options;
use super::server::Server;
use crate::error::{CrmError, ErrorKind, Result};

/// The longest name of a schema; the names of its channels and locks are made of it.
const LONGEST_SCHEMA: usize = 48;
/// How long to wait for a server when the URL says nothing of it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a database is, and how to get there.
pub(super) struct Target {
    config: Config,
    tls: MakeRustlsConnect,
    schema: String,
    statements: usize,
    busy_timeout_ms: u32,
}

impl Target {
    /// The place that a URL names.
    pub(super) fn new(url: &str, options: &Options) -> Result<Self> {
        let Url { text, schema, root_certificates } = Url::split(url)?;
        let mut config: Config = text.parse().map_err(|_| error::url())?;
        if config.get_hosts().is_empty() {
            return Err(error::url());
        }
        if config.get_application_name().is_none() {
            config.application_name("crm-core");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        let schema = schema.unwrap_or_else(|| options.schema.clone());
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if schema.is_empty() || schema.len() > LONGEST_SCHEMA || !schema.chars().all(legal) {
            let reason = "takes lower-case letters, digits and _, at most 48";
            return Err(CrmError::invalid("storage.schema", reason).at("schema"));
        }
        let file = root_certificates.as_deref().map(Path::new).or(options.root_certificates.as_deref());
        let tls = tls(&config, file)?;
        let (statements, busy_timeout_ms) = (options.statements, options.busy_timeout_ms);
        Ok(Self { config, tls, schema, statements, busy_timeout_ms })
    }

    /// The schema with the tables.
    pub(super) fn schema(&self) -> &str {
        &self.schema
    }

    /// Asks of several hosts for one that takes writes, unless the URL asks for something else.
    pub(super) fn prefer_writable(&mut self) {
        if self.config.get_hosts().len() > 1
            && self.config.get_target_session_attrs() == TargetSessionAttrs::Any
        {
            self.config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
    }

    /// A connection without a session's settings.
    pub(super) fn client(&self) -> Result<Client> {
        self.config.connect(self.tls.clone()).map_err(|failure| error::connecting(&failure))
    }

    /// A connection that is set up to read or to write.
    pub(super) fn link(&self, reading: bool, signals: &Signals) -> Result<Link> {
        let mut client = self.client()?;
        let failed = |failure: postgres::Error| error::connecting(&failure);
        let version: String = client.query_one("SELECT version()", &[]).map_err(failed)?.get(0);
        let server = Server::of_version(&version);
        client.batch_execute(&self.settings(server, reading)).map_err(failed)?;
        let gate = Arc::new(Gate::new(client.cancel_token(), self.tls.clone()));
        signals.watch(&gate);
        Ok(Link::new(client, gate, server, self.statements))
    }

    fn settings(&self, server: Server, reading: bool) -> String {
        let mut settings = format!(
            "SET search_path TO \"{}\"; SET TIME ZONE 'UTC'; SET lock_timeout = {}; \
             SET standard_conforming_strings = on; SET default_transaction_read_only = {}",
            self.schema,
            self.busy_timeout_ms,
            if reading { "on" } else { "off" },
        );
        if server == Server::Postgres {
            // Statements are short: compiling them would take longer than running them.
            settings.push_str("; SET jit = off; SET client_min_messages = warning");
        }
        settings
    }
}

/// A URL and what in it is ours.
struct Url {
    text: String,
    schema: Option<String>,
    root_certificates: Option<String>,
}

impl Url {
    /// Takes `schema` and `sslrootcert` out, which the driver below does not know.
    fn split(url: &str) -> Result<Self> {
        if !is_url(url) {
            return Err(error::url());
        }
        let (address, query) = url.split_once('?').unwrap_or((url, ""));
        let (mut schema, mut root_certificates, mut rest) = (None, None, Vec::new());
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("schema", value)) => schema = Some(value.to_owned()),
                Some(("sslrootcert", value)) => root_certificates = Some(percent_decoded(value)?),
                _ => rest.push(pair),
            }
        }
        let text = if rest.is_empty() { address.to_owned() } else { format!("{address}?{}", rest.join("&")) };
        Ok(Self { text, schema, root_certificates })
    }
}

/// Whether this is a URL of a PostgreSQL database.
fn is_url(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

fn percent_decoded(text: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(error::url()) };
        bytes.push(u8::try_from(high << 4 | low).map_err(|_| error::url())?);
    }
    String::from_utf8(bytes).map_err(|_| error::url())
}

/// What TLS connections trust. Certificates are always checked, whatever `sslmode` says; it decides only whether TLS
/// is used at all.
fn tls(config: &Config, file: Option<&Path>) -> Result<MakeRustlsConnect> {
    let mut roots = RootCertStore::empty();
    let remote = config.get_hosts().iter().any(|host| matches!(host, Host::Tcp(_)));
    if config.get_ssl_mode() != SslMode::Disable && remote {
        match file {
            Some(file) => trust_file(&mut roots, file)?,
            None => {
                let (_, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| CrmError::internal("the TLS library lacks what it is built with"))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn trust_file(roots: &mut RootCertStore, file: &Path) -> Result<()> {
    let unusable = || {
        CrmError::new(ErrorKind::Io, "storage.certificates", "the file with the certificates cannot be used")
            .at("sslrootcert")
    };
    let mut found = false;
    for certificate in CertificateDer::pem_file_iter(file).map_err(|_| unusable())? {
        roots.add(certificate.map_err(|_| unusable())?).map_err(|_| unusable())?;
        found = true;
    }
    if found { Ok(()) } else { Err(unusable()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(url: &str) -> Option<String> {
        Target::new(url, &Options::default()).err().map(|error| error.code().to_owned())
    }

    #[test]
    fn urls_are_read() {
        for (url, expected) in [
            ("postgres://db.example/crm", None),
            ("postgresql://user:pass@one.example:5432,two.example/crm?target_session_attrs=read-write", None),
            ("postgres://db.example/crm?schema=north&sslmode=disable", None),
            ("postgres://%2Frun%2Fpostgresql/crm", None),
            ("postgres:///crm", Some("storage.url")),
            ("mysql://db.example/crm", Some("storage.url")),
            ("postgres://db.example/crm?colour=red", Some("storage.url")),
            ("postgres://db.example/crm?schema=North", Some("storage.schema")),
            ("postgres://db.example/crm?schema=", Some("storage.schema")),
            ("postgres://db.example/crm?sslrootcert=%2Fno%2Fsuch.pem", Some("storage.certificates")),
            ("postgres://db.example/crm?sslrootcert=%2", Some("storage.url")),
        ] {
            assert_eq!(code(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn an_error_does_not_repeat_the_url() {
        let error = Target::new("postgres://me:secret@db.example/crm?colour=red", &Options::default());
        assert!(!error.err().unwrap().to_json().to_string().contains("secret"));
    }
}
