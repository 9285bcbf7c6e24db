//! A PostgreSQL server of a test's own, where its programs are installed.

use std::{
    env, fs, io,
    net::{IpAddr, TcpListener, UdpSocket},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex, Weak},
};

use tempfile::TempDir;

/// Where the programs are, if not on the path or where Debian puts them.
const PROGRAMS: &str = "PACIOLI_POSTGRES_BIN";

/// Name and password of the server's first user. The password needs to be encoded in an address.
pub const USER: &str = "venue";
/// See [`USER`].
pub const PASSWORD: &str = "s3cret/?:@% word";

/// A running server, which ends with this value.
pub struct Server {
    programs: PathBuf,
    directory: TempDir,
    owner: Option<(u32, u32)>,
    port: u16,
}

/// The server that the tests of this process share; `None`, with a message, where PostgreSQL is not
/// installed.
///
/// # Panics
/// If the server cannot be started, or in CI is not installed.
#[must_use]
pub fn server() -> Option<Arc<Server>> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    // A test that failed to start it leaves nothing half done.
    let mut shared = SHARED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(server) = shared.upgrade() {
        return Some(server);
    }
    let server = Arc::new(private_server()?);
    *shared = Arc::downgrade(&server);
    Some(server)
}

/// A server for one test alone, as [`server`].
///
/// # Panics
/// As there.
#[must_use]
pub fn private_server() -> Option<Server> {
    let Some(programs) = programs() else {
        assert!(env::var_os("CI").is_none(), "PostgreSQL is not installed");
        report("skipped: PostgreSQL is not installed (Debian: apt-get install postgresql)");
        return None;
    };
    Some(Server::start(programs).expect("PostgreSQL starts"))
}

#[expect(clippy::print_stderr, reason = "a test says that it was skipped")]
fn report(message: &str) {
    eprintln!("{message}");
}

/// The folder of `initdb` and the others, the newest version's.
fn programs() -> Option<PathBuf> {
    let own = env::var_os(PROGRAMS).map(PathBuf::from);
    let path = env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .collect();
    installed.sort_by_key(|bin| {
        let version = bin.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        version.and_then(|version| version.parse::<u32>().ok())
    });
    let folders = own.into_iter().chain(env::split_paths(&path)).chain(installed.into_iter().rev());
    folders.into_iter().find(|folder| folder.join("initdb").is_file())
}

impl Server {
    fn start(programs: PathBuf) -> io::Result<Self> {
        let directory = tempfile::Builder::new().prefix("pacioli-pg").tempdir()?;
        let owner = owner(directory.path())?;
        if let Some((user, group)) = owner {
            chown(directory.path(), Some(user), Some(group))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Self { programs, directory, owner, port };
        let password = server.directory.path().join("password");
        fs::write(&password, PASSWORD)?;
        let data = server.data();
        server.run("initdb", |command| {
            command.args(["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]);
            command.arg("--username").arg(USER).arg("--pwfile").arg(&password);
            command.arg("--pgdata").arg(&data)
        })?;
        let settings = format!(
            "port = {port}\nunix_socket_directories = '{}'\nlisten_addresses = '*'\n\
             fsync = off\nlog_min_messages = fatal\n",
            server.directory.path().display()
        );
        fs::write(data.join("postgresql.auto.conf"), settings)?;
        let hosts = data.join("pg_hba.conf");
        let known = fs::read_to_string(&hosts)?;
        fs::write(&hosts, format!("{known}host all all samehost scram-sha-256\n"))?;
        server.control("start")?;
        Ok(server)
    }

    /// The folder of its socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        self.directory.path()
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address by a socket, without a password.
    #[must_use]
    pub fn address(&self) -> String {
        let socket = self.socket().display().to_string().replace('/', "%2F");
        format!("postgres://{USER}@{socket}:{}/postgres", self.port)
    }

    /// An address of this machine that is not its loopback's, if it has one.
    #[must_use]
    pub fn address_elsewhere(&self) -> Option<IpAddr> {
        // Nothing is sent: the system only says from where it would be.
        let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
        socket.connect("192.0.2.1:9").ok()?;
        let address = socket.local_addr().ok()?.ip();
        (!address.is_loopback() && !address.is_unspecified()).then_some(address)
    }

    /// Carries out commands as the server's first user.
    ///
    /// # Panics
    /// If one of them fails.
    pub fn execute(&self, commands: &str) {
        let mut config = postgres::Config::new();
        config.host_path(self.socket()).port(self.port).dbname("postgres");
        config.user(USER).password(PASSWORD);
        let mut client = config.connect(postgres::NoTls).expect("the server is there");
        client.batch_execute(commands).expect("the commands are good");
    }

    /// Makes the server encrypt, with this certificate and key in PEM.
    ///
    /// # Panics
    /// If it does not start again.
    pub fn encrypt(&self, certificate: &str, key: &str) {
        let restarted = self.place("server.crt", certificate).and_then(|()| {
            self.place("server.key", key)?;
            let settings = self.data().join("postgresql.auto.conf");
            let text = fs::read_to_string(&settings)?;
            fs::write(&settings, format!("{text}ssl = on\n"))?;
            self.control("restart")
        });
        restarted.expect("the server starts again");
    }

    /// Writes a file that the server alone can read.
    fn place(&self, name: &str, text: &str) -> io::Result<()> {
        let file = self.data().join(name);
        fs::write(&file, text)?;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600))?;
        match self.owner {
            Some((user, group)) => chown(&file, Some(user), Some(group)),
            None => Ok(()),
        }
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    fn control(&self, verb: &str) -> io::Result<()> {
        let log = self.directory.path().join("log");
        let data = self.data();
        self.run("pg_ctl", |command| {
            command.arg(verb).args(["--wait", "--mode=immediate", "--silent"]);
            command.arg("--log").arg(&log).arg("--pgdata").arg(&data)
        })
    }

    /// Runs one of PostgreSQL's programs, as somebody else where root runs the test.
    fn run(
        &self,
        program: &str,
        arguments: impl FnOnce(&mut Command) -> &mut Command,
    ) -> io::Result<()> {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.directory.path()).env_clear().env("LC_ALL", "C");
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        // The server keeps what it inherits, and whoever waits for the end of a pipe would wait for
        // it.
        let told = self.directory.path().join("told");
        let file = fs::File::create(&told)?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let status = arguments(&mut command).status()?;
        if status.success() {
            return Ok(());
        }
        let told = fs::read_to_string(told)?;
        let log = fs::read_to_string(self.directory.path().join("log")).unwrap_or_default();
        Err(io::Error::other(format!("{program} failed: {told}{log}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.control("stop");
    }
}

/// Whom the server runs as where the test is run by root, whom it refuses: Debian's user, or
/// nobody.
fn owner(made: &Path) -> io::Result<Option<(u32, u32)>> {
    if fs::metadata(made)?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(str::parse);
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    };
    let found = ids("postgres").or_else(|| ids("nobody"));
    found.map(Some).ok_or_else(|| io::Error::other("root runs no server, and nobody else is there"))
}
