//! Embeds the console anew when a built one changes. It never runs Node.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Always there: Vite copies `web/public/.gitkeep` into it, and the repository holds it.
    println!("cargo::rerun-if-changed=web/dist");
}
