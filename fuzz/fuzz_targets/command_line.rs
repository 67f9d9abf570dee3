#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ccmcertsel_fuzz::command_line::command_line(data));
