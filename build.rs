//! Links the unwinder into the program: on Linux with glibc, loading it as a library of its own is a tenth of the time
//! that a hit takes.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return;
    }
    let Ok(folder) = env::var("OUT_DIR") else { return };
    // A linker script in the place of the library that the standard library asks for by name. It is looked for here
    // first; where it cannot be made, the shared library is found as ever.
    let Some(path) = compilers_own("libgcc_eh.a") else { return };
    if fs::write(Path::new(&folder).join("libgcc_s.so"), format!("INPUT({path})\n")).is_ok() {
        println!("cargo:rustc-link-search=native={folder}");
    }
}

/// Where the C compiler has a library; `None` where it has none, as where only shared ones are installed.
fn compilers_own(library: &str) -> Option<String> {
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let output = Command::new(compiler).arg(format!("-print-file-name={library}")).output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    // A library that is not there is named without a folder.
    Path::new(&path).is_absolute().then_some(path)
}
