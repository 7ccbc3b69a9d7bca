//! The console is embedded from `web-console/dist`. Without Node, or before its first build, the
//! folder is made empty, so that the program compiles and says that it has no console.

use std::fs;
use std::path::Path;

const DIST: &str = "web-console/dist";

fn main() {
    println!("cargo::rerun-if-changed={DIST}");
    println!("cargo::rerun-if-changed=build.rs");
    if !Path::new(DIST).is_dir() {
        fs::create_dir_all(DIST).unwrap_or_else(|error| panic!("cannot create {DIST}: {error}"));
    }
}
