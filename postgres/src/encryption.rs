//! `sslmode` and its files: whether a connection is encrypted, and who must be at its other end.
//!
//! | `sslmode` | encrypted | the server's certificate |
//! |---|---|---|
//! | none, server on this machine | if offered | any |
//! | none, server elsewhere | always | as `verify-full` |
//! | `disable` | never | |
//! | `prefer` | if offered | any |
//! | `require` | always | any; with `sslrootcert` as `verify-ca` |
//! | `verify-ca` | always | signed under `sslrootcert` |
//! | `verify-full` | always | and for its name; `sslrootcert` or the system's authorities |
//!
//! These are the meanings that `psql` gives them, but for the second row: it would send a book in
//! the clear to whoever answers.

use std::path::PathBuf;

use postgres::config::SslMode;
use rustls::{
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};

use crate::{
    environment::Environment,
    error::AddressError,
    tls::{Tls, Trust},
};

/// The options about encryption, as they were given.
#[derive(Default)]
pub(crate) struct Options {
    /// `sslmode`.
    pub mode: Option<String>,
    /// `sslrootcert`.
    pub authorities: Option<String>,
    /// `sslcert`.
    pub certificate: Option<String>,
    /// `sslkey`.
    pub key: Option<String>,
}

/// The word for the system's authorities in place of a file.
const SYSTEM: &str = "system";

/// Where `psql` looks for authorities, below the home directory.
const DEFAULT_AUTHORITIES: &str = ".postgresql/root.crt";

/// How connections are encrypted.
pub(crate) struct Encryption {
    /// What the client asks of the server.
    pub mode: SslMode,
    /// The TLS client.
    pub tls: Tls,
    /// Whether plain connections are refused although nobody said so.
    pub by_default: bool,
}

impl Encryption {
    /// What these options ask for; `local` if every server is on this machine.
    pub fn of(options: &Options, env: &Environment, local: bool) -> Result<Self, AddressError> {
        let by_default = options.mode.is_none() && !local;
        let word = match &options.mode {
            Some(mode) => mode.as_str(),
            None if local => "prefer",
            None => "verify-full",
        };
        let authorities = || options.authorities(env).map(|path| read_authorities(&path));
        let (mode, trust) = match word {
            "disable" => (SslMode::Disable, Trust::Anyone),
            "prefer" => (SslMode::Prefer, Trust::Anyone),
            "require" => match authorities() {
                Some(authorities) => (SslMode::Require, Trust::AnyName(authorities?)),
                None => (SslMode::Require, Trust::Anyone),
            },
            "verify-ca" => {
                let authorities = authorities().ok_or(AddressError::NoAuthority)??;
                (SslMode::Require, Trust::AnyName(authorities))
            }
            "verify-full" => match authorities() {
                Some(authorities) => (SslMode::Require, Trust::Named(authorities?)),
                None => (SslMode::Require, Trust::System),
            },
            other => return Err(AddressError::Mode(other.to_owned())),
        };
        // A connection in the clear needs no certificates, and a plain server no system that has
        // any.
        let own = if mode == SslMode::Disable { None } else { options.own_certificate()? };
        Ok(Self { mode, tls: Tls::new(trust, own)?, by_default })
    }
}

impl Options {
    /// The file of authorities, unless the system's are meant.
    fn authorities(&self, env: &Environment) -> Option<PathBuf> {
        match self.authorities.as_deref() {
            Some(SYSTEM) => None,
            Some(file) => Some(file.into()),
            None => env.in_home(DEFAULT_AUTHORITIES).filter(|path| path.exists()),
        }
    }

    /// The certificate that the server may ask for.
    fn own_certificate(&self) -> Result<Option<CertifiedKey>, AddressError> {
        let (certificate, key) = match (&self.certificate, &self.key) {
            (None, None) => return Ok(None),
            (Some(certificate), Some(key)) => (certificate, key),
            _ => return Err(AddressError::HalfCertificate),
        };
        let refuse = |option, file: &str, error: String| AddressError::Certificate {
            option,
            file: file.to_owned(),
            error,
        };
        let chain = read_certificates(certificate.as_ref())
            .map_err(|error| refuse("sslcert", certificate, error))?;
        let private = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| refuse("sslkey", key, error.to_string()))?;
        let key = rustls::crypto::ring::sign::any_supported_type(&private)
            .map_err(|error| refuse("sslkey", key, error.to_string()))?;
        Ok(Some(CertifiedKey::new(chain, key)))
    }
}

fn read_authorities(path: &std::path::Path) -> Result<Vec<CertificateDer<'static>>, AddressError> {
    read_certificates(path).map_err(|error| AddressError::Certificate {
        option: "sslrootcert",
        file: path.display().to_string(),
        error,
    })
}

/// The certificates of a PEM file, at least one.
fn read_certificates(path: &std::path::Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())?;
    let certificates = read.collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    if certificates.is_empty() { Err("no certificate in it".to_owned()) } else { Ok(certificates) }
}
