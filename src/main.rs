//! The program: parse, run, exit code. Everything else is in the library.

/// Registers are read by several threads that each make and give back much memory.
#[cfg(feature = "native")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    sfclaim::cli::main()
}
