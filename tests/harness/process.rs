//! A child process that ends with its handle.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::wait::eventually;

pub struct Process {
    child: Child,
    name: String,
}

impl Process {
    /// Starts `program` with its output in `log`. Through `setpriv`, which replaces itself by the
    /// program and has the kernel end it when the test program dies, however that dies.
    ///
    /// # Panics
    /// When it cannot be started: the message names the program.
    #[must_use]
    pub fn start(program: &Path, arguments: &[String], folder: &Path, log: &Path) -> Self {
        let name = program.display().to_string();
        let output = File::options()
            .create(true)
            .append(true)
            .open(log)
            .unwrap_or_else(|error| panic!("{}: {error}", log.display()));
        let errors = output.try_clone().expect("a file handle can be doubled");
        let mut command = Command::new("setpriv");
        // The hub reads these as configuration; ours to the tests are no keys of it.
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("CENTRALITA_") {
                command.env_remove(variable);
            }
        }
        let child = command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program)
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} could not be started: {error}"));
        Self { child, name }
    }

    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its exit status when it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("our own child can be asked")
    }

    /// Waits for its own end.
    pub fn wait(&mut self) -> ExitStatus {
        let what = format!("the end of {}", self.name);
        eventually(&what, || self.ended())
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        let status =
            Command::new("kill").args(["-TERM", &self.id().to_string()]).status().expect("kill is there");
        assert!(status.success(), "{} was gone before its time", self.name);
    }

    /// SIGKILL, and waits until the kernel has let go of it.
    pub fn kill(&mut self) {
        // Fails only when it has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
