//! How the program is linked on Linux with glibc. A hit is mostly the start of a process, and how it is linked decides
//! half of that; nothing here changes what it does. What the toolchain at hand cannot do is left out.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// The functions a hit and a miss run through, in the order they are first called; made by `benches/order.sh`.
const ORDER: &str = "benches/hot.order";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={ORDER}");
    println!("cargo:rerun-if-env-changed=LLMC_BUILD_PIE");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return;
    }
    let Some(folder) = env::var_os("OUT_DIR").map(PathBuf::from) else { return };
    link_the_unwinder(&folder);
    // Where another machine is meant, nothing can be tried out here.
    if is("PROFILE", "release") && env::var("HOST") == env::var("TARGET") {
        link_in_place(&folder);
        link_in_order(&folder);
    }
}

/// Links the unwinder into the program: loading it as a library of its own is a tenth of the time that a hit takes.
fn link_the_unwinder(folder: &Path) {
    // A linker script in the place of the library that the standard library asks for by name. It is looked for here
    // first; where it cannot be made, the shared library is found as ever.
    let Some(path) = compilers_own("libgcc_eh.a") else { return };
    if fs::write(folder.join("libgcc_s.so"), format!("INPUT({path})\n")).is_ok() {
        println!("cargo:rustc-link-search=native={}", folder.display());
    }
}

/// Links the program for one address, as Go's and most C programs of their own accord are: else ten thousand pointers
/// are written anew, and the pages they are on copied, at every start. Stack, heap and libraries still lie elsewhere
/// every time. `LLMC_BUILD_PIE=1` builds a program that moves, too.
fn link_in_place(folder: &Path) {
    if env::var_os("LLMC_BUILD_PIE").is_none_or(|value| value.is_empty()) {
        pass_if_taken(folder, &["-no-pie"]);
    }
}

/// Puts the functions of a hit side by side, and those of a miss, so that few pages of the program are looked at. Names
/// that are not found, as with another compiler, are passed over.
fn link_in_order(folder: &Path) {
    let order = env::var_os("CARGO_MANIFEST_DIR").map(|root| Path::new(&root).join(ORDER));
    let Some(order) = order.filter(|order| order.exists()) else { return };
    let order = format!("-Wl,--symbol-ordering-file={}", order.display());
    // Not every linker knows these.
    pass_if_taken(folder, &[&order, "-Wl,--no-warn-symbol-ordering"]);
}

/// Passes arguments to the linker where a program of one line can be linked with them.
fn pass_if_taken(folder: &Path, arguments: &[&str]) {
    let (source, program) = (folder.join("trial.rs"), folder.join("trial"));
    if fs::write(&source, "fn main() {}\n").is_err() {
        return;
    }
    let mut compiler = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    compiler.arg(&source).arg("-o").arg(&program).stderr(Stdio::null());
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        compiler.arg("-C").arg(format!("linker={}", Path::new(&linker).display()));
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    compiler.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    for argument in arguments {
        compiler.arg("-C").arg(format!("link-arg={argument}"));
    }
    if compiler.status().is_ok_and(|status| status.success()) {
        for argument in arguments {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
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
