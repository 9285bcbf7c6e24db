//! Addresses of databases: `postgres://USER@HOST:PORT/DATABASE?OPTION=...`, filled up from the
//! environment and from `.pgpass`.

use std::{fmt::Write, net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use postgres::{Config, config::Host, config::SslMode};

use crate::{
    encryption::{Encryption, Options},
    environment::{Environment, REFUSED, VARIABLES},
    error::AddressError,
    passfile::{self, Login},
    tls::Tls,
};

/// What an address begins with, in any case of letters.
const SCHEMES: [&str; 2] = ["postgres:", "postgresql:"];

/// Options that the client takes as they are.
const OF_THE_CLIENT: [&str; 17] = [
    "host",
    "hostaddr",
    "port",
    "user",
    "password",
    "dbname",
    "options",
    "application_name",
    "connect_timeout",
    "tcp_user_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "target_session_attrs",
    "load_balance_hosts",
    "channel_binding",
];

/// Options that are read here.
const OURS: [&str; 5] = ["passfile", "sslmode", "sslrootcert", "sslcert", "sslkey"];

/// Where servers put their sockets: as Debian and others build PostgreSQL, and as it comes.
const SOCKET_DIRECTORIES: [&str; 2] = ["/var/run/postgresql", "/tmp"];

const DEFAULT_PORT: u16 = 5432;

/// How long a server may take to answer, where nothing else is said.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// Whether a text is an address and no file, well formed or not.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let begins = |scheme: &&str| {
        text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    SCHEMES.iter().any(|scheme| begins(&scheme))
}

/// All that a connection needs.
pub(crate) struct Address {
    /// For the client, with the password.
    pub config: Config,
    /// For connections that are encrypted.
    pub tls: Tls,
    /// Whether plain connections are refused although nobody said so.
    pub only_encrypted: bool,
    /// The address without a password.
    pub shown: String,
}

impl Address {
    /// Reads an address.
    pub fn parse(text: &str, env: &Environment) -> Result<Self, AddressError> {
        if let Some(name) = REFUSED.into_iter().find(|name| env.get(name).is_some()) {
            return Err(AddressError::Unsupported(name));
        }
        let (base, query) = split(text)?;
        let mut options = options_of(query)?;
        let given = Config::from_str(&base).map_err(|_| AddressError::Form)?;
        for (variable, option) in VARIABLES {
            let Some(value) = env.get(variable) else { continue };
            if !is_given(&given, &options, option) {
                check(option, value).map_err(|_| AddressError::Variable(variable))?;
                options.push((option, value.to_owned()));
            }
        }
        let config = join(&base, &options)?;
        Self::complete(config, &options, env)
    }

    /// Adds what neither the address nor a variable says.
    fn complete(
        mut config: Config,
        options: &[(&'static str, String)],
        env: &Environment,
    ) -> Result<Self, AddressError> {
        let option = |name: &str| {
            let last = options.iter().rev().find(|(option, _)| *option == name);
            last.map(|(_, value)| value.clone())
        };
        if config.get_ports().is_empty() {
            config.port(DEFAULT_PORT);
        }
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            config.host(default_host(config.get_ports()[0]));
        }
        if config.get_user().is_none() {
            config.user(&whoami::username().map_err(|_| AddressError::NoUser)?);
        }
        let user = config.get_user().unwrap_or_default().to_owned();
        if config.get_dbname().is_none() {
            config.dbname(&user);
        }
        if config.get_application_name().is_none() {
            config.application_name("pacioli");
        }
        if config.get_password().is_none() {
            let file = option("passfile").map(PathBuf::from).or_else(|| env.in_home(".pgpass"));
            if let Some(password) = file.map(|file| stored(&file, &config)).transpose()?.flatten() {
                config.password(password);
            }
        }
        let encryption = Options {
            mode: option("sslmode"),
            authorities: option("sslrootcert"),
            certificate: option("sslcert"),
            key: option("sslkey"),
        };
        let Encryption { mode, tls, by_default } =
            Encryption::of(&encryption, env, is_local(&config))?;
        // A socket has no TLS, as for `psql`.
        config.ssl_mode(if is_all_sockets(&config) { SslMode::Disable } else { mode });
        let shown = shown(&config);
        Ok(Self { config, tls, only_encrypted: by_default, shown })
    }
}

/// An address without its options, in lower-case scheme, and its options.
fn split(text: &str) -> Result<(String, &str), AddressError> {
    let (scheme, rest) = text.split_once("://").ok_or(AddressError::Form)?;
    if !SCHEMES.iter().any(|known| known[..known.len() - 1].eq_ignore_ascii_case(scheme)) {
        return Err(AddressError::Form);
    }
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    // A password with a plain `/` or `?` in it would become part of another field, and be shown.
    let (server, database) = rest.split_once('/').unwrap_or((rest, ""));
    if server.matches('@').count() > 1 || database.contains(['@', '/', ':']) || query.contains('@')
    {
        return Err(AddressError::Form);
    }
    Ok((format!("postgres://{rest}"), query))
}

/// The options of an address, decoded.
fn options_of(query: &str) -> Result<Vec<(&'static str, String)>, AddressError> {
    let mut options = Vec::new();
    for (index, text) in query.split('&').filter(|text| !text.is_empty()).enumerate() {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let known = OF_THE_CLIENT.into_iter().chain(OURS).find(|known| *known == name);
        let option = known.ok_or_else(|| AddressError::Option {
            index: index + 1,
            known: OF_THE_CLIENT.into_iter().chain(OURS).collect::<Vec<_>>().join(", "),
        })?;
        let value = percent_decode_str(value).decode_utf8();
        let value = value.map_err(|_| AddressError::Value(option))?.into_owned();
        check(option, &value)?;
        options.push((option, value));
    }
    Ok(options)
}

/// Whether an address says something itself.
fn is_given(config: &Config, options: &[(&'static str, String)], option: &str) -> bool {
    let named = |name: &str| options.iter().any(|(given, _)| *given == name);
    named(option)
        || match option {
            // An address that says where the server is says all of it.
            "host" | "hostaddr" => {
                !config.get_hosts().is_empty() || named("host") || named("hostaddr")
            }
            "port" => !config.get_ports().is_empty(),
            "user" => config.get_user().is_some(),
            "password" => config.get_password().is_some(),
            "dbname" => config.get_dbname().is_some(),
            _ => false,
        }
}

/// Fails if the client would not take this value.
fn check(option: &'static str, value: &str) -> Result<(), AddressError> {
    join("postgres://", &[(option, value.to_owned())]).map(drop)
}

/// The client's configuration of an address with these options.
fn join(base: &str, options: &[(&'static str, String)]) -> Result<Config, AddressError> {
    let mut address = base.to_owned();
    let mut first = None;
    let of_the_client = options.iter().filter(|(option, _)| OF_THE_CLIENT.contains(option));
    for (option, value) in of_the_client {
        let mark = if first.is_none() { '?' } else { '&' };
        first = first.or(Some(*option));
        let value = utf8_percent_encode(value, NON_ALPHANUMERIC);
        let _ = write!(address, "{mark}{option}={value}");
    }
    let config = Config::from_str(&address);
    let mut config = config.map_err(|_| first.map_or(AddressError::Form, AddressError::Value))?;
    if !options.iter().any(|(option, _)| *option == "connect_timeout") {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    Ok(config)
}

/// Where `psql` would look for a server: at a socket, or on this machine.
fn default_host(port: u16) -> &'static str {
    let has_socket = |directory: &&str| {
        std::path::Path::new(directory).join(format!(".s.PGSQL.{port}")).exists()
    };
    SOCKET_DIRECTORIES.into_iter().find(has_socket).unwrap_or("localhost")
}

/// The password of `.pgpass`.
fn stored(file: &std::path::Path, config: &Config) -> Result<Option<String>, AddressError> {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        Some(_) => "localhost".to_owned(),
        None => config.get_hostaddrs().first().map(ToString::to_string).unwrap_or_default(),
    };
    let login = Login {
        host: &host,
        port: config.get_ports().first().copied().unwrap_or(DEFAULT_PORT),
        database: config.get_dbname().unwrap_or_default(),
        user: config.get_user().unwrap_or_default(),
    };
    passfile::password(file, &login)
}

/// Whether no packet leaves this machine.
fn is_local(config: &Config) -> bool {
    let is_local_host = |host: &Host| match host {
        Host::Tcp(name) => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(is_local_host)
        && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

fn is_all_sockets(config: &Config) -> bool {
    let is_socket = |host: &Host| !matches!(host, Host::Tcp(_));
    config.get_hostaddrs().is_empty() && config.get_hosts().iter().all(is_socket)
}

/// An address without a password and without options.
fn shown(config: &Config) -> String {
    let ports = config.get_ports();
    let port = |index: usize| ports.get(index).or(ports.first()).copied().unwrap_or(DEFAULT_PORT);
    let host = |(index, host): (usize, &Host)| match host {
        Host::Tcp(name) if name.contains(':') => format!("[{name}]:{}", port(index)),
        Host::Tcp(name) => format!("{name}:{}", port(index)),
        #[cfg(unix)]
        Host::Unix(path) => format!("{}:{}", path.display(), port(index)),
    };
    let mut hosts: Vec<_> = config.get_hosts().iter().enumerate().map(host).collect();
    if hosts.is_empty() {
        let addresses = config.get_hostaddrs().iter().enumerate();
        hosts = addresses.map(|(index, address)| format!("{address}:{}", port(index))).collect();
    }
    let (user, database) = (config.get_user(), config.get_dbname());
    format!(
        "postgres://{}@{}/{}",
        user.unwrap_or_default(),
        hosts.join(","),
        database.unwrap_or_default()
    )
}
