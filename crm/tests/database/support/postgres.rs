//! A private PostgreSQL cluster: made on first use, in memory speed (nothing is flushed), reached
//! over a socket in its own folder, gone when the test program ends, however it ends.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use sea_orm::{ConnectionTrait, Database};
use tokio::sync::OnceCell;

struct Cluster {
    folder: PathBuf,
}

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The URL of a database that nobody has used before.
pub async fn fresh_database() -> String {
    let cluster =
        CLUSTER.get_or_init(|| async { Cluster::start().unwrap_or_else(|why| panic!("{why}")) }).await;
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let admin = Database::connect(cluster.url("postgres")).await.expect("the cluster answers");
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a fresh database");
    admin.close().await.expect("closed");
    cluster.url(&name)
}

impl Cluster {
    fn url(&self, database: &str) -> String {
        let folder = self.folder.display();
        format!("postgres://tester@localhost/{database}?host={folder}")
    }

    fn start() -> Result<Self, String> {
        let binaries = binaries()?;
        // A socket's path may have 107 bytes.
        let folder = PathBuf::from(format!("/tmp/crm-pg-{}", std::process::id()));
        std::fs::create_dir(&folder).map_err(|err| format!("{}: {err}", folder.display()))?;
        let prefix = ordinary_user(&folder)?;
        let script = format!(
            "set -e; cd {folder}; \
             {binaries}/initdb -D data -U tester -A trust -E UTF8 --locale=C --no-sync >init.log 2>&1; \
             {binaries}/pg_ctl -D data -l server.log -w -t 60 start -o \
             \"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200\" \
             >start.log 2>&1",
            folder = folder.display(),
            binaries = binaries.display(),
        );
        let started = shell(&prefix, &script)
            .status()
            .map_err(|err| format!("PostgreSQL could not be started: {err}"))?;
        Self::stop_with_us(&prefix, &binaries, &folder)?;
        if !started.success() {
            let log = |name| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
            let logs = ["init.log", "start.log", "server.log"].map(log).concat();
            return Err(format!("PostgreSQL did not start: {logs}"));
        }
        Ok(Self { folder })
    }

    /// A shell waits until our end of its input is closed, which the kernel does even after
    /// `kill -9`, then stops the server and removes the folder.
    fn stop_with_us(prefix: &[String], binaries: &Path, folder: &Path) -> Result<(), String> {
        let script = format!(
            "read _; {binaries}/pg_ctl -D {folder}/data -m immediate stop; rm -rf {folder}/*; rmdir {folder}",
            folder = folder.display(),
            binaries = binaries.display(),
        );
        let mut watch = shell(prefix, &script)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|err| format!("no watch over PostgreSQL: {err}"))?;
        let mut end = watch.stdin.take().ok_or("the watch has no input")?;
        end.flush().map_err(|err| err.to_string())?;
        // Kept open for as long as this program lives.
        std::mem::forget(end);
        Ok(())
    }
}

fn shell(prefix: &[String], script: &str) -> Command {
    let mut words = prefix.iter().map(String::as_str).chain(["sh", "-c", script]);
    let mut command = Command::new(words.next().expect("sh at least"));
    command.args(words);
    command
}

/// The newest server that is installed.
fn binaries() -> Result<PathBuf, String> {
    let missing = "PostgreSQL is not installed: `apt-get install postgresql` (its programs are looked for in \
         /usr/lib/postgresql/*/bin)";
    let versions = std::fs::read_dir("/usr/lib/postgresql").map_err(|_| missing.to_owned())?;
    versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .max_by_key(|bin| version(bin))
        .ok_or_else(|| missing.to_owned())
}

fn version(bin: &Path) -> u32 {
    let name = bin.parent().and_then(Path::file_name).unwrap_or_default();
    name.to_string_lossy().parse().unwrap_or(0)
}

/// PostgreSQL refuses to run as root: then it runs as `postgres`, whom its package made.
fn ordinary_user(folder: &Path) -> Result<Vec<String>, String> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0");
    if !root {
        return Ok(vec![]);
    }
    let given = Command::new("chown").arg("postgres").arg(folder).status();
    if !given.is_ok_and(|status| status.success()) {
        return Err("there is no user `postgres` to run PostgreSQL under".to_owned());
    }
    Ok(["runuser", "-u", "postgres", "--"].map(str::to_owned).to_vec())
}
