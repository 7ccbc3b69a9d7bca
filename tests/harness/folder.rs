//! A fresh folder a test, removed when the test passed and kept for reading when it failed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

pub struct Folder {
    path: PathBuf,
}

static NEXT: AtomicU32 = AtomicU32::new(0);

impl Folder {
    /// A new empty folder under `artefacts/phones/`, named after the running test.
    #[must_use]
    pub fn new() -> Self {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("test").replace("::", "-");
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = project().join(format!("artefacts/phones/{test}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a test folder can be made");
        Self { path }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder inside it, made now.
    #[must_use]
    pub fn inside(&self, name: &str) -> PathBuf {
        let path = self.path.join(name);
        std::fs::create_dir_all(&path).expect("a folder inside a test folder can be made");
        path
    }
}

impl Default for Folder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("kept for reading: {}", self.path.display());
        } else {
            // What cannot be removed only takes room in a folder that git ignores.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// The project's folder.
#[must_use]
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the project")
}
