#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ccmcertsel_fuzz::fuzz_bodies::command_line::command_line(data));
