//! Where the process begins on Linux with glibc, in place of the standard library's own beginning. That one looks
//! through `/proc/self/maps` for the end of the stack, to be able to name its overflow: a tenth of the time a hit takes.
//! What else it does is done here: the three standard streams are open, a broken pipe is an error and no signal, and the
//! end flushes. A stack that overflows ends the process with a plain SIGSEGV.
#![allow(unsafe_code, reason = "two symbols that C asks for by name, and one signal set before there are threads")]

use std::ffi::{c_char, c_int};
use std::fs::OpenOptions;
use std::os::fd::{AsRawFd, IntoRawFd};
use std::{panic, process};

use nix::sys::signal::{SigHandler, Signal, signal};

/// The exit code of a panic, as the standard library has it.
const PANICKED: i32 = 101;

/// Called by the C runtime. The standard library takes the words of the command line from glibc itself.
// SAFETY: it is the only `main` of the program, with the signature of C.
#[unsafe(no_mangle)]
extern "C" fn main(_count: c_int, _words: *const *const c_char) -> c_int {
    open_standard_streams();
    // SAFETY: no handler is put in, and there are no other threads yet.
    let _ = unsafe { signal(Signal::SIGPIPE, SigHandler::SigIgn) };
    let code = panic::catch_unwind(llmc::program::main).map_or(PANICKED, i32::from);
    // Flushes standard output, which a return to C would not.
    process::exit(code)
}

/// Lets `/dev/null` stand for a standard stream that is closed, lest a file opened later be taken for it.
fn open_standard_streams() {
    while let Ok(file) = OpenOptions::new().read(true).write(true).open("/dev/null") {
        if file.as_raw_fd() > 2 {
            return;
        }
        // Stays open as long as the process.
        let _ = file.into_raw_fd();
    }
}

/// Raises to a power, in place of the only function that would have a library loaded for itself at every start.
// SAFETY: has the signature and the meaning of C's `pow`.
#[unsafe(no_mangle)]
extern "C" fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}
