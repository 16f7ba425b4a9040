//! Turns the two protocol files of `proto/` into Rust with a pure-Rust compiler, so that they need no `protoc`.
//! (The `tf-provider` dependency still needs one for its own copy; `make` sees to that.)

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-changed=build.rs");
    let files = protox::compile(["tfplugin6.proto", "go_plugin.proto"], ["proto"])?;
    // The client half is what the tests drive the server with.
    tonic_build::configure().compile_fds(files)?;
    Ok(())
}
