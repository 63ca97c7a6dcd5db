#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| centralino_fuzz::signature::run(input));
