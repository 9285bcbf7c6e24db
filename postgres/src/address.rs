//! Addresses of databases: `postgres://USER@HOST:PORT/DATABASE?OPTION=...`, filled up from the
//! environment and from `.pgpass`.

use std::{net::IpAddr, path::PathBuf};

use postgres::{Config, config::Host, config::SslMode};

use crate::{
    encryption::{Encryption, Options},
    environment::{Environment, REFUSED, VARIABLES},
    error::AddressError,
    options::{GivenOption, check, configure, options_of},
    passfile::{self, Login},
    tls::Tls,
};

/// Where servers put their sockets: as Debian and others build PostgreSQL, and as it comes.
const SOCKET_DIRECTORIES: [&str; 2] = ["/var/run/postgresql", "/tmp"];

const DEFAULT_PORT: u16 = 5432;

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
        let given = options_of(text)?;
        let says = |name: &str| given.iter().any(|(option, _)| *option == name);
        let mut options = given.clone();
        for (variable, option) in VARIABLES {
            let Some(value) = env.get(variable) else { continue };
            // An address that says where the server is says all of it.
            let is_said = says(option) || option == "hostaddr" && says("host");
            if !is_said {
                check(option, value).map_err(|_| AddressError::Variable(variable))?;
                options.push((option, value.to_owned()));
            }
        }
        let config = configure(&options)?;
        Self::complete(config, &options, env)
    }

    /// Adds what neither the address nor a variable says.
    fn complete(
        mut config: Config,
        options: &[GivenOption],
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

/// Where `psql` would look for a server: at a socket, or on this machine.
fn default_host(port: u16) -> &'static str {
    let has_socket = |directory: &&str| {
        std::path::Path::new(directory).join(format!(".s.PGSQL.{port}")).exists()
    };
    SOCKET_DIRECTORIES.into_iter().find(has_socket).unwrap_or("localhost")
}

/// The password of `.pgpass`, which is sent to whichever server answers: one for all of them.
fn stored(file: &std::path::Path, config: &Config) -> Result<Option<String>, AddressError> {
    let mut hosts: Vec<String> = config.get_hosts().iter().map(name_of).collect();
    if hosts.is_empty() {
        hosts = config.get_hostaddrs().iter().map(ToString::to_string).collect();
    }
    let ports = config.get_ports();
    let password = |(index, host): (usize, &String)| {
        let login = Login {
            host,
            port: ports.get(index).or(ports.first()).copied().unwrap_or(DEFAULT_PORT),
            database: config.get_dbname().unwrap_or_default(),
            user: config.get_user().unwrap_or_default(),
        };
        passfile::password(file, &login)
    };
    let mut passwords = hosts.iter().enumerate().map(password).collect::<Result<Vec<_>, _>>()?;
    passwords.dedup();
    match passwords.len() {
        0 | 1 => Ok(passwords.pop().flatten()),
        _ => Err(AddressError::SeveralPasswords { file: file.display().to_string() }),
    }
}

/// The name of a host in `.pgpass`.
fn name_of(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(_) => "localhost".to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Address, AddressError> {
        let pairs = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        Address::parse(text, &Environment::from_pairs(pairs))
    }

    fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
        parse(text, variables).map(drop).unwrap_err().to_string()
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, shown) in [
            ("postgres://u:p@h:1/d?sslmode=disable", "postgres://u@h:1/d"),
            ("POSTGRES://u:p@h/d", "postgres://u@h:5432/d"),
            ("postgresql://u@h1,h2:2/d?password=p", "postgres://u@h1:5432,h2:2/d"),
            ("postgres://u:p@%2Frun/d", "postgres://u@/run:5432/d"),
            ("postgres://u@[::1]:7/", "postgres://u@[::1]:7/u"),
        ] {
            assert_eq!(parse(text, &[]).unwrap().shown, shown);
        }
    }

    #[test]
    fn an_address_that_says_where_the_server_is_says_all_of_it() {
        let elsewhere = [("PGHOST", "other"), ("PGHOSTADDR", "192.0.2.1"), ("PGPORT", "9")];
        let address = parse("postgres://u@h/d", &elsewhere).unwrap();
        assert_eq!(address.shown, "postgres://u@h:9/d");
        assert!(address.config.get_hostaddrs().is_empty());
        assert_eq!(parse("postgres://u@h:8/d", &elsewhere).unwrap().shown, "postgres://u@h:8/d");
        let address = parse("postgres://u@/d", &elsewhere).unwrap();
        assert_eq!(address.shown, "postgres://u@other:9/d");
        assert_eq!(address.config.get_hostaddrs().len(), 1);
    }

    #[test]
    fn only_what_stays_on_this_machine_may_be_plain_by_default() {
        for (text, only_encrypted, mode) in [
            ("postgres://u@localhost/d", false, SslMode::Prefer),
            ("postgres://u@127.0.0.2/d", false, SslMode::Prefer),
            ("postgres://u@%2Frun/d", false, SslMode::Disable),
            ("postgres://u@%2Frun/d?sslmode=require", false, SslMode::Disable),
            ("postgres://u@db.example/d", true, SslMode::Require),
            ("postgres://u@localhost,db.example/d", true, SslMode::Require),
            ("postgres://u@localhost/d?hostaddr=192.0.2.1", true, SslMode::Require),
            ("postgres://u@localhost.example/d", true, SslMode::Require),
            ("postgres://u@db.example/d?sslmode=require", false, SslMode::Require),
            ("postgres://u@db.example/d?sslmode=prefer", false, SslMode::Prefer),
            ("postgres://u@db.example/d?sslmode=disable", false, SslMode::Disable),
        ] {
            let address = parse(text, &[]).unwrap();
            assert_eq!(address.only_encrypted, only_encrypted, "{text}");
            assert_eq!(address.config.get_ssl_mode(), mode, "{text}");
        }
        let address = parse("postgres://u@db.example/d", &[("PGSSLMODE", "disable")]).unwrap();
        assert_eq!(address.config.get_ssl_mode(), SslMode::Disable);
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_name() {
        let at = "postgres://u@h/d";
        for (options, why) in [
            ("sslmode=allow", "sslmode must be"),
            ("sslmode=verify-ca", "sslmode=verify-ca needs sslrootcert=FILE"),
            ("sslcert=a", "sslcert and sslkey must be given together"),
            ("sslrootcert=/nowhere/ca.crt", "sslrootcert /nowhere/ca.crt: "),
            ("port=x", "option `port` of the database's address is malformed"),
            ("application_name=%FF", "option `application_name` of"),
            (
                "sslmode=require&sslmode=disable",
                "option `sslmode` of the database's address is given twice",
            ),
            ("host=h", "option `host` of the database's address is given twice"),
            ("sslmode=require&ssl=true", "option 2 of the database's address is unknown"),
        ] {
            let refused = refusal(&format!("{at}?{options}"), &[]);
            assert!(refused.starts_with(why), "{options}: {refused}");
        }
        for (variable, why) in [
            (("PGPORT", "x"), "the variable PGPORT is malformed"),
            (("PGSERVICE", "books"), "the variable PGSERVICE is not supported: unset it"),
        ] {
            assert_eq!(refusal("postgres://u@h/d", &[variable]), why);
        }
    }

    #[test]
    fn a_password_that_was_not_encoded_is_not_shown() {
        for text in [
            "postgres:u:s3@h/d",
            "postgres:/u:s3@h/d",
            "postgres://u:s3/x@h/d",
            "postgres://u:12/s3@h/d",
            "postgres://u:12?s3@h/d",
            "postgres://u:s3@x@h/d",
            "postgres://u:%FFs3@h/d",
            "mysql://u:s3@h/d",
        ] {
            let refused = refusal(text, &[]);
            assert!(refused.contains("malformed") && !refused.contains("s3"), "{text}: {refused}");
        }
    }
}
